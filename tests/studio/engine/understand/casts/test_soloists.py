"""Whether a soloist plays alone, or joins a band or a singer."""

from __future__ import annotations

import pytest

from riffusion_tui.studio.engine.prompt import plan
from riffusion_tui.studio.engine.song_request import Request


@pytest.mark.parametrize(
    ("prompt", "players"),
    [
        ("sitar solo, raga", "sitar"),
        ("church organ solo, toccata", "church organ"),
        ("flûte seule, mélancolique", "flute"),
        ("Klavier allein", "piano"),
        ("theremin and piano", "theremin, piano"),
        ("beatboxing only", "beatboxing"),
    ],
)
def test_a_soloist_plays_alone(prompt: str, players: str) -> None:
    made = plan(Request(prompt))
    assert ", ".join(made.cast) == players
    assert made.vocals == "none"


@pytest.mark.parametrize(
    "prompt",
    [
        "jazz ballad featuring solo trumpet",
        "jazz with solo trumpet",
        "rock with a solo flute",
        "guitar solo, metal",
        "prog rock instrumental with moog solos, hammond organ",
        "rock with a moog solo, hammond organ",
        "psychedelic jam with sitar solos, organ",
    ],
)
def test_a_soloist_joins_the_band_of_a_genre(prompt: str) -> None:
    assert plan(Request(prompt)).cast == ()


def test_a_singer_joins_an_ensemble() -> None:
    made = plan(Request("string quartet with soprano"))
    assert made.cast == ("violin", "violin", "viola", "cello")
    assert made.vocals == "female"


@pytest.mark.parametrize(
    "prompt", ["jazz trio, bass solo", "jazz trio with a bass solo", "piano trio, bass solo, jazz"]
)
def test_a_bass_solo_of_a_jazz_trio_is_played_by_its_own_bass(prompt: str) -> None:
    made = plan(Request(prompt, seed=1))
    assert sorted(made.cast) == ["drums", "piano", "upright bass"]
    assert "upright bass solo" in made.structure
    assert "drums" not in made.avoided

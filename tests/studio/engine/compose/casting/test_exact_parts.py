"""What an exact cast does not have: other parts of the drum kit, a second bass, a choir, an electric guitar."""

from __future__ import annotations

import pytest

from riffusion_tui.studio.engine.compose import compose
from riffusion_tui.studio.engine.compose.rhythm.drums import HITS
from riffusion_tui.studio.engine.datafiles import read_data
from riffusion_tui.studio.engine.prompt import plan
from riffusion_tui.studio.engine.song_request import Request

_SEEDS = range(4)


@pytest.mark.parametrize(
    ("prompt", "parts"),
    [
        ("just a kick and a 303 acid bass", ["kick"]),
        ("only a kick, hats and a Rhodes", ["kick", "hi-hats"]),
        ("only kick and snare", ["kick", "snare"]),
        ("techno, only a kick and a synth bass", ["kick"]),
    ],
)
def test_only_the_named_parts_of_the_kit_are_played(prompt: str, parts: list[str]) -> None:
    pieces = read_data("cast.toml")["pieces"]
    wanted = {HITS[hit] for name in parts for hit in pieces[name]}
    for seed in _SEEDS:
        score = compose(plan(Request(prompt, seed)))
        struck = {note.pitch for track in score.tracks if track.role == "drums" for note in track.notes}
        assert struck
        assert struck <= wanted


@pytest.mark.parametrize(
    "prompt",
    [
        "only drums and Rhodes",
        "rock with a kick",
        "jazz, just brushes, bass and piano",
        "jazz quartet: tenor saxophone, swinging ride cymbal, double bass and piano",
        "guitar bass drums",
    ],
)
def test_other_prompts_have_the_whole_kit(prompt: str) -> None:
    assert not any(hint.startswith("drum kit") for hint in plan(Request(prompt)).structure)


def test_an_acid_bass_is_one_bass() -> None:
    assert plan(Request("just a kick and a 303 acid bass")).cast == ("drums", "synth bass")
    assert plan(Request("techno, acid, bass")).instruments[-1:] == ("bass",)


@pytest.mark.parametrize("prompt", ["no harmonies, pop", "pop without harmony vocals"])
def test_excluded_harmonies_are_a_choir_that_does_not_sing(prompt: str) -> None:
    for seed in _SEEDS:
        made = plan(Request(prompt, seed))
        assert made.vocals != "none"
        assert "vocal choir" not in {track.instrument for track in compose(made).tracks}


def test_plain_guitars_of_an_exact_cast_are_shown_as_what_plays() -> None:
    made = plan(Request("five guitars, no bass"))
    assert set(made.cast) == set(made.instruments) == {"acoustic guitar"}
    assert {term.meaning for term in made.understood if term.word == "guitars"} == {"acoustic guitar"}


@pytest.mark.parametrize("prompt", ["20 seconds of silence, then piano", "30 seconds of rain, then a piano"])
def test_the_length_of_a_beginning_is_not_that_of_the_song(prompt: str) -> None:
    made = plan(Request(prompt))
    assert "length_s" in dict(made.chosen)
    assert made.limits == ("The studio can't start sections at a given time.",)


@pytest.mark.parametrize(
    "prompt", ["country duo, two guitars and vocal harmonies", "banjo, guitar and three part harmonies"]
)
def test_backing_singers_beside_chords_sing_one_line(prompt: str) -> None:
    seats = [(track.instrument, track.role) for track in compose(plan(Request(prompt))).tracks]
    assert [role for name, role in seats if name == "vocal choir"] == ["counter"]

"""How loud a song is from beginning to end, as the prompt says."""

from __future__ import annotations

import pytest

from riffusion_tui.studio.engine.compose import compose
from riffusion_tui.studio.engine.prompt import plan
from riffusion_tui.studio.engine.song_request import Request


def _energies(prompt: str, seed: int) -> list[float]:
    return [section.energy for section in compose(plan(Request(prompt, seed=seed))).sections]


@pytest.mark.parametrize(
    "prompt",
    [
        "post rock w/o vocals: very quiet at first, then mountains collapse, loud",
        "quiet piano, then loud guitars",
        "ambient, starts soft, ends huge",
        "orchestra, crescendo to the end",
        "cinematic, from a whisper to a huge wall of sound",
        "Klavier, erst leise, dann laut",
    ],
)
def test_a_song_that_gets_loud_ends_loud(prompt: str) -> None:
    for seed in range(3):
        energies = _energies(prompt, seed)
        assert energies[0] <= 0.35
        assert sum(energies[: len(energies) // 2]) < sum(energies[(len(energies) + 1) // 2 :])
        assert energies[-1] >= 0.85


@pytest.mark.parametrize("prompt", ["techno builds slowly", "post rock, slow build", "metal, grows slowly"])
def test_a_song_builds_slowly(prompt: str) -> None:
    made = plan(Request(prompt, seed=1))
    assert "builds up" in made.structure
    assert "tempo" not in {term.kind for term in made.understood}


@pytest.mark.parametrize(
    "prompt",
    [
        "folk song that ends in a whisper",
        "metal, loud, then quiet at the end",
        "rock song, dies away",
        "pop, ends gently",
    ],
)
def test_a_song_ends_quietly(prompt: str) -> None:
    for seed in range(3):
        assert _energies(prompt, seed)[-1] <= 0.22


@pytest.mark.parametrize(
    ("prompt", "hints"),
    [
        ("grunge, quiet verses then loud choruses", ("quiet-loud", "big chorus")),
        ("jazz, not too loud", ()),
        ("a loud band in a quiet town", ()),
        ("soft, never loud until dawn", ()),
    ],
)
def test_other_loud_words_are_no_course(prompt: str, hints: tuple[str, ...]) -> None:
    assert plan(Request(prompt, seed=1)).structure == hints


def test_a_song_that_gets_loud_and_quiet_again_ends_quietly() -> None:
    for prompt in (
        "quiet beginning, enormous middle, quiet end, orchestra",
        "starts soft, then huge, then soft again, metal",
    ):
        for seed in range(3):
            energies = _energies(prompt, seed)
            assert energies[0] <= 0.35
            assert max(energies[1:-1]) >= energies[0] + 0.3
            assert energies[-1] <= 0.25

"""A singer sings where the kind of voice that the prompt names does."""

from __future__ import annotations

import pytest

from riffusion_tui.studio.engine.compose import compose
from riffusion_tui.studio.engine.prompt import plan
from riffusion_tui.studio.engine.song_request import Request


def _sung(prompt: str, seed: int) -> list[int]:
    score = compose(plan(Request(prompt, seed=seed, length_s=45.0)))
    return [note.pitch for track in score.tracks if track.role == "vocal" for note in track.notes]


@pytest.mark.parametrize(
    ("prompt", "low", "high"),
    [
        ("opera aria, soprano and orchestra", 60, 81),
        ("soprano and piano, classical art song, in G", 60, 81),
        ("soprano pop", 60, 81),
        ("mezzo-soprano aria", 57, 77),
        ("alto and piano, classical art song, in G", 55, 74),
        ("contralto and piano, art song", 53, 74),
        ("tenor and guitar", 48, 67),
        ("tenor vocals, rock", 48, 67),
        ("art song for baritone and piano", 45, 64),
        ("baritone country song", 45, 64),
        ("bass voice and piano, classical art song, in G", 40, 60),
        ("male bass, slow gospel", 40, 60),
    ],
)
def test_a_kind_of_voice_has_its_range(prompt: str, low: int, high: int) -> None:
    for seed in range(3):
        pitches = _sung(prompt, seed)
        assert all(low <= pitch <= high for pitch in pitches), (prompt, seed)
        assert pitches


def test_a_soprano_sings_above_a_contralto_and_a_tenor_above_a_bass() -> None:
    def middle(prompt: str) -> float:
        return sum(sum(_sung(prompt, seed)) / len(_sung(prompt, seed)) for seed in range(3)) / 3

    assert middle("aria for soprano, in A minor") > middle("aria for contralto, in A minor") + 3
    assert middle("aria for tenor, in A minor") > middle("aria, male bass, in A minor") + 3


@pytest.mark.parametrize(
    "prompt", ["alto and piano, classical art song, in G", "alto and guitar, folk", "contralto and piano, art song"]
)
def test_an_alto_beside_one_instrument_is_a_singer_with_no_band(prompt: str) -> None:
    names = {track.name for track in compose(plan(Request(prompt, seed=0))).tracks}
    assert "Vocals" in names
    assert len(names) == 2

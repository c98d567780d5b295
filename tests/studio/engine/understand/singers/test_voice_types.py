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
        ("opera aria, soprano and orchestra", 58, 79),
        ("soprano and piano", 58, 79),
        ("mezzo-soprano aria", 55, 76),
        ("tenor and guitar", 46, 69),
        ("art song for baritone and piano", 41, 64),
        ("male bass, slow gospel", 38, 61),
    ],
)
def test_a_kind_of_voice_has_its_range(prompt: str, low: int, high: int) -> None:
    """A soprano sang from F sharp below middle C to the E above it."""
    for seed in range(3):
        pitches = _sung(prompt, seed)
        assert all(low <= pitch <= high for pitch in pitches), (prompt, seed)
        assert pitches


def test_a_soprano_sings_above_a_contralto_and_a_tenor_above_a_bass() -> None:
    def middle(prompt: str) -> float:
        return sum(sum(_sung(prompt, seed)) / len(_sung(prompt, seed)) for seed in range(3)) / 3

    assert middle("aria for soprano, in A minor") > middle("aria for contralto, in A minor") + 3
    assert middle("aria for tenor, in A minor") > middle("aria, male bass, in A minor") + 3

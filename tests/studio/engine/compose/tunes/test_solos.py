"""Solos of genres that improvise: denser and higher than a sung tune, in runs."""

from __future__ import annotations

from statistics import mean, median

import pytest

from riffusion_tui.studio.engine.compose import compose
from riffusion_tui.studio.engine.compose.pitch_range import PitchRange
from riffusion_tui.studio.engine.prompt import plan
from riffusion_tui.studio.engine.score import Note
from riffusion_tui.studio.engine.song_request import Request


def _solos(prompt: str, seed: int) -> tuple[list[Note], float]:
    """Return the lead's notes in solo sections, and the beats of these sections."""
    score = compose(plan(Request(prompt, seed=seed, length_s=120.0)))
    ends = [*(section.start for section in score.sections[1:]), score.beats]
    spans = [(s.start, end) for s, end in zip(score.sections, ends, strict=True) if s.kind == "solo"]
    notes = [note for track in score.tracks if track.role == "lead" for note in track.notes]
    inside = [note for note in notes if any(start <= note.start < end for start, end in spans)]
    return inside, sum(end - start for start, end in spans)


@pytest.mark.parametrize(
    ("prompt", "a_beat"),
    [
        ("classic rock with a guitar solo, male vocals", 1.7),
        ("heavy metal with a guitar solo, male vocals", 2.6),
        ("bebop quintet", 1.3),
        ("bluegrass instrumental", 1.3),
    ],
)
def test_a_solo_is_dense(prompt: str, a_beat: float) -> None:
    found = [_solos(prompt, seed) for seed in (1, 2, 3)]
    assert mean(len(notes) / beats for notes, beats in found) > a_beat


@pytest.mark.parametrize("prompt", ["rock with a guitar solo, male vocals", "metal with a guitar solo, male vocals"])
def test_the_solo_of_a_guitar_is_higher_than_its_riffs(prompt: str) -> None:
    pitches = [median(note.pitch for note in _solos(prompt, seed)[0]) for seed in (1, 2, 3)]
    assert min(pitches) > 64


def test_a_range_is_raised_to_a_middle_as_far_as_the_instrument_reaches() -> None:
    usual = PitchRange(50, 70)
    assert usual.around(66, 90) == PitchRange(56, 76)
    assert usual.around(66, 72) == PitchRange(52, 72)
    assert usual.around(0, 90) == usual
    assert PitchRange(50, 95).around(80, 90) == PitchRange(50, 95)


def test_a_genre_without_solos_of_its_own_improvises_on_its_tunes() -> None:
    notes, beats = _solos("folk with a fiddle solo, female vocals", 1)
    assert 0 < len(notes) / beats < 2

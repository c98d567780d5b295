from __future__ import annotations

import pytest

from riffusion_tui.studio.engine.compose import compose
from riffusion_tui.studio.engine.score import Note, Score
from tests.studio.engine.scores import plan_of

LOOSE = 0.3
"""Beats that human timing and swing may move a note's end."""


def tied_clashes(score: Score) -> list[tuple[Note, str]]:
    """Notes of the voice held, within a section, into a chord that contains a neighboring tone instead."""
    found = []
    starts = {section.start for section in score.sections}
    for note in (n for track in score.tracks if track.role == "vocal" for n in track.notes):
        for chord in score.chords:
            crossed = note.start + LOOSE < chord.start < note.start + note.length - LOOSE
            if not crossed or chord.start in starts:
                continue
            classes = {pitch % 12 for pitch in chord.pitches}
            if note.pitch % 12 not in classes and classes & {(note.pitch + 1) % 12, (note.pitch - 1) % 12}:
                found.append((note, chord.symbol))
    return found


@pytest.mark.parametrize("genre", ["trap", "trance", "pop", "synthwave", "funk"])
def test_vocal_notes_are_not_held_into_a_dissonant_chord(genre: str) -> None:
    scores = [compose(plan_of(genre, seed, length_s=90.0, vocals="female")) for seed in range(6)]
    assert [tied_clashes(score) for score in scores] == [[]] * 6

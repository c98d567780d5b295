"""One guitarist with a pick has one right hand: chords sound in the rests and below the long notes of the tune."""

from __future__ import annotations

import pytest

from riffusion_tui.studio.engine.compose import compose
from riffusion_tui.studio.engine.compose.arranging.chord_melody import one_guitarist
from riffusion_tui.studio.engine.compose.casting.seat import seat_of
from riffusion_tui.studio.engine.prompt import plan
from riffusion_tui.studio.engine.score import Note, Track
from riffusion_tui.studio.engine.song_request import Request

_TUNE, _CHORDS = seat_of("lead", "jazz guitar"), seat_of("chords", "jazz guitar")


def _chord(start: float) -> list[Note]:
    return [Note(start, 0.5, pitch, 0.6) for pitch in (45, 52, 55, 67)]


def _pitches(tune: list[Note], *starts: float, bass: bool) -> list[tuple[float, int]]:
    chords = [note for start in starts for note in _chord(start)]
    _, (_, left) = one_guitarist([(_TUNE, tune), (_CHORDS, chords)], bass=bass)
    return [(note.start, note.pitch) for note in left]


def test_chords_sound_in_rests() -> None:
    assert len(_pitches([Note(8.0, 1.0, 64, 0.8)], 0.0, 1.0, bass=True)) == 8


def test_the_first_chord_below_a_long_note_sounds_without_tones_above_the_tune() -> None:
    assert _pitches([Note(0.0, 3.0, 64, 0.8)], 0.0, 1.0, bass=True) == [(0.0, 45), (0.0, 52), (0.0, 55)]


def test_while_the_tune_moves_only_the_thumb_plays_if_nobody_has_the_bass() -> None:
    tune = [Note(beat / 2, 0.5, 64, 0.8) for beat in range(8)]
    assert _pitches(tune, 0.0, 1.0, 2.0, 3.0, bass=True) == []
    assert _pitches(tune, 0.0, 1.0, 2.0, 3.0, bass=False) == [(0.0, 45), (2.0, 45)]


def test_two_guitarists_play_at_once() -> None:
    lines = [(_TUNE, [Note(0.0, 0.5, 64, 0.8)]), (_CHORDS, _chord(0.0)), (_CHORDS, _chord(0.0))]
    assert one_guitarist(lines, bass=True) == lines


def _sounding(tracks: tuple[Track, ...], role: str, beat: float) -> int:
    notes = (note for track in tracks if track.role == role for note in track.notes)
    return sum(note.start - 0.02 <= beat <= note.start + 0.1 for note in notes)


@pytest.mark.parametrize("seed", range(1, 7))
def test_the_guitarist_of_a_jazz_trio_does_not_strum_through_a_quick_tune(seed: int) -> None:
    score = compose(plan(Request("jazz guitar trio, instrumental", seed=seed, length_s=45.0)))
    quick = [n for track in score.tracks if track.role == "lead" for n in track.notes if n.length < 0.5]
    assert quick
    assert all(_sounding(score.tracks, "chords", note.start) <= 1 for note in quick)

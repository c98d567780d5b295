"""A choir in parts: soprano, alto, tenor and, in some genres, bass sing in the rhythm of the words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from riffusion_tui.studio.engine.compose.arrangement_style import style_of
from riffusion_tui.studio.engine.compose.arranging.members import Band
from riffusion_tui.studio.engine.compose.casting.exact_cast import choir_ranges
from riffusion_tui.studio.engine.compose.cue import Cue
from riffusion_tui.studio.engine.compose.pitch_range import PitchRange
from riffusion_tui.studio.engine.compose.theory import nearest, scale_of
from riffusion_tui.studio.engine.types import Note

_CLOSEST = 3
"""Semitones between soprano and alto, and between alto and tenor, at least."""
_WIDEST = 12
"""Semitones between them at most."""
_DEEP = 3
"""Semitones below the middle of its range to which the bass tends, so that there is room for the others."""
_UPPER = 3
"""The parts above the bass."""
_TIED = 1.0
"""A part holds its pitch through notes shorter than this many beats."""


def choir_parts(band: Band, name: str) -> list[Note]:
    """Return all parts of what the choir `name` sings: the tune on top, and chord tones below it."""
    parts = style_of(band.song.plan.genre).choir_parts
    ranges = [PitchRange(*span) for span in choir_ranges(name, band.song.plan.vocals)]
    sing = _in_four if parts == len(ranges) else _in_close
    words = [note for note in band.melodies if note.syllable]
    shift = _octaves_to(ranges[0], words)
    voices: list[list[Note]] = [[] for _ in ranges[:parts]]
    for cue in band.song.cues(tuple((1.0,) * section.bars for section in band.song.form.sections)):
        end = cue.section.start + cue.section.bars * cue.form.bar
        for note in words:
            if cue.section.start - 0.01 <= note.start < end - 0.01:
                tune = replace(note, pitch=note.pitch + shift)
                _add(voices, tune, sing(cue, tune, ranges, [v[-1].pitch for v in voices if v]))
    return sorted((note for voice in voices for note in voice), key=lambda note: note.start)


def _octaves_to(soprano: PitchRange, tune: Sequence[Note]) -> int:
    """Return the semitones, whole octaves, by which the tune lies best for the sopranos: it moves as a whole."""

    def strain(shift: int) -> tuple[int, float]:
        pitches = [note.pitch + shift for note in tune]
        beyond = sum(max(soprano.low - pitch, 0) + max(pitch - soprano.high, 0) for pitch in pitches)
        return beyond, sum(abs(pitch - soprano.middle) for pitch in pitches)

    return min((-12, 0, 12, 24), key=strain)


def _tones(cue: Cue, beat: float) -> set[int]:
    """Return the pitch classes of the chord at a beat. A power chord gets the third of its scale."""
    chord = cue.chord_at(beat)
    tones = {pitch % 12 for pitch in chord.pitches}
    if tones == {chord.root, (chord.root + 7) % 12}:
        scale = {(cue.tonic + step) % 12 for step in scale_of(cue.plan.mode)}
        tones |= {(chord.root + third) % 12 for third in (3, 4)} & scale
    return tones


def _in_four(cue: Cue, note: Note, ranges: Sequence[PitchRange], before: Sequence[int]) -> list[int]:
    """Return the pitches of the four parts at a note of the tune; the inner ones stay as near as they can."""
    chord, tones = cue.chord_at(note.start), _tones(cue, note.start)
    low = ranges[-1]
    deep = low.middle - _DEEP
    bass = low.hold(nearest((before[-1] + deep) / 2 if before else deep, {chord.root % 12}))
    found = [note.pitch]
    if bass > found[0]:  # children's parts are close together
        bass = bass - 12 if bass - 12 >= low.low else found[0]
    for place, part in enumerate(ranges[1:-1], start=1):
        top = min(part.high, found[-1] - _CLOSEST)
        near_enough = range(max(bass + 1, found[-1] - _WIDEST), top + 1)
        able = [pitch for pitch in near_enough if pitch % 12 in tones]
        able = [pitch for pitch in able if pitch >= part.low] or able
        missing = [pitch for pitch in able if all((pitch - one) % 12 for one in (*found, bass))] or able
        near = before[place] if before else top
        found.append(min(missing, key=lambda pitch: abs(pitch - near)) if missing else bass)
    return [*found, bass]


def _in_close(cue: Cue, note: Note, _ranges: Sequence[PitchRange], _before: Sequence[int]) -> list[int]:
    """Return the tune and the two chord tones under it, as a gospel choir sings: all move with the tune."""
    tones, found = _tones(cue, note.start), [note.pitch]
    while len(found) < _UPPER:
        below = range(found[-1] - _CLOSEST, found[-1] - _CLOSEST - 12, -1)
        found.append(next((pitch for pitch in below if pitch % 12 in tones), found[-1]))
    return found


def _add(voices: list[list[Note]], note: Note, pitches: Sequence[int]) -> None:
    """Add a note to each part, or let a part hold the one before."""
    for voice, pitch in zip(voices, pitches, strict=True):
        last = voice[-1] if voice else None
        joined = last is not None and last.pitch == pitch and note.start - last.start - last.length < 0.1
        if last is not None and joined and note.length < _TIED:
            voice[-1] = replace(last, length=note.start + note.length - last.start)
        else:
            voice.append(replace(note, pitch=pitch, syllable=""))

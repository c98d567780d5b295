"""A choir in four parts: soprano, alto, tenor and bass sing in the rhythm of the words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from riffusion_tui.studio.engine.compose.arranging.members import Band
from riffusion_tui.studio.engine.compose.casting.exact_cast import choir_ranges
from riffusion_tui.studio.engine.compose.cue import Cue
from riffusion_tui.studio.engine.compose.pitch_range import PitchRange
from riffusion_tui.studio.engine.compose.theory import nearest
from riffusion_tui.studio.engine.types import Note

_CLOSEST = 3
"""Semitones between soprano and alto, and between alto and tenor, at least."""
_DEEP = 3
"""Semitones below the middle of its range to which the bass tends, so that there is room for the others."""
_TIED = 1.0
"""A part holds its pitch through notes shorter than this many beats."""


def choir_parts(band: Band, name: str) -> list[Note]:
    """Return all four parts of what the choir `name` sings: the tune on top, and chord tones below it."""
    ranges = [PitchRange(*span) for span in choir_ranges(name, band.song.plan.vocals)]
    voices: list[list[Note]] = [[] for _ in ranges]
    for cue in band.song.cues(tuple((1.0,) * section.bars for section in band.song.form.sections)):
        end = cue.section.start + cue.section.bars * cue.form.bar
        for note in band.melodies:
            if note.syllable and cue.section.start - 0.01 <= note.start < end - 0.01:
                _add(voices, note, _pitches(cue, note, ranges, [v[-1].pitch for v in voices if v]))
    return sorted((note for voice in voices for note in voice), key=lambda note: note.start)


def _pitches(cue: Cue, note: Note, ranges: Sequence[PitchRange], before: Sequence[int]) -> list[int]:
    """Return the pitches of the four parts at a note of the tune; the inner ones stay as near as they can."""
    chord = cue.chord_at(note.start)
    tones = sorted({pitch % 12 for pitch in chord.pitches})
    low = ranges[-1]
    deep = low.middle - _DEEP
    bass = low.hold(nearest((before[-1] + deep) / 2 if before else deep, {chord.root % 12}))
    found = [ranges[0].hold(note.pitch)]
    if bass > found[0]:  # children's parts are close together
        bass = bass - 12 if bass - 12 >= low.low else found[0]
    for place, part in enumerate(ranges[1:-1], start=1):
        top = min(part.high, found[-1] - _CLOSEST)
        able = [pitch for pitch in range(max(part.low, bass + 1), top + 1) if pitch % 12 in tones]
        missing = [pitch for pitch in able if all((pitch - one) % 12 for one in (*found, bass))] or able
        near = before[place] if before else top
        found.append(min(missing, key=lambda pitch: abs(pitch - near)) if missing else bass)
    return [*found, bass]


def _add(voices: list[list[Note]], note: Note, pitches: Sequence[int]) -> None:
    """Add a note to each part, or let a part hold the one before."""
    for voice, pitch in zip(voices, pitches, strict=True):
        last = voice[-1] if voice else None
        joined = last is not None and last.pitch == pitch and note.start - last.start - last.length < 0.1
        if last is not None and joined and note.length < _TIED:
            voice[-1] = replace(last, length=note.start + note.length - last.start)
        else:
            voice.append(replace(note, pitch=pitch, syllable=""))

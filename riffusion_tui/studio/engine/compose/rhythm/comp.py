"""Chords → accompaniment by a pattern.

Signs: `X` `x` `o` `g` the whole chord, `1` to `9` one of its tones from below, `r` `f` the low root and fifth.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, replace

from riffusion_tui.studio.engine.compose import catalog
from riffusion_tui.studio.engine.compose.cue import Cue, loudness
from riffusion_tui.studio.engine.compose.pitch_range import PitchRange
from riffusion_tui.studio.engine.compose.rhythm import steps
from riffusion_tui.studio.engine.compose.rhythm.shuffle import lines_of
from riffusion_tui.studio.engine.score import Chord, Note

SHIFT = {"low": -12, "mid": 0, "high": 12, "top": 24}
MUTED_BELOW = 0.3
"""Beats; shorter strokes of a distorted guitar are palm-muted unless they are accents."""
_LONGEST_TIE = 24.0
"""Beats after which a drone begins again."""
_LOWEST_ROOT = 36
"""Below this, a left hand's root would double the bass."""


def play(cue: Cue, pattern: catalog.Entry, pitches: PitchRange, shift: int = 0) -> list[Note]:
    """Return chords or arpeggios of one section, transposed by `shift` semitones within a range.

    A left hand (a line called low) stays where it is.
    """
    notes: list[Note] = []
    lines = lines_of(pattern, cue.plan)
    for bar, at, energy in cue.bars():
        for line in lines:
            if not line.low <= energy < line.high:
                continue
            move = SHIFT["low"] if line.name == "low" else SHIFT.get(line.name, 0) + shift
            hand = _Hand(cue, pattern, pitches, move)
            for offset, length, sign in steps.held(line, bar, cue.plan.meter):
                notes += hand.sound(sign, at + offset, length, loudness(energy))
    notes += _skipped(notes, cue, pitches, shift)
    if cue.last and cue.energies[-1] > 0:
        notes += last_chord(cue, pitches, 2 * pattern.number("strum", 0.0), shift)
    return notes


def left_hand(cue: Cue, notes: list[Note], low: int) -> list[Note]:
    """Return the root of each chord, held, if no note of the chords is that low: nobody else plays the bass."""
    bottom = _bottom(low)
    if any(note.pitch < bottom.high for note in notes):
        return []
    return [
        Note(chord.start, chord.length * 0.97, bottom.root(chord), 0.6 * loudness(cue.energy))
        for chord in cue.chords
        if not cue.resting(chord.start)
    ]


def _bottom(low: int) -> PitchRange:
    """Return where the low roots of an instrument with this lowest pitch lie."""
    floor = max(low, _LOWEST_ROOT)
    return PitchRange(floor, floor + 14)


def tied(notes: list[Note]) -> list[Note]:
    """Return a drone: of notes that repeat without a rest, the first one, held as long as all of them."""
    held: dict[int, Note] = {}
    found: list[Note] = []
    for note in sorted(notes, key=lambda n: n.start):
        before = held.get(note.pitch)
        if before and abs(before.start + before.length - note.start) < 0.01 and before.length < _LONGEST_TIE:
            held[note.pitch] = replace(before, length=before.length + note.length)
            continue
        found += [before] if before else []
        held[note.pitch] = note
    return found + list(held.values())


def last_chord(cue: Cue, pitches: PitchRange, strum: float = 0.0, shift: int = 0) -> list[Note]:
    """Return the song's last chord, held to its end."""
    at, loud = cue.closing, 0.8 * loudness(cue.energies[-1])
    return _stack(_voiced(cue.chords[-1], pitches, shift), at, cue.form.beats - at, loud, strum)


def powered(cue: Cue, pattern: catalog.Entry, low: int) -> tuple[Cue, catalog.Entry]:
    """A cue and a pattern for a distorted guitar: root, fifth and octave from `low` on; a third would only blur."""
    chords = tuple(
        replace(chord, pitches=(root, *_fifth(chord, root), root + 12))
        for chord in cue.chords
        for root in [PitchRange(low, low + 11).root(chord)]
    )
    return replace(cue, chords=chords), unshifted(pattern)


def unshifted(pattern: catalog.Entry) -> catalog.Entry:
    """Return a pattern whose low lines aren't an octave lower, for chords that a guitar already holds low."""
    lines = pattern.text("lines").replace("low ", "mid ")
    return replace(pattern, data={**pattern.data, "lines": lines})


def _fifth(chord: Chord, root: int) -> tuple[int, ...]:
    """Return the fifth above `root`; none if the chord has another one, with which it would clash."""
    above = {(pitch - root) % 12 for pitch in chord.pitches}
    return () if above & {6, 8} and 7 not in above else (root + 7,)


def palm_muted(notes: list[Note]) -> list[Note]:
    """Strokes of a distorted guitar: short ones that are no accents are muted: softer, without octave."""
    accents = max((note.velocity for note in notes), default=0.0)
    roots: dict[float, int] = {}
    for note in notes:
        roots[note.start] = min(note.pitch, roots.get(note.start, note.pitch))
    found = []
    for note in notes:
        muted = note.length < MUTED_BELOW and note.velocity < 0.93 * accents
        if not muted:
            found.append(note)
        elif note.pitch < roots[note.start] + 12:
            found.append(replace(note, velocity=0.9 * note.velocity))
    return found


@dataclass(frozen=True, slots=True)
class _Hand:
    """Plays the signs of a pattern's line."""

    cue: Cue
    pattern: catalog.Entry
    pitches: PitchRange
    shift: int

    def sound(self, sign: str, at: float, length: float, loud: float) -> list[Note]:
        """Return the notes of a sign; a chord that is held over a change is struck again with it."""
        chord = self.cue.chord_at(at)
        left = chord.start + chord.length - at
        short = self.pattern.number("short", 1.0)
        held = max(0.08, min(length, left) * short)
        if sign not in steps.LOUD:
            return [Note(at, held, self._tone(sign, chord), 0.78 * loud)]
        strum = self.pattern.number("strum", 0.0)
        notes = _stack(_voiced(chord, self.pitches, self.shift), at, held, steps.LOUD[sign] * loud, strum)
        if length > left + 0.4 and at + left < self._end - 1e-6:
            after = _voiced(self.cue.chord_at(at + left + 0.01), self.pitches, self.shift)
            notes += _stack(after, at + left, (length - left) * short, 0.7 * loud, strum)
        return notes

    @property
    def _end(self) -> float:
        """Where others strike the chords: at the next section, and at the song's last chord."""
        cue = self.cue
        return cue.closing if cue.last else cue.end

    def _tone(self, sign: str, chord: Chord) -> int:
        if sign in "rf":
            return self.pitches.hold(_bottom(self.pitches.low).root(chord) + (7 if sign == "f" else 0))
        octaves, place = divmod(int(sign) - 1, len(chord.pitches))
        return self.pitches.hold(chord.pitches[place] + 12 * octaves + self.shift)


def _voiced(chord: Chord, pitches: PitchRange, shift: int) -> list[int]:
    """Return the pitches of a chord within a range, each once, from below."""
    return sorted({pitches.hold(pitch + shift) for pitch in chord.pitches})


def _stack(pitches: list[int], at: float, length: float, velocity: float, strum: float) -> list[Note]:
    """Return a chord, struck from below; each note is `strum` beats later than the one below it."""
    top = len(pitches) - 1
    return [
        Note(at + strum * i, max(0.08, length - strum * i), pitch, velocity * (1 - 0.03 * (top - i)))
        for i, pitch in enumerate(pitches)
    ]


def _skipped(notes: list[Note], cue: Cue, pitches: PitchRange, shift: int) -> list[Note]:
    """Return softly held chords where the pattern skips a chord."""
    starts = sorted(note.start for note in notes)
    found: list[Note] = []
    for chord in cue.chords:
        end = chord.start + min(chord.length, cue.form.bar) - 1e-6
        if cue.resting(chord.start) or (cue.last and chord.start >= cue.closing - 1e-6):
            continue
        first = bisect_left(starts, chord.start - 1e-6)
        if first == len(starts) or starts[first] >= end:
            length = min(chord.length, cue.form.bar)
            found += _stack(_voiced(chord, pitches, shift), chord.start, length, 0.6 * loudness(cue.energy), 0.0)
    return found

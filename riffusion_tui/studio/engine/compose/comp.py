"""Chords -> accompaniment by a pattern.

Signs: `X` `x` `o` `g` the whole chord, `1` to `9` one of its tones from below, `r` `f` the low root and fifth.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import replace

from riffusion_tui.studio.engine.compose import catalog, steps, theory
from riffusion_tui.studio.engine.compose.bass import root_in
from riffusion_tui.studio.engine.compose.cue import Cue, loudness
from riffusion_tui.studio.engine.types import Chord, Note

SHIFT = {"low": -12, "mid": 0, "high": 12, "top": 24}
MUTED_BELOW = 0.3
"""Beats; shorter strokes of a distorted guitar are palm-muted unless they are accents."""
LONGEST_TIE = 24.0
"""Beats after which a drone begins again."""
LOWEST_ROOT = 36
"""Below this, a left hand's root would double the bass."""


def play(cue: Cue, pattern: catalog.Entry, low: int, high: int, shift: int = 0) -> list[Note]:
    """Return chords or arpeggios of one section, between `low` and `high`, transposed by `shift` semitones.

    A left hand (a line called low) stays where it is.
    """
    notes: list[Note] = []
    lines = steps.read_lines(pattern.text("lines"), int(pattern.number("grid", 16)))
    for bar, at, energy in cue.bars():
        for line in lines:
            if not line.low <= energy < line.high:
                continue
            move = SHIFT["low"] if line.name == "low" else SHIFT.get(line.name, 0) + shift
            for offset, length, sign in steps.held(line, bar, cue.plan.meter):
                notes += _sound(sign, at + offset, length, cue, energy, pattern, low, high, move)
    notes += _skipped(notes, cue, low, high, shift)
    if cue.last and cue.energies[-1] > 0:
        notes += last_chord(cue, low, high, 2 * pattern.number("strum", 0.0), shift)
    return notes


def left_hand(cue: Cue, notes: list[Note], low: int) -> list[Note]:
    """Return the root of each chord, held, if no note of the chords is that low: nobody else plays the bass."""
    floor = max(low, LOWEST_ROOT)
    if any(note.pitch < floor + 14 for note in notes):
        return []
    return [
        Note(chord.start, chord.length * 0.97, root_in(chord, floor, floor + 14), 0.6 * loudness(cue.energy))
        for chord in cue.chords
        if not cue.resting(chord.start)
    ]


def tied(notes: list[Note]) -> list[Note]:
    """Return a drone: of notes that repeat without a rest, the first one, held as long as all of them."""
    held: dict[int, Note] = {}
    found: list[Note] = []
    for note in sorted(notes, key=lambda n: n.start):
        before = held.get(note.pitch)
        if before and abs(before.start + before.length - note.start) < 0.01 and before.length < LONGEST_TIE:
            held[note.pitch] = replace(before, length=before.length + note.length)
            continue
        found += [before] if before else []
        held[note.pitch] = note
    return found + list(held.values())


def last_chord(cue: Cue, low: int, high: int, strum: float = 0.0, shift: int = 0) -> list[Note]:
    """Return the song's last chord, held to its end."""
    at, loud = cue.closing, 0.8 * loudness(cue.energies[-1])
    return _stack(cue.chords[-1], at, cue.form.beats - at, loud, strum, low, high, shift)


def powered(cue: Cue, pattern: catalog.Entry, low: int) -> tuple[Cue, catalog.Entry]:
    """A cue and a pattern for a distorted guitar: root, fifth and octave from `low` on, for a third would only blur."""
    chords = tuple(
        replace(chord, pitches=(root, *_fifth(chord, root), root + 12))
        for chord in cue.chords
        for root in [root_in(chord, low, low + 11)]
    )
    lines = pattern.text("lines").replace("low ", "mid ")
    return replace(cue, chords=chords), replace(pattern, data={**pattern.data, "lines": lines})


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


def _sound(
    sign: str, at: float, length: float, cue: Cue, energy: float, pattern: catalog.Entry, low: int, high: int,
    shift: int,
) -> list[Note]:  # fmt: skip
    chord = cue.chord_at(at)
    left = chord.start + chord.length - at
    short = pattern.number("short", 1.0)
    held = max(0.08, min(length, left) * short)
    if sign not in steps.LOUD:
        return [Note(at, held, _tone(sign, chord, shift, low, high), 0.78 * loudness(energy))]
    strum = pattern.number("strum", 0.0)
    notes = _stack(chord, at, held, steps.LOUD[sign] * loudness(energy), strum, low, high, shift)
    if length > left + 0.4:
        after = cue.chord_at(at + left + 0.01)
        notes += _stack(after, at + left, (length - left) * short, 0.7 * loudness(energy), strum, low, high, shift)
    return notes


def _tone(sign: str, chord: Chord, shift: int, low: int, high: int) -> int:
    if sign in "rf":
        floor = max(low, LOWEST_ROOT)
        return theory.into_range(root_in(chord, floor, floor + 14) + (7 if sign == "f" else 0), low, high)
    place = int(sign) - 1
    count = len(chord.pitches)
    return theory.into_range(chord.pitches[place % count] + 12 * (place // count) + shift, low, high)


def _stack(
    chord: Chord, at: float, length: float, velocity: float, strum: float, low: int, high: int, shift: int
) -> list[Note]:
    pitches = sorted({theory.into_range(pitch + shift, low, high) for pitch in chord.pitches})
    top = len(pitches) - 1
    return [
        Note(at + strum * i, max(0.08, length - strum * i), pitch, velocity * (1 - 0.03 * (top - i)))
        for i, pitch in enumerate(pitches)
    ]


def _skipped(notes: list[Note], cue: Cue, low: int, high: int, shift: int) -> list[Note]:
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
            found += _stack(chord, chord.start, length, 0.6 * loudness(cue.energy), 0.0, low, high, shift)
    return found

"""Chords -> bass notes by a pattern.

Signs: `R` `r` `g` the root, loud to ghost, `3` `4` `5` `6` `7` `8` intervals above it, `a` a step towards the next
root, `w` walking.
"""

from __future__ import annotations

import random

from riffusion_tui.studio.engine.compose import catalog, steps, theory
from riffusion_tui.studio.engine.compose.cue import Cue, loudness
from riffusion_tui.studio.engine.types import Chord, Note

_VELOCITY = {"R": 1.0, "r": 0.8, "8": 0.85, "a": 0.75, "g": 0.4, "w": 0.85}
_INTERVALS = {"3": (3, 4), "4": (5, 7), "5": (7, 6, 8), "6": (9, 8, 7), "7": (10, 11, 7), "8": (12,)}


def play(cue: Cue, pattern: catalog.Entry, low: int, high: int, chance: random.Random) -> list[Note]:
    """Return the bass notes of one section, between `low` and `high`."""
    notes: list[Note] = []
    lines = steps.read_lines(pattern.text("lines"), int(pattern.number("grid", 16)))
    short = pattern.number("short", 0.94)
    before = low + 8
    for bar, at, energy in cue.bars():
        for line in lines:
            if not line.low <= energy < line.high:
                continue
            for offset, length, sign in steps.held(line, bar, cue.plan.meter):
                chord = cue.chord_at(at + offset)
                left = chord.start + chord.length - at - offset
                pitch = _pitch(sign, cue, chord, left, before, low, high, chance)
                before = pitch
                velocity = _VELOCITY.get(sign, 0.75) * loudness(energy)
                notes.append(Note(at + offset, max(0.1, min(length, left) * short), pitch, velocity))
    notes += _missing(notes, cue, low, high)
    if cue.last and cue.energies[-1] > 0:
        root = root_in(cue.chords[-1], low, high)
        notes.append(Note(cue.closing, cue.form.beats - cue.closing, root, 0.8 * loudness(cue.energies[-1])))
    return notes


def root_in(chord: Chord, low: int, high: int) -> int:
    """Return a chord's root at the bottom of a range."""
    return theory.into_range(low + (chord.root - low) % 12, low, high)


def _pitch(
    sign: str, cue: Cue, chord: Chord, left: float, before: int, low: int, high: int, chance: random.Random
) -> int:
    root = root_in(chord, low, high)
    if sign in "Rrg":
        return root
    if sign == "w":
        return _walk(cue, chord, left, before, low, high, chance)
    if sign == "a":
        target = theory.nearest(before, {_following(cue, chord).root})
        return theory.into_range(target + _approach(cue, target, chance), low, high)
    classes = {pitch % 12 for pitch in chord.pitches}
    wanted = _INTERVALS[sign]
    for interval in wanted:
        if interval == 12 or (root + interval) % 12 in classes:
            return theory.into_range(root + interval, low, high)
    fallback = theory.nearest(root + wanted[0], theory.allowed_tones(cue.plan.mode, cue.tonic))
    return theory.into_range(fallback, low, high)


def _following(cue: Cue, chord: Chord) -> Chord:
    return cue.chord_at(chord.start + chord.length + 0.01)


def _approach(cue: Cue, target: int, chance: random.Random) -> int:
    """A scale step to `target` from below or above."""
    tones = theory.allowed_tones(cue.plan.mode, cue.tonic)
    options = [step for step in (-2, -1, 1, 2) if (target + step) % 12 in tones]
    return chance.choice(options or [-1])


def _walk(cue: Cue, chord: Chord, left: float, before: int, low: int, high: int, chance: random.Random) -> int:
    """A walking line: root on the change, a step from the next root before it, chord tones between."""
    if left > chord.length - 1e-6:
        return theory.into_range(theory.nearest(before, {chord.root}), low, high)
    if left <= 1.0 + 1e-6:
        target = theory.into_range(theory.nearest(before, {_following(cue, chord).root}), low, high)
        return theory.into_range(target + (1 if before > target else -1), low, high)
    classes = frozenset(pitch % 12 for pitch in chord.pitches)
    options = [p for p in range(before - 5, before + 6) if p % 12 in classes and p != before and low <= p <= high]
    return chance.choice(options) if options else root_in(chord, low, high)


def _missing(notes: list[Note], cue: Cue, low: int, high: int) -> list[Note]:
    """Return roots for chords on which the pattern has no note."""
    starts = [note.start for note in notes]
    found = []
    for chord in cue.chords:
        end = chord.start + min(chord.length, cue.form.bar)
        if cue.resting(chord.start) or (cue.last and chord.start >= cue.closing - 1e-6):
            continue
        if not any(chord.start - 1e-6 <= start < end - 1e-6 for start in starts):
            length = min(chord.length, cue.form.bar)
            found.append(Note(chord.start, length * 0.9, root_in(chord, low, high), 0.7 * loudness(cue.energy)))
    return found

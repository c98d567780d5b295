"""Chords -> bass notes by a pattern: `R` `r` root, `3` `4` `5` `6` `7` `8` intervals, `a` a step towards the next root, `w` walking."""

from __future__ import annotations

import random

from riffusion_tui.studio.engine.base import Chord, Note, Plan, Section
from riffusion_tui.studio.engine.compose import harmony, library, steps, theory
from riffusion_tui.studio.engine.compose.drums import loudness
from riffusion_tui.studio.engine.compose.form import Form

_VELOCITY = {"R": 1.0, "r": 0.8, "8": 0.85, "a": 0.75, "g": 0.4, "w": 0.85}


def play(
    plan: Plan, form: Form, section: Section, chords: tuple[Chord, ...], pattern: library.Entry, energy: float,
    low: int, high: int, chance: random.Random,
) -> list[Note]:  # fmt: skip
    """The bass of one section."""
    notes: list[Note] = []
    lines = steps.read_lines(pattern.text("lines"), int(pattern.number("grid", 16)))
    last = section is form.sections[-1]
    before = low + 8
    for line in lines:
        if not line.low <= energy < line.high:
            continue
        for bar in range(section.bars - 1 if last else section.bars):
            at = section.start + bar * form.bar
            signs = steps.bar_signs(line, bar, plan.meter)
            for index, (offset, sign) in enumerate(signs):
                if sign == "-":
                    continue
                length = _held(signs, index, line.step)
                chord = harmony.at(chords, at + offset)
                left = chord.start + chord.length - at - offset
                following = harmony.at(chords, chord.start + chord.length + 0.01)
                pitch = _pitch(sign, chord, following, left, before, plan, low, high, chance)
                before = pitch
                velocity = _VELOCITY.get(sign, 0.75) * loudness(energy)
                notes.append(Note(at + offset, max(0.1, min(length, left)), pitch, velocity))
    notes += _missing(notes, chords, low, high, energy)
    if last:
        notes.append(_final(form, section, chords, low, high, energy))
    return notes


def _held(signs: tuple[tuple[float, str], ...], index: int, step: float) -> float:
    length = step
    for offset, sign in signs[index + 1 :]:
        if sign != "-" or abs(offset - signs[index][0] - length) > 1e-6:
            break
        length += step
    return length


def root_in(chord: Chord, low: int, high: int) -> int:
    """A chord's root at the bottom of a range."""
    return theory.into_range(low + (chord.root - low) % 12, low, high)


def _pitch(
    sign: str, chord: Chord, following: Chord, left: float, before: int, plan: Plan, low: int, high: int,
    chance: random.Random,
) -> int:  # fmt: skip
    root = root_in(chord, low, high)
    if sign in "Rrg":
        return root
    if sign == "w":
        return _walk(chord, following, left, before, plan, low, high, chance)
    if sign == "a":
        target = theory.nearest(before, {following.root})
        return theory.into_range(target + chance.choice((-1, 1, -2)), low, high)
    classes = {pitch % 12 for pitch in chord.pitches}
    wanted = {"3": (3, 4), "4": (5, 7), "5": (7, 6, 8), "6": (9, 8, 7), "7": (10, 11, 7), "8": (12,)}[sign]
    for interval in wanted:
        if (root + interval) % 12 in classes:
            return theory.into_range(root + interval, low, high)
    fallback = theory.nearest(root + wanted[0], theory.allowed_tones(plan.mode, theory.tonic(plan.key)))
    return theory.into_range(fallback, low, high)


def _walk(
    chord: Chord, following: Chord, left: float, before: int, plan: Plan, low: int, high: int, chance: random.Random
) -> int:
    """A walking line: root on the change, a step from the next root before it, chord and scale tones between."""
    if abs(left - chord.length) < 1e-6 or left == chord.length:
        return theory.into_range(theory.nearest(before, {chord.root}), low, high)
    if left <= 1.0 + 1e-6:
        target = theory.into_range(theory.nearest(before, {following.root}), low, high)
        return theory.into_range(target + (1 if before > target else -1), low, high)
    classes = frozenset(pitch % 12 for pitch in chord.pitches)
    options = [p for p in range(before - 5, before + 6) if p % 12 in classes and p != before and low <= p <= high]
    return chance.choice(options) if options else root_in(chord, low, high)


def _missing(notes: list[Note], chords: tuple[Chord, ...], low: int, high: int, energy: float) -> list[Note]:
    """Roots for chords on which the pattern left the bass silent."""
    starts = sorted(note.start for note in notes)
    found = []
    for chord in chords:
        if not any(chord.start - 1e-6 <= start < chord.start + min(chord.length, 2.0) for start in starts):
            length = min(chord.length, 4.0)
            found.append(Note(chord.start, length * 0.9, root_in(chord, low, high), 0.7 * loudness(energy)))
    return found


def _final(form: Form, section: Section, chords: tuple[Chord, ...], low: int, high: int, energy: float) -> Note:
    at = section.start + (section.bars - 1) * form.bar
    return Note(at, form.beats - at, root_in(chords[-1], low, high), 0.8 * loudness(energy))

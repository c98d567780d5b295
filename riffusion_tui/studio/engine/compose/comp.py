"""Chords -> accompaniment by a pattern: `X` `x` `o` the whole chord, `1`-`9` one of its tones from below, `r` `f` the low root and fifth."""

from __future__ import annotations

from riffusion_tui.studio.engine.base import Chord, Note, Plan, Section
from riffusion_tui.studio.engine.compose import harmony, library, steps, theory
from riffusion_tui.studio.engine.compose.bass import root_in
from riffusion_tui.studio.engine.compose.drums import loudness
from riffusion_tui.studio.engine.compose.form import Form

_SHIFT = {"low": -12, "mid": 0, "high": 12, "top": 24}


def play(
    plan: Plan, form: Form, section: Section, chords: tuple[Chord, ...], pattern: library.Entry, energy: float,
    low: int, high: int,
) -> list[Note]:  # fmt: skip
    """Chords or arpeggios of one section, between `low` and `high`."""
    notes: list[Note] = []
    lines = steps.read_lines(pattern.text("lines"), int(pattern.number("grid", 16)))
    strum = pattern.number("strum", 0.0)
    short = pattern.number("short", 1.0)
    last = section is form.sections[-1]
    for line in lines:
        if not line.low <= energy < line.high:
            continue
        for bar in range(section.bars - 1 if last else section.bars):
            at = section.start + bar * form.bar
            signs = steps.bar_signs(line, bar, plan.meter)
            for index, (offset, sign) in enumerate(signs):
                if sign != "-":
                    length = _length(signs, index, line.step, form.bar)
                    notes += _sound(sign, at + offset, length, chords, line, energy, strum, short, low, high)
    notes += _unheard(notes, chords, energy, low, high)
    if last:
        at = section.start + (section.bars - 1) * form.bar
        notes += _stack(chords[-1], at, form.beats - at, 0.8 * loudness(energy), strum * 2, low, high, 0)
    return notes


def _length(signs: tuple[tuple[float, str], ...], index: int, step: float, bar: float) -> float:
    length = step
    for offset, sign in signs[index + 1 :]:
        if sign != "-" or abs(offset - signs[index][0] - length) > 1e-6:
            break
        length += step
    return length


def _sound(
    sign: str, at: float, length: float, chords: tuple[Chord, ...], line: steps.Line, energy: float, strum: float,
    short: float, low: int, high: int,
) -> list[Note]:  # fmt: skip
    chord = harmony.at(chords, at)
    left = chord.start + chord.length - at
    shift = _SHIFT.get(line.name, 0)
    held = max(0.08, min(length, left) * short)
    if sign in steps.LOUD:
        notes = _stack(chord, at, held, steps.LOUD[sign] * loudness(energy), strum, low, high, shift)
        if length > left + 0.4:
            after = harmony.at(chords, at + left + 0.01)
            notes += _stack(after, at + left, (length - left) * short, 0.7 * loudness(energy), strum, low, high, shift)
        return notes
    pitch = _tone(sign, chord, shift, low, high)
    return [Note(at, held, pitch, 0.78 * loudness(energy))]


def _tone(sign: str, chord: Chord, shift: int, low: int, high: int) -> int:
    if sign in "rf":
        root = root_in(chord, max(low, 36), max(low, 36) + 14)
        return theory.into_range(root + (7 if sign == "f" else 0), low, max(high, low + 12))
    place = int(sign) - 1
    count = len(chord.pitches)
    pitch = chord.pitches[place % count] + 12 * (place // count) + shift
    return theory.into_range(pitch, low, high)


def _stack(
    chord: Chord, at: float, length: float, velocity: float, strum: float, low: int, high: int, shift: int
) -> list[Note]:
    pitches = sorted({theory.into_range(pitch + shift, low, high) for pitch in chord.pitches})
    return [
        Note(at + strum * i, max(0.08, length - strum * i), pitch, velocity * (1 - 0.03 * (len(pitches) - 1 - i)))
        for i, pitch in enumerate(pitches)
    ]


def _unheard(notes: list[Note], chords: tuple[Chord, ...], energy: float, low: int, high: int) -> list[Note]:
    """Chords that the pattern passed over, held softly."""
    starts = sorted(note.start for note in notes)
    found: list[Note] = []
    for chord in chords:
        if not any(chord.start - 1e-6 <= start < chord.start + min(chord.length, 4.0) - 1e-6 for start in starts):
            found += _stack(chord, chord.start, min(chord.length, 4.0), 0.6 * loudness(energy), 0.0, low, high, 0)
    return found

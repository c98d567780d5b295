"""Sections -> melody: motifs laid out in phrases that ask and answer, over the chords."""

from __future__ import annotations

import random
from dataclasses import dataclass

from riffusion_tui.studio.engine.base import Chord, Note, Plan, Section
from riffusion_tui.studio.engine.compose import harmony, library, motif, steps, theory
from riffusion_tui.studio.engine.compose.dice import Dice
from riffusion_tui.studio.engine.compose.drums import loudness
from riffusion_tui.studio.engine.compose.form import Form

SCHEMES = ("a s a c", "a a i c", "a b a c", "a s s c", "a b s c", "a a o c", "a d a c")
"""What happens in the four bars of a phrase; c is its close."""


@dataclass(frozen=True, slots=True)
class Theme:
    """The tune of one kind of section: motifs, the scheme of its phrases, the arch of its anchors."""

    first: motif.Motif
    second: motif.Motif
    scheme: tuple[str, ...]
    arch: tuple[int, ...]


_ARCHES = {
    "verse": ((0, 0, 1, 0), (0, -1, 0, -1), (0, 1, 0, -1)),
    "chorus": ((1, 2, 2, 1), (2, 1, 2, 0), (0, 1, 2, 1), (2, 2, 1, 0)),
    "bridge": ((-1, 0, 1, 2), (1, 0, -1, -2)),
}


def theme(plan: Plan, kind: str, habit: library.Entry, dice: Dice) -> Theme:
    """Invent the theme of a kind of section."""
    chance = dice.of("theme", kind)
    busy = {"verse": 0.5, "chorus": 0.42, "bridge": 0.35, "solo": 0.8, "drop": 0.6}.get(kind, 0.3)
    busy += 0.5 * (plan.density - 0.5)
    first = motif.invent(habit, plan.meter, chance, busy)
    second = motif.invent(habit, plan.meter, chance, busy + 0.1)
    arches = _ARCHES.get({"drop": "chorus", "solo": "bridge"}.get(kind, kind), _ARCHES["verse"])
    return Theme(first, second, tuple(chance.choice(SCHEMES).split()), chance.choice(arches))


def play(
    plan: Plan, form: Form, section: Section, chords: tuple[Chord, ...], tune: Theme, energy: float, low: int, high: int,
    chance: random.Random,
) -> list[Note]:  # fmt: skip
    """The melody of one section, between `low` and `high`."""
    centre = theory.nearest((low + high) / 2 + (energy - 0.5) * 5, {theory.tonic(plan.key)})
    notes: list[Note] = []
    last = section is form.sections[-1]
    before: int | None = None
    for bar in range(section.bars - 1 if last else section.bars):
        close = bar % 4 == 3 or bar == section.bars - 1
        shape, shift = _shape(tune, bar, close, form.bar, chance)
        question = close and bar % 8 == 3
        for index, ((at, length), step) in enumerate(zip(shape.times, shape.contour, strict=True)):
            beat = section.start + bar * form.bar + at
            chord = harmony.at(chords, beat)
            final = close and index == len(shape.times) - 1
            weight = at in steps.strong_beats(plan.meter) or length >= 1
            pitch = _pitch(plan, chord, centre, step + shift, weight, final, question)
            pitch = _near(pitch, before, low, high)
            before = pitch
            accent = 1.0 if weight else 0.85
            notes.append(Note(beat, length * 0.95, pitch, accent * loudness(energy)))
    if last and notes:
        at = section.start + (section.bars - 1) * form.bar
        pitch = _near(theory.nearest(before or centre, {chords[-1].root}), before, low, high)
        notes.append(Note(at, form.beats - at, pitch, 0.8 * loudness(energy)))
    return notes


def _shape(tune: Theme, bar: int, close: bool, length: float, chance: random.Random) -> tuple[motif.Motif, int]:
    what = "c" if close else tune.scheme[bar % 4]
    shift = tune.arch[bar % 4]
    shapes = {
        "a": lambda: tune.first,
        "s": lambda: tune.first,
        "b": lambda: tune.second,
        "i": lambda: motif.inverted(tune.first),
        "d": lambda: motif.displaced(tune.first, length),
        "o": lambda: motif.ornamented(tune.first, chance),
        "c": lambda: motif.cadence(tune.first, length),
    }
    return shapes[what](), shift + (1 if what == "s" else 0)


def _pitch(plan: Plan, chord: Chord, centre: int, step: int, weight: bool, final: bool, question: bool) -> int:
    tonic = theory.tonic(plan.key)
    tones = frozenset(pitch % 12 for pitch in chord.pitches)
    scale = frozenset((tonic + tone) % 12 for tone in theory.scale_of(plan.mode))
    pitch = theory.step_in(centre, step, scale)
    if final:
        wanted = {(tonic + tone) % 12 for tone in ((7, 2) if question else (0, 3, 4))} & tones
        return theory.nearest(pitch, wanted or tones)
    if weight:
        return theory.nearest(pitch, tones)
    return pitch


def _near(pitch: int, before: int | None, low: int, high: int) -> int:
    if before is not None:
        while pitch - before > 9:
            pitch -= 12
        while before - pitch > 9:
            pitch += 12
    return theory.into_range(pitch, low, high)

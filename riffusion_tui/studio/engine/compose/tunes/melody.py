"""Sections → melody: motifs in antecedent and consequent phrases over the chords."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise
from math import ceil
from statistics import mean
from typing import NamedTuple

from riffusion_tui.studio.engine.compose import catalog
from riffusion_tui.studio.engine.compose.chords import theory
from riffusion_tui.studio.engine.compose.cue import Cue, loudness
from riffusion_tui.studio.engine.compose.dice import Dice
from riffusion_tui.studio.engine.compose.pitch_range import PitchRange
from riffusion_tui.studio.engine.compose.rhythm import steps
from riffusion_tui.studio.engine.compose.rhythm.shuffle import swings_eighths
from riffusion_tui.studio.engine.compose.tunes import contour, motif
from riffusion_tui.studio.engine.score import Chord, Note
from riffusion_tui.studio.engine.song_plan import Plan

_SCHEMES = {
    "verse": ("a a b q a a b z", "a b a q a b a z", "a s b q a s b z", "a d a q a d b z", "a r a q a r b z"),
    "chorus": ("a a b q a a b z", "a q a z a q b z", "a s b q a s b z", "a a i q a a t z", "a b a q a b o z"),
    "bridge": ("b s S q b s t z", "i i b q i i b z", "a d b q i s b z"),
    "solo": ("a a b q s t o z", "a b i q o s t z", "a t s q i t o z"),
    "drop": ("a a a b a a a z", "a b a b a b a z", "a a s b a a s z"),
}
"""What each bar does: a, b motifs, s S d a higher or lower, i inverted, o ornamented, l late, t its tail twice, r rest,
q a close that asks, z one that answers."""
_MOVES = {"s": 1, "S": 2, "d": -1}
"""Scale steps by which a bar's motif is moved."""
_LIKE = {"prechorus": "bridge", "intro": "chorus", "breakdown": "verse", "ending": "chorus"}
_ARCHES = {
    "verse": ((0, 0, 1, 0, 0, 0, 1, -1), (1, 0, 1, 0, 2, 1, 0, -1), (0, 1, 2, 1, 0, 1, 0, 0)),
    "chorus": ((2, 2, 3, 2, 2, 2, 4, 1), (3, 2, 3, 2, 3, 2, 2, 1), (2, 3, 4, 2, 2, 3, 3, 0)),
    "bridge": ((0, 1, 2, 2, 1, 2, 3, 4), (3, 2, 1, 0, 2, 1, 0, 0)),
    "solo": ((0, 1, 2, 1, 3, 4, 5, 2), (2, 0, 3, 1, 4, 3, 5, 1)),
}
"""The anchor of each bar, in scale steps above the middle; a chorus returns to its start."""


_AT_ONCE = 0.01
"""Beats within which a note and a chord begin together."""
_RISE = 2.0
"""Scale steps by which a chorus lies above the verse, at least."""


@dataclass(frozen=True, slots=True)
class Tune:
    """The theme of one kind of section."""

    first: motif.Motif
    second: motif.Motif
    scheme: tuple[str, ...]
    arch: tuple[int, ...]
    chromatic: float = 0.0
    """How often a short weak note approaches the next from a semitone below."""
    middle: float = 0.0
    """The pitch around which it is played at least, as far as the instrument reaches."""


def invent(plan: Plan, kind: str, habit: catalog.Entry, dice: Dice, turn: int = 0) -> Tune:
    """Invent the theme of a kind of section; intro and ending quote the chorus, each solo has a new one."""
    kind = _LIKE.get(kind, kind) if kind in ("intro", "ending") else kind
    chance = dice.of("tune", kind, turn) if kind == "solo" else dice.of("tune", kind)
    base = {"verse": 0.42, "chorus": 0.5, "bridge": 0.3, "solo": 0.85, "drop": 0.6, "prechorus": 0.45}.get(kind, 0.2)
    busy = base + 0.5 * (plan.density - 0.5) + 0.2 * (plan.energy - 0.5)
    swung = swings_eighths(plan)
    first = motif.invent(habit, plan.meter, chance, busy, swung=swung)
    second = motif.contrast(first, motif.invent(habit, plan.meter, chance, busy + 0.15, swung=swung))
    alike = kind if kind in _SCHEMES else _LIKE.get(kind, "verse")
    schemes = habit.words(f"{alike}_schemes") or habit.words("schemes") or _SCHEMES[alike]
    arches = _ARCHES.get({"drop": "chorus"}.get(alike, alike), _ARCHES["verse"])
    scheme = tuple(chance.choice(schemes).split())
    if len(set(plan.cast)) == 1:
        # Nothing would sound while a single player rests for a bar.
        scheme = tuple("d" if sign == "r" else sign for sign in scheme)
    chromatic, middle = habit.number("chromatic", 0.0), habit.number("middle", 0.0)
    return Tune(first, second, scheme, chance.choice(arches), chromatic, middle)


def varied(tune: Tune, turn: int) -> Tune:
    """Return a variation of the tune: one return of its motif is ornamented or fragmented."""
    if turn == 0:
        return tune
    again = [place for place, sign in enumerate(tune.scheme) if sign == "a" and place]
    scheme = list(tune.scheme)
    if again:
        scheme[again[turn % len(again)]] = "o" if turn % 2 else "t"
    return replace(tune, scheme=tuple(scheme))


def raised_above(tune: Tune, other: Tune) -> Tune:
    """Return a chorus's tune, as many scale steps higher as it must be not to lie below `other`, a verse's."""
    steps_up = max(0, ceil(_height(other) + _RISE - _height(tune)))
    return replace(tune, arch=tuple(step + steps_up for step in tune.arch))


def _height(tune: Tune) -> float:
    """Return how high a tune lies on the average, in scale steps above its register's middle."""
    inside = [mean((tune.second if sign == "b" else tune.first).contour) for sign in tune.scheme]
    return mean(inside) + mean(_MOVES.get(sign, 0) for sign in tune.scheme) + mean(tune.arch)


def bar_shape(tune: Tune, cue: Cue, bar: int, chance: random.Random) -> tuple[motif.Motif, str]:
    """Return the motif of a bar, and whether it closes a phrase ("q" a question, "z" an answer, "" neither)."""
    count = cue.section.bars - 1 if cue.last else cue.section.bars
    sign = tune.scheme[bar % len(tune.scheme)]
    if bar == count - 1 and cue.section.bars > 1:
        sign = "z"
    length = cue.form.bar
    source = tune.second if sign == "b" else tune.first
    if sign in "qz":
        source = motif.closed(tune.second if sign == "z" and len(tune.second.times) > 1 else tune.first, length)
    if sign in _MOVES:
        source = motif.moved(source, _MOVES[sign])
    elif sign == "i":
        source = motif.inverted(source)
    elif sign == "l":
        source = motif.late(source, length)
    elif sign == "t":
        source = motif.tail(source, length)
    elif sign == "o":
        source = motif.ornamented(source, chance)
    elif sign == "r":
        source = motif.Motif((), ())
    return motif.moved(source, tune.arch[bar % len(tune.arch)]), sign if sign in "qz" else ""


class Figure(NamedTuple):
    """A motif as it is to be played."""

    shape: motif.Motif
    close: str = ""
    """"q" or "z" if its last note ends a phrase, else empty."""
    earlier: Sequence[int | None] = ()
    """The motif's earlier pitches: a figure returns unchanged, as far as the chords allow."""


def play(cue: Cue, tune: Tune, pitches: PitchRange, chance: random.Random) -> list[Note]:
    """Return the melody of one section."""
    notes: list[Note] = []
    figures: dict[str, list[int]] = {}
    for bar, at, energy in cue.bars():
        shape, close = bar_shape(tune, cue, bar, chance)
        sign = tune.scheme[bar % len(tune.scheme)]
        before = tuple(note.pitch for note in notes[-2:])
        found = render(cue, Figure(shape, close, figures.get(sign, [])), at, energy, before, pitches)
        if sign in "ab" and not close:
            figures.setdefault(sign, [note.pitch for note in found])
        notes += found
    if cue.last and cue.energies[-1] > 0:
        notes.append(_final_note(cue, notes[-1].pitch if notes else None, pitches))
    if tune.chromatic:
        notes = _leaning(notes, tune.chromatic, chance)
    return notes


def _final_note(cue: Cue, before: int | None, pitches: PitchRange) -> Note:
    """Return the last note, a held tonic."""
    pitch = theory.nearest(before if before is not None else pitches.middle, {cue.tonic})
    length = cue.form.beats - cue.closing
    return Note(cue.closing, length, pitches.hold(pitch), 0.8 * loudness(cue.energies[-1]))


def render(
    cue: Cue, figure: Figure, at: float, energy: float, before: tuple[int, ...], pitches: PitchRange
) -> list[Note]:
    """Give a figure its pitches over the chords from beat `at` on, where its bar begins.

    `energy`, 0 to 1, is how loud it is played; `before` are the last pitches before it, the latest last.
    """
    shape = figure.shape
    if not shape.times:
        return []
    slots = _slots(cue, figure, at, pitches.middle)
    loud = loudness(energy)
    notes = []
    for (offset, length), pitch in zip(shape.times, contour.sung(slots, before, *pitches, shape.chants), strict=True):
        accent = 1.0 if _is_strong(cue.plan.meter, cue.form.bar, offset) else 0.82 if offset % 0.5 else 0.9
        notes.append(_let_go(at + offset, length * 0.96, pitch, accent * loud, cue))
    return notes


def _slots(cue: Cue, figure: Figure, at: float, middle: float) -> list[contour.Slot]:
    """Return the slots of a figure's notes; its anchor is a chord tone near the middle of the range."""
    shape, close, earlier = figure
    tonic, mode, meter, bar = cue.tonic, cue.mode, cue.plan.meter, cue.form.bar
    center = theory.nearest(middle - 3, {tonic, (tonic + 7) % 12})
    first = cue.chord_at(at + shape.times[0][0])
    scale = _local_scale(mode, tonic, first.pitches)
    start = theory.nearest(theory.step_in(center, shape.contour[0], scale), _tones(first))
    found: list[contour.Slot] = []
    for index, ((offset, length), step) in enumerate(zip(shape.times, shape.contour, strict=True)):
        chord = cue.chord_at(at + offset)
        scale = _local_scale(mode, tonic, chord.pitches)
        held = length >= 1 or _is_strong(meter, bar, offset)
        ends = bool(close) and index == len(shape.times) - 1
        found.append(
            contour.Slot(
                scale=scale,
                wished=theory.step_in(start, step - shape.contour[0], scale) if index else start,
                chord=_tones(chord),
                held=held,
                close=_closing(cue, chord, close) if ends else frozenset(),
                earlier=earlier[index] if len(earlier) == len(shape.times) else None,
                bass=chord.root if abs(chord.start - at - offset) < _AT_ONCE else None,
            )
        )
    return found


@lru_cache(maxsize=4096)
def _is_strong(meter: tuple[int, int], bar: float, offset: float) -> bool:
    return any(abs(offset % bar - beat) < 0.01 for beat in steps.strong_beats(meter))


def _let_go(start: float, length: float, pitch: int, velocity: float, cue: Cue) -> Note:
    """Return a note that ends where a chord begins that has a tone a semitone away."""
    for chord in cue.chords:
        if start + 0.2 < chord.start < start + length:
            classes = {tone % 12 for tone in chord.pitches}
            beside = {(pitch + 1) % 12, (pitch - 1) % 12}
            if pitch % 12 not in classes and beside & classes:
                return Note(start, chord.start - start, pitch, velocity)
    return Note(start, length, pitch, velocity)


def _tones(chord: Chord) -> frozenset[int]:
    """Return a chord's triad, on which a melody may rest; extensions are for the accompaniment."""
    return _triad(chord.root, chord.pitches)


@lru_cache(maxsize=4096)
def _triad(root: int, pitches: tuple[int, ...]) -> frozenset[int]:
    classes = [pitch % 12 for pitch in pitches]
    plain = {(root + step) % 12 for step in (0, 3, 4, 6, 7, 8)}
    found = frozenset(c for c in classes if c in plain)
    return found if len(found) > 1 else frozenset(classes)


@lru_cache(maxsize=4096)
def _local_scale(mode: str, tonic: int, pitches: tuple[int, ...]) -> frozenset[int]:
    """Return the scale at a chord: its foreign tones replace their neighbors in the scale."""
    scale = {(tonic + step) % 12 for step in theory.scale_of(mode)}
    parent = {(tonic + step) % 12 for step in theory.parent_of(mode)}
    for tone in sorted({pitch % 12 for pitch in pitches}):
        if tone not in parent:
            scale -= {(tone + 1) % 12, (tone - 1) % 12}
            scale.add(tone)
    return frozenset(scale)


def _closing(cue: Cue, chord: Chord, close: str) -> frozenset[int]:
    steps_wanted = (2, 7, 11, 10) if close == "q" else (0, 3, 4)
    tones = _tones(chord)
    return frozenset((cue.tonic + step) % 12 for step in steps_wanted) & tones or tones


def _leaning(notes: list[Note], often: float, chance: random.Random) -> list[Note]:
    found = list(notes)
    for index, (note, after) in enumerate(pairwise(notes)):
        weak = abs(note.start % 1 - 0.5) < 0.01 and note.length <= 0.55
        if weak and after.start - note.start <= 0.55 and chance.random() < often:
            found[index] = replace(note, pitch=after.pitch - 1)
    return found

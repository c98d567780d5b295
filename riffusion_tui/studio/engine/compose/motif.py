"""Motifs: a rhythm and a contour of a bar or two, and what can be done to them when they return."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace

from riffusion_tui.studio.engine.compose import library, steps


@dataclass(frozen=True, slots=True)
class Motif:
    """Notes as (offset in the bar, length) with a contour in scale steps from an anchor."""

    times: tuple[tuple[float, float], ...]
    contour: tuple[int, ...]


def from_cell(cell: str, grid: int, meter: tuple[int, int]) -> tuple[tuple[float, float], ...]:
    """A rhythm written in the step language, as (offset, length) in one bar."""
    line = steps.Line("cell", 0, 1, cell, 4 / grid)
    bar = meter[0] * 4 / meter[1]
    signs = steps.bar_signs(line, 0, meter)
    found: list[tuple[float, float]] = []
    for offset, sign in signs:
        if sign == "-" and found and abs(sum(found[-1]) - offset) < 1e-6:
            found[-1] = (found[-1][0], min(found[-1][1] + line.step, bar - found[-1][0]))
        elif sign != "-":
            found.append((offset, line.step))
    return tuple(found)


def invent(habit: library.Entry, meter: tuple[int, int], chance: random.Random, busy: float) -> Motif:
    """A new motif in a style's habits. `busy` 0 to 1 prefers cells of few or many notes."""
    grid = int(habit.number("grid", 16))
    cells = sorted(habit.words("cells"), key=lambda cell: sum(sign not in "-." for sign in cell))
    place = min(len(cells) - 1, max(0, int(chance.gauss(busy, 0.22) * len(cells))))
    times = from_cell(cells[place], grid, meter)
    return Motif(times, _contour(len(times), habit, chance))


def _contour(count: int, habit: library.Entry, chance: random.Random) -> tuple[int, ...]:
    """Mostly steps in one direction, a turn, at most one leap: what is easy to keep in mind."""
    leap = habit.number("leaps", 0.3)
    direction = chance.choice((-1, 1))
    place, found = 0, [0]
    leapt = False
    turn = chance.randrange(1, max(2, count))
    for index in range(1, count):
        if index == turn:
            direction = -direction
        kind = chance.random()
        if kind < habit.number("repeats", 0.25):
            move = 0
        elif not leapt and kind > 1 - leap:
            move, leapt = direction * chance.choice((2, 2, 3, 4)), True
            direction = -direction
        else:
            move = direction
        place += move
        if abs(place) > 4:
            place -= 2 * move
            direction = -direction
        found.append(place)
    return tuple(found)


def inverted(motif: Motif) -> Motif:
    """The contour upside down."""
    return replace(motif, contour=tuple(-step for step in motif.contour))


def displaced(motif: Motif, bar: float) -> Motif:
    """The rhythm half a beat later; what would leave the bar is left out."""
    pairs = [((at + 0.5, min(length, bar - at - 0.5)), step) for (at, length), step in zip(*_both(motif), strict=True)]
    kept = [(time, step) for time, step in pairs if time[1] >= 0.25]
    return Motif(tuple(time for time, _ in kept), tuple(step for _, step in kept)) if kept else motif


def ornamented(motif: Motif, chance: random.Random) -> Motif:
    """Its longest note split by a neighbour."""
    if not motif.times:
        return motif
    longest = max(range(len(motif.times)), key=lambda i: motif.times[i][1])
    at, length = motif.times[longest]
    if length < 1:
        return motif
    step = motif.contour[longest]
    turn = chance.choice((-1, 1))
    times = ((at, length / 2), (at + length / 2, length / 4), (at + length * 0.75, length / 4))
    around = (step, step + turn, step)
    return Motif(
        (*motif.times[:longest], *times, *motif.times[longest + 1 :]),
        (*motif.contour[:longest], *around, *motif.contour[longest + 1 :]),
    )


def cadence(motif: Motif, bar: float) -> Motif:
    """Its beginning, then one long note: how a phrase closes."""
    keep = max(1, len([time for time in motif.times if time[0] < bar / 2 - 1e-6]))
    times = list(motif.times[:keep])
    at = times[-1][0]
    if keep > 1 or at < bar / 2:
        end = bar / 2 if keep > 1 and bar > 2 else at
        if keep > 1 and end > at:
            times[-1] = (at, min(times[-1][1], end - at))
            times.append((end, bar - end - min(0.5, bar / 4)))
        else:
            times[-1] = (at, max(0.5, bar - at - 0.5))
    contour = motif.contour[: len(times)]
    contour += (contour[-1],) * (len(times) - len(contour))
    return Motif(tuple(times), contour)


def _both(motif: Motif) -> tuple[tuple[tuple[float, float], ...], tuple[int, ...]]:
    return motif.times, motif.contour

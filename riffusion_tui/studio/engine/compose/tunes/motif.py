"""Motifs: a rhythm and a contour of a bar, and their variations."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace

from riffusion_tui.studio.engine.compose import catalog
from riffusion_tui.studio.engine.compose.rhythm import steps

Times = tuple[tuple[float, float], ...]
"""(offset in the bar, length) of each note, in beats."""


_CHANTED = 0.7
"""From this `repeats` on, a habit is a chant."""


@dataclass(frozen=True, slots=True)
class Motif:
    """Notes in time, with a contour in scale steps from an anchor."""

    times: Times
    contour: tuple[int, ...]
    chants: bool = False
    """Whether it repeats a note on purpose, like a rap or a pulse."""


def invent(
    habit: catalog.Entry, meter: tuple[int, int], chance: random.Random, busy: float, *, swung: bool = False
) -> Motif:
    """Return a new motif, for a song whose eighths are `swung` or not.

    `busy` 0 to 1 prefers cells of few or many notes.
    """
    compound = steps.is_compound(meter)
    grid = int(habit.number("grid", 16))
    own = habit.words("compound") if compound else ()
    # A third of a beat is an eighth where beats have three.
    grid = 8 if own or (compound and grid == steps.TRIPLETS) else grid
    cells = sorted(own or habit.words("cells"), key=_fullness)
    place = min(len(cells) - 1, max(0, int(chance.gauss(busy, 0.18) * len(cells))))
    times = times_of(cells[place], grid, meter, swung=swung)
    return Motif(times, _contour(len(times), habit, chance), habit.number("repeats", 0.25) >= _CHANTED)


def _fullness(cell: str) -> float:
    return sum(sign not in "-." for sign in cell) / len(cell)


def times_of(cell: str, grid: int, meter: tuple[int, int], *, swung: bool = False) -> Times:
    """Return the times of a rhythm in the step language, in one bar."""
    bar = meter[0] * 4 / meter[1]
    line = steps.PatternLine("cell", 0, 1, cell, 4 / grid, swung and grid == steps.TRIPLETS)
    found = steps.held(line, 0, meter)
    return tuple((at, min(length, bar - at)) for at, length, _ in found) or ((0.0, bar / 2),)


_WAVE = 4
"""Scale steps of a run before it turns."""
_SHAPES = ("arch", "valley", "rise", "fall", "zigzag", "hold", "drop", "leap")


def _contour(count: int, habit: catalog.Entry, chance: random.Random) -> tuple[int, ...]:
    """Return a simple contour: an arch, a fall, a repeated note, a leap filled by steps."""
    shape = chance.choice(habit.words("shapes") or _SHAPES)
    reach = max(1, min(count - 1, chance.choice((2, 3, 3, 4)))) if count > 1 else 1
    last = max(1, count - 1)
    found = [_height(shape, i, i / last, reach, count) for i in range(count)]
    repeats = habit.number("repeats", 0.25)
    for index in range(1, count - 1):
        if chance.random() < repeats * 0.5:
            found[index] = found[index - 1]
    if chance.random() < 0.4:
        found = [-step for step in found]
    return tuple(found)


def _height(shape: str, index: int, share: float, reach: int, count: int) -> int:
    heights = {
        "arch": reach * (1 - abs(2 * share - 1)),
        "valley": -reach * (1 - abs(2 * share - 1)),
        "rise": reach * share,
        "fall": reach * (1 - share),
        "zigzag": (index % 2) * 2 + index // 2 * (1 if reach > 2 else -1) * 0.7,
        "hold": (1 if index % 4 == 2 else 0) if index < count - 1 else -1,
        "drop": 0 if share < 0.6 else -reach,
        "leap": 0 if index == 0 else max(0, reach + 1 - index),
        "fours": index // 4 + index % 4,
        "falling fours": 3 - index // 4 - index % 4,
        "wave": _WAVE - abs(_WAVE - index % (2 * _WAVE)),
    }
    return round(heights[shape])


def contrast(motif: Motif, other: Motif) -> Motif:
    """Return `other`, inverted if it moves in the same direction as `motif`."""
    same = (motif.contour[-1] - motif.contour[0]) * (other.contour[-1] - other.contour[0]) > 0
    return inverted(other) if same else other


def moved(motif: Motif, by: int) -> Motif:
    """Return the contour `by` scale steps higher: a sequence."""
    return replace(motif, contour=tuple(step + by for step in motif.contour))


def inverted(motif: Motif) -> Motif:
    """Return the inversion."""
    return replace(motif, contour=tuple(-step for step in motif.contour))


def late(motif: Motif, bar: float) -> Motif:
    """Return the rhythm half a beat later, without notes beyond the bar."""
    pairs = zip(motif.times, motif.contour, strict=True)
    kept = [((at + 0.5, min(length, bar - at - 0.5)), step) for (at, length), step in pairs if at + 0.75 <= bar]
    times, contour = tuple(time for time, _ in kept), tuple(step for _, step in kept)
    return replace(motif, times=times, contour=contour) if kept else motif


def ornamented(motif: Motif, chance: random.Random) -> Motif:
    """Return it with its longest note split by a neighbor note."""
    longest = max(range(len(motif.times)), key=lambda i: motif.times[i][1])
    at, length = motif.times[longest]
    if length < 1:
        return motif
    step = motif.contour[longest]
    split = ((at, length / 2), (at + length / 2, length / 4), (at + length * 0.75, length / 4))
    around = (step, step + chance.choice((-1, 1)), step)
    return replace(
        motif,
        times=(*motif.times[:longest], *split, *motif.times[longest + 1 :]),
        contour=(*motif.contour[:longest], *around, *motif.contour[longest + 1 :]),
    )


def tail(motif: Motif, bar: float) -> Motif:
    """Return its second half twice: a fragmentation."""
    half = bar / 2
    cut = [(t, c) for t, c in zip(motif.times, motif.contour, strict=True) if t[0] >= half - 1e-6]
    if len(cut) < 2:
        return motif
    times = [(at - half, length) for (at, length), _ in cut] + [time for time, _ in cut]
    contour = tuple(step for _, step in cut) + tuple(step - 1 for _, step in cut)
    return replace(motif, times=tuple(times), contour=contour)


def closed(motif: Motif, bar: float) -> Motif:
    """Return its beginning, then one long note and a rest: the end of a phrase."""
    half = bar / 2 if bar > 2 else bar
    keep = [i for i, (at, _) in enumerate(motif.times) if at < half - 1e-6] or [0]
    times = [motif.times[i] for i in keep]
    contour = [motif.contour[i] for i in keep]
    breath = min(1.0, bar / 4)
    if len(times) > 1 and half < bar:
        times[-1] = (times[-1][0], min(times[-1][1], half - times[-1][0]))
        times.append((half, bar - half - breath))
        contour.append(contour[-1])
    else:
        times[-1] = (times[-1][0], max(0.5, bar - times[-1][0] - breath))
    return replace(motif, times=tuple(times), contour=tuple(contour))


def joined(parts: Sequence[tuple[float, Motif]]) -> Motif:
    """Return the motifs of several bars as one, each given with its start in beats."""
    times = tuple((start + at, length) for start, part in parts for at, length in part.times)
    contour = tuple(step for _, part in parts for step in part.contour)
    return Motif(times, contour, any(part.chants for _, part in parts))


def squeezed(motif: Motif, share: float) -> Motif:
    """Return the first `share` of the notes, for a line shorter than a bar."""
    keep = max(1, round(len(motif.times) * share))
    return replace(motif, times=motif.times[:keep], contour=motif.contour[:keep])

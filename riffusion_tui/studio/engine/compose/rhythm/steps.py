"""The step language of the style files, and how patterns are adapted to other meters.

A line is `name lowest-highest steps`: `hat .3-.8 x.x.x.x.` sounds where a section's energy is 0.3 to 0.8. Each sign
is a step of the entry's grid (16: sixteenths, 8: eighths, 12: eighth triplets): `X` accent, `x` normal, `o` soft,
`g` ghost, `?` perhaps, `~` two halves, `%` three thirds, `-` held, `.` silent; bass and comping lines add their own.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache

LOUD = {"X": 1.0, "x": 0.78, "o": 0.55, "g": 0.3, "?": 0.5, "~": 0.6, "%": 0.55}
"""Velocity of the common signs."""

TRIPLETS = 12
"""The grid of eighth triplets."""
_LAST_THIRD = 2 / 3

_GROUPS = {
    (5, 4): (3.0, 2.0),
    (7, 4): (4.0, 3.0),
    (6, 4): (4.0, 2.0),
    (9, 4): (4.0, 3.0, 2.0),
    (5, 8): (2.5,),
    (7, 8): (2.0, 1.5),
    (9, 8): (3.0, 1.5),
    (12, 8): (3.0, 3.0),
    (11, 8): (2.0, 2.0, 1.5),
    (13, 8): (2.0, 2.0, 2.5),
    (15, 8): (3.0, 3.0, 1.5),
}


@dataclass(frozen=True, slots=True)
class PatternLine:
    """One line of a pattern."""

    name: str
    low: float
    high: float
    steps: str
    step: float
    """Beats per step."""
    swung: bool = False
    """Whether it is in triplets whose last third is played together with swung eighths."""

    def written(self, offset: float) -> float:
        """Return where in the bar, before swing, a step at `offset` beats is."""
        if not self.swung:
            return offset
        beat, inside = divmod(offset, 1.0)
        return beat + (0.75 * inside if inside < _LAST_THIRD else 1 - 1.5 * (1 - inside))

    @property
    def span(self) -> float:
        """Beats until the line repeats."""
        return len(self.steps) * self.step


@cache
def read_lines(text: str, grid: int, *, swung: bool = False) -> tuple[PatternLine, ...]:
    """Read the lines of a pattern, in a song whose eighths are `swung` or not.

    Raises:
        ValueError: a line is not three words.
    """
    lines = []
    for row in text.strip().splitlines():
        if not row.strip():
            continue
        name, energies, steps = row.split()
        low, _, high = energies.partition("-")
        lines.append(PatternLine(name, float(low), float(high or 1.1), steps, 4 / grid, swung and grid == TRIPLETS))
    return tuple(lines)


def groups(meter: tuple[int, int]) -> tuple[float, ...]:
    """Return the groups of a bar, in beats: 7/8 is 2 + 1.5, 5/4 is 3 + 2."""
    return _GROUPS.get(meter, (meter[0] * 4 / meter[1],))


def is_compound(meter: tuple[int, int]) -> bool:
    """Whether the pulse is a dotted quarter: 6/8, 9/8, 12/8."""
    return meter[1] == 8 and meter[0] % 3 == 0


def strong_beats(meter: tuple[int, int]) -> tuple[float, ...]:
    """Return a bar's strong beats: offsets in beats, the downbeat first."""
    bar = meter[0] * 4 / meter[1]
    if is_compound(meter):
        return tuple(1.5 * i for i in range(int(bar / 1.5)))
    if meter == (4, 4):
        return (0.0, 2.0)
    offset, found = 0.0, []
    for length in groups(meter):
        found.append(offset)
        offset += length
    return tuple(found)


@lru_cache(maxsize=65536)
def bar_signs(line: PatternLine, bar_index: int, meter: tuple[int, int]) -> tuple[tuple[float, str], ...]:
    """Return (offset in the bar, sign) of one bar of a line, without silent steps, with held ones."""
    return tuple((line.written(at), sign) for at, sign in _signs(line, bar_index, meter) if sign != ".")


def _signs(line: PatternLine, bar_index: int, meter: tuple[int, int]) -> Iterator[tuple[float, str]]:
    bar = meter[0] * 4 / meter[1]
    ratio = line.span / bar
    if abs(ratio - round(ratio)) < 1e-6 and ratio > 0.5:
        yield from _slice(line, (bar_index % round(ratio)) * bar, 0.0, bar)
        return
    if ratio < 0.75 and abs(1 / ratio - round(1 / ratio)) < 1e-6:
        for turn in range(round(1 / ratio)):
            yield from _slice(line, 0.0, turn * line.span, line.span)
        return
    offset = 0.0
    for length in groups(meter):
        yield from _slice(line, 0.0, offset, length)
        offset += length


def _slice(line: PatternLine, begin: float, to: float, length: float) -> Iterator[tuple[float, str]]:
    for index in range(max(1, round(length / line.step))):
        if index * line.step < length - 1e-6:
            place = (round(begin / line.step) + index) % len(line.steps)
            yield to + index * line.step, line.steps[place]


@lru_cache(maxsize=65536)
def held(line: PatternLine, bar_index: int, meter: tuple[int, int]) -> tuple[tuple[float, float, str], ...]:
    """Return (offset in the bar, length, sign) of one bar of a line; `-` extends the sound before it."""
    found: list[tuple[float, float, str]] = []
    for at, sign in _signs(line, bar_index, meter):
        if sign not in "-.":
            found.append((at, line.step, sign))
        elif sign == "-" and found and abs(found[-1][0] + found[-1][1] - at) < 1e-6:
            start, length, first = found[-1]
            found[-1] = (start, length + line.step, first)
    return tuple((line.written(at), line.written(at + length) - line.written(at), sign) for at, length, sign in found)

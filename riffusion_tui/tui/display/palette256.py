"""The colours of a terminal that has 256: the nearest of them to the eye.

Rich's own choice turns dark colours with a little blue in them black or teal: a theme's ground, and the selected row.
Over SSH and tmux most terminals are such ones, since nothing there says that they could do more.
"""

from __future__ import annotations

from functools import cache
from itertools import product

_STEPS = (0, 95, 135, 175, 215, 255)
"""Levels of the cube of 6×6×6 colours that begins at 16; 24 greys, from 8 on by tens, follow it."""
_GREYS = 232
_WARM = 1.3
"""Times that red is more than the others in a colour that never becomes a grey: an alarm's ground is to be seen."""

Rgb = tuple[int, int, int]


@cache
def nearest(red: int, green: int, blue: int) -> int:
    """Return the number of the nearest of the colours from 16 on: those below are the terminal's own."""
    wanted = (red, green, blue)
    return min(_near(wanted), key=lambda one: _apart(wanted, one[1]))[0]


def _near(wanted: Rgb) -> list[tuple[int, Rgb]]:
    around = [sorted(range(6), key=lambda i: abs(_STEPS[i] - part))[:2] for part in wanted]
    found = [(16 + 36 * r + 6 * g + b, (_STEPS[r], _STEPS[g], _STEPS[b])) for r, g, b in product(*around)]
    if wanted[0] > _WARM * max(wanted[1:]):
        return [(number, one) for number, one in found if len(set(one)) > 1]
    middle = round((sum(wanted) / 3 - 8) / 10)
    for grey in range(max(0, middle - 1), min(23, middle + 1) + 1):
        level = 8 + 10 * grey
        found.append((_GREYS + grey, (level, level, level)))
    return found


def _apart(one: Rgb, other: Rgb) -> float:
    """Return how different two colours look, by the usual cheap measure: https://www.compuphase.com/cmetric.htm."""
    mean = (one[0] + other[0]) / 512
    red, green, blue = (a - b for a, b in zip(one, other, strict=True))
    return (2 + mean) * red**2 + 4 * green**2 + (3 - mean) * blue**2

"""Map colors to the perceptually nearest of the 256 terminal colors.

Rich's mapping turns dark bluish colors (such as a theme's background and the selected row) black or teal. Over SSH and
tmux most terminals report only 256 colors.
"""

from __future__ import annotations

from functools import cache
from itertools import product

_STEPS = (0, 95, 135, 175, 215, 255)
"""Levels of the 6×6×6 color cube, which starts at 16; it is followed by 24 grays from 8 in steps of 10."""
_GRAYS = 232
_WARM = 1.3
"""Ratio of red to the other channels above which a color is never mapped to gray, so that alarms stay red."""

Rgb = tuple[int, int, int]


@cache
def nearest(red: int, green: int, blue: int) -> int:
    """Return the number of the nearest color from 16 on; lower ones depend on the terminal's configuration."""
    wanted = (red, green, blue)
    return min(_near(wanted), key=lambda one: _apart(wanted, one[1]))[0]


def _near(wanted: Rgb) -> list[tuple[int, Rgb]]:
    around = [sorted(range(6), key=lambda i: abs(_STEPS[i] - part))[:2] for part in wanted]
    found = [(16 + 36 * r + 6 * g + b, (_STEPS[r], _STEPS[g], _STEPS[b])) for r, g, b in product(*around)]
    if wanted[0] > _WARM * max(wanted[1:]):
        return [(number, one) for number, one in found if len(set(one)) > 1]
    middle = round((sum(wanted) / 3 - 8) / 10)
    for gray in range(max(0, middle - 1), min(23, middle + 1) + 1):
        level = 8 + 10 * gray
        found.append((_GRAYS + gray, (level, level, level)))
    return found


def _apart(one: Rgb, other: Rgb) -> float:
    """Return the perceptual distance of two colors; see https://www.compuphase.com/cmetric.htm."""
    mean = (one[0] + other[0]) / 512
    red, green, blue = (a - b for a, b in zip(one, other, strict=True))
    return (2 + mean) * red**2 + 4 * green**2 + (3 - mean) * blue**2

"""Contrast between colors, and the nearest color with sufficient contrast.

See https://www.w3.org/TR/WCAG21/#dfn-contrast-ratio: from 1 (identical) to 21 (black on white).
"""

from __future__ import annotations

from textual.color import BLACK, WHITE, Color

_STEPS = 100


def contrast(one: Color, other: Color) -> float:
    """Return the contrast ratio of two colors."""
    dark, light = sorted((_light(one), _light(other)))
    return (light + 0.05) / (dark + 0.05)


def between(start: Color, end: Color, ground: Color, minimum: float) -> Color:
    """Return the first color between `start` and `end` with enough contrast to `ground`; `end` if there is none."""
    way = (start.blend(end, step / _STEPS) for step in range(_STEPS))
    return next((color for color in way if contrast(color, ground) >= minimum), end)


def seen(color: Color, ground: Color, minimum: float) -> Color:
    """Return `color`, darkened or lightened until it has enough contrast to `ground`."""
    return between(color, WHITE if contrast(ground, WHITE) > contrast(ground, BLACK) else BLACK, ground, minimum)


def _light(color: Color) -> float:
    red, green, blue = (
        part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in color.normalized
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue

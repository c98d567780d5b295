"""How well a colour is seen on another, and the colour nearest to it that is seen well enough.

The measure is the one of https://www.w3.org/TR/WCAG21/#dfn-contrast-ratio: 1 for the same, 21 for black on white.
"""

from __future__ import annotations

from textual.color import BLACK, WHITE, Color

_STEPS = 100


def contrast(one: Color, other: Color) -> float:
    """Return how far two colours are apart in light."""
    dark, light = sorted((_light(one), _light(other)))
    return (light + 0.05) / (dark + 0.05)


def between(start: Color, end: Color, ground: Color, least: float) -> Color:
    """Return the first colour on the way from `start` to `end` that is seen on `ground`; `end` where none is."""
    way = (start.blend(end, step / _STEPS) for step in range(_STEPS))
    return next((colour for colour in way if contrast(colour, ground) >= least), end)


def seen(colour: Color, ground: Color, least: float) -> Color:
    """Return `colour`, made as much darker or lighter as it must be to be seen on `ground`."""
    return between(colour, WHITE if contrast(ground, WHITE) > contrast(ground, BLACK) else BLACK, ground, least)


def _light(colour: Color) -> float:
    red, green, blue = (
        part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in colour.normalized
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue

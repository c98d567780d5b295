"""Swing in percent: `swing 60%`, `57% swing`."""

from __future__ import annotations

import re
from collections.abc import Iterator

SWING = "swing"
"""The kind of a stated swing, in percent."""
_SWING = re.compile(
    r"\bswing(?:\s*(?:of|at|:|=|is|amount))*\s*(\d{1,2})\s*(?:%|percent\b)"
    r"|(?<![\d.])(\d{1,2})\s*(?:%|percent)\s*(?:of\s+)?swing\b",
    re.IGNORECASE,
)
_EVEN, _FULL = 50.0, 200 / 3
"""Percent of a beat that its first half takes: without swing, and as in triplets."""


def read_swings(text: str) -> Iterator[tuple[str, int, int]]:
    """Yield (percent, start, end) for each in `text`."""
    for found in _SWING.finditer(text) if "%" in text or "percent" in text.lower() else ():
        yield found[1] or found[2], found.start(), found.end()


def swing_of(percent: float) -> float:
    """Return a swing in percent as 0 (straight) to 1 (triplets); less than 50 is on a scale from 0."""
    return min(1.0, (percent - _EVEN) / (_FULL - _EVEN)) if percent >= _EVEN else percent / 100

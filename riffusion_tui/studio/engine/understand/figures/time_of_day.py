"""Finds times of day and of messages, which are no lengths: `9:14 am`, `[09:14] Mia:`, `2026-11-30T09:14:02`."""

from __future__ import annotations

import re
from collections.abc import Iterator

_CLOCK = r"\d{1,2}:[0-5]\d(?::[0-5]\d)?(?:[.,]\d{1,9})?"
_HALF = r"\s?(?:[ap]m\b|[ap]\.m\.|uhr\b|o['’]clock\b)"
_TIME_OF_DAY = re.compile(
    rf"(?<![\d:/]){_CLOCK}{_HALF}"
    rf"|(?:\d{{4}}-\d\d?-\d\d?|\d{{1,2}}[./]\d{{1,2}}[./]\d{{2,4}})(?:T|,?\s)\s?{_CLOCK}(?![\d:])(?:{_HALF})?"
    r"|^[ \t]*\[[0-2]\d:[0-5]\d(?::[0-5]\d)?\](?=[ \t]*\S)",
    re.IGNORECASE | re.MULTILINE,
)
"""A time with its half of the day, after a date, or in brackets before a message."""


def times_of_day(text: str) -> Iterator[tuple[int, int]]:
    """Yield the start and end of each in `text`."""
    for found in _TIME_OF_DAY.finditer(text) if ":" in text else ():
        yield found.span()

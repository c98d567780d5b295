"""Finds dates and times of day, which are no lengths, tempos or eras: `[09:14] Mia:`, `9:14 <mia>`, `12.12.2026`."""

from __future__ import annotations

import re
from collections.abc import Iterator

_CLOCK = r"\d{1,2}:[0-5]\d(?::[0-5]\d)?(?:[.,]\d{1,9})?"
_HALF = r"\s?(?:[ap]m\b|[ap]\.m\.|uhr\b|o['’]clock\b)"
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)\.?"
)
_DAY = r"\d{1,2}(?:st|nd|rd|th)?"
_DATE = (
    r"\d{4}-\d\d?-\d\d?|\d{1,2}([./-])\d{1,2}\1(?:\d{4}|\d\d)"
    rf"|{_DAY}\.?\s(?:of\s)?{_MONTH},?\s\d{{4}}|{_MONTH}\s{_DAY},?\s\d{{4}}"
)
_TIME_OF_DAY = re.compile(
    rf"(?<![\d:/]){_CLOCK}{_HALF}"
    rf"|(?:\[{_CLOCK},\s)?(?<![\d./-])(?:{_DATE})(?![\d/-])(?:(?:T|,?\s)\s?{_CLOCK}(?![\d:])(?:{_HALF})?)?"
    r"|^[ \t]*\[[0-2]\d:[0-5]\d(?::[0-5]\d)?\](?=[ \t]*\S)"
    r"|^[ \t]*[0-2]?\d:[0-5]\d(?::[0-5]\d)?(?=[ \t]*<[^<>\s]{1,30}>)",
    re.IGNORECASE | re.MULTILINE,
)
"""A time with its half of the day, a date, perhaps with a time, or a time before a message."""


def times_of_day(text: str) -> Iterator[tuple[int, int]]:
    """Yield the start and end of each in `text`."""
    for found in _TIME_OF_DAY.finditer(text):
        yield found.span()

"""Times that are no lengths: moments of a song (`the drop comes at 0:45`, `0:00 intro`), dates and times of day."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

_A_POINT_IN_TIME = re.compile(
    r"\b(?:hundred and|after|first|last|every|within|at|by|until|from|till|final|around|near|to|for the|of the|in the|"
    r"each|lasts(?: for)?(?: only)?|fad\w+ (?:in|out) (?:over|for|in|of|during)|a fade of)\s+"
    r"(?:about\s+|the\s+|first\s+|last\s+)*$",
    re.IGNORECASE,
)
_A_MOMENT = re.compile(
    r"\b(?:after|first|last|within|at|until|from|till|final|around|near|lasts)\s+(?:about\s+|the\s+|first\s+|last\s+)*$",
    re.IGNORECASE,
)
"""Before a figure: something happens then, `after 16 bars`; not `changes every 8 bars`."""
_AROUND = re.compile(r"\baround\s+(?:about\s+)?$", re.IGNORECASE)
_HAPPENS = re.compile(
    r"\b(?:drops?|comes?|enters?|starts?|begins?|hits?|kicks?|happens?|chang\w+|builds?|breaks?|breakdown|solo|chorus|bridge)\b",
    re.IGNORECASE,
)
_A_MARK = re.compile(r"[\s-]*mark\b", re.IGNORECASE)
"""Before and after `around` and a figure that is a moment; else it is about the song's length: `around 4 minutes`."""
_SECTION_BEFORE = re.compile(
    r"\b(?:intro|introduction|verse|chorus|solo|breakdown|bridge|outro)[\s:,]+(?:of |for )?$", re.IGNORECASE
)
_THEN = re.compile(r"[\s,]*(?:and )?(?:then|followed|before)\b", re.IGNORECASE)
"""After a section's seconds, others follow: `guitar intro 10 seconds, then a drop`."""
_OF_A_BEGINNING = re.compile(r"\s+of\s+[\w' -]{1,40}?[,;]?\s+(?:and\s+)?(?:then|followed by|before)\b", re.IGNORECASE)
"""After the length of a beginning: `20 seconds of silence, then piano`."""
_FROM_THE_START = re.compile(r"(?<![\d:])0?0:00(?![\d:])")
"""The first time of a list of sections: `0:00 intro, 0:30 drop`."""
A_LENGTH_LEADS = re.compile(
    r"(?:length|duration|long|lasting"
    r"|\b(?:song|track|piece|music|tune|loop|it|this|that|which|should|must|to|can|will)\s+lasts?)"
    r"\s*(?:of|:|=|is|about|for|only|\s)*$",
    re.IGNORECASE,
)
"""Before a length: `a song lasting 2 minutes`, `duration: 1:30`."""
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


def is_a_moment(text: str, start: int, end: int) -> bool:
    """Whether a figure is a moment of the song, no length: `the drop comes at 0:45`, `in the last ten seconds`.

    If a section starts at 0:00, all times of the prompt are moments.
    """
    before = text[max(0, start - 40) : start]
    if _is_on_a_timeline(text, start, end):
        return True
    if (_SECTION_BEFORE.search(before) and _THEN.match(text, end)) or _OF_A_BEGINNING.match(text, end):
        return True
    if _AROUND.search(before) and not (_HAPPENS.search(before) or _A_MARK.match(text, end)):
        return False
    return bool(_A_POINT_IN_TIME.search(before)) and not A_LENGTH_LEADS.search(before)


def says_when(text: str, start: int, end: int) -> bool:
    """Whether the words around a moment say that something happens then."""
    before = text[:start]
    return bool(
        _is_on_a_timeline(text, start, end)
        or _OF_A_BEGINNING.match(text, end)
        or _A_MOMENT.search(before)
        or _SECTION_BEFORE.search(before)
    )


def _is_on_a_timeline(text: str, start: int, end: int) -> bool:
    return ":" in text[start:end] and _has_a_timeline(text)


@lru_cache(maxsize=1)
def _has_a_timeline(text: str) -> bool:
    """Whether it lists sections from 0:00 on; each time in it asks again."""
    return _FROM_THE_START.search(text) is not None


def times_of_day(text: str) -> Iterator[tuple[int, int]]:
    """Yield the start and end of each in `text`."""
    for found in _TIME_OF_DAY.finditer(text):
        yield found.span()

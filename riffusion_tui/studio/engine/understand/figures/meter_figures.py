"""Reads meters and swing: `3/4`, `six eight time`, `in three`, `swing 60%`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from riffusion_tui.studio.engine.understand.figures.stated import SWING, Stated
from riffusion_tui.studio.engine.understand.words.numbers import cardinal_pattern, number_of

_METER = re.compile(r"(?<![\d/.])(\d{1,2})\s?/\s?(2|4|8|16)(?![\d/])(?!\s+of\b)")
_FEWEST_BEATS, _MOST_BEATS = 2, 17
_UNITS = {"four": 4, "eight": 8, "quarter": 4, "eighth": 8, "quarters": 4, "eighths": 8}
_SPELLED_METER = re.compile(
    rf"\b({cardinal_pattern()})[ -]({'|'.join(_UNITS)})"
    r"(?=\s*(?:time|meter|metre|$|[,.;]|feel|rhythm|beat|groove|signature))",
    re.IGNORECASE,
)
_PHRASE_ENDS = r"\b(?=\s*(?:$|[,.;]))"
_NAMED_METERS = {
    meter: re.compile(rf"\b(?:{names})", re.IGNORECASE)
    for meter, names in {
        "3/4": r"(?:waltz|triple|3[ -]beat)[ -](?:time|meter|metre|rhythm|feel)\b"
        rf"|(?:count(?:ed)? )?in\s+(?:3|three){_PHRASE_ENDS}",
        "4/4": rf"common time|in\s+four{_PHRASE_ENDS}",
        "2/2": rf"cut time|alla breve|in\s+two{_PHRASE_ENDS}",
        "5/4": rf"in\s+(?:5|five){_PHRASE_ENDS}",
        "7/8": rf"in\s+(?:7|seven){_PHRASE_ENDS}|odd[ -](?:time(?: signature)?|met(?:er|re)s?)\b",
        "6/8": r"compound[ -](?:time|meter|metre)\b",
    }.items()
}
_SWING = re.compile(
    r"\bswing(?:\s*(?:of|at|:|=|is|amount))*\s*(\d{1,2})\s*(?:%|percent\b)"
    r"|(?<![\d.])(\d{1,2})\s*(?:%|percent)\s*(?:of\s+)?swing\b",
    re.IGNORECASE,
)
_EVEN, _FULL = 50.0, 200 / 3
"""Percent of a beat that its first half takes: without swing, and as in triplets."""


def read_meters(text: str) -> Iterator[Stated]:
    """Yield the meters that a text states."""
    low = text.lower()
    for found in _METER.finditer(text) if "/" in text else ():
        if _FEWEST_BEATS <= int(found[1]) <= _MOST_BEATS:
            yield Stated.at("meter", f"{int(found[1])}/{found[2]}", found)
    for found in _SPELLED_METER.finditer(text) if "eight" in low or "four" in low or "quarter" in low else ():
        if _FEWEST_BEATS <= number_of(found[1]) <= _MOST_BEATS:
            yield Stated.at("meter", f"{number_of(found[1])}/{_UNITS[found[2].lower()]}", found)
    for meter, pattern in _NAMED_METERS.items():
        for found in pattern.finditer(text):
            yield Stated.at("meter", meter, found)


def read_swings(text: str) -> Iterator[Stated]:
    """Yield how much a text says that it swings."""
    for found in _SWING.finditer(text) if "%" in text or "percent" in text.lower() else ():
        yield Stated.at(SWING, found[1] or found[2], found)


def swing_of(percent: float) -> float:
    """Return a swing in percent as 0 (straight) to 1 (triplets); less than 50 is on a scale from 0."""
    return min(1.0, (percent - _EVEN) / (_FULL - _EVEN)) if percent >= _EVEN else percent / 100

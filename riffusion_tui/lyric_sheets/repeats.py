"""Lines that stand for others: `Repeat Chorus`, `(x2)`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from riffusion_tui.lyric_sheets.section_headings import HEADING, SECTION, TIMES, times_in

_REPEAT = re.compile(
    rf"\s*[\[(]?\s*(?:repeat|back to)\s+(?:the\s+)?(?P<place>first|second|third|1st|2nd|3rd)?\s*"
    rf"(?P<name>{SECTION}\s*\d*)\s*(?P<times>{TIMES})?"
    r"(?:\s+(?:until|till|to|and)\s+(?:the\s+)?(?:end|fade(?:s|\s+out)?))?\s*[\])]?[.:]?\s*",
    re.IGNORECASE,
)
_PLACES = {"first": "1", "second": "2", "third": "3"}
AGAIN = re.compile(
    rf"(?:[\[(]\s?(?:(?:repeat\s+)?{TIMES}|repeat)\s?[\])]|(?:^|(?<=\s))(?:[x×*]\s?[2-9]|[2-9][x×])|^bis)\s*$",
    re.IGNORECASE,
)
"""The end of a line that is sung several times: `We will rock you (x2)`; alone, it repeats the section so far."""
_BESIDE = frozenset(("pre", "pré", "post", "vor"))
"""In the name of a section before or after a chorus."""
LONGEST_MARK = 60
"""Characters of a line or its end that say to repeat something, at most: long lines are searched in linear time."""


def repeated(lines: Sequence[str]) -> list[str]:
    """Return lyrics with the lines that `Repeat Chorus` and `(x2)` stand for."""
    found: list[str] = []
    begun = 0
    for typed in lines:
        line = typed.strip()
        again = _REPEAT.fullmatch(line) if len(line) <= LONGEST_MARK else None
        times = AGAIN.search(line[-LONGEST_MARK:])
        once = line[: -len(times[0])].rstrip() if times else ""
        number = (times_in(times[0]) if re.search(r"\d", times[0]) else 2) if times else 1
        if again:
            place = (again["place"] or "").lower()
            name = f"{again['name']} {_PLACES.get(place, place[:1])}"
            found += ["", *_section(found, name) * times_in(again["times"] or "")]
            begun = len(found)
        elif times and not once:
            found += _words(found[begun:]) * (number - 1)
        elif times and not HEADING.fullmatch(typed):
            found += [once] * number
        else:
            found.append(typed)
            if not line or HEADING.fullmatch(typed):
                begun = len(found)
    return found


def _section(lines: Sequence[str], name: str) -> list[str]:
    """Return the heading and lines of the last section of a name, up to the next heading; none if there is none."""
    wanted = re.findall(r"\w+", name.lower())
    starts = [at for at, line in enumerate(lines) if HEADING.fullmatch(line)]
    sections = [*pairwise([*starts, len(lines)])][::-1]
    if "1" in wanted and not any("1" in lines[start] for start in starts):
        wanted.remove("1")  # the first one may have no number
        sections.reverse()
    for start, end in sections:
        heading = re.findall(r"\w+", lines[start].lower())
        if all(word in heading for word in wanted) and _BESIDE.intersection(heading) <= set(wanted):
            words = _words(lines[start:end])
            if words:
                return [lines[start], *words]
    return []


def _words(lines: Sequence[str]) -> list[str]:
    return [line for line in lines if line.strip() and not HEADING.fullmatch(line)]

"""What the headings of the user's lyrics say beside a section's name: `[Verse 1: male]`, `[Bridge - whispered]`."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from typing import NamedTuple

from riffusion_tui.clean import clean_text
from riffusion_tui.lyric_sheets.directions import is_direction
from riffusion_tui.lyric_sheets.section_headings import (
    HEADING,
    SECTION,
    TIMES,
    kind_of_heading,
    plain_headings,
    without_markdown,
)
from riffusion_tui.lyric_sheets.section_names import LETTERS, NAMES, NUMBERS, ORDINALS, QUALIFIERS, RETURNS, WORDS
from riffusion_tui.studio.engine.datafiles import read_data, split_words

_KEPT = frozenset({"rap", "fade out", "fadeout", "big finish"})
"""Names of sections that say how they sound."""
_NUMBERS = re.compile(r"^\W*\d+\W*$")
_TIMES = re.compile(TIMES, re.IGNORECASE)
_EDGES = " \t,;:|/()[]{}*_#-–—+&.!\"'"
_LONGEST = 300
"""Characters of a line that is looked at."""


class Remark(NamedTuple):
    """A section's heading, and what it says beside the name."""

    kind: str
    """As `Section.kind`."""
    number: int
    """Its place among the sections of its kind, from 1."""
    text: str
    """Empty if there is nothing."""
    is_set_off: bool
    """Whether a colon or parenthesis precedes it, as it does a singer's name."""
    sung: bool
    """Whether words follow."""


def remarks(lyrics: str) -> tuple[Remark, ...]:
    """Return the sections of lyrics that have headings, in order."""
    found: list[Remark] = []
    numbers = Counter[str]()
    for line in plain_headings([without_markdown(line) for line in clean_text(lyrics).split("\n")]):
        heading, direction = _parts(line[:_LONGEST])
        kind = kind_of_heading(heading)
        text, is_set_off = _remark(heading)
        if kind is not None and found and not (found[-1].sung or found[-1].text) and not _names().search(heading):
            found[-1] = found[-1]._replace(text=text)
        elif kind is not None:
            numbers[kind] += 1
            found.append(Remark(kind, numbers[kind], direction or text, is_set_off and not direction, sung=False))
        elif found and line.strip() and not found[-1].sung:
            said = is_direction(line) and line.lstrip()[:1] == "("
            found[-1] = found[-1]._replace(text=line.strip(_EDGES)) if said else found[-1]._replace(sung=True)
    return tuple(found)


def _parts(line: str) -> tuple[str, str]:
    """Return a line's heading and the direction after it: `[Bridge] no drums`; it may have none."""
    heading, bracket, rest = line.partition("]")
    direction = rest.strip(_EDGES)
    said = is_direction(rest) or rest.lstrip()[:1] == "["
    return (heading + bracket, direction) if bracket and direction and said else (line, "")


def _remark(heading: str) -> tuple[str, bool]:
    """Return what a heading says beside the section's name, and whether a colon or parenthesis precedes it."""
    found = HEADING.fullmatch(heading)
    whole = heading if found is None else found["bracketed"] or found["parenthesized"] or found["bare"] or ""
    whole = _TIMES.sub(" ", whole).replace("：", ":")
    name = _names().search(whole)
    after = whole[name.end() :] if name else ""
    before = whole[: name.start()] if name else whole
    parts = [_NUMBERS.sub(" ", part).strip(_EDGES) for part in (before, after)]
    text = " ".join(" ".join(part for part in parts if _says_something(part)).split())
    return text, _NUMBERS.sub("", after).lstrip()[:1] in (":", "(") or whole.rstrip().endswith(":")


def _says_something(text: str) -> bool:
    words = re.findall(r"[\w'’#♭♯]+", text.lower())
    return not _empty().issuperset(words)


@cache
def _empty() -> frozenset[str]:
    beside = split_words(",".join((ORDINALS, NUMBERS, QUALIFIERS, RETURNS)))
    return _of_sections() | {*beside, *split_words(read_data("lyrics/choice.toml")["remarks"]["empty"])}


@cache
def _names() -> re.Pattern[str]:
    words = "|".join(sorted(map(re.escape, _of_sections()), key=len, reverse=True))
    letters = "|".join(sorted(split_words(",".join(LETTERS.values())), key=len, reverse=True))
    return re.compile(rf"(?<![^\W\d_])(?:{SECTION}|{words}|(?:{letters})(?=\s*[\d:]))(?![^\W\d_])\s*\d*", re.IGNORECASE)


@cache
def _of_sections() -> frozenset[str]:
    return frozenset(split_words(",".join((*NAMES.values(), *WORDS.values())))) - _KEPT

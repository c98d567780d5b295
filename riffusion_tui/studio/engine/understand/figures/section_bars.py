"""Reads how many bars the sections have: `intro 4 bars`, `the solo lasts 16 bars`, `16-bar blues`, `a long solo`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from riffusion_tui.studio.engine.datafiles import read_data, split_words
from riffusion_tui.studio.engine.structure_hints import ABOUT
from riffusion_tui.studio.engine.understand.words.numbers import cardinal_pattern, number_of
from riffusion_tui.studio.engine.understand.words.tables import sections

SECTION_BARS = "section bars"
"""The kind of stated value: a kind of section and its bars, `verse 16`."""
_MOST = 128
_TWELVE = 12
_BODY = ("verse", "chorus", "solo")
"""What has the bars of a blues."""
_PRECHORUS = r"pre[- ]?chorus(?:es)?"
_SECTION = rf"(?:{_PRECHORUS}|{'|'.join(sorted(sections(), key=len, reverse=True))}|solos)\b"
_NUMBER = rf"(?P<number>\d{{1,3}}|{cardinal_pattern()})"
_AMOUNT = rf"(?<![\w/.-])(?P<figure>{_NUMBER}[\s-]*(?:bars?|measures?))(?![a-z])"
_LEADING = re.compile(
    rf"(?<!\bafter )(?<!\bevery )(?<!\buntil )(?<!\bfirst )(?<!\blast ){_AMOUNT}[\s-]*"
    r"(?:(?:long|of(?: an?| the)?|per|(?:for|in) (?:the|each|every))\s+)?"
    r"(?:(?!(?:with|and|then|before|after|into|to|for|in|from|loops?|songs?|each|every)\b)[\w']+[\s-]+)??"
    rf"(?P<section>{_SECTION})",
    re.IGNORECASE,
)
_FOLLOWING = re.compile(
    rf"\b(?P<section>{_SECTION})(?: sections?)?(?: \d\b)?[\s:=(-]*"
    r"(?:(?:is|are|lasts?|lasting|of|for|has|have|having|with|takes?|about|exactly|only|over|each|should|be|must)\s+)*"
    rf"{_AMOUNT}(?!\s*-?\s*{_SECTION}(?!\s*:?\s*\d))",
    re.IGNORECASE,
)
_BARE = re.compile(
    rf"\b(?P<section>{_SECTION})[ :=-]{{1,3}}(?P<figure>(?P<number>8|12|16|24|32))(?=\s*(?:[,;.)\n]|$))",
    re.IGNORECASE,
)
"""Beside sections with bars, also: `intro 4 bars, verse 16, hook 8`."""
_ENTRY = re.compile(
    rf"(?<![\w'’-])(?!{_SECTION})[\w'’-]+\s+"
    rf"(?:starts?|begins?|enters?|joins?|(?:comes?|kicks?|drops?|joins?) in)\s+after\s+{_AMOUNT}",
    re.IGNORECASE,
)
"""Who rests in an intro of so many bars: `drums start after 8 bars`."""
_LONGEST_INTRO = 32
_SIZES = read_data("lexicon/lengths.toml")["bars"]
_SIZED = re.compile(
    rf"\b(?P<size>{'|'.join(word for row in _SIZES.values() for word in split_words(row['words']))})\s+"
    rf"(?:(?!(?:with|and|then|but|of|for|in|songs?|tracks?|pieces?|an?|the)\b)[\w']+[\s-]+){{0,3}}?(?P<section>{_SECTION})",
    re.IGNORECASE,
)
_BLUES = re.compile(rf"{_AMOUNT}[\s-]*blues\b", re.IGNORECASE)


def read_section_bars(text: str) -> Iterator[tuple[str, int, int]]:
    """Yield (a kind of section and its bars, start, end of the figure) for each in `text`."""
    low = text.lower()
    if "bar" in low or "measure" in low:
        yield from _counted(text)
    yield from _sized(text)


def _counted(text: str) -> Iterator[tuple[str, int, int]]:
    """Yield the same for each whose bars are counted, which go before what a long or short section has."""
    stated = [found for pattern in (_FOLLOWING, _LEADING) for found in pattern.finditer(text)]
    for found in (*stated, *(_BARE.finditer(text) if stated else ())):
        if 0 < _bars(found) <= _MOST:
            yield f"{_kind(found['section'])} {_bars(found)}", *found.span("figure")
    for found in _ENTRY.finditer(text):
        if 0 < _bars(found) <= _LONGEST_INTRO:
            yield f"intro {_bars(found)}", *found.span("figure")
    for found in _BLUES.finditer(text):
        if _TWELVE != _bars(found) <= _MOST:
            for kind in _BODY:
                yield f"{kind} {_bars(found)}", *found.span("figure")


def _sized(text: str) -> Iterator[tuple[str, int, int]]:
    """Yield the same for each section that is called long or short, by the usual bars of such a one."""
    for found in _SIZED.finditer(text):
        kind = _kind(found["section"])
        row = next(row for row in _SIZES.values() if found["size"].lower() in split_words(row["words"]))
        if kind in row:
            yield f"{kind} {ABOUT}{row[kind]}", *found.span("size")


def _bars(found: re.Match[str]) -> int:
    return number_of(found["number"])


def _kind(word: str) -> str:
    plain = " ".join(word.lower().replace("-", " ").split())
    return "solo" if plain == "solos" else sections().get(plain, "prechorus")

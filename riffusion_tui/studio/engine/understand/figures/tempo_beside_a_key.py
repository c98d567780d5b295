"""Reads a tempo without a unit beside a key and a genre: `house 124 Am`, `techno 130 in A minor`, `Am 128 techno`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from riffusion_tui.studio.engine.understand.figures.decades import follows_a_genre, precedes_a_genre
from riffusion_tui.studio.engine.understand.figures.key_signature import read_keys

_FIGURE = re.compile(r"(?<![\w.,:/#-])([6-9]\d|1\d\d|2[0-4]\d)(?![\w.:/#%-])")
_INTO_A_KEY = re.compile(r",?\s+(?:in\s+)?(?:the\s+)?")
_BREAK = re.compile(r"\s*(?:$|[,;|\n])")
_BEGINS = re.compile(r"(?:^|[,;|\n])\s*$")


def read_tempos_beside_keys(text: str) -> Iterator[tuple[str, int, int]]:
    """Yield (beats per minute, start, end) for each in `text`."""
    figures = list(_FIGURE.finditer(text))
    keys = {(start, end) for _, _, start, end in read_keys(text)} if figures else set()
    for found in figures:
        if any(_belongs(text, found, start, end) for start, end in keys):
            yield found[1], found.start(), found.end()


def _belongs(text: str, found: re.Match[str], start: int, end: int) -> bool:
    """Whether a figure is the tempo beside the key from `start` to `end`; in `symphony 104`, it only counts."""
    if found.end() < start and _INTO_A_KEY.fullmatch(text, found.end(), start):
        return bool(_BEGINS.search(text, 0, found.start())) or follows_a_genre(text, found.start())
    if end < found.start() and not text[end : found.start()].strip():
        return bool(_BREAK.match(text, found.end())) or precedes_a_genre(text, found.end())
    return False

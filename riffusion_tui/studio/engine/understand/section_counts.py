"""Reads how many verses and choruses a song has: `3 verses and 2 choruses`, `just one chorus`."""

from __future__ import annotations

from functools import cache
from math import ceil

from riffusion_tui.studio.engine.datafiles import read_data
from riffusion_tui.studio.engine.understand.reading.mentions import Reading
from riffusion_tui.studio.engine.understand.words import tables

_MOST = 8
_KINDS = ("verse", "chorus")
_ITS_OWN = frozenset({"jazz", "blues"})
"""Families in which a chorus is a soloist's, and verses have a form of their own."""


def counted_sections(reading: Reading) -> list[str]:
    """Return the kinds of sections of a song with as many verses and choruses as the prompt says; empty without any.

    Its choruses come as late as possible, and the last one at the end.
    """
    counts = {kind: number for at in range(len(reading.tokens)) for kind, number in _count_at(reading, at)}
    families = {tables.genres()[one.meaning].family for one in reading.positive("genre")}
    if not counts or not families.isdisjoint(_ITS_OWN):
        return []
    without = any(tables.sections().get(one.word.lower()) == "chorus" for one in reading.negative("structure"))
    choruses = 0 if without else counts.get("chorus", counts.get("verse", 0))
    verses = counts.get("verse", max(2, choruses))
    found: list[str] = []
    for verse in range(1, verses + 1):
        found += ["verse", *("chorus" for at in range(1, choruses + 1) if ceil(at * verses / choruses) == verse)]
    return found


def number_at(reading: Reading, at: int) -> int:
    """Return how many sections of the kind that a token names follow each other in a list: 2 of `2 verses, chorus`."""
    return max((number for _, number in _count_at(reading, at)), default=1)


def is_counted(reading: Reading, at: int) -> bool:
    """Whether the token names a kind of section of which the prompt says how many there are."""
    return at < len(reading.tokens) and bool(_count_at(reading, at))


def _count_at(reading: Reading, at: int) -> list[tuple[str, int]]:
    """Return the kind of section that a token names and its number; nothing without a number."""
    tokens = reading.tokens
    kind = tables.sections().get(tokens[at].norm)
    number = _numbers().get(tokens[at - 1].norm, 0) if at and not tokens[at].gap else 0
    after_a_section = at > 1 and not tokens[at - 1].gap and tokens[at - 2].norm in tables.sections()
    inside = {place for one in reading.stated for place in range(one.start, one.end)}
    if kind not in _KINDS or not 0 < number <= _MOST or after_a_section or tokens[at - 1].start in inside:
        return []
    return [(kind, number)]


@cache
def _numbers() -> dict[str, int]:
    rows = read_data("lexicon/ensembles.toml")["numbers"].items()
    return {**{word: int(number) for word, number in rows}, "single": 1}

"""Reads how many verses, choruses and bridges a song has: `3 verses and 2 choruses`, `bridge twice`."""

from __future__ import annotations

from functools import cache
from math import ceil

from riffusion_tui.studio.engine.datafiles import read_data, split_words
from riffusion_tui.studio.engine.understand.reading.mentions import Reading
from riffusion_tui.studio.engine.understand.words import tables
from riffusion_tui.studio.engine.understand.words.lexicon import context_words
from riffusion_tui.studio.engine.understand.words.neighbors import after_all
from riffusion_tui.studio.engine.understand.words.numbers import numbers

_MOST = 8
_KINDS = ("verse", "chorus", "bridge")
_ITS_OWN = frozenset({"jazz", "blues"})
"""Families in which a chorus is a soloist's, and verses have a form of their own."""


def counted_sections(reading: Reading) -> list[str]:
    """Return the kinds of sections of a song with as many verses, choruses and bridges as the prompt says; else none.

    Its choruses come as late as possible, and the last one at the end. Several bridges are each between two choruses.
    """
    counts = {kind: number for at in range(len(reading.tokens)) for kind, number in _count_at(reading, at)}
    families = {tables.genres()[one.meaning].family for one in reading.positive("genre")}
    bridges = counts.pop("bridge", 1)
    if not (counts or bridges > 1) or not families.isdisjoint(_ITS_OWN):
        return []
    without = {tables.sections().get(one.word.lower()) for one in reading.negative("structure")}
    between = bridges + 1 if bridges > 1 else 0
    choruses = 0 if "chorus" in without else counts.get("chorus", max(counts.get("verse", 0), between))
    verses = counts.get("verse", max(2, min(choruses, bridges) if between and "chorus" not in counts else choruses))
    if "verse" in without:
        return ["chorus"] * choruses
    found: list[str] = []
    for verse in range(1, verses + 1):
        found += ["verse", *("chorus" for at in range(1, choruses + 1) if ceil(at * verses / choruses) == verse)]
    return _with_bridges(found, bridges) if between else found


def _with_bridges(kinds: list[str], number: int) -> list[str]:
    """Return the sections with a bridge before each of so many last choruses but the first one."""
    found = list(kinds)
    places = [at for at, kind in enumerate(kinds) if kind == "chorus"][:-1]
    for at in reversed(places[-number:]):
        found.insert(at + 1, "bridge")
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
    if kind not in _KINDS:
        return []
    number = _numbers().get(tokens[at - 1].norm, 0) if at and not tokens[at].gap else 0
    after_a_section = at > 1 and not tokens[at - 1].gap and tokens[at - 2].norm in tables.sections()
    inside = {place for one in reading.stated for place in range(one.start, one.end)}
    if after_a_section or tokens[at - 1].start in inside:
        number = 0
    number = number or _times(reading, at + 1)
    return [(kind, number)] if 0 < number <= _MOST else []


def _times(reading: Reading, at: int) -> int:
    """Return how often a section comes by the words at a token: 2 for `twice`, 3 for `three times`; 0 without any."""
    at = after_all(reading.tokens, at, context_words("before times"))
    words = [token.norm for token in reading.tokens[at : at + 2]]
    if not words or reading.tokens[at].gap == "hard":
        return 0
    if words[1:] == ["times"]:
        return _numbers().get(words[0], 0)
    return _repeats().get(words[0], 0)


@cache
def _repeats() -> dict[str, int]:
    rows = read_data("lexicon/places.toml")["repeats"].items()
    return {word: int(number) for number, words in rows for word in split_words(words)}


@cache
def _numbers() -> dict[str, int]:
    return {**numbers(), "single": 1}

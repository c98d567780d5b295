"""A title from a line of the user's lyrics: the whole line if it is short, else its first phrase."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from riffusion_tui.studio.engine.datafiles import read_data

_MAX_TITLE = 40
"""Characters of a title."""
_MARKS = re.compile(r"[()\[\]{}<>\"“”„«»]")
_ECHO = re.compile(r"(?<=\w)\W*\([^()]*\)\W*$")
"""What others sing after a line: `Let it fall (let it fall)`."""
_PAUSED = re.compile(r"[,.;:!?…–—]['’]?$")
_ELIDED = re.compile(r"^([^\W\d_]{1,2})['’](?=\w)")


def phrase_of(line: str) -> str:
    """Return a line without its echo in brackets, or its first whole phrase of at most 40 characters.

    It ends at a pause, where the words begin again, or before a word that begins a phrase, such as `and` or `to`; if it
    has none, after a word that may end one.
    """
    words = _MARKS.sub("", _ECHO.sub("", line)).split()
    size = len(words)
    if len(" ".join(words)) > _MAX_TITLE:
        size = next(_ends(words), 1)
    title = " ".join(words[:size]).strip(" .,;:–—-…")[:_MAX_TITLE]
    return title[:1].upper() + title[1:]


def _ends(words: list[str]) -> Iterator[int]:
    """Yield how many words may be the title, the best first."""
    short = [size for size in range(len(words) - 1, 0, -1) if len(" ".join(words[:size])) <= _MAX_TITLE]
    long_enough = [size for size in short if size > 1]
    yield from (size for size in long_enough if _PAUSED.search(words[size - 1]))
    yield from (size for size in reversed(long_enough) if words[size : size + 2] == words[:2])
    whole = [size for size in short if not _word(words[size - 1]) & (_list("begins") | _list("leads"))]
    yield from (size for size in whole if size > 1 and _word(words[size]) & _list("begins"))
    yield from (*whole, *short)


def _word(typed: str) -> set[str]:
    """Return a word in small letters; of an elided one, what is left of it: `s` of `s'envole`."""
    found = _ELIDED.match(typed.lower())
    return {found[1] if found else re.sub(r"^\W+|\W+$", "", typed.lower())}


@cache
def _list(name: str) -> frozenset[str]:
    return frozenset(read_data("lyrics/choice.toml")["title"][name].split())

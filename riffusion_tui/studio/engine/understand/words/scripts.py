"""Words of other scripts, read as English ones: `女性ボーカル` and `женский вокал` are `female vocals`; and compounds.

Words of scripts without spaces are those of `lexicon/scripts.toml`, the longest that fits first; between them are words
that mean nothing. A decade is `90年代`. Cyrillic words are inflected: `lexicon/cyrillic.toml` has their stems.
A compound such as `Orgelmusik` or `3tpt` is two words.

"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from itertools import pairwise

from riffusion_tui.studio.engine.datafiles import read_data

Piece = tuple[int, int, str | None]
"""Start, end, and the English word; None: it is unknown."""
UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
"""A character of such a script: kana, Chinese characters, Hangul."""
CYRILLIC = re.compile(r"[\u0400-\u052f]")
"""A Cyrillic letter."""
_DECADE = re.compile(r"(\d0)(?:年代|년대)")
_NOTHING = "nothing"
_MARKS = dict.fromkeys(map(ord, "'’`ʼ\u0301"))
EXCLUDES_BEFORE = "(no)"
"""Read for a negation that follows what it excludes: `ドラムなし` is `no drums`."""
_UMLAUTS = str.maketrans({"ä": "a", "ö": "o", "ü": "u"})


def pieces(text: str, start: int, end: int) -> list[Piece]:
    """Return the words of a piece of text in such a script, in order."""
    found: list[Piece] = []
    for first, last, word in _matched(text, start, end):
        if word is None and found and found[-1][2] is None and found[-1][1] == first:
            found[-1] = (found[-1][0], last, None)
        elif word != _NOTHING:
            found += _parts(first, last, word)
    return found


def _matched(text: str, start: int, end: int) -> Iterator[Piece]:
    """Yield each word of the table, each decade, and each character of other words."""
    words = _words()
    longest = max(map(len, words))
    at = start
    while at < end:
        decade = _DECADE.match(text, at, end)
        last = decade.end() if decade else at
        word: str | None = f"{decade[1]}s" if decade else None
        for length in range(min(longest, end - at), 0, -1) if not decade else ():
            if text[at : at + length] in words:
                last, word = at + length, words[text[at : at + length]]
                break
        last = max(last, at + 1)
        yield at, last, word
        at = last


def _parts(first: int, last: int, word: str | None) -> list[Piece]:
    """Return an English phrase (`hip-hop`) as its words, each with a share of the characters."""
    parts = word.split("-") if word else [None]
    step = (last - first) / len(parts)
    edges = [first + round(step * place) for place in range(len(parts) + 1)]
    return [(low, high, part) for (low, high), part in zip(pairwise(edges), parts, strict=True)]


def cyrillic(text: str, start: int, end: int) -> list[Piece]:
    """Return the English words that a word in Cyrillic letters means; none if it means nothing, itself if unknown."""
    typed = _plain(text[start:end])
    found = _exact().get(typed)
    for length in range(len(typed), 1, -1) if found is None else ():
        if typed[length:] in _endings() and typed[:length] in _stems():
            found = _stems()[typed[:length]]
            break
    return [] if found == _NOTHING else _parts(start, end, found)


def _plain(word: str) -> str:
    """Return a word in small letters, without accents and apostrophes, and with `е` for `ё`."""
    return word.lower().replace("ё", "е").translate(_MARKS)


@cache
def _exact() -> dict[str, str]:
    return {word: english for word, english in _rows() if not word.endswith("-")}


@cache
def _stems() -> dict[str, str]:
    return {word[:-1]: english for word, english in _rows() if word.endswith("-")}


@cache
def _endings() -> frozenset[str]:
    endings = read_data("lexicon/cyrillic.toml")["endings"]
    return frozenset(("", *(_plain(ending.strip()) for ending in endings.split(","))))


def _rows() -> Iterator[tuple[str, str]]:
    """Yield each word or stem of the table, and its English word."""
    for english, words in read_data("lexicon/cyrillic.toml")["words"].items():
        yield from ((_plain(word.strip()), english) for word in words.split(",") if word.strip())


@cache
def _words() -> dict[str, str]:
    rows = read_data("lexicon/scripts.toml").items()
    return {word.strip(): english for english, words in rows for word in str(words).split(",") if word.strip()}


@cache
def compound(word: str) -> tuple[int, str, str] | None:
    """Return the length of a compound's first part, and both parts in English; None if `word` is none.

    Args:
        word: in small letters, without accents.
    """
    player = word.lstrip("0123456789")
    if player != word:
        number, last = word[: len(word) - len(player)], _parts_of_compounds("counted").get(player)
        return (len(number), number, last) if last else None
    if not word.endswith(_last_parts()) or word in _parts_of_compounds("whole"):
        return None
    for at in range(3, len(word) - 2):
        first, last = _parts_of_compounds("first").get(word[:at]), _parts_of_compounds("last").get(word[at:])
        if first and last:
            return at, first, last
    return None


def parts_of(word: str) -> tuple[str, ...]:
    """Return both parts of a compound in English, or another word itself."""
    found = compound(word)
    return found[1:] if found is not None else (word,)


@cache
def _last_parts() -> tuple[str, ...]:
    return tuple(_parts_of_compounds("last"))


@cache
def _parts_of_compounds(name: str) -> dict[str, str]:
    """Return the English word for each first or last part."""
    rows = read_data("lexicon/compounds.toml")[name].items()
    return {word.strip().translate(_UMLAUTS): english for english, words in rows for word in words.split(",")}

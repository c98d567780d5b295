"""Corrects typing errors: an unknown long word becomes the musical word that is one or two edits away.

Ordinary words are never changed: English ones of the pronouncing dictionary, and those of `confusable.toml`, which has
words near a musical one that the dictionary lacks, also of other languages.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache

from riffusion_tui.studio.engine.pronunciation.pronouncing_dictionary import listed
from riffusion_tui.studio.engine.understand.words import tables
from riffusion_tui.studio.engine.understand.words.lexicon import lexicon

_MIN_LENGTH = 5
"""Shorter words are one edit away from too many others."""
_TWO_STROKES = 8
"""From this length on, two edits are allowed."""
_DOUBLED = re.compile(r"(.)\1")
_OF_A_PLACE = ("n", "an", "i")
"""Endings that turn a place into what is from there: `Bulgaria`, `Pakistan`."""


@lru_cache(maxsize=4096)
def correct(word: str) -> str:
    """Return the musical word that `word` probably is, or an empty string."""
    if not _MIN_LENGTH <= len(word) <= 20 or not word.isalpha() or word in _ordinary():
        return ""
    if listed(word):
        return _variant(word)
    allowed = 2 if len(word) >= _TWO_STROKES else 1
    letters = _letters(word)
    best, least = "", (allowed + 1, 0, False)
    for length in range(len(word) - allowed, len(word) + allowed + 1):
        for candidate, mask, rank in _shelves().get((word[0], length), ()):
            if (letters ^ mask).bit_count() <= 2 * allowed:
                strokes = _distance(word, candidate, least[0])
                found = (strokes, rank, candidate[-1] != word[-1])
                if found < least:
                    best, least = candidate, found
    return best


def _variant(word: str) -> str:
    """Return the musical word that a listed one, often a surname or a place, stands for: `metall`, `Bulgaria`."""
    musical = lexicon().corrected
    adjectives = (word + ending for ending in _OF_A_PLACE)
    return next((one for one in adjectives if one in musical), "") or _by_single_letters().get(_single(word), "")


@cache
def _by_single_letters() -> dict[str, str]:
    return {_single(word): word for word in sorted(lexicon().corrected)}


def _single(word: str) -> str:
    """Return a word without its doubled letters, which are easily mistaken: `carribean`, `fidler`."""
    return _DOUBLED.sub(r"\1", word)


@cache
def _ordinary() -> frozenset[str]:
    return frozenset(word for words in tables.word_lists("confusable").values() for word in words)


@cache
def _shelves() -> dict[tuple[str, int], list[tuple[str, int, int]]]:
    """Return musical words by first letter and length, each with the set of its letters and its rank."""
    shelves: dict[tuple[str, int], list[tuple[str, int, int]]] = {}
    for word, rank in sorted(lexicon().corrected.items()):
        shelves.setdefault((word[0], len(word)), []).append((word, _letters(word), rank))
    return shelves


def _letters(word: str) -> int:
    mask = 0
    for letter in word:
        mask |= 1 << (ord(letter) & 31)
    return mask


def _distance(one: str, other: str, limit: int) -> int:
    """Return the edit distance (with transpositions) of `one` and `other`, at most `limit` + 1."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        older, before, row = before, row, [i]
        for j, wanted in enumerate(other, 1):
            strokes = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != wanted))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == wanted:
                strokes = min(strokes, older[j - 2] + 1)
            row.append(strokes)
        if min(row) > limit:
            return limit + 1
    return row[-1]

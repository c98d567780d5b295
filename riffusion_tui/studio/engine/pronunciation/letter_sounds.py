"""How words are read by their letters, by the rules of `letters.toml`."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import cache, lru_cache

from riffusion_tui.studio.engine.datafiles import read_data

VOWELS = frozenset(read_data("phones.toml")["vowels"])
_GLIDES = (("Y",), ("W",))


@lru_cache(maxsize=4096)
def read_letters(word: str, language: str) -> tuple[tuple[int, int, tuple[str, ...]], ...]:
    """Return the first letter, the one after the last, and the sounds (ARPAbet) of each rule that reads a word.

    Args:
        word: lower-case letters and apostrophes.
        language: a key of `letters.toml`.
    """
    found: list[tuple[int, int, tuple[str, ...]]] = []
    at = 0
    while at < len(word):
        fits = ((pattern.match(word, at), sounds) for pattern, sounds in _rules(language))
        end, sounds = next(((fit.end(), sounds) for fit, sounds in fits if fit and fit.end() > at), (at + 1, ()))
        found.append((at, end, sounds))
        at = end
    return tuple(found)


def vowels_in(word: str, language: str) -> list[tuple[int, int]]:
    """Return the letters of each vowel that is sounded, as (start, end), with a glide before it: `ie` in `niebo`."""
    found: list[tuple[int, int]] = []
    glide = -1
    for start, end, sounds in read_letters(word, language):
        if VOWELS.intersection(sounds):
            found.append((glide if glide >= 0 else start, end))
        glide = start if sounds in _GLIDES and word[start] in "iu" else -1
    return found


def stressed(language: str, parts: Sequence[str]) -> int:
    """Return the number of a word's stressed syllable, from 0: the one with a written accent, else by its letters.

    Args:
        language: a key of `letters.toml`.
        parts: the word's syllables.
    """
    row = read_data("letters.toml")[language]
    syllables = [unicodedata.normalize("NFC", part.lower()) for part in parts]
    accented = [at for at, part in enumerate(syllables) if set(part) & set(row.get("accents", ""))]
    if accented:
        return accented[0]
    word = "".join(syllables)
    place = next((row["by"][key] for key in row.get("by", {}) if _pattern(key).search(word)), int(row["stress"]))
    return max(0, len(parts) + place) if place < 0 else min(place, len(parts) - 1)


@lru_cache(maxsize=64)
def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(text)


@cache
def _rules(language: str) -> tuple[tuple[re.Pattern[str], tuple[str, ...]], ...]:
    return tuple((re.compile(row[0]), tuple(row[1].split())) for row in read_data("letters.toml")[language]["rules"])

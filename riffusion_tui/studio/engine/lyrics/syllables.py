"""Splits English words into syllables and finds the stress, by rules and a table of exceptions."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache

from riffusion_tui.studio.engine.datafiles import read_data
from riffusion_tui.studio.engine.letter_sounds import stressed, vowels_in
from riffusion_tui.studio.engine.lyrics.sections import SungLine, Syllable
from riffusion_tui.studio.engine.sung_language import ENGLISH, small_words

_LETTERS = r"[^\W\d_]+(?:\0+[^\W\d_]*)*"
_WORD = re.compile(rf"{_LETTERS}(?:['’]{_LETTERS})*['’]?|\d+")
"""A word of a line in which `_Marked` replaced the signs that belong to letters."""
_MAX_WORD = 60
"""Characters of the longest word that is split."""
_VOWELS = frozenset("aeiouyàâäáãåæéèêëíìîïóòôöõøúùûüœ")
_TWO_SOUNDS = re.compile(
    r"(?<![tscg])i[ao](?!u)|eo(?!u)|u[ao](?<!qua|gua|quo)|iu|yi|ei(?=ng)|oi(?=ng)|(?<![tscg])ia(?=l|n$)|[^g]ua(?=l)"
    r"|ue(?=l$|t$)|ie(?=t$|nt$|nc)|(?<![tscxg])i(?=ous$)"
)
_SILENT_INSIDE = re.compile(
    r"(?<=[^aeiouy])e(?=(?:ly|less|ful|ness|ment|thing|where|times?|body|one|how|ward|light|land|side|work|fully|town|"
    r"long|some)$)"
)


def sing(line: str, language: str = ENGLISH) -> SungLine:
    """Return a line with its syllables; digits and other scripts are one syllable per word.

    Args:
        line: the words.
        language: a key of `letters.toml`.
    """
    syllables: list[Syllable] = []
    for word, following in _words(line):
        mark = following if following in ",.!?;:" else ""
        parts = split(word, language)
        stress = _stress(word.lower(), len(parts), language)
        for place, part in enumerate(parts):
            last = place == len(parts) - 1
            syllables.append(Syllable(part + (mark if last else ""), place == stress, last))
    return SungLine(line, tuple(syllables))


def count(line: str, language: str = ENGLISH) -> int:
    """Return the number of syllables of a line in a language of `letters.toml`."""
    return sum(len(split(word, language)) for word, _ in _words(line))


def _words(line: str) -> Iterator[tuple[str, str]]:
    """Yield each word of a line and the character after it, empty at the end."""
    for found in _WORD.finditer(line if line.isascii() else line.translate(_Marked())):
        start, end = found.span()
        yield line[start:end], line[end : end + 1]


class _Marked:
    """Character → NUL for an accent, a vowel sign or a joiner, which belong to the letter before them."""

    def __getitem__(self, code: int) -> str:
        character = chr(code)
        belongs = unicodedata.category(character).startswith("M") or character in "\u200c\u200d"
        return "\0" if belongs else character


@lru_cache(maxsize=8192)
def split(word: str, language: str = ENGLISH) -> tuple[str, ...]:
    """Split a word: `forever` is (`for`, `ev`, `er`). The parts joined are the word; a very long one has one part.

    Words of other languages than English have a syllable for each vowel that the rules of `letters.toml` read.
    """
    if len(word) > _MAX_WORD:
        return (word,)
    if language != ENGLISH:
        return _at_vowels(word, vowels_in(_lower(word).replace("’", "'"), language))
    known = _exceptions().get(word.lower().replace("’", "'"))
    if known is not None:
        return _cut(word, tuple(len(part) for part in known))
    return _at_vowels(word, _nuclei(_lower(word)))


def _lower(word: str) -> str:
    """Return a word in lower case, with as many characters: `İ` alone would become two."""
    return word.replace("İ", "i").lower()


def _at_vowels(word: str, nuclei: list[tuple[int, int]]) -> tuple[str, ...]:
    """Split a word between its vowels, given as (start, end)."""
    if len(nuclei) < 2:
        return (word,)
    ends = [_boundary(_lower(word), nuclei[at][1], nuclei[at + 1][0]) for at in range(len(nuclei) - 1)]
    return tuple(word[start:end] for start, end in zip([0, *ends], [*ends, len(word)], strict=True))


def _cut(word: str, lengths: tuple[int, ...]) -> tuple[str, ...]:
    parts: list[str] = []
    at = 0
    for length in lengths:
        parts.append(word[at : at + length])
        at += length
    return tuple(part for part in parts if part)


@cache
def _list(name: str) -> frozenset[str]:
    return frozenset(read_data("lyrics/syllables.toml")["lists"][name].split())


@cache
def _exceptions() -> dict[str, tuple[str, ...]]:
    rows = read_data("lyrics/syllables.toml")["words"]["split"].split()
    return {row.replace("-", ""): tuple(row.split("-")) for row in rows}


def _nuclei(word: str) -> list[tuple[int, int]]:
    """Return the sounded vowel groups, as (start, end)."""
    plain = _SILENT_INSIDE.sub("#", word)
    found: list[tuple[int, int]] = []
    at = 0
    while at < len(plain):
        if plain[at] in _VOWELS and not (plain[at] == "y" and _leads(plain, at)):
            end = at + 1
            while end < len(plain) and plain[end] in _VOWELS and not (plain[end] == "y" and _leads(plain, end)):
                end += 1
            found.extend(_halves(plain, at, end))
            at = end
        else:
            at += 1
    return _without_silent_end(plain, found)


def _leads(word: str, at: int) -> bool:
    """Whether a `y` is a consonant: `yes`, `beyond`."""
    return (
        at + 1 < len(word)
        and word[at + 1] in "aeiou"
        and (at == 0 or word[at - 1] in "aeiou" or word[at - 1] == "n")
        and not word.endswith("ying")
    )


def _halves(word: str, start: int, end: int) -> list[tuple[int, int]]:
    for found in _TWO_SOUNDS.finditer(word):
        cut = found.start() + (2 if found.group()[0] not in "aeiouy" else 1)
        if start < cut < end:
            return [(start, cut), (cut, end)]
    return [(start, end)]


def _without_silent_end(word: str, found: list[tuple[int, int]]) -> list[tuple[int, int]]:
    if len(found) < 2:
        return found
    start, end = found[-1]
    lone = word[start:end] == "e"
    if lone and end == len(word) and not re.search(r"[^aeiouylrwn]le$|[st]tle$", word):
        return found[:-1]
    if lone and word.endswith("es") and not re.search(r"(?:[sxz]|ch|sh|ss|[cg])es$", word):
        return found[:-1]
    if lone and word.endswith("ed") and not re.search(r"[td]ed$", word):
        return found[:-1]
    return found


def _boundary(word: str, end: int, start: int) -> int:
    """Return where the next syllable begins between two vowels."""
    between = word[end:start]
    if not between:
        return start
    for length in (3, 2):
        if len(between) >= length and between[-length:] in _list("onsets") and (len(between) > length or length < 3):
            return start - length
    return start - 1 if len(between) < 2 or between[-2:] != "ck" else start


def _stress(word: str, parts: int, language: str) -> int:
    """Return the index of the stressed syllable, or -1 for a weak word."""
    if language != ENGLISH:
        return -1 if parts == 1 and word in small_words(language) else stressed(language, parts)
    if parts == 1:
        return -1 if word in _list("weak") else 0
    first = split(word)[0]
    if word.endswith(("tion", "sion", "cian", "tions")):
        return parts - 2
    return 1 if first in _list("unstressed starts") else 0

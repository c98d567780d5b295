"""Splits English words into syllables and finds the stress, by rules and a table of exceptions."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from itertools import pairwise

from riffusion_tui.studio.engine.datafiles import read_data
from riffusion_tui.studio.engine.lyrics.sections import SungLine, Syllable
from riffusion_tui.studio.engine.pronunciation.letter_sounds import stressed, vowels_in
from riffusion_tui.studio.engine.pronunciation.numerals import FRACTIONS, numeral_pattern, spoken
from riffusion_tui.studio.engine.pronunciation.pronouncing_dictionary import stressed_vowel
from riffusion_tui.studio.engine.pronunciation.sung_language import ENGLISH, small_words
from riffusion_tui.studio.engine.score import CONTINUED

_LETTER = rf"[^\W\d_{FRACTIONS}]"
_LETTERS = rf"{_LETTER}+(?:\0+{_LETTER}*)*"
_WORD = rf"{_LETTERS}(?:['’]{_LETTERS})*['’]?"
"""A word of a line in which `_Marked` replaced the signs that belong to letters."""
_MAX_WORD = 60
"""Characters of the longest word that is split."""
_VOWELS = frozenset("aeiouyàâäáãåæéèêëíìîïóòôöõøúùûüœ")
_TWO_SOUNDS = re.compile(
    r"(?<![tscg])(?<!sh)i[ao](?!u)|eo(?!u)|u[ao](?<!qua|gua|quo)|iu|yi|ei(?=ng)|oi(?=ng)|(?<![tscg])ia(?=l|n$)|[^g]ua(?=l)"
    r"|ue(?=l$|t$)|ie(?=t$|nt$|nc)|(?<![tscxg])i(?=ous$)"
)
_SILENT_INSIDE = re.compile(
    r"(?<=[^aeiouy])e(?=(?:ly|less|ful|ness|ment|thing|where|times?|body|one|how|ward|light|land|side|work|fully|town|"
    r"long|some)$)"
)
_HISSED = re.compile(r"(?:[sxz]e?|[cs]he?|[cg]e)$")
"""The end of a word after which `'s` is a syllable: `rose's`, but not `love's`."""


def sing(line: str, language: str = ENGLISH) -> SungLine:
    """Return a line with its syllables; other scripts are one syllable per word.

    A number has the syllables of its words, an abbreviation of its letters. The first one has its text, as written.

    Args:
        line: the words.
        language: a key of `letters.toml`.
    """
    syllables: list[Syllable] = []
    for word, following in _words(line, language):
        mark = following if following in ",.!?;:" else ""
        if spoken(word, language):
            syllables += _of_number(word, mark, language)
            continue
        parts = split(word, language)
        stress = _stress(word.lower(), parts, language)
        for place, part in enumerate(parts):
            last = place == len(parts) - 1
            syllables.append(Syllable(part + (mark if last else ""), place == stress, last))
    return SungLine(line, tuple(syllables))


def count(line: str, language: str = ENGLISH) -> int:
    """Return the number of syllables of a line in a language of `letters.toml`."""
    words = (spoken(word, language) or (word,) for word, _ in _words(line, language))
    return sum(len(split(part, language)) for parts in words for part in parts)


def _of_number(text: str, mark: str, language: str) -> Iterator[Syllable]:
    """Yield the syllables of a number or sign, which is followed by a punctuation mark or nothing."""
    written = text + mark
    for word in spoken(text, language):
        parts = split(word, language)
        stress = _stress(word, parts, language)
        for place in range(len(parts)):
            yield Syllable(written, place == stress, ends_word=True)
            written = CONTINUED


def _words(line: str, language: str) -> Iterator[tuple[str, str]]:
    """Yield each word, number or sign of a line that is sung, and the character after it, empty at the end."""
    for found in _pattern(language).finditer(line if line.isascii() else line.translate(_Marked())):
        start, end = found.span()
        if not found["emoticon"]:
            yield line[start:end], line[end : end + 1]


@cache
def _pattern(language: str) -> re.Pattern[str]:
    return re.compile(f"(?P<word>{_WORD})|{numeral_pattern(language)}")


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
        return _at_vowels(word, vowels_in(_lower(word).replace("’", "'"), language), language)
    known = _exceptions().get(word.lower().replace("’", "'"))
    if known is not None:
        return _cut(word, tuple(len(part) for part in known))
    stem, mark = word[:-2], word[-2:]
    if stem and mark.lower() in ("'s", "’s") and not _HISSED.search(stem.lower()):
        parts = split(stem)
        return (*parts[:-1], parts[-1] + mark)
    return _at_vowels(word, _nuclei(_lower(word)), language)


def _lower(word: str) -> str:
    """Return a word in lower case, with as many characters: `İ` alone would become two."""
    return word.replace("İ", "i").lower()


def _at_vowels(word: str, nuclei: list[tuple[int, int]], language: str) -> tuple[str, ...]:
    """Split a word between its vowels, given as (start, end)."""
    if len(nuclei) < 2:
        return (word,)
    lower = _lower(word)
    gaps = [(before[1], after[0]) for before, after in pairwise(nuclei)]
    ends = [_boundary(lower, *gap) if language == ENGLISH else _begin(lower, *gap, language) for gap in gaps]
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
        and (at == 0 or word[at - 1] in "aeiouwn")
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
    if re.search(r"[^aeiouylrwn]le[sd]$|[st]tle[sd]$", word):
        return found
    if lone and end == len(word) and not re.search(r"[^aeiouylrwn]le$|[st]tle$", word):
        return found[:-1]
    if lone and word.endswith("es") and not re.search(r"(?:[sxz]|ch|sh|ss|[cg])es$", word):
        return found[:-1]
    if lone and word.endswith("ed") and not re.search(r"[td]ed$", word):
        return found[:-1]
    return found


_ENDINGS = frozenset({"ing", "ings", "es", "ed", "er", "ers"})
_CLOSED = re.compile(r"(?:[^aeiouy]|[aeou][yw])ings?$|(?:[sxzcg]|ch|sh)es$|[td]ed$|(?:ch|sh|ck|nk)ers?$")
"""The end of an English word before which a syllable ends: `sing-ing`, `wish-es`, `teach-er`."""
_OPEN_ENDS = re.compile(
    r"([bdgmnprt])\1(?:ings?|ed|ers?)$|[bcdfgkprtz]lings?$|tnings?$|(?:some|any|every|play)things?$"
)
"""Ends of English words before which a syllable begins nevertheless: `run-ning`, `trem-bling`, `an-y-thing`."""
_SILENT = frozenset({"e", "es", "ed"})
"""After a consonant and `l`, the ends of words such as `nee-dle`."""
_PREFIXES = frozenset({"a", "be", "de", "re", "pre", "pro", "e"})
"""Beginnings of English words after which `s` and a consonant begin a syllable: `de-stroy`."""


def _boundary(word: str, end: int, start: int) -> int:
    """Return where the next syllable of an English word begins between two vowels."""
    between = word[end:start]
    if not between:
        return start
    if word[start:] in _ENDINGS and _CLOSED.search(word) and not _OPEN_ENDS.search(word):
        return start
    if word[start:] in _SILENT and between[-1] == "l" and len(between) > 1:
        return start - 1 if between[-3:] == "ckl" else start - 2
    if between in ("x", "ck") or (between == "y" and word[:end] not in _PREFIXES):
        return start
    if between[0] == "s" and 2 <= len(between) <= 3 and between in _list("onsets") and between not in ("sh", "sch"):
        return end if word[:end] in _PREFIXES else end + 1
    for length in (3, 2):
        if len(between) >= length and between[-length:] in _list("onsets"):
            return start - length
    return start - 1


def _begin(word: str, end: int, start: int, language: str) -> int:
    """Return where the next syllable begins between two vowels: with the last consonant, or more by `letters.toml`."""
    row = read_data("letters.toml")[language]
    if start == end and word[end - 1] == "h":
        return end - 1  # it only lengthens the vowel before it, but `ge-hen`
    between = word[end:start]
    prefix = _compiled(row["prefix"]).match(word) if "prefix" in row else None
    if prefix and end <= prefix.end() <= start:
        return prefix.end()
    consonants = _units(row.get("units", "")).findall(between)
    onsets = _words_of(row.get("onsets", ""))
    for size in range(len(consonants), 1, -1):
        onset = "".join(consonants[-size:])
        if onset in onsets:
            return start - len(onset)
    return start - len(consonants[-1]) if consonants else start


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


@cache
def _words_of(text: str) -> frozenset[str]:
    return frozenset(text.split())


@cache
def _units(units: str) -> re.Pattern[str]:
    """Return a pattern for a consonant, which may have several letters, or be joined by an apostrophe."""
    longest = sorted(units.split(), key=len, reverse=True)
    return re.compile("|".join([r"\w['’]", *longest, "."]), re.DOTALL)


def _stress(word: str, parts: Sequence[str], language: str) -> int:
    """Return the index of the stressed syllable, or -1 for a weak word."""
    small = len(parts) == 1 and word in small_words(language) and word not in _listed("strong", language)
    if small or word in _listed("weak", language):
        return -1
    if language != ENGLISH:
        return stressed(language, parts)
    if len(parts) == 1:
        return 0
    plain = word.replace("’", "'")
    places = (stressed_vowel(one) for one in (plain, plain.removesuffix("'s")))
    known = next((place for place in places if place is not None), None)
    if known is not None:
        return min(known, len(parts) - 1)
    if word.endswith(("tion", "sion", "cian", "tions")):
        return len(parts) - 2
    return 1 if parts[0] in _list("unstressed starts") else 0


@cache
def _listed(name: str, language: str) -> frozenset[str]:
    """Return the words of a language that are always, or never, stressed."""
    return frozenset(str(read_data("letters.toml")[language].get(name, "")).split())

"""Splits a prompt into tokens."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from functools import cache, lru_cache

from riffusion_tui.studio.engine.datafiles import read_data
from riffusion_tui.studio.engine.understand.words.scripts import (
    CYRILLIC,
    EXCLUDES_BEFORE,
    UNSPACED,
    compound,
    cyrillic,
    parts_of,
    pieces,
)

MAX_CHARACTERS = 10_000
"""Characters of a prompt that are read, so that time stays bounded."""

_WORD = re.compile(
    r"(?<!: )\b(?P<opus>(?i:no|nr|op)\.\s?\d+)\b|(?:\b[A-Z]\.){2,}|[\u0900-\u097f]+"
    r"|\d+(?:\.\d+)?(?:['’`]s\b|[^\W_]*)|[^\W\d_]+(?:['’`][^\W\d_]+)*[^\W_]*|[&+]"
)
INITIALS = re.compile(r"(?:[A-Z]\.){2,}")
"""`B.B.`, `U.K.`: one word, as the number of a work is, which negates nothing: `symphony no. 5`."""
_HARD = re.compile(r"[.;!?\n|。！？]")
_SOFT = re.compile(r"[,:()\[\]{}–—…、，]|\s-\s|\.\.\.")
_MINUS = re.compile(r"[\s,;:(][-−]$")
_HEADS = re.compile(r":|^\]\s*$")
_OPENS = re.compile(r"[(\[{]")
_ABBREVIATED = frozenset({"feat", "ft", "vs", "mr", "mrs", "ms", "dr", "st", "prof"})
"""Words whose full stop ends no sentence: `piano feat. cello`, `Mr. Smith`."""
_ARTICLE = re.compile(r"(?:l|dell|all|dall|nell|sull)['’](?=[^\W\d_]{3})", re.IGNORECASE)
"""A French or Italian article before a vowel: `à l'accordéon`."""
POSSESSIVE = re.compile(r"['’`]s?$")
"""The ending of a possessive."""
_WITHOUT = frozenset({"less", "free"})
_APOSTROPHES = str.maketrans("", "", "'’`")


@dataclass(frozen=True, slots=True)
class Token:
    """One word: as typed, normalized (lower case, no accents, no apostrophes), and its place in the text."""

    typed: str
    norm: str
    start: int
    end: int
    gap: str
    """What separates it from the word before: `hard` (end of a sentence), `soft` (a comma), `slash` or nothing."""
    colon: bool = False
    """Whether there is a colon before it, or a heading in brackets."""
    bracket: bool = False
    """Whether a bracket opens before it."""
    minus: bool = False
    """Whether there is a minus sign before it, which excludes it: `pop -drums`."""

    @property
    def begins_phrase(self) -> bool:
        """Whether a comma or the end of a sentence precedes it."""
        return self.gap in ("hard", "soft")


def tokenize(text: str) -> tuple[Token, ...]:
    """Split `text` into tokens. Words of scripts without spaces are normalized to English ones."""
    tokens: list[Token] = []
    end = 0
    bulleted = text.count("\n-") > 1
    for found in _WORD.finditer(text):
        for start, last, norm in _words_in(text, found):
            between = text[end:start]
            gap = "" if tokens and between.strip() == "." and tokens[-1].norm in _ABBREVIATED else _gap(between)
            if norm == EXCLUDES_BEFORE and tokens and not gap:
                # The negation moves before what it excludes.
                norm = tokens[-1].norm
                tokens[-1] = replace(tokens[-1], norm="no")
            minus = not bulleted and _MINUS.search(between if tokens else f" {between}") is not None
            gap = gap or "soft" if minus and tokens else gap
            tokens.append(
                Token(
                    text[start:last],
                    norm,
                    start,
                    last,
                    gap,
                    _HEADS.search(between) is not None,
                    _OPENS.search(between) is not None,
                    minus,
                )
            )
            end = last
    return tuple(_with_affixes(text, tokens))


def _with_affixes(text: str, tokens: list[Token]) -> list[Token]:
    """Read `-less`, `-free` and `non-`, which negate only the word that they are joined to: `guitar-less rock`."""
    found: list[Token] = []
    ends = False
    for token in tokens:
        one = replace(token, gap=token.gap or "soft") if ends else token
        hyphened = bool(found) and text[found[-1].end : token.start] == "-"
        ends = hyphened and (token.norm in _WITHOUT or found[-1].norm == "non")
        if hyphened and token.norm in _WITHOUT:
            bare = found[-1]
            found[-1] = replace(bare, norm="no")
            one = Token(f"{bare.typed}-{token.typed}", bare.norm, bare.start, token.end, "")
        found.append(one)
    return found


def _words_in(text: str, found: re.Match[str]) -> list[tuple[int, int, str]]:
    """Return (start, end, normalized) of the words in what looks like one word, an elided article left out."""
    if found.lastgroup is not None:
        return [(found.start(), found.end(), "opus")]
    elided = _ARTICLE.match(found.group())
    if elided is not None:
        start = found.start() + elided.end()
        return [(start, found.end(), normalize(text[start : found.end()]))]
    if UNSPACED.search(found.group()):
        known = pieces(text, found.start(), found.end())
        return [(start, end, word or normalize(text[start:end])) for start, end, word in known]
    if CYRILLIC.search(found.group()):
        read = cyrillic(text, found.start(), found.end())
        return [(start, end, word or normalize(text[start:end])) for start, end, word in read]
    norm = normalize(found.group())
    parts = compound(norm)
    if parts is not None:
        length, first, last = parts
        middle = found.start() + length
        return [(found.start(), middle, first), (middle, found.end(), last)]
    return [(found.start(), found.end(), norm)] if norm else []


@lru_cache(maxsize=8192)
def normalize(word: str) -> str:
    """Normalize a word: `Reggaetón` is `reggaeton`, `children's` is `childrens`, `&` is `and`."""
    lower = _unmarked(word)
    return _same().get(lower, lower)


def _unmarked(word: str) -> str:
    """Return a word in small letters, without accents and apostrophes."""
    plain = word.replace(".", "") if INITIALS.fullmatch(word) else word
    lower = plain.lower().translate(_APOSTROPHES)
    if lower.isascii():
        return lower
    marked = unicodedata.normalize("NFKD", lower)
    return "".join(letter for letter in marked if not unicodedata.combining(letter))


@cache
def _same() -> dict[str, str]:
    """Return the English word that is read for a sign or a word of another language."""
    rows = read_data("lexicon/same.toml").items()
    return {_unmarked(word.strip()): english for english, words in rows for word in words.split(",")}


def phrase(text: str) -> tuple[str, ...]:
    """Return a lexicon phrase as normalized words: `lo-fi` is (`lo`, `fi`)."""
    plain = text.replace("-", " ")
    if plain.isascii() and plain.replace(" ", "").isalpha():
        words = [_same().get(word, word) for word in plain.lower().split()]
    else:
        words = [normalize(found.group()) for found in _WORD.finditer(text)]
    return tuple(part for word in words for part in parts_of(word))


def owns(typed: str) -> bool:
    """Whether a word as typed is a possessive: `Viola's`, `Jess'`."""
    return POSSESSIVE.search(typed) is not None


def sentence_of(tokens: tuple[Token, ...], at: int) -> int:
    """Return the number of the sentence that token `at` is in, from 0."""
    return sum(token.gap == "hard" for token in tokens[: at + 1])


@lru_cache(maxsize=8192)
def singulars(word: str) -> tuple[str, ...]:
    """Return the word, and its singular if it looks like a plural."""
    if len(word) < 4 or not word.endswith("s") or word.endswith("ss"):
        return (word,)
    if word.endswith("ies"):
        return (word, word[:-3] + "y")
    if word.endswith(("shes", "ches", "xes", "sses")):
        return (word, word[:-2])
    return (word, word[:-1])


def stem(word: str) -> str:
    """Return the singular: words of the same stem match each other in a phrase."""
    return singulars(word)[-1]


def _gap(between: str) -> str:
    if between in ("", " ", "-"):
        return ""
    if _HARD.search(between):
        return "hard"
    if _SOFT.search(between):
        return "soft"
    return "slash" if "/" in between else ""

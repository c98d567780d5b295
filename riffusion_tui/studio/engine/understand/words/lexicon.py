"""The lexicon: an index of all phrases that the engine understands, by their first word, longest first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache

from riffusion_tui.studio.engine.understand.words import tables
from riffusion_tui.studio.engine.understand.words.tokens import phrase, stem

Phrase = tuple[tuple[str, ...], tuple["Sense", ...]]
Sense = tuple[str, str]
"""(kind, meaning): kinds of `RecognizedTerm`, and internal ones: shadow, negation, postfix, use, gender, soft tempo."""

ABSENT = "absent "
"""Prefix of a kind: the word has this meaning only if it is negated."""
SOUNDING = ("instrument", "vocal", "gender")
"""Kinds of what plays or sings."""

_CORRECTED = dict.fromkeys(("genre", *SOUNDING, "tempo"), 0) | dict.fromkeys(("flavour", "mood", "production"), 1)
"""Rank of the kinds of words that typing errors are corrected to."""


@dataclass(slots=True)
class Lexicon:
    """Phrases by their first word and the stem of their second, and all their words."""

    phrases: dict[str, dict[str, list[Phrase]]] = field(default_factory=dict)
    """The longest first; phrases of one word have an empty stem."""
    known: set[str] = field(default_factory=set)
    """Every word that occurs in any phrase."""
    corrected: dict[str, int] = field(default_factory=dict)
    """Words that typing errors are corrected to, with the rank of their kind: a genre goes before a mood."""


@cache
def lexicon() -> Lexicon:
    """Return the lexicon of `styles/`."""
    senses: dict[tuple[str, ...], list[Sense]] = {}
    for typed, sense in _all_senses():
        for one in typed:
            there = senses.setdefault(phrase(one), [])
            if sense not in there:
                there.append(sense)
    index = Lexicon()
    for parts in sorted(senses, key=len, reverse=True):
        second = stem(parts[1]) if len(parts) > 1 else ""
        index.phrases.setdefault(parts[0], {}).setdefault(second, []).append((parts, tuple(senses[parts])))
        index.known.update(parts)
        if len(parts) == 1 and len(parts[0]) > 4 and parts[0].isascii() and parts[0].isalpha():
            ranks = [_CORRECTED[kind] for kind, _ in senses[parts] if kind in _CORRECTED]
            if ranks:
                index.corrected[parts[0]] = min(ranks)
    return index


@cache
def listed_phrases(file: str, name: str) -> frozenset[tuple[str, ...]]:
    """Return a list of a lexicon file as phrases."""
    return frozenset(phrase(typed) for typed in tables.word_lists(file)[name])


@cache
def listed_words(file: str, name: str) -> frozenset[str]:
    """Return the single words of a list of a lexicon file."""
    return frozenset(parts[0] for parts in listed_phrases(file, name) if len(parts) == 1)


def context(name: str) -> frozenset[tuple[str, ...]]:
    """Return a list of `context.toml` as phrases."""
    return listed_phrases("context", name)


def context_words(name: str) -> frozenset[str]:
    """Return the single words of a list of `context.toml`."""
    return listed_words("context", name)


def name_words(name: str) -> frozenset[str]:
    """Return the single words of a list of `names.toml`: names, and words around them."""
    return listed_words("names", name)


def name_phrases(name: str) -> frozenset[tuple[str, ...]]:
    """Return a list of `names.toml` as phrases."""
    return listed_phrases("names", name)


@cache
def weak_words() -> frozenset[str]:
    """Return ordinary words that are also genres: they count only if music is meant."""
    typed = (word for words in tables.genre_words("weak").values() for word in words)
    return context_words("weak") | {parts[0] for parts in map(phrase, typed) if len(parts) == 1}


@cache
def lone_names() -> frozenset[tuple[str, ...]]:
    """Return names, as phrases, that mean a genre only if the prompt names no other."""
    return frozenset(phrase(typed) for names in tables.genre_words("lone").values() for typed in names)


def _all_senses() -> Iterator[tuple[Iterable[str], Sense]]:
    for name in tables.genres():
        yield (name, *tables.genre_words("names").get(name, ())), ("genre", name)
    for name, words in tables.instrument_names().items():
        yield (name, *words), ("instrument", name)
    for color in tables.colors().values():
        yield color.words, (color.kind, color.name)
    for pace in tables.paces().values():
        yield pace.words, ("tempo", pace.name)
        yield pace.soft, ("soft tempo", pace.name)
    for meaning, words in tables.word_lists("vocals").items():
        yield words, (("gender", meaning.split()[-1]) if meaning.startswith("gender") else ("vocal", meaning))
    for meaning, words in tables.word_lists("structure").items():
        yield words, ("structure", meaning)
    for meaning, words in tables.genre_words("adjectives").items():
        yield words, ("flavour", meaning)
    for meaning, words in tables.word_lists("avoided").items():
        yield words, ("avoid", meaning)
    yield from ((words, (f"{ABSENT}{kind}", meaning)) for kind, meaning, words in tables.absent())
    lists = tables.word_lists("context")
    for name, kind in (
        ("shadow", "shadow"),
        ("not negation", "shadow"),
        ("negation", "negation"),
        ("postfix", "postfix"),
        ("use", "use"),
    ):
        yield lists[name], (kind, "")

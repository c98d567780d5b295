"""The index of everything the engine has a word for: phrases by their first word, longest first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache

from riffusion_tui.studio.engine.understand import tables
from riffusion_tui.studio.engine.understand.words import phrase

Sense = tuple[str, str]
"""(kind, meaning): kinds of `Heard`, and the reader's own: shadow, negation, postfix, use, gender, soft tempo."""


@dataclass(slots=True)
class Lexicon:
    """Phrases by their first word; single words also by first letter for the spelling."""

    phrases: dict[str, list[tuple[tuple[str, ...], list[Sense]]]] = field(default_factory=dict)
    single: set[str] = field(default_factory=set)
    known: set[str] = field(default_factory=set)
    """Every word that occurs in any phrase."""

    def add(self, words: Iterable[str], sense: Sense) -> None:
        """Give each of `words` (phrases as typed) the meaning `sense`."""
        for typed in words:
            parts = phrase(typed)
            if not parts:
                continue
            rows = self.phrases.setdefault(parts[0], [])
            for parts_there, senses in rows:
                if parts_there == parts:
                    if sense not in senses:
                        senses.append(sense)
                    break
            else:
                rows.append((parts, [sense]))
            self.known.update(parts)
            if len(parts) == 1:
                self.single.add(parts[0])

    def sort(self) -> None:
        """Put longer phrases before shorter ones that begin alike."""
        for rows in self.phrases.values():
            if len(rows) > 1:
                rows.sort(key=lambda row: -len(row[0]))


@cache
def lexicon() -> Lexicon:
    """The lexicon of `styles/`, read once."""
    index = Lexicon()
    for words, sense in _all_senses():
        index.add(words, sense)
    index.sort()
    return index


@cache
def context(name: str) -> frozenset[tuple[str, ...]]:
    """A list of `context.toml` as phrases."""
    return frozenset(phrase(typed) for typed in tables.word_lists("context")[name])


@cache
def context_words(name: str) -> frozenset[str]:
    """The single words of a list of `context.toml`."""
    return frozenset(parts[0] for parts in context(name) if len(parts) == 1)


def _all_senses() -> Iterator[tuple[Iterable[str], Sense]]:
    for genre in tables.genres().values():
        yield (genre.name, *genre.words), ("genre", genre.name)
    for instrument in tables.instruments().values():
        yield (instrument.name, *instrument.words), ("instrument", instrument.name)
    for colour in tables.colours().values():
        yield colour.words, (colour.kind, colour.name)
    for pace in tables.paces().values():
        yield pace.words, ("tempo", pace.name)
        yield pace.soft, ("soft tempo", pace.name)
    for meaning, words in tables.word_lists("vocals").items():
        yield words, (("gender", meaning.split()[-1]) if meaning.startswith("gender") else ("vocal", meaning))
    for meaning, words in tables.word_lists("structure").items():
        yield words, ("structure", meaning)
    for meaning, words in tables.word_lists("adjectives").items():
        yield words, ("flavour", meaning)
    for meaning, words in tables.word_lists("avoided").items():
        yield words, ("avoid", meaning)
    lists = tables.word_lists("context")
    for name, kind in (
        ("shadow", "shadow"),
        ("not negation", "shadow"),
        ("negation", "negation"),
        ("postfix", "postfix"),
        ("use", "use"),
    ):
        yield lists[name], (kind, "")

"""Which instrument takes the place of one that the studio doesn't have: a harmonica that of a kazoo."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from riffusion_tui.studio.engine.datafiles import read_data, split_words
from riffusion_tui.studio.engine.understand.casts.standard_ensembles import joined, usual_players
from riffusion_tui.studio.engine.understand.reading.mentions import Mention, Reading
from riffusion_tui.studio.engine.understand.words import tables
from riffusion_tui.studio.engine.understand.words.lexicon import context_words
from riffusion_tui.studio.engine.understand.words.neighbors import after_all
from riffusion_tui.studio.engine.understand.words.tokens import phrase, stem

_ARTICLES = frozenset({"a", "an", "the"})
_JOINERS = frozenset({"and", "with", "plus", "vs"})
_OTHERS = ("piano", "acoustic guitar", "cello")
"""Who plays the second part of a duet if the genre has nobody for it."""


def stand_ins(reading: Reading, genre: tables.Genre) -> Iterator[tuple[str, str]]:
    """Yield (what the prompt names, what takes its place), each once."""
    found = {_known_as(one): one.word for one in reading.positive("instrument")}
    for (word, name), typed in found.items():
        if word in _substitutes().get(name, ()):
            yield typed.lower() if name.endswith("s") else _singular(typed), name
        elif tables.instruments()[name].sample:
            yield _singular(typed), tables.instruments()[name].sample
    unknown = unknown_partner(reading, genre)
    if unknown is not None:
        yield unknown[0], unknown[1]


def _known_as(mention: Mention) -> tuple[tuple[str, ...], str]:
    return _stems(mention.word), mention.meaning


def _singular(typed: str) -> str:
    """Return a name as people write one of it: `nyckelharpas` is `nyckelharpa`; `jews harp` stays."""
    *before, last = typed.lower().split()
    return " ".join((*before, stem(last)))


def _stems(word: str) -> tuple[str, ...]:
    return tuple(stem(part) for part in phrase(word))


def unknown_partner(reading: Reading, genre: tables.Genre) -> tuple[str, str, range] | None:
    """Return the unknown word for one of a duet's two instruments, what takes its place, and the duet's positions.

    None if both are known, or neither.
    """
    played = reading.positive("instrument")
    duos = [at for at, token in enumerate(reading.tokens) if token.norm in context_words("duos")]
    if not duos or len({one.meaning for one in played}) != 1:
        return None
    for one in played:
        for at, joiner in (
            (one.at - 2, one.at - 1),
            (after_all(reading.tokens, one.last + 2, _ARTICLES), one.last + 1),
        ):
            if 0 <= at < len(reading.tokens) and _is_a_partner(reading, at, joiner):
                places = _of_a_duo(reading, duos, one, at)
                if places:
                    return reading.tokens[at].typed, _second(one.meaning, genre), places
    return None


def _is_a_partner(reading: Reading, at: int, joiner: int) -> bool:
    """Whether the word means nothing else, and is joined to an instrument."""
    token = reading.tokens[at]
    unknown = token.typed in reading.ignored and token.norm.isalpha() and token.norm not in context_words("music nouns")
    return unknown and reading.tokens[joiner].norm in _JOINERS


def _of_a_duo(reading: Reading, duos: list[int], played: Mention, partner: int) -> range:
    """Return the positions of a duet whose two players are right before `duet`, or after `duet for`; else none."""
    first, last = min(played.at, partner), max(played.last, partner)
    for at in duos:
        if at == last + 1 or (at < first and joined(reading, at, first)):
            return range(min(at, first), max(at, last) + 1)
    return range(0)


def _second(first: str, genre: tables.Genre) -> str:
    sections = split_words(read_data("lexicon/ensembles.toml")["listed"]["sections"])
    usual = (*usual_players("group", genre), *genre.instruments)
    families = ("drums", "percussion", "fx", "voice", "bass")
    pitched = (name for name in usual if tables.instruments()[name].family not in families and name not in sections)
    return next(name for name in (*pitched, *_OTHERS) if name != first)


@cache
def _substitutes() -> dict[str, frozenset[tuple[str, ...]]]:
    rows = read_data("lexicon/standins.toml").items()
    return {name: frozenset(_stems(word) for word in split_words(words)) for name, words in rows}

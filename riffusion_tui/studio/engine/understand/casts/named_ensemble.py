"""Ensembles by their name, without a size: `percussion ensemble`, `a brass band`, `string orchestra`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from riffusion_tui.studio.engine.datafiles import read_data
from riffusion_tui.studio.engine.understand import tables
from riffusion_tui.studio.engine.understand.casts.ensemble_words import ensemble_words, usual_players
from riffusion_tui.studio.engine.understand.mentions import Reading
from riffusion_tui.studio.engine.understand.tokens import normalize


@dataclass(frozen=True, slots=True)
class _Named:
    """A row of `ensembles.toml`; each of its names is a row of normalized words."""

    names: tuple[tuple[str, ...], ...]
    players: tuple[str, ...]
    genres: frozenset[str]
    own: str


def named_ensemble(reading: Reading, genre: tables.Genre) -> tuple[str, ...]:
    """Return the players of an ensemble that the prompt names as the whole band; empty if there is none.

    Args:
        reading: the prompt's.
        genre: the plan's.
    """
    for row, first, last in _found(reading):
        if _is_everyone(reading, row, first, last):
            return usual_players(row.own, genre) or row.players
    return ()


@cache
def naming_words() -> frozenset[str]:
    """Return the normalized words that ensembles are named by: `ensemble`, `band`."""
    return frozenset(word for row in _rows() for name in row.names for word in name)


def _found(reading: Reading) -> Iterator[tuple[_Named, int, int]]:
    """Yield the ensembles of the prompt, each with its first and last token."""
    words = [token.norm for token in reading.tokens]
    excluded = {at for mention in reading.mentions if mention.negated for at in range(mention.at, mention.last + 1)}
    for row in _rows():
        for name in row.names:
            for at in range(len(words) - len(name) + 1):
                if words[at] == name[0] and tuple(words[at : at + len(name)]) == name and at not in excluded:
                    yield row, at, at + len(name) - 1


def _is_everyone(reading: Reading, row: _Named, first: int, last: int) -> bool:
    """Whether nobody else plays: no other instrument, no singer's band, and no genre that has a band of its own."""
    own = range(first, last + 1)
    families = {tables.instruments()[name].family for name in row.players}
    for mention in reading.positive("instrument"):
        known = tables.instruments()[mention.meaning]
        if not (mention.at in own or mention.last in own) and known.family not in families:
            return False
    before = first
    while before and not reading.tokens[before].gap:
        before -= 1
    phrase = reading.tokens[before:first]
    if any(token.norm in ensemble_words("beside") for token in phrase):
        return False
    if any(t.norm in ensemble_words("larger") for t in (*reading.tokens[:first], *reading.tokens[last + 1 :])):
        return False
    others = [one for one in reading.positive("genre") if one.at not in own and one.last not in own]
    return all(before <= one.at < first or tables.genres()[one.meaning].family in row.genres for one in others)


@cache
def _rows() -> tuple[_Named, ...]:
    return tuple(
        _Named(
            tuple(tuple(normalize(word) for word in name.split()) for name in tables.split_words(row["words"])),
            tables.split_words(row["players"]),
            frozenset(tables.split_words(row["genres"])),
            row.get("own", ""),
        )
        for row in read_data("lexicon/ensembles.toml")["named"]
    )

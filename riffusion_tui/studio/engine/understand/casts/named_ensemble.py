"""Ensembles by their name, without a size: `percussion ensemble`, `a brass band`, `string orchestra`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from riffusion_tui.studio.engine.datafiles import read_data, split_words
from riffusion_tui.studio.engine.understand.casts.standard_ensembles import (
    ensemble_words,
    is_beside,
    is_played,
    played_in,
    usual_players,
)
from riffusion_tui.studio.engine.understand.instruments.instrument_mentions import is_plain_guitar
from riffusion_tui.studio.engine.understand.reading.mentions import Reading
from riffusion_tui.studio.engine.understand.reading.senses.voice_types import is_a_group_of
from riffusion_tui.studio.engine.understand.words import tables
from riffusion_tui.studio.engine.understand.words.neighbors import phrases_in, start_of_clause
from riffusion_tui.studio.engine.understand.words.tables import genre_families, instrument_families
from riffusion_tui.studio.engine.understand.words.tokens import normalize


@dataclass(frozen=True, slots=True)
class _Named:
    """A row of `ensembles.toml`; each of its names is a row of normalized words."""

    names: tuple[tuple[str, ...], ...]
    players: tuple[str, ...]
    genres: frozenset[str]
    own: str


def named_ensemble(reading: Reading, genre: tables.Genre) -> tuple[str, ...]:
    """Return the players of an ensemble that the prompt names as the whole band; empty if there is none."""
    for row, first, last in _found(reading):
        others = _struck(reading, range(first, last + 1)) if row.own == "percussion" else ()
        if others:
            return others
        listed = any(token.colon or token.bracket for token in reading.tokens[last + 1 : last + 2])
        if not listed and _is_everyone(reading, row.players, row.genres, first, last):
            return usual_players(row.own, genre) or row.players
    for mention in played_in(reading):
        after = [token.norm for token in reading.after(mention) if not token.gap]
        if after and is_a_group_of(after[0], mention.meaning):
            acoustic = is_plain_guitar(mention) and not reading.positive("genre")
            players = _several("acoustic guitar" if acoustic else mention.meaning)
            if _is_everyone(reading, players, genre_families("for one instrument"), mention.at, mention.last + 1):
                return players
    return ()


def _struck(reading: Reading, name: range) -> tuple[str, ...]:
    """Return who plays in a percussion ensemble, without its name, if all strike: `percussion ensemble, marimba`."""
    found = dict.fromkeys(one.meaning for one in reading.positive("instrument") if one.at not in name)
    families = {tables.instruments()[one].family for one in found}
    return tuple(found) if families <= instrument_families("struck") and "mallets" in families else ()


@cache
def naming_words() -> frozenset[str]:
    """Return the normalized words that ensembles are named by: `ensemble`, `band`."""
    several = read_data("lexicon/ensembles.toml")["several"]
    return frozenset((*(word for row in _rows() for name in row.names for word in name), *several))


def _found(reading: Reading) -> Iterator[tuple[_Named, int, int]]:
    """Yield the ensembles of the prompt, each with its first and last token."""
    words = reading.norms
    excluded = reading.negated_places()
    for row in _rows():
        for at, name in phrases_in(words, row.names):
            if at not in excluded:
                yield row, at, at + len(name) - 1


def _several(instrument: str) -> tuple[str, ...]:
    """Return a group of an instrument: four, of saxophones one of each size."""
    quartet = read_data("lexicon/ensembles.toml")["standard"].get(f"{instrument} 4", "")
    return split_words(quartet) if instrument == "sax" else (instrument,) * 4


def _is_everyone(reading: Reading, players: tuple[str, ...], genres: frozenset[str], first: int, last: int) -> bool:
    """Whether nobody else plays: no other instrument, and no genre that has a band of its own.

    Args:
        reading: the prompt's.
        players: the ensemble's.
        genres: families of genres that it plays alone.
        first: the first token of its name.
        last: the last one.
    """
    own = range(first, last + 1)
    families = {tables.instruments()[name].family for name in players}
    for mention in reading.positive("instrument"):
        known = tables.instruments()[mention.meaning]
        if not (mention.at in own or mention.last in own) and known.family not in families:
            return False
    before = start_of_clause(reading.tokens, first)
    if any(is_beside(reading, at) for at in range(before, first)):
        return False
    if any(t.norm in ensemble_words("larger") for t in (*reading.tokens[:first], *reading.tokens[last + 1 :])):
        return False
    others = [one for one in reading.positive("genre") if one.at not in own and one.last not in own]
    return all(
        before <= one.at < first or is_played(reading, one) or _suits(tables.genres()[one.meaning], genres)
        for one in others
    )


def _suits(genre: tables.Genre, families: frozenset[str]) -> bool:
    """Whether an ensemble plays a genre alone, of a family or for an occasion: `handbell choir, christmas`."""
    return genre.family in families or genre.name in read_data("lexicon/ensembles.toml")["occasions"]["genres"]


@cache
def _rows() -> tuple[_Named, ...]:
    return tuple(
        _Named(
            tuple(tuple(normalize(word) for word in name.split()) for name in split_words(row["words"])),
            split_words(row["players"]),
            frozenset(split_words(row["genres"])),
            row.get("own", ""),
        )
        for row in read_data("lexicon/ensembles.toml")["named"]
    )

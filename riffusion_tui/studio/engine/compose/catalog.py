"""The data files of `styles/` that composing draws on: palettes, grooves, progressions, forms, patterns, melody habits.

Each entry says by `for` which genres or families it serves; `any` serves all. A genre takes its own entries first, and
its family's beside them when its own are few.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from riffusion_tui.studio.engine.datafiles import read_data

FEW = 3
"""With fewer entries of its own, a genre takes its family's too."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a table: its name, whom it serves, and its other fields as the file gives them."""

    name: str
    serves: frozenset[str]
    data: dict[str, Any]

    def text(self, field: str, default: str = "") -> str:
        """A field that holds words."""
        return str(self.data.get(field, default))

    def words(self, field: str) -> tuple[str, ...]:
        """A field that holds a list of words."""
        return tuple(str(word) for word in self.data.get(field, ()))

    def number(self, field: str, default: float) -> float:
        """A field that holds a number."""
        return float(self.data.get(field, default))


@cache
def table(file: str, key: str) -> tuple[Entry, ...]:
    """All entries `[[key]]` of a file."""
    rows = read_data(file)[key]
    return tuple(Entry(str(row["name"]), frozenset(row.get("for", ("any",))), row) for row in rows)


@cache
def serving(file: str, key: str, genre: str, family: str) -> tuple[Entry, ...]:
    """The entries that serve a genre: its own, its family's when those are few, those for any when still too few."""
    entries = table(file, key)
    found: list[Entry] = []
    for tag in (genre, family, "any"):
        if len(found) < FEW:
            found += [entry for entry in entries if tag in entry.serves and entry not in found]
    return tuple(found)


@cache
def family_of(genre: str) -> str:
    """The family a genre belongs to; the genre itself when the lexicon has no such genre."""
    return str(_genre(genre).get("family", genre))


def band(genre: str) -> tuple[str, ...]:
    """The instruments that a genre usually has."""
    return tuple(str(name) for name in _genre(genre).get("instruments", ()))


def instrument(name: str) -> dict[str, Any]:
    """What the lexicon says of an instrument: its family, roles and General MIDI program; empty when unknown."""
    return dict(read_data("instruments.toml").get(name, {}))


def _genre(genre: str) -> dict[str, Any]:
    return dict(read_data("genres.toml").get(genre, {}))

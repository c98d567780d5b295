"""The entries that composing draws on: palettes, grooves, progressions, forms, patterns, melody habits.

Entries that several genres share are in the files of `styles/`; a genre's or family's file names those it uses, and
defines its own. A genre takes the entries of its file first, then its family's and finally those for any genre, until
it has enough to choose from.
"""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from typing import Any

from riffusion_tui.studio.engine import genre_files
from riffusion_tui.studio.engine.datafiles import read_data
from riffusion_tui.studio.engine.engine_errors import StyleError

MIN_CHOICES = 3
"""With fewer entries than this, a genre takes its family's too."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry: its name and its other fields as the file gives them."""

    name: str
    data: dict[str, Any]

    @property
    def serves_any(self) -> bool:
        """Whether it suits every genre."""
        return bool(self.data.get("any", False))

    def text(self, field: str, default: str = "") -> str:
        """Return a field that holds a text."""
        return str(self.data.get(field, default))

    def words(self, field: str) -> tuple[str, ...]:
        """Return a field that holds a list of texts."""
        return tuple(str(word) for word in self.data.get(field, ()))

    def number(self, field: str, default: float) -> float:
        """Return a field that holds a number."""
        return float(self.data.get(field, default))


@cache
def table(file: str, key: str) -> tuple[Entry, ...]:
    """Return all entries `[[key]]`: the shared ones of a file of `styles/`, then those of the genre files."""
    own = (
        row for one in (*genre_files.families().values(), *genre_files.genres().values()) for row in one.get(key, ())
    )
    return tuple(Entry(str(row["name"]), row) for row in (*read_data(file).get(key, ()), *own))


@cache
def layers(file: str, key: str, genre: str, family: str) -> tuple[tuple[Entry, ...], ...]:
    """Return the entries that the genre's file lists, those that its family's lists, and those for any genre.

    Raises:
        StyleError: a file uses a name that no entry has.
    """
    own = _listed(file, key, genre, genre_files.genres().get(genre, {}))
    shared = _listed(file, key, family, genre_files.families().get(family, {}))
    return own, shared, tuple(entry for entry in table(file, key) if entry.serves_any)


@cache
def serving(file: str, key: str, genre: str, family: str) -> tuple[Entry, ...]:
    """Return the entries that suit a genre: its own, its family's when those are few, those for any when still few."""
    found: list[Entry] = []
    for layer in layers(file, key, genre, family):
        if len(found) < MIN_CHOICES:
            found += [entry for entry in layer if entry not in found]
    return tuple(found)


def _listed(file: str, key: str, name: str, source: dict[str, Any]) -> tuple[Entry, ...]:
    """The entries that a genre or family uses, in its order; its own that it does not place come last."""
    used = source.get("uses", {}).get(key, [])
    names = [*used, *(row["name"] for row in source.get(key, ()) if row["name"] not in used)]
    known = {entry.name: entry for entry in table(file, key)}
    for missing in (one for one in names if one not in known):
        near = f"; did you mean {match[0]!r}?" if (match := get_close_matches(missing, known, 1)) else ""
        raise StyleError(genre_files.path_of(name), f"uses.{key}", f"{file} has no {missing!r}{near}")
    return tuple(known[one] for one in names)


@cache
def family_of(genre: str) -> str:
    """Return the family of a genre; the genre itself if it is unknown."""
    known = genre_files.genres().get(genre)
    return str(known["genre"]["family"]) if known else genre


def band(genre: str) -> tuple[str, ...]:
    """Return the instruments that a genre usually has."""
    known = genre_files.genres().get(genre)
    return tuple(str(name) for name in known["genre"]["instruments"]) if known else ()


def of_decade(genre: str, decade: str | None) -> dict[str, str]:
    """Return what played in a genre in a decade, by what usually plays."""
    found: dict[str, str] = genre_files.genres().get(genre, {}).get("decades", {}).get(decade, {})
    return found


def instrument(name: str) -> dict[str, Any]:
    """Return the family, roles and General MIDI program of an instrument; empty if it is unknown."""
    return dict(read_data("instruments.toml").get(name, {}))

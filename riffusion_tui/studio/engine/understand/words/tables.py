"""The tables of `styles/` as values: genres, instruments and the lexicon."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, partial
from typing import Any

from riffusion_tui.studio.engine import genre_files
from riffusion_tui.studio.engine.datafiles import read_data, split_words
from riffusion_tui.studio.engine.understand.words.tokens import phrase


@dataclass(frozen=True, slots=True)
class Genre:
    """A genre's usual values; `styles/README.md` explains the fields."""

    name: str
    family: str
    bpm: tuple[int, int]
    meters: tuple[tuple[int, int], ...]
    swing: float
    modes: tuple[str, ...]
    instruments: tuple[str, ...]
    vocals: str
    energy: float
    density: float
    brightness: float
    length: tuple[int, int]
    traits: frozenset[str]
    covers: frozenset[str]
    """Families within which a narrower name says more."""
    themes: tuple[str, ...]
    """Lyric themes; empty: the family's."""
    unites: tuple[frozenset[str], ...]
    """Genres of which one from each set, named together, is this one; empty for most."""
    language: str
    """Of the lyrics, if the prompt does not say: an ISO 639-1 code."""
    tempos: tuple[tuple[tuple[str, ...], tuple[int, int]], ...]
    """Usual tempos of kinds of the genre, by the words of their names."""


@dataclass(frozen=True, slots=True)
class Instrument:
    """An instrument; `instruments.toml` explains the fields."""

    name: str
    family: str
    program: int
    roles: tuple[str, ...]
    sample: str = ""
    """The instrument whose samples it has, if the user is to know; else empty."""


@dataclass(frozen=True, slots=True)
class Color:
    """A mood, scene, era, energy or production word, and its effect on the plan."""

    name: str
    kind: str
    words: tuple[str, ...]
    feel: tuple[float, float, float] = (0.0, 0.0, 0.0)
    """Added to energy, density and brightness."""
    tempo: float = 0.0
    """Shift of the tempo within the genre's range, -1 to 1."""
    modes: tuple[str, ...] = ()
    genres: tuple[str, ...] = ()
    theme: str = ""


@dataclass(frozen=True, slots=True)
class Pace:
    """A tempo word's range in beats per minute; `soft` words count only beside tempo nouns."""

    name: str
    range: tuple[int, int]
    words: tuple[str, ...]
    soft: tuple[str, ...]
    singers: tuple[str, ...]
    """With whom jazz has this tempo."""


@cache
def genres() -> dict[str, Genre]:
    """Return all genres by name."""
    return {name: _genre(name, table["genre"]) for name, table in genre_files.genres().items()}


@cache
def instruments() -> dict[str, Instrument]:
    """Return all instruments by name."""
    return {
        name: Instrument(name, row["family"], row["program"], tuple(row["roles"]), row.get("sample", ""))
        for name, row in read_data("instruments.toml").items()
    }


@cache
def colors() -> dict[tuple[str, str], Color]:
    """Return moods, scenes, eras, energy and production words by (kind, name)."""
    kinds = {"moods": "mood", "scenes": "scene", "eras": "era", "energy": "energy", "production": "production"}
    rows = (color for file, kind in kinds.items() for color in _colors(file, kind))
    return {(color.kind, color.name): color for color in rows}


@cache
def paces() -> dict[str, Pace]:
    """Return tempo words by name."""
    return {
        name: Pace(
            name,
            (row["range"][0], row["range"][1]),
            split_words(row["words"]),
            split_words(row.get("soft", "")),
            split_words(row.get("singers", "")),
        )
        for name, row in read_data("lexicon/tempo.toml").items()
    }


def is_meant(name: str, family: str) -> bool:
    """Whether an instrument of a family is meant by the family's name: a guitar is, a banjo isn't."""
    return name not in read_data("cast.toml")["apart"].get(family, ())


@cache
def instrument_names() -> dict[str, tuple[str, ...]]:
    """Return what people write for each instrument."""
    return {name: split_words(words) for name, words in read_data("lexicon/instruments.toml").items()}


@cache
def genre_words(kind: str) -> dict[str, tuple[str, ...]]:
    """Return the `[words]` of a kind, by genre: `names`, `adjectives`, `weak` or `lone`."""
    rows = {name: table.get("words", {}).get(kind, "") for name, table in genre_files.genres().items()}
    return {name: split_words(words) for name, words in rows.items() if words}


@cache
def absent() -> tuple[tuple[str, str, tuple[str, ...]], ...]:
    """Return (kind, meaning, words) of nouns that mean something only if they are negated."""
    rows = read_data("lexicon/absent.toml").items()
    return tuple((row["kind"], meaning, split_words(row["words"])) for meaning, row in rows)


@cache
def sections() -> dict[str, str]:
    """Return the kind of section that each name of one stands for: `refrain` is a chorus."""
    rows = (row for row in read_data("lexicon/structure.toml").values() if "section" in row)
    return {name: row["section"] for row in rows for name in split_words(row["names"])}


@cache
def word_lists(name: str) -> dict[str, tuple[str, ...]]:
    """Return the `words` of the tables of a lexicon file: `vocals`, `structure`, `context`."""
    return {key: split_words(row["words"]) for key, row in read_data(f"lexicon/{name}.toml").items()}


@cache
def word_set(name: str, table: str, key: str) -> frozenset[str]:
    """Return a list of words in a table of a lexicon file: `word_set("ensembles", "words", "of")`."""
    return frozenset(split_words(read_data(f"lexicon/{name}.toml")[table][key]))


genre_families = partial(word_set, "families", "genres")
"""Returns a list of families of genres of `families.toml`."""
instrument_families = partial(word_set, "families", "instruments")
"""Returns a list of families of instruments of `families.toml`."""


def _genre(name: str, row: dict[str, Any]) -> Genre:
    energy, density, brightness = row["feel"]
    return Genre(
        name=name,
        family=row["family"],
        bpm=(row["bpm"][0], row["bpm"][1]),
        meters=tuple(parse_meter(text) for text in row["meters"]),
        swing=row["swing"],
        modes=tuple(row["modes"]),
        instruments=tuple(row["instruments"]),
        vocals=row["vocals"],
        energy=energy,
        density=density,
        brightness=brightness,
        length=(row["length"][0], row["length"][1]),
        traits=frozenset(row.get("traits", ())),
        covers=frozenset(row.get("covers", ())),
        themes=tuple(row.get("themes", ())),
        unites=tuple(frozenset(names) for names in row.get("unites", ())),
        language=row.get("language", "en"),
        tempos=tuple((phrase(kind), (low, high)) for kind, (low, high) in row.get("tempos", {}).items()),
    )


def parse_meter(text: str) -> tuple[int, int]:
    """Return the two numbers of a meter: 6 and 8 of `6/8`."""
    upper, lower = text.split("/")
    return int(upper), int(lower)


def _colors(file: str, kind: str) -> Iterator[Color]:
    for name, row in read_data(f"lexicon/{file}.toml").items():
        feel = row.get("feel", (0.0, 0.0, 0.0))
        yield Color(
            name=name,
            kind=row.get("kind", kind),
            words=split_words(row["words"]),
            feel=(feel[0], feel[1], feel[2]),
            tempo=row.get("tempo", 0.0),
            modes=tuple(mode.replace("_", " ") for mode in row.get("modes", "").split()),
            genres=split_words(row.get("genres", "")),
            theme=row.get("theme", ""),
        )


@cache
def manners() -> dict[str, str]:
    """Return the manner of singing that each word asks for: `raspy` is gritty."""
    rows = {name: row for name, row in read_data("delivery.toml")["manner"].items() if isinstance(row, dict)}
    return {word: name for name, row in rows.items() for word in split_words(row["elsewhere"])}

"""Each genre is one file, and errors in a file name the key to change."""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Iterator
from dataclasses import fields
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from riffusion_tui.studio.engine import datafiles, genre_files
from riffusion_tui.studio.engine.compose import catalog
from riffusion_tui.studio.engine.compose.arrangement_style import ArrangementStyle
from riffusion_tui.studio.engine.datafiles import split_words
from riffusion_tui.studio.engine.engine_errors import StyleError
from riffusion_tui.studio.engine.genre_fields import FAMILY, GENRE, SECTIONS
from riffusion_tui.studio.engine.genre_files import FAMILY_FILE, merge, slug
from riffusion_tui.studio.engine.mix.mixing import Mixing
from riffusion_tui.studio.engine.understand.words import tables
from riffusion_tui.studio.engine.understand.words.tokens import phrase

STYLES = Path(str(files("riffusion_tui.studio.engine"))) / "styles"
OTHER_THINGS = {
    "drums.toml": {"metal", "synthwave", "cinematic", "jazz", "pop", "techno", "trap", "industrial", "rock"},
    "eras.toml": {"medieval"},
    "halves.toml": {"christmas"},
    "hints.toml": {"latin", "breakbeat"},
    "instruments.toml": {"gamelan"},
    "modes.toml": {"blues"},
    "production.toml": {"lo-fi"},
    "themes.toml": {"christmas"},
    "voices.toml": {"gamelan"},
}
"""Kits, eras, languages, instruments, modes, … that have the name of a genre."""
TRANSLATIONS = {"compounds.toml", "cyrillic.toml", "same.toml", "scripts.toml"}
"""Files that say how English words are written in other languages, not what they mean."""
SEVERAL = {"genres"}
"""Keys that list all genres that a scene or a mood suits."""

SOURCES = {
    f"genres/{path.parent.name}/{path.name}": path.read_bytes() for path in sorted((STYLES / "genres").glob("*/*.toml"))
}
FADO = "genres/latin/fado.toml"
NEIGHBORS = {file: source for file, source in SOURCES.items() if file.startswith("genres/latin/")}


def names_in(value: Any, key: str = "") -> Iterator[str]:
    if isinstance(value, dict):
        for name, inner in value.items():
            yield name
            yield from names_in(inner, name)
    elif isinstance(value, list) and key not in SEVERAL:
        for one in value:
            yield from names_in(one, key)
    elif isinstance(value, str) and key in ("for", "family"):
        yield value


def test_every_genre_has_exactly_one_file() -> None:
    named = Counter(
        tomllib.loads(source.decode())["genre"]["name"] for file, source in SOURCES.items() if FAMILY_FILE not in file
    )
    assert set(named.values()) == {1}
    assert set(named) == set(genre_files.genres()) == set(tables.genres())
    assert len(SOURCES) == len(named) + len(genre_files.families())


def test_no_shared_file_has_a_table_or_an_entry_for_a_genre() -> None:
    genres = set(genre_files.genres()) | set(genre_files.families())
    for path in sorted(STYLES.rglob("*.toml")):
        if "genres" not in path.parts[-3:] and path.name not in TRANSLATIONS:
            found = genres.intersection(names_in(tomllib.loads(path.read_text("utf-8"))))
            assert found - OTHER_THINGS.get(path.name, set()) == set(), path.name


def test_hints_for_a_single_genre_are_in_its_file() -> None:
    hints = datafiles.read_data("lexicon/hints.toml")
    single = [word for kind, rows in hints.items() for word, text in rows.items() if len(split_words(text)) < 2]
    assert single == []


def test_the_engine_reads_the_files_values() -> None:
    fado = tables.genres()["fado"]
    assert (fado.family, fado.bpm, fado.vocals) == ("latin", (60, 92), "female")
    palettes = catalog.serving("palettes.toml", "palette", "fado", "latin")
    assert [entry.name for entry in palettes][:2] == ["alfama", "night at the quay"]


def test_kinds_with_a_tempo_of_their_own_are_names_of_the_genre() -> None:
    for name, genre in tables.genres().items():
        words = {tuple(phrase(word)) for word in tables.genre_words("names").get(name, ())}
        assert {kind for kind, _ in genre.tempos} <= words, name


def test_what_plays_in_a_decade_is_an_instrument() -> None:
    rows = [row for one in genre_files.genres().values() for row in one.get("decades", {}).values()]
    assert {name for row in rows for name in (*row, *row.values())} <= set(tables.instruments())


def test_every_field_is_documented() -> None:
    text = (STYLES / "README.md").read_text("utf-8")
    keys = {*GENRE, *FAMILY, *SECTIONS, *SECTIONS["words"], *SECTIONS["hints"], *SECTIONS["ensemble"]}
    assert [key for key in sorted(keys) if f"`{key}`" not in text] == []


def test_every_field_can_be_set() -> None:
    assert set(SECTIONS["mix"]) == {field.name for field in fields(Mixing)}
    assert set(SECTIONS["arrangement"]) == {field.name for field in fields(ArrangementStyle)}


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("bpm = [60, 92]", "bpm = [60 92]", r"fado\.toml: not valid TOML: .*line 3.*; correct it there"),
        ("bpm = [60, 92]", "bpm = [92, 60]", r"fado\.toml: genre\.bpm: must be two numbers, the lower first"),
        ("bpm = [60, 92]", "", r"fado\.toml: genre\.bpm: missing; add it"),
        ("bpm = ", "bmp = ", r"fado\.toml: genre: unknown name 'bmp'; did you mean 'bpm'\?"),
        ('vocals = "female"', 'vocals = "woman"', r"genre\.vocals: must be one of none, male"),
        ("swing = 0", "swing = 66", r"genre\.swing: must be a number from 0 to 1"),
        ("swing = 0", 'traits = ["sad"]\nswing = 0', r"genre\.traits: may hold purpose, sung, gentle"),
        ('meters = ["4/4"]', 'meters = ["4-4"]', r"genre\.meters: must be a list of meters, such as"),
        ("swing = 0", "tempos = { fado = [9, 2] }\nswing = 0", r"genre\.tempos: must be a table of ranges, such as"),
        ('"mandolin"', '"mandoline"', r"genre\.instruments: unknown name 'mandoline'; did you mean 'mandolin'\?"),
        ("feel = [0.35, 0.45, 0.45]", "feel = [1]", r"genre\.feel: must be a list of 3 numbers"),
        ("[mix]", "[mixx]", r"fado\.toml: unknown name 'mixx'; did you mean 'mix'\?"),
        ("[mix]", '[decades]\n"1980s" = { drums = 3 }\n[mix]', r"decades\.1980s: must be a table of texts"),
        ("room = 1.6", 'room = "big"', r"mix\.room: must be a number"),
        ("[genre]", "energy = 3\n[genre]", r"fado\.toml: energy: must be a section \[energy\]"),
        ("backing = false", 'backing = "no"', r"arrangement\.backing: must be true or false"),
        ("counter = 0.3", 'counter = "0.3"', r"arrangement\.enters: must be a table of numbers"),
        ('name = "alfama"\n', "", r"palette: must be written as \[\[palette\]\], each with a name"),
        ('name = "fado"', 'name = "Fado canção"', r"genre\.name: 'Fado canção' must be in a file .* 'fado-can-o'"),
        ("[genre]", "[genres]", r"fado\.toml: unknown name 'genres'; did you mean 'genre'\?"),
        ("[hints]\nwords = [", "[hints]\nwords = [1, ", r"hints\.words: must be a list of texts"),
    ],
)
def test_an_error_in_a_file_names_the_key_and_the_fix(old: str, new: str, message: str) -> None:
    source = SOURCES[FADO].decode()
    assert old in source
    with pytest.raises(StyleError, match=message):
        merge(NEIGHBORS | {FADO: source.replace(old, new, 1).encode()})


def test_a_file_without_a_genre_section_is_refused() -> None:
    with pytest.raises(StyleError, match=r"fado\.toml: genre: the section \[genre\] is missing"):
        merge(NEIGHBORS | {FADO: b"[mix]\nroom = 1.0\n"})


def test_a_second_file_for_a_genre_is_refused() -> None:
    with pytest.raises(StyleError, match=r"jazz/fado\.toml|latin/fado\.toml: genre\.name: another file has this name"):
        merge(SOURCES | {"genres/jazz/fado.toml": SOURCES[FADO]})


def test_a_folder_without_its_family_file_is_refused() -> None:
    with pytest.raises(StyleError, match=r"genres/lusophone/fado\.toml: its folder has no _family\.toml; add one"):
        merge(NEIGHBORS | {"genres/lusophone/fado.toml": SOURCES[FADO]})


def test_an_unknown_entry_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    source = SOURCES[FADO].replace(b"[uses]", b'[uses]\ngroove = ["rumbaa"]', 1)
    broken = merge(SOURCES | {FADO: source})
    monkeypatch.setattr(genre_files, "_all", lambda: broken)
    with pytest.raises(StyleError, match=r"fado\.toml: uses\.groove: grooves\.toml has no 'rumbaa'"):
        catalog._listed("grooves.toml", "groove", "fado", broken["genres"]["fado"])


def test_an_edited_genre_file_is_reloaded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "styles" / "genres" / "latin"
    folder.mkdir(parents=True)
    for name in (FAMILY_FILE, "fado.toml"):
        (folder / name).write_bytes(SOURCES[f"genres/latin/{name}"])
    monkeypatch.setattr(datafiles, "_STYLES", tmp_path / "styles")
    monkeypatch.setenv(datafiles.HOME_VARIABLE, str(tmp_path))
    assert datafiles.read_folder("genres", merge)["genres"]["fado"]["genre"]["bpm"] == [60, 92]
    (folder / "fado.toml").write_bytes(SOURCES[FADO].replace(b"[60, 92]", b"[61, 92]"))
    assert datafiles.read_folder("genres", merge)["genres"]["fado"]["genre"]["bpm"] == [61, 92]
    monkeypatch.setattr(genre_files, "merge", None)
    assert datafiles.read_folder("genres", lambda _: {})["genres"]["fado"]["genre"]["bpm"] == [61, 92]


@pytest.mark.parametrize(
    ("name", "file"), [("r&b", "r-and-b"), ("children's", "childrens"), ("drum and bass", "drum-and-bass")]
)
def test_genre_names_become_file_names(name: str, file: str) -> None:
    assert slug(name) == file

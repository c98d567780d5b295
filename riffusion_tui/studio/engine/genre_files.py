"""Reads the genre files: `styles/genres/FAMILY/GENRE.toml`, one for each genre, and each family's `_family.toml`.

`styles/README.md` explains their fields. All of them together are parsed and checked once an installation, as the other
data files are; a file that can't be used raises `StyleError`.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from difflib import get_close_matches
from functools import cache
from typing import Any

from riffusion_tui.studio.engine.datafiles import read_data, read_folder
from riffusion_tui.studio.engine.engine_errors import StyleError
from riffusion_tui.studio.engine.genre_fields import ENTRIES, FAMILY, GENRE, REQUIRED, SECTIONS, Check

FAMILY_FILE = "_family.toml"

Table = dict[str, Any]


def genres() -> dict[str, Table]:
    """Return every genre's file by the genre's name. `genre.family` is the name of its family.

    Raises:
        StyleError: a file can't be used.
    """
    found: dict[str, Table] = _all()["genres"]
    return found


def families() -> dict[str, Table]:
    """Return every family's defaults by the family's name.

    Raises:
        StyleError: a file can't be used.
    """
    found: dict[str, Table] = _all()["families"]
    return found


def overrides(name: str, genre: str) -> Iterator[Table]:
    """Yield a section, such as `mix`, of the family's file and then of the genre's, which overrides it."""
    own = genres().get(genre, {})
    family = families().get(own["genre"]["family"], {}) if own else families().get(genre, {})
    for table in (family, own):
        if name in table:
            yield table[name]


def slug(name: str) -> str:
    """Return the file or folder name of a genre or family: `R&B` gives `r-and-b`."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower().replace("&", " and ").replace("'", "")).strip("-")


@cache
def _all() -> Table:
    return read_folder("genres", merge)


def merge(sources: dict[str, bytes]) -> Table:
    """Parse and check the genre files, given by their path below `styles/`.

    Raises:
        StyleError: a file can't be used.
    """
    tables = {file: _parsed(file, source) for file, source in sources.items()}
    folders = {file.split("/")[1]: table for file, table in tables.items() if file.endswith(f"/{FAMILY_FILE}")}
    found: Table = {"genres": {}, "families": {}}
    for file, table in tables.items():
        _, folder, name = file.split("/")
        family = folders.get(folder)
        if family is None:
            raise StyleError(file, "", f"its folder has no {FAMILY_FILE}; add one, or move the file to another family")
        if name == FAMILY_FILE:
            _check(file, "family", table, FAMILY)
            _check_name(file, "family.name", table["family"]["name"], folder)
            found["families"][table["family"]["name"]] = table
            continue
        _check(file, "genre", table, GENRE)
        _check_name(file, "genre.name", table["genre"]["name"], name.removesuffix(".toml"))
        if table["genre"]["name"] in found["genres"]:
            raise StyleError(
                file, "genre.name", "another file has this name; a genre is one file, so remove one of them"
            )
        found["genres"][table["genre"]["name"]] = table
        table["genre"]["family"] = family.get("family", {}).get("name", folder)
    return found


def _parsed(file: str, source: bytes) -> Table:
    try:
        return tomllib.loads(source.decode())
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise StyleError(file, "", f"not valid TOML: {error}; correct it there") from error


def _check(file: str, head: str, table: Table, fields: dict[str, Check]) -> None:
    """Check the sections of a file, their keys and values."""
    sections = {head: fields, **SECTIONS}
    _known(file, "", table, [*sections, *ENTRIES])
    if head not in table:
        raise StyleError(file, head, f"the section [{head}] is missing; add it with at least a name")
    for name, known in sections.items():
        for key, value in _section(file, table, name).items():
            _known(file, name, {key: value}, list(known))
            problem = known[key](value)
            if problem:
                raise StyleError(file, f"{name}.{key}", problem)
    for key in REQUIRED[head]:
        if key not in table[head]:
            raise StyleError(file, f"{head}.{key}", "missing; add it, as in the other files of the folder")
    for kind in ENTRIES:
        entries = table.get(kind, [])
        if not isinstance(entries, list) or not all(isinstance(one, dict) and "name" in one for one in entries):
            raise StyleError(file, kind, f"must be written as [[{kind}]], each with a name")
    ensemble = table.get("ensemble", {})
    for key, names in (
        (f"{head}.instruments", table[head]),
        ("ensemble.rhythm", ensemble),
        ("ensemble.group", ensemble),
        ("ensemble.alone", ensemble),
        ("ensemble.keyboard", ensemble),
        ("ensemble.orchestra", ensemble),
    ):
        named = dict.fromkeys(names.get(key.partition(".")[2], ()))
        _known(file, key, named, list(read_data("instruments.toml")))


def _section(file: str, table: Table, name: str) -> Table:
    found = table.get(name, {})
    if not isinstance(found, dict):
        raise StyleError(file, name, f"must be a section [{name}]")
    return found


def _known(file: str, key: str, found: Table, known: list[str]) -> None:
    for name in found:
        if name not in known:
            near = get_close_matches(name, known, 1)
            hint = f"did you mean {near[0]!r}?" if near else f"known are {', '.join(sorted(known)[:40])}"
            raise StyleError(file, key, f"unknown name {name!r}; {hint}")


def _check_name(file: str, key: str, name: str, path: str) -> None:
    if slug(name) != path:
        raise StyleError(file, key, f"{name!r} must be in a file or folder called {slug(name)!r}; rename one of them")


def path_of(name: str) -> str:
    """Return the path below `styles/` of a genre's file, or of a family's if no genre has that name."""
    known = genres().get(name)
    return (
        f"genres/{slug(known['genre']['family'])}/{slug(name)}.toml" if known else f"genres/{slug(name)}/{FAMILY_FILE}"
    )

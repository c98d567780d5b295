"""The one reader of the data files in `styles/`: each is read once a process, and parsed once an installation.

Parsing TOML takes 0.3 s of processor time; reading the same tables as JSON takes 10 ms. So the parsed tables are cached
as JSON in the user's cache folder, with the digest of their source: an edited file is parsed again. A cache that is
missing, damaged or not writable costs time and nothing else.
"""

from __future__ import annotations

import json
import os
import tempfile
import tomllib
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from hashlib import blake2b
from io import FileIO
from pathlib import Path
from typing import Any

from riffusion_tui.regular_file import read_regular

HOME_VARIABLE = "RIFFUSION_TUI_HOME"
"""Names the folder below which a portable installation keeps everything, its cache too."""

_STYLES = Path(__file__).parent / "styles"
_MAX_BYTES = 100_000_000
"""Maximum size of a cache file; the largest has a few million bytes."""
_VERSION = b"2"
"""Version of the cache files; a new number makes the old ones invalid."""


@cache
def read_data(name: str) -> dict[str, Any]:
    """Return a TOML file of `styles/`, such as `lexicon/moods.toml`. Do not change it: it is shared.

    Raises:
        FileNotFoundError: there is no such file.
    """
    return parsed((_STYLES / name).read_bytes(), cache_folder() / f"{name.replace('/', '.')}.json")


@cache
def split_words(text: str) -> tuple[str, ...]:
    """Split a comma-separated list of a data file."""
    return tuple(word for word in (part.strip() for part in text.split(",")) if word)


@cache
def names_by_word(file: str, *tables: str) -> dict[str, str]:
    """Return the name of the list that each word is in, of lists in a file or a table of it. Do not change it."""
    lists = read_data(file)
    for name in tables:
        lists = lists[name]
    return {word: name for name, words in lists.items() for word in split_words(words)}


@cache
def split_lines(text: str) -> tuple[str, ...]:
    """Split a text of a data file into its lines, without blank ones."""
    return tuple(line for line in (part.strip() for part in text.splitlines()) if line)


def read_folder(name: str, merge: Callable[[dict[str, bytes]], dict[str, Any]]) -> dict[str, Any]:
    """Return what `merge` makes of all TOML files in the folders of `styles/NAME`, given by their path below `styles/`.

    The result is cached as a parsed file is, with the digest of all sources.
    """
    sources: dict[str, bytes] = {}
    for folder in _inside(_STYLES / name):
        for file in _inside(folder.path):
            if file.name.endswith(".toml"):
                with FileIO(file.path) as one:  # half the time of `read_bytes`, which matters for 200 files
                    sources[f"{name}/{folder.name}/{file.name}"] = one.readall()
    source = b"".join(b"%s\0%d\0%s" % (path.encode(), len(text), text) for path, text in sources.items())
    return _cached(source, cache_folder() / f"{name}.json", lambda: merge(sources))


def _inside(folder: str | Path) -> list[os.DirEntry[str]]:
    return sorted(os.scandir(folder), key=lambda one: one.name)


def parsed(source: bytes, kept: Path) -> dict[str, Any]:
    """Return the tables of the TOML text `source`: read from the cache file `kept`, or parsed and written to it."""
    return _cached(source, kept, lambda: tomllib.loads(source.decode()))


def _cached(source: bytes, kept: Path, parse: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    try:
        found = _checked(read_regular(kept, _MAX_BYTES), source)
    except OSError:
        found = None
    if found is None:
        found = parse()
        _keep(found, source, kept)
    return found


def cache_folder() -> Path:
    """Return the folder of the cached tables; it may not exist yet, or can't if no home folder is known."""
    home = os.environ.get(HOME_VARIABLE, "")
    if home:
        return Path(home).expanduser().absolute() / "cache" / "tables"
    import platformdirs  # needed only without RIFFUSION_TUI_HOME

    try:
        return platformdirs.user_cache_path("riffusion-tui") / "tables"
    except RuntimeError:
        return Path(os.devnull) / "tables"


def _checked(data: bytes, source: bytes) -> dict[str, Any] | None:
    """Return what a cache file holds, or None when it is of another source or was damaged."""
    head, _, body = data.partition(b"\n")
    if head != _head(source, body):
        return None
    found: dict[str, Any] = json.loads(body)
    return found


def _head(source: bytes, body: bytes) -> bytes:
    return b" ".join(blake2b(part, digest_size=16, person=_VERSION).hexdigest().encode() for part in (source, body))


def _keep(table: dict[str, Any], source: bytes, path: Path) -> None:
    """Write a cache file, whole or not at all; a folder that can't be written stays as it is.

    The home of a portable installation isn't created: if it was moved away, it can be moved back.
    """
    body = json.dumps(table, ensure_ascii=False, separators=(",", ":")).encode()
    with suppress(OSError):
        for folder in (path.parent.parent, path.parent):
            folder.mkdir(mode=0o700, parents=not os.environ.get(HOME_VARIABLE), exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=".")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(_head(source, body) + b"\n" + body)
            Path(name).replace(path)
        except OSError:  # a full disk
            Path(name).unlink()

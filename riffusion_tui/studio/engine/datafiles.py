"""The one reader of the data files in `styles/`: each is read once a process, and parsed once an installation.

TOML is for people and takes 0.3 s of processor to parse; the same tables as JSON take 10 ms. So what was parsed is kept
as JSON in the user's cache folder, under the digest of the file it came from: an edited file is parsed anew. A cache
that is missing, damaged or can't be written costs time and nothing else.
"""

from __future__ import annotations

import json
import os
import tempfile
import tomllib
from functools import cache
from hashlib import blake2b
from importlib.resources import files
from pathlib import Path
from typing import Any

HOME_VARIABLE = "RIFFUSION_TUI_HOME"
"""Names the folder below which a portable installation keeps everything, its cache too."""

_STYLES = files("riffusion_tui.studio.engine") / "styles"
_FORM = b"1"
"""The form of what is kept; a new number leaves the old unread."""


@cache
def read_data(name: str) -> dict[str, Any]:
    """Return a TOML file of `styles/`, such as `lexicon/moods.toml`. It is shared: nobody may change it.

    Raises:
        FileNotFoundError: there is no such file.
    """
    return parsed((_STYLES / name).read_bytes(), cache_folder() / f"{name.replace('/', '.')}.json")


def parsed(source: bytes, kept: Path) -> dict[str, Any]:
    """Return the tables of the TOML text `source`: read from the file `kept`, or parsed and kept."""
    try:
        found = _checked(kept.read_bytes(), source)
    except OSError:
        found = None
    if found is None:
        found = tomllib.loads(source.decode())
        _keep(found, source, kept)
    return found


def cache_folder() -> Path:
    """Return where parsed tables are kept; it need not exist."""
    home = os.environ.get(HOME_VARIABLE, "")
    if home:
        return Path(home).expanduser().absolute() / "cache" / "tables"
    import platformdirs  # needed only without RIFFUSION_TUI_HOME

    return platformdirs.user_cache_path("riffusion-tui") / "tables"


def _checked(data: bytes, source: bytes) -> dict[str, Any] | None:
    """Return what a cache file holds, or None when it is of another source or was damaged."""
    head, _, body = data.partition(b"\n")
    if head != _head(source, body):
        return None
    found: dict[str, Any] = json.loads(body)
    return found


def _head(source: bytes, body: bytes) -> bytes:
    return b" ".join(blake2b(part, digest_size=16, person=_FORM).hexdigest().encode() for part in (source, body))


def _keep(table: dict[str, Any], source: bytes, path: Path) -> None:
    """Write a cache file, whole or not at all; a folder that can't be written stays as it is."""
    body = json.dumps(table, ensure_ascii=False, separators=(",", ":")).encode()
    try:
        for folder in (path.parent.parent, path.parent):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".", delete=False) as file:
            file.write(_head(source, body) + b"\n" + body)
        Path(file.name).replace(path)
    except OSError:
        return

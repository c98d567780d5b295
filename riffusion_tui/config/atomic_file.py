"""Read a file of the person's, or write one whole or not at all: a crash leaves the old one."""

from __future__ import annotations

import os
from pathlib import Path

from riffusion_tui.clean import clean_line, decoded
from riffusion_tui.config.errors import FolderError
from riffusion_tui.config.paths import private_folder


def read_held(path: Path) -> str:
    """Return what the file holds, nothing where there is none; bytes that are no UTF-8 are replaced.

    Raises:
        FolderError: it can't be read.
    """
    try:
        return decoded(path.read_bytes(), "replace")
    except FileNotFoundError:
        return ""
    except OSError as error:
        raise FolderError(f"{clean_line(str(path))} can't be read: {error.strerror}.") from error


def write_private(path: Path, text: str) -> None:
    """Replace `path` by `text`, mode 0600 from the first byte, in a folder made 0700 if it is missing.

    Raises:
        FolderError: the folder can't be made or written, or the disk is full.
    """
    import tempfile  # only where a file is written

    if not path.parent.is_dir():
        private_folder(path.parent)
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        fresh = Path(name)
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            fresh.replace(path)
        finally:
            fresh.unlink(missing_ok=True)
    except OSError as error:
        raise FolderError(f"{clean_line(str(path))} can't be written: {error.strerror}.") from error

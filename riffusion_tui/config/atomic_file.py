"""Read user files, and write them atomically: a crash leaves the old file intact."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

from riffusion_tui.clean import clean_line, decoded
from riffusion_tui.config.errors import FolderError
from riffusion_tui.config.paths import private_folder


def read_regular(path: Path) -> bytes:
    """Return a file's bytes. Raises `OSError`, also for a pipe or a device, which could be endless or never answer."""
    if stat.S_IFMT(path.stat().st_mode) not in (stat.S_IFREG, stat.S_IFDIR):
        raise OSError(errno.EINVAL, "Not a regular file")
    return path.read_bytes()


def read_or_empty(path: Path) -> str:
    """Return the file's text, empty if it doesn't exist. Invalid UTF-8 is read as Latin-1: saving loses no character.

    Raises:
        FolderError: it can't be read.
    """
    try:
        raw = read_regular(path)
    except FileNotFoundError:
        return ""
    except OSError as error:
        raise FolderError(
            f"{clean_line(str(path))} can't be read: {error.strerror}. Make it a file that you can read."
        ) from error
    try:
        return decoded(raw)
    except UnicodeDecodeError:
        return raw.decode("latin-1")


def write_private(path: Path, text: str) -> None:
    """Replace the file by `text`, with mode 0600; create its folder with mode 0700 if missing.

    A symbolic link stays: the file that it points to is replaced.

    Raises:
        FolderError: the folder can't be created or written, or the disk is full.
    """
    import tempfile  # only if a file is written

    path = Path(os.path.realpath(path))
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

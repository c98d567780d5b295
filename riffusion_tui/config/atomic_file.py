"""Read user files, and write them atomically: a crash leaves the old file intact."""

from __future__ import annotations

import errno
import os
from pathlib import Path

from riffusion_tui.clean import clean_line, decoded
from riffusion_tui.config.errors import FolderError
from riffusion_tui.config.paths import private_folder
from riffusion_tui.regular_file import read_regular

_NO_SPACE = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
MAX_BYTES = 16_000_000
"""Maximum size of a file; a library of a thousand prompts has less than one million bytes."""


def read_or_empty(path: Path) -> str:
    """Return the file's text, empty if it doesn't exist. Invalid UTF-8 is read as Latin-1: saving loses no character.

    Raises:
        FolderError: it can't be read.
    """
    try:
        raw = read_regular(path, MAX_BYTES)
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


def write_private(path: Path, text: str, *, follow: bool = True) -> None:
    """Replace the file by `text`, with mode 0600; create its folder with mode 0700 if missing.

    Args:
        path: the file.
        text: its new text.
        follow: if the path is a symbolic link, keep that, and replace the file that it points to; otherwise, replace
            the link.

    Raises:
        FolderError: the folder can't be created or written, the disk is full, or the text is too long.
    """
    import tempfile  # only if a file is written

    if len(text.encode()) > MAX_BYTES:
        raise FolderError(f"{clean_line(str(path))} would be larger than {MAX_BYTES // 10**6} MB. Shorten it first.")
    if follow:
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
        advice = "Free some disk space" if error.errno in _NO_SPACE else "Make its folder writable"
        raise FolderError(f"{clean_line(str(path))} can't be written: {error.strerror}. {advice}.") from error

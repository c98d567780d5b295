"""Move a checked file into the songs folder, atomically and without overwriting. Runs in a thread."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from riffusion_tui.dispatch.fetching.audio_check import CheckedAudio, InvalidAudio, identity

_NO_LINKS = frozenset({errno.EPERM, errno.EOPNOTSUPP, errno.ENOTSUP, errno.EMLINK, errno.ENOSYS})
_NO_SYNC = frozenset({errno.EINVAL, errno.EBADF, errno.EOPNOTSUPP, errno.ENOTSUP, errno.ENOSYS})
"""Errors of file systems whose folders can't be flushed: network shares and folders of a host machine."""


def ready(part: Path) -> None:
    """Create the folder, and remove anything at the partial file's path that isn't a regular file. Raises `OSError`."""
    make_folder(part.parent)
    for path in (part, part.with_name(part.name + ".tag")):
        with suppress(FileNotFoundError):
            if not stat.S_ISREG(path.lstat().st_mode):
                path.unlink()


def make_folder(folder: Path) -> None:
    """Create a folder and those above it, unless it exists. Raises `OSError`."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except FileExistsError as error:
        raise NotADirectoryError(errno.ENOTDIR, "Not a folder", str(error.filename)) from None


def discard(part: Path) -> None:
    """Remove a partial file and its metadata."""
    for path in (part, part.with_name(part.name + ".tag")):
        path.unlink(missing_ok=True)


def free(folder: Path, names: Iterator[str]) -> Path:
    """Return the first of `names` that doesn't exist in the folder."""
    return next(path for path in (folder / name for name in names) if not os.path.lexists(path))


def place(part: Path, target: Path, checked: CheckedAudio) -> bool:
    """Rename the checked file to `target`; return False if that exists.

    Raises:
        InvalidAudio: `part` is no longer the file that was checked.
        OSError: the folder can't be written.
    """
    try:
        os.link(part, target, follow_symlinks=False)
    except FileExistsError:
        return False
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        return _place_by_rename(part, target, checked)
    if not _same(target, checked):
        target.unlink()
        raise InvalidAudio("The partial file was replaced during the check.")
    part.unlink()
    _sync(target.parent)
    return True


def _place_by_rename(part: Path, target: Path, checked: CheckedAudio) -> bool:
    """Do the same on a file system without hard links: reserve the name with an empty file first."""
    if not _same(part, checked):
        raise InvalidAudio("The partial file was replaced during the check.")
    try:
        os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o666))
    except FileExistsError:
        return False
    part.replace(target)
    _sync(target.parent)
    return True


def _same(path: Path, checked: CheckedAudio) -> bool:
    found = path.lstat()
    return stat.S_ISREG(found.st_mode) and identity(found) == checked.identity


def _sync(folder: Path) -> None:
    """Flush the folder's entry to disk, if its file system can do that."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno not in _NO_SYNC:
            raise
    finally:
        os.close(descriptor)

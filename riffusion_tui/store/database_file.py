"""The file of the database: creates it for the user only, and identifies it."""

from __future__ import annotations

import errno
import os
from pathlib import Path

from riffusion_tui.store.errors import CannotOpen, DiskFull, ReadOnly, StoreError
from riffusion_tui.store.lock_check import Lock, check_lock

_READ_ONLY = frozenset({errno.EROFS, errno.EACCES, errno.EPERM})
_NO_SPACE = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
# What errors of the system mean for the file and its folders.
_WORDS = {errno.EEXIST: "not a folder", errno.ELOOP: "a symbolic link; put the file here, or link the folder"}


def create_file(path: Path, lock: Lock) -> None:
    """Create the file and its folder if missing, readable by the user only; check that it can be locked."""
    try:
        for folder in reversed(path.parents):
            folder.mkdir(mode=0o700, exist_ok=True)  # not parents=True: that would leave parents readable by others
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise file_error(error, path) from error
    check_lock(path, descriptor, lock)


def file_error(error: OSError, path: Path) -> StoreError:
    """Return what an error of the system means for a file of the store's folder."""
    kind = ReadOnly if error.errno in _READ_ONLY else DiskFull if error.errno in _NO_SPACE else CannotOpen
    return kind(f"{error.filename or path}: {_WORDS.get(error.errno or 0, error.strerror)}.")


def identity(path: Path) -> tuple[int, int]:
    """Return the file's device and inode, which identify it; zeros if it is missing."""
    try:
        found = path.stat()
    except OSError:
        return 0, 0
    return found.st_dev, found.st_ino

"""The file of the database: creates it for the user only, and identifies it."""

from __future__ import annotations

import errno
import os
from pathlib import Path

from riffusion_tui.regular_file import check_regular, open_regular
from riffusion_tui.store.errors import CannotOpen, DiskFull, NotAFile, ReadOnly, StoreError
from riffusion_tui.store.lock_check import Lock, check_lock

_READ_ONLY = frozenset({errno.EROFS, errno.EACCES, errno.EPERM})
_NO_SPACE = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_NOT_A_FILE = frozenset({errno.EISDIR, errno.EINVAL})
_BESIDE = ("-journal", "-wal", "-shm")
"""Suffixes of the files that SQLite reads before the database."""
_KINDS = ((ReadOnly, _READ_ONLY), (DiskFull, _NO_SPACE), (NotAFile, _NOT_A_FILE))
# What errors of the system mean for the file and its folders.
_WORDS = {errno.EEXIST: "not a folder", errno.ELOOP: "a symbolic link; put the file here, or link the folder"}


def create_file(path: Path, lock: Lock) -> None:
    """Create the file and its folder if missing, readable by the user only; check that it can be locked.

    Raises `StoreError`.
    """
    try:
        for folder in reversed(path.parents):
            folder.mkdir(mode=0o700, exist_ok=True)  # not parents=True: that would leave parents readable by others
        for suffix in _BESIDE:
            check_regular(f"{path}{suffix}")
        descriptor = open_regular(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW)
    except OSError as error:
        raise file_error(error, path) from error
    check_lock(path, descriptor, lock)


def file_error(error: OSError, path: Path) -> StoreError:
    """Return what an error of the system means for a file of the store's folder."""
    kind = next((kind for kind, numbers in _KINDS if error.errno in numbers), CannotOpen)
    return kind(f"{error.filename or path}: {_WORDS.get(error.errno or 0, error.strerror)}.")


def identity(path: Path) -> tuple[int, int]:
    """Return the file's device and inode, which identify it; zeros if it is missing."""
    try:
        found = path.stat()
    except OSError:
        return 0, 0
    return found.st_dev, found.st_ino

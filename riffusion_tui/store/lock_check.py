"""Whether a file system has locks. Tried first, since SQLite waits for minutes if it has none."""

from __future__ import annotations

import errno
import fcntl
import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryFile

from riffusion_tui.store.errors import CannotOpen, LocksUnsupported

_NO_LOCKS = frozenset({errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP})
Lock = Callable[[int, int, int], object]
"""Locks bytes of a descriptor, like `fcntl.lockf`."""


def check_locks(folder: Path) -> None:
    """Try a lock on a temporary file in `folder`. Raises `CannotOpen` if that fails."""
    try:
        with TemporaryFile(dir=folder) as file:
            check_lock(folder, os.dup(file.fileno()), fcntl.lockf)
    except OSError as error:
        raise CannotOpen(f"{folder}: {error.strerror}.") from error


def check_lock(path: Path, descriptor: int, lock: Lock) -> None:
    """Lock and unlock a byte that SQLite does not use. Raises `LocksUnsupported` if the file system has none."""
    file = os.fdopen(descriptor, "rb+", buffering=0)
    try:
        with file, suppress(BlockingIOError):
            lock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB, 1)
    except OSError as error:
        if error.errno not in _NO_LOCKS:
            raise CannotOpen(f"{path}: {error.strerror}.") from error
        raise LocksUnsupported(f"{path}: the file system doesn't support locks ({error.strerror}).") from error

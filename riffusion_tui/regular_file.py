"""Open regular files only: to open or read a pipe or a device could wait forever, or never end."""

from __future__ import annotations

import errno
import os
import stat
from contextlib import suppress
from pathlib import Path


def open_regular(path: str | Path, flags: int = os.O_RDONLY) -> int:
    """Open a regular file and return its descriptor, which child processes don't inherit.

    A file that is created is its owner's only.

    Args:
        path: the file.
        flags: those of `os.open`.

    Raises:
        OSError: the file can't be opened, or is a folder, a pipe, a socket or a device.
    """
    try:
        descriptor = os.open(path, flags | os.O_CLOEXEC | os.O_NONBLOCK, 0o600)
    except OSError as error:
        if error.errno == errno.ENXIO:  # a pipe that nobody reads, or a socket
            raise _not_regular(path) from None
        raise
    kind = os.fstat(descriptor).st_mode
    if stat.S_ISREG(kind):
        return descriptor
    os.close(descriptor)
    if stat.S_ISDIR(kind):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    raise _not_regular(path)


def check_regular(path: str | Path) -> None:
    """Raise `OSError` if there is something at `path` that isn't a regular file, such as a link."""
    with suppress(FileNotFoundError):
        if not stat.S_ISREG(Path(path).lstat().st_mode):
            raise _not_regular(path)


def read_regular(path: str | Path, limit: int) -> bytes:
    """Return the bytes of a regular file. Raises `OSError`, also if it has more than `limit`."""
    with os.fdopen(open_regular(path), "rb") as file:
        found = file.read(limit + 1)
    if len(found) > limit:
        raise OSError(errno.EFBIG, f"File larger than {limit // 10**6} MB", str(path))
    return found


def _not_regular(path: str | Path) -> OSError:
    return OSError(errno.EINVAL, "Not a regular file", str(path))

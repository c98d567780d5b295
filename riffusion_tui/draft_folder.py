"""A hidden folder for an unfinished file, beside its destination; the next one removes what killed processes left."""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple
from zlib import crc32

PREFIX = ".riffusion-tui-draft-"
"""Names nothing but these folders, since folders of this name are removed."""
_OTHERS_KEPT_S = 86_400.0
"""How long another machine's folder stays: its locks may be unknown here, as on sshfs."""


class DraftFolder(NamedTuple):
    """A folder, and its lock, which the system releases when the process ends, however it does."""

    path: Path
    lock: int

    def remove(self) -> None:
        """Remove the folder, and what is left in it."""
        shutil.rmtree(self.path, ignore_errors=True)
        os.close(self.lock)


@contextmanager
def draft_folder(parent: Path) -> Iterator[Path]:
    """Make a folder in `parent` and remove it at the end, and those of dead processes at the start.

    Raises:
        OSError: `parent` can't be written.
    """
    made = open_draft_folder(parent)
    try:
        yield made.path
    finally:
        made.remove()


def open_draft_folder(parent: Path) -> DraftFolder:
    """Return a new folder in `parent`, for the caller to remove; remove those of dead processes.

    Raises:
        OSError: `parent` can't be written.
    """
    _remove_stale(parent)
    while True:
        folder = Path(tempfile.mkdtemp(dir=parent, prefix=_own_prefix()))
        lock = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        with suppress(OSError):  # network file systems can't lock folders; then nobody removes it either
            fcntl.flock(lock, fcntl.LOCK_EX)
        if folder.exists():
            return DraftFolder(folder, lock)
        os.close(lock)  # another process found it before it was locked


def _own_prefix() -> str:
    """Return the beginning of the names of this machine's folders."""
    return f"{PREFIX}{crc32(os.uname().nodename.encode()):08x}-"


def _remove_stale(parent: Path) -> None:
    """Remove the folders that no process has locked; another machine's only once they are old."""
    old = time.time() - _OTHERS_KEPT_S
    for folder in parent.glob(f"{PREFIX}*"):
        with suppress(OSError):  # locked, another user's, or gone
            if not folder.name.startswith(_own_prefix()) and folder.stat().st_mtime > old:
                continue
            lock = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(folder)
            finally:
                os.close(lock)

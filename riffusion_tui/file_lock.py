"""A lock file that one process at a time can hold; it is released when the process ends, even by a crash.

A process that is stopped (^Z, SIGSTOP) keeps its lock, so another process can displace it: that one renames a lock file
of its own, already locked, to the name of the holder's. The holder checks `current` before it does what only the holder
may do. Epochs count the displacements.

A process that waits asks the holder for a sign of life by setting the file's modification time; the holder answers by
resetting it. While nobody waits, nobody writes.
"""

from __future__ import annotations

import fcntl
import os
from pathlib import Path
from typing import NamedTuple

from riffusion_tui.regular_file import open_regular

_FLAGS = os.O_RDWR | os.O_NOFOLLOW
_ANSWERED_NS = 10**18
"""Modification time of a lock file while its holder owes no sign of life: a time that every file system can store."""
_PID_BYTES = 32
"""Length of the first line, the process id; the second line is the epoch. Programs without epochs read only this."""


class Displaced(Exception):
    """Another process holds the lock by now, because this one was stopped or did not respond."""


class Holder(NamedTuple):
    """The process that holds a lock."""

    pid: int
    epoch: int
    """0: written by a program that doesn't notice when it is displaced."""
    file: tuple[int, int]
    """Identity of its lock file: device and inode."""
    asked: bool
    """Whether it was asked for a sign of life and hasn't answered yet."""


class FileLock:
    """An advisory lock on a file (flock). The file contains the holder's process id, for information, and the epoch."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.epoch = 0
        """The number of displacements so far, plus one; 0 before the lock is held for the first time."""
        self._descriptor: int | None = None

    @property
    def held(self) -> bool:
        """Whether this object has acquired the lock and not released it."""
        return self._descriptor is not None

    @property
    def current(self) -> bool:
        """Whether the lock is held, and no other process has displaced this one."""
        return self._descriptor is not None and _file(self._descriptor) == _file(self.path)

    def acquire(self) -> bool:
        """Try once, without waiting; return whether the lock is held.

        Raises:
            OSError: the file can't be created or written; the lock is free.
        """
        if self._descriptor is not None:
            return True
        descriptor = _locked(self.path)
        if descriptor is None:
            return False
        if _file(descriptor) != _file(self.path):
            os.close(descriptor)  # displaced between the two calls
            return False
        self._take(descriptor, _epoch(descriptor) or 1)
        return True

    def displace(self, holder: Holder) -> bool:
        """Take the lock from a holder that doesn't respond; return False if another process was faster.

        Raises:
            OSError: the folder can't be written.
        """
        prepared = self.path.with_name(f"{self.path.name}.next")  # its lock admits one process at a time
        descriptor = _locked(prepared)
        if descriptor is None:
            return False
        if _file(self.path) != holder.file:
            os.close(descriptor)
            return False
        self._take(descriptor, holder.epoch + 1)
        prepared.replace(self.path)
        return True

    def _take(self, descriptor: int, epoch: int) -> None:
        try:
            _write(descriptor, str(os.getpid()), epoch)
            os.utime(descriptor, ns=(_ANSWERED_NS, _ANSWERED_NS))
        except OSError:
            os.close(descriptor)
            raise
        self._descriptor, self.epoch = descriptor, epoch

    def release(self) -> None:
        """Release the lock. The file stays: if it were removed, two processes could lock two files of the same name."""
        if self._descriptor is not None:
            _write(self._descriptor, "", self.epoch)
            os.close(self._descriptor)
            self._descriptor = None

    def holder(self) -> Holder | None:
        """Return the process that holds the lock; None if it is free or its holder unknown. Raises `OSError`."""
        pid = holder(self.path)
        if pid is None:
            return None
        descriptor = open_regular(self.path, _FLAGS)
        try:
            asked = os.fstat(descriptor).st_mtime_ns != _ANSWERED_NS
            return Holder(pid, _epoch(descriptor), _file(descriptor), asked)
        finally:
            os.close(descriptor)

    def ask(self) -> None:
        """Ask the holder for a sign of life. Raises `OSError`."""
        os.utime(self.path)

    def answer(self) -> None:
        """Give a sign of life, if one was asked for."""
        if self._descriptor is not None and os.fstat(self._descriptor).st_mtime_ns != _ANSWERED_NS:
            os.utime(self._descriptor, ns=(_ANSWERED_NS, _ANSWERED_NS))


def _locked(path: Path) -> int | None:
    """Return a descriptor of the locked file, which is created if missing; None if another process has locked it."""
    descriptor = open_regular(path, _FLAGS | os.O_CREAT)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    except OSError:
        os.close(descriptor)
        raise
    return descriptor


def _write(descriptor: int, pid: str, epoch: int) -> None:
    text = f"{pid:<{_PID_BYTES - 1}}\n{epoch}\n".encode()
    os.pwrite(descriptor, text, 0)
    os.ftruncate(descriptor, len(text))


def _epoch(descriptor: int) -> int:
    text = os.pread(descriptor, 32, _PID_BYTES).strip()
    return int(text) if text.isdigit() else 0


def _file(which: int | Path) -> tuple[int, int]:
    """Return the identity of an open file, or of the one at a path; zeros if that is missing."""
    try:
        found = os.fstat(which) if isinstance(which, int) else which.stat()
    except OSError:
        return 0, 0
    return found.st_dev, found.st_ino


def holder(path: Path) -> int | None:
    """Return the id of the process that holds the lock at `path`; None if it is free."""
    try:
        descriptor = open_regular(path, _FLAGS)
    except OSError:
        return None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        text = os.pread(descriptor, _PID_BYTES, 0).strip()
        return int(text) if text.isdigit() else None
    else:
        return None
    finally:
        os.close(descriptor)


def epoch_of(path: Path) -> int:
    """Return the epoch of the lock at `path`; 0 if it has never been held."""
    try:
        descriptor = open_regular(path, _FLAGS)
    except OSError:
        return 0
    try:
        return _epoch(descriptor)
    finally:
        os.close(descriptor)


def is_stopped(pid: int) -> bool:
    """Whether a process is stopped (^Z, SIGSTOP). It keeps its locks. False if /proc can't tell."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text("ascii", "replace").rpartition(")")[2].split()[0]
    except (OSError, IndexError):
        return False
    return state in ("T", "t")

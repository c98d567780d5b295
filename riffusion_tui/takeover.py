"""When a process that waits for a lock may displace its holder.

A process that is stopped (^Z, SIGSTOP), or that gives no sign of life for much longer, is displaced. The waiting
process counts its own running time only, so a suspended or busy machine costs nobody the lock.
"""

from __future__ import annotations

import logging
import os
import signal
from collections.abc import Callable
from contextlib import AbstractContextManager, suppress

from riffusion_tui.file_lock import FileLock, Holder, is_stopped

STOPPED_S = 8.0
"""How long a stopped process may be silent before it is displaced."""
SILENT_S = 60.0
"""How long a process may be silent that isn't known to be stopped. Nothing blocks a working process for so long."""
_ASK_S = 15.0
"""How often a waiting process asks for a sign of life, unless the holder is stopped."""

_log = logging.getLogger(__name__)


class Contender:
    """A process that waits for a lock."""

    def __init__(self, lock: FileLock) -> None:
        self._lock = lock
        self._watched: tuple[int, tuple[int, int]] | None = None
        self._calm_s = _ASK_S
        self._silent_s = 0.0
        self._answers = False
        self.displaced: int | None = None
        """Id of the process from which the lock was taken; None if it was free."""

    def take(self, waited_s: float) -> bool:
        """Take the lock if it is free or its holder doesn't respond; return whether it is held.

        Args:
            waited_s: how long this process has run since the last call, in seconds.

        Raises:
            OSError: the file can't be created.
        """
        self.displaced = None
        if self._lock.acquire():
            return True
        with suppress(OSError):  # a folder that can't be written: wait until the holder ends
            holder = self._lock.holder()
            if holder is not None and self._silent(holder, waited_s) and self._lock.displace(holder):
                _log.warning("process %d does not respond; this one holds %s now", holder.pid, self._lock.path.name)
                self.displaced = holder.pid
                return True
        return False

    def _silent(self, holder: Holder, waited_s: float) -> bool:
        """Whether the holder has not responded for too long."""
        if self._watched != (holder.pid, holder.file):
            self._watched, self._answers = (holder.pid, holder.file), False
            self._calm_s, self._silent_s = _ASK_S, 0.0
        if not holder.epoch or not _is_here(holder.pid):
            return False
        if not holder.asked:
            self._answers, self._silent_s = True, 0.0
            self._calm_s += waited_s
            if self._calm_s >= _ASK_S or is_stopped(holder.pid):
                self._calm_s = 0.0
                self._lock.ask()
            return False
        self._silent_s += waited_s
        if is_stopped(holder.pid):
            return self._silent_s >= STOPPED_S
        return self._answers and self._silent_s >= SILENT_S


def let_finish(
    pid: int | None, transaction: Callable[[], AbstractContextManager[None]], locked: type[Exception]
) -> None:
    """Make sure that a displaced process doesn't keep a database locked.

    If it was stopped in the middle of a transaction, it is continued until that has ended: otherwise nobody could
    change anything, not even queue a prompt. It does nothing else meanwhile, as it is displaced.

    Args:
        pid: the process, or None.
        transaction: runs its block while nobody else can write.
        locked: what `transaction` raises if it waited in vain; raised unless the process is stopped.
    """
    try:
        with transaction():
            return
    except locked:
        if pid is None or not is_stopped(pid):
            raise
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGCONT)
        try:
            with transaction():  # now it has no transaction, and can't begin one
                os.kill(pid, signal.SIGSTOP)
        except locked:
            os.kill(pid, signal.SIGSTOP)  # the caller tries again
            raise


def _is_here(pid: int) -> bool:
    """Whether the process runs on this machine: one elsewhere, on a shared folder, can't be judged."""
    try:
        os.kill(pid, 0)
    except PermissionError:
        return True
    except OSError:
        return False
    return True

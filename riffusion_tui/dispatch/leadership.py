"""Which process dispatches: the one that holds the folder's lock, until it ends or another has to displace it.

A process that is stopped (^Z, SIGSTOP), or that gives no sign of life for much longer, is displaced. It notices before
it changes the store or sends anything: each transaction of the dispatcher starts with `check`, and so does each
request. The waiting process counts its own running time only, so a suspended or busy machine costs nobody the lock.
"""

from __future__ import annotations

import logging
import os
import signal
from contextlib import suppress

from riffusion_tui.file_lock import Displaced, FileLock, Holder, is_stopped
from riffusion_tui.jobs.clock import Clock
from riffusion_tui.store import Locked, Store

FOLLOW_S = 1.0
"""How often a follower tries to take over."""
STOPPED_S = 8.0
"""How long a stopped process may be silent before it is displaced."""
SILENT_S = 60.0
"""How long a process may be silent that isn't known to be stopped. Nothing blocks a working dispatcher for so long."""
ASK_S = 15.0
"""How often a follower asks for a sign of life, unless the holder is stopped."""
ANSWER_S = 0.5
"""How often the leader checks whether it was asked or displaced."""

_log = logging.getLogger(__name__)


class Leadership:
    """The right to dispatch."""

    def __init__(self, lock: FileLock, clock: Clock) -> None:
        """Create it.

        Args:
            lock: held by the process that dispatches.
            clock: the time.
        """
        self._lock = lock
        self._clock = clock
        self._watched: tuple[int, tuple[int, int]] | None = None
        self._calm_s = ASK_S
        self._silent_s = 0.0
        self._answers = False
        self.stopped: int | None = None
        """Id of the process that this one displaced."""
        self.displaced = False
        """Whether another process displaced this one, which follows now."""

    @property
    def leading(self) -> bool:
        """Whether this process dispatches."""
        return self._lock.current

    @property
    def epoch(self) -> int:
        """The number of displacements so far, plus one."""
        return self._lock.epoch

    def check(self) -> None:
        """Raise `Displaced` unless this process dispatches."""
        if not self._lock.current:
            raise Displaced("Another process took over while this one did not respond.")

    async def win(self) -> None:
        """Return once this process dispatches."""
        self.stopped = None
        while not self._lock.acquire():
            with suppress(OSError):  # a folder that can't be written: wait until the holder ends
                holder = self._lock.holder()
                if holder is not None and self._silent(holder) and self._lock.displace(holder):
                    _log.warning("process %d does not respond; this one dispatches from now on", holder.pid)
                    self.stopped = holder.pid
                    break
            await self._clock.sleep(FOLLOW_S)
        self.displaced = False

    def _silent(self, holder: Holder) -> bool:
        """Whether the holder has not responded for too long. Called every `FOLLOW_S`, so that is what a call counts."""
        if self._watched != (holder.pid, holder.file):
            self._watched, self._answers = (holder.pid, holder.file), False
            self._calm_s, self._silent_s = ASK_S, 0.0
        if not holder.epoch or not _is_here(holder.pid):
            return False
        if not holder.asked:
            self._answers, self._silent_s = True, 0.0
            self._calm_s += FOLLOW_S
            if self._calm_s >= ASK_S or is_stopped(holder.pid):
                self._calm_s = 0.0
                self._lock.ask()
            return False
        self._silent_s += FOLLOW_S
        if is_stopped(holder.pid):
            return self._silent_s >= STOPPED_S
        return self._answers and self._silent_s >= SILENT_S

    async def hold(self) -> None:
        """Give signs of life. Raises `Displaced` once another process has taken over."""
        while True:
            self.check()
            self._lock.answer()
            await self._clock.sleep(ANSWER_S)

    def release(self, *, displaced: bool = False) -> None:
        """Let another process take over, or note that one has."""
        self.displaced = displaced
        self._lock.release()

    def let_finish(self, store: Store) -> None:
        """Make sure that the process that this one displaced doesn't keep the store locked.

        If it was stopped in the middle of a transaction, it is continued until that has ended: otherwise nobody could
        change anything, not even queue a prompt. It sends nothing meanwhile, as it is displaced.
        """
        pid = self.stopped
        try:
            with store.together():
                return
        except Locked:
            if pid is None or not is_stopped(pid):
                raise
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGCONT)
            with store.together():  # now it has no transaction, and can't begin one
                os.kill(pid, signal.SIGSTOP)


def _is_here(pid: int) -> bool:
    """Whether the process runs on this machine: one elsewhere, on a shared folder, can't be judged."""
    try:
        os.kill(pid, 0)
    except PermissionError:
        return True
    except OSError:
        return False
    return True

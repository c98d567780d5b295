"""Which process dispatches: the one that holds the folder's lock, until it ends or another displaces it.

A process that was displaced notices before it changes the store or sends anything: each transaction of the dispatcher
starts with `check`, and so does each request.
"""

from __future__ import annotations

from pathlib import Path

from riffusion_tui.file_lock import Displaced, FileLock
from riffusion_tui.jobs.clock import Clock
from riffusion_tui.store import DatabaseLocked, Store
from riffusion_tui.takeover import Contender, let_finish

FOLLOW_S = 1.0
"""How often a follower tries to take over."""
ANSWER_S = 0.5
"""How often the leader checks whether another process asked for the lock or took it."""


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
        self._contender = Contender(lock)
        self.stopped: int | None = None
        """Id of the process that this one displaced."""
        self.displaced = False
        """Whether another process displaced this one, which now follows."""

    @property
    def path(self) -> Path:
        """The lock's file."""
        return self._lock.path

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
        """Return once this process dispatches. Raises `OSError` if the lock's file can't be created or written."""
        while not self._contender.take(FOLLOW_S):  # time that this process really ran, whatever the clock says
            await self._clock.sleep(FOLLOW_S)
        self.stopped, self.displaced = self._contender.displaced, False

    async def hold(self) -> None:
        """Show that this process is alive. Raises `Displaced` once another process has taken over."""
        while True:
            self.check()
            self._lock.answer()
            await self._clock.sleep(ANSWER_S)

    def release(self, *, displaced: bool = False) -> None:
        """Let another process take over, or note that one has."""
        self.displaced = displaced
        self._lock.release()

    def let_finish(self, store: Store) -> None:
        """Make sure that the process that this one displaced doesn't keep the store locked. Raises `DatabaseLocked`."""
        let_finish(self.stopped, store.transaction, DatabaseLocked)

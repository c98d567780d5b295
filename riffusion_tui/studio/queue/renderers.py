"""The renderers: processes that make songs, behind `concurrent.futures.Executor`. One that crashes costs one song.

When a renderer dies, its whole pool breaks and nobody can tell whose song it was. So the songs that had begun are made
again, each alone in a fresh process, one after the other: the one that breaks that too is the culprit.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, Executor
from pathlib import Path

from riffusion_tui.studio.queue.render_task import CANCEL, STARTED, Outcome, RenderOrder

_FRESH_TRIES = 3
_GRACE_S = 15.0


class Crashed(Exception):
    """The process that made the song ended without a word."""


class Stuck(Exception):
    """The song took too long and did not let itself be cancelled."""


class Renderers:
    """Runs orders in an executor that is made at the first one."""

    def __init__(self, executor: Callable[[], Executor]) -> None:
        self._make = executor
        self._pool: Executor | None = None
        self._alone: Executor | None = None
        self._turn = asyncio.Lock()

    async def run(self, work: Callable[[RenderOrder], Outcome], order: RenderOrder, timeout_s: float) -> Outcome:
        """Run `work(order)`.

        Args:
            work: a function of `riffusion_tui.studio.queue.render_task`.
            order: what to do; its folder exists.
            timeout_s: seconds after which it is cancelled, and given up if that does not help.

        Raises:
            Crashed: the process died, and it was this order's doing.
            Stuck: it ran out of time.
        """
        for _ in range(_FRESH_TRIES):
            (Path(order.folder) / STARTED).unlink(missing_ok=True)
            pool = self._pool = self._pool or self._make()
            try:
                return await self._submit(pool, work, order, timeout_s)
            except BrokenExecutor:
                self._retire(pool)
            if (Path(order.folder) / STARTED).exists():
                break
        async with self._turn:
            self._alone = self._make()
            try:
                return await self._submit(self._alone, work, order, timeout_s)
            except BrokenExecutor:
                raise Crashed from None
            finally:
                self._alone.shutdown(wait=False, cancel_futures=True)

    async def _submit(
        self, pool: Executor, work: Callable[[RenderOrder], Outcome], order: RenderOrder, timeout_s: float
    ) -> Outcome:
        try:
            # Starting a process takes some milliseconds: not in the event loop.
            running = asyncio.wrap_future(await asyncio.to_thread(pool.submit, work, order))
        except RuntimeError as error:
            raise BrokenExecutor(str(error)) from None
        running.add_done_callback(_looked_at)
        done, _ = await asyncio.wait({running}, timeout=timeout_s)
        if not done:
            if not (Path(order.folder) / STARTED).exists():
                running.cancel()  # it never had its turn: what the pool makes goes on
                raise Stuck
            (Path(order.folder) / CANCEL).touch()
            done, _ = await asyncio.wait({running}, timeout=_GRACE_S)
            if not done:
                self._retire(pool)
            raise Stuck
        if running.cancelled():
            raise BrokenExecutor("the pool was retired before it came to this order")
        return running.result()

    def _retire(self, pool: Executor) -> None:
        if self._pool is pool:
            self._pool = None
        pool.shutdown(wait=False, cancel_futures=True)

    def close(self) -> None:
        """End every renderer now."""
        for pool in (self._pool, self._alone):
            if pool is not None:
                pool.shutdown(wait=False, cancel_futures=True)
        self._pool = None


def _looked_at(running: asyncio.Future[Outcome]) -> None:
    """Take note of how it ended: who waited may be gone, and asyncio would print that nobody looked."""
    if not running.cancelled():
        running.exception()

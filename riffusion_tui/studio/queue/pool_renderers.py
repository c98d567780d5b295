"""Renderers on this machine: processes behind `concurrent.futures.Executor`. One that crashes costs one song.

If a renderer dies, its whole pool breaks, and which song caused it is unknown. So the songs that had begun are rendered
again, each alone in a fresh process, one after the other: the one that breaks that process too is the cause.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, Executor
from pathlib import Path

from riffusion_tui.studio.queue.render_task import CANCEL, STARTED, Outcome, RenderOrder
from riffusion_tui.studio.queue.renderers import Crashed, Stuck, Work

_FRESH_TRIES = 3
_GRACE_S = 15.0


class PoolRenderers:
    """Runs orders in an executor, which is created for the first one."""

    def __init__(self, executor: Callable[[int], Executor], size: int) -> None:
        """Create renderers; no process starts yet.

        Args:
            executor: creates an executor for so many orders at once; called again if the executor breaks.
            size: how many orders run at once.
        """
        self._executor = executor
        self._size = size
        self._pool: Executor | None = None
        self._alone: Executor | None = None
        self._turn = asyncio.Lock()

    async def count(self) -> int:
        """Return the pool's size."""
        return self._size

    async def run(self, work: Work, order: RenderOrder, timeout_s: float) -> Outcome:
        """Return the outcome of `work(order)`; see `Renderers.run`."""
        for _ in range(_FRESH_TRIES):
            (Path(order.folder) / STARTED).unlink(missing_ok=True)
            pool = self._pool = self._pool or self._executor(self._size)
            try:
                return await self._submit(pool, work, order, timeout_s)
            except BrokenExecutor:
                self._retire(pool)
            if (Path(order.folder) / STARTED).exists():
                break
        async with self._turn:
            self._alone = self._executor(self._size)
            try:
                return await self._submit(self._alone, work, order, timeout_s)
            except BrokenExecutor:
                raise Crashed from None
            finally:
                self._alone.shutdown(wait=False, cancel_futures=True)

    async def _submit(self, pool: Executor, work: Work, order: RenderOrder, timeout_s: float) -> Outcome:
        try:
            # Starting a process takes some milliseconds: not in the event loop.
            running = asyncio.wrap_future(await asyncio.to_thread(pool.submit, work, order))
        except RuntimeError as error:
            raise BrokenExecutor(str(error)) from None
        running.add_done_callback(_looked_at)
        done, _ = await asyncio.wait({running}, timeout=timeout_s)
        if not done:
            if not (Path(order.folder) / STARTED).exists():
                running.cancel()  # it hasn't begun: the pool's other orders go on
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

    async def close(self) -> None:
        """End every renderer now."""
        for pool in (self._pool, self._alone):
            if pool is not None:
                pool.shutdown(wait=False, cancel_futures=True)
        self._pool = None


def _looked_at(running: asyncio.Future[Outcome]) -> None:
    """Retrieve the exception: if nobody waits any more, asyncio would print that it was never retrieved."""
    if not running.cancelled():
        running.exception()

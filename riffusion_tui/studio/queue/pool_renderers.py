"""Renderers on this machine: an executor with one process for each. A process that dies costs at most its own order."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, Executor
from contextlib import suppress
from pathlib import Path

from riffusion_tui.studio.queue.render_task import CANCEL, STARTED, Outcome, RenderOrder
from riffusion_tui.studio.queue.renderers import Crashed, RenderersGone, Stuck, Work, retrieve_exception

_TRIES = 3
"""Attempts before an order counts as the cause of crashes: a process can also be killed from outside."""
_GRACE_S = 15.0
_END_S = 5.0
"""How long closing waits for the executors: one still ending when Python exits can make Python print a traceback."""


class PoolRenderers:
    """Runs each order in a separate executor, which is started on demand and reused.

    A single pool would break as a whole when one of its processes dies, without saying which order was the cause, and
    `concurrent.futures` can't accept new orders safely while it cleans up a broken pool.
    """

    def __init__(self, executor: Callable[[], Executor], size: int) -> None:
        """Create renderers; no process starts yet.

        Args:
            executor: creates an executor for one order at a time.
            size: how many orders run at once.
        """
        self._executor = executor
        self._size = size
        self._live: set[Executor] = set()
        self._idle = asyncio.LifoQueue[Executor | None]()
        for _ in range(size):
            self._idle.put_nowait(None)
        self._ending: set[asyncio.Task[None]] = set()
        self._closed = False

    async def count(self) -> int:
        """Return the pool's size."""
        return self._size

    async def run(self, work: Work, order: RenderOrder, timeout_s: float) -> Outcome:
        """Return the outcome of `work(order)`; see `Renderers.run`."""
        ends = asyncio.get_running_loop().time() + timeout_s
        try:
            async with asyncio.timeout_at(ends):
                executor = await self._idle.get()
        except TimeoutError:
            raise Stuck from None
        try:
            for _ in range(_TRIES):
                executor = executor if executor in self._live else self._start()
                with suppress(BrokenExecutor):
                    return await self._submit(executor, work, order, ends)
                self._retire(executor)
            raise Crashed
        finally:
            self._idle.put_nowait(executor if executor in self._live else None)

    def _start(self) -> Executor:
        if self._closed:
            raise RenderersGone
        executor = self._executor()
        self._live.add(executor)
        return executor

    async def _submit(self, executor: Executor, work: Work, order: RenderOrder, ends: float) -> Outcome:
        (Path(order.folder) / STARTED).unlink(missing_ok=True)
        try:
            # Starting a process takes some milliseconds: not in the event loop.
            running = asyncio.wrap_future(await asyncio.to_thread(executor.submit, work, order))
        except RuntimeError as error:
            raise BrokenExecutor(str(error)) from None
        running.add_done_callback(retrieve_exception)
        try:
            return await self._outcome(running, order, ends)
        finally:
            if not running.done():
                running.cancel()
                self._retire(executor)

    async def _outcome(self, running: asyncio.Future[Outcome], order: RenderOrder, ends: float) -> Outcome:
        done, _ = await asyncio.wait({running}, timeout=ends - asyncio.get_running_loop().time())
        if not done:
            if (Path(order.folder) / STARTED).exists():
                (Path(order.folder) / CANCEL).touch()
                await asyncio.wait({running}, timeout=_GRACE_S)
            raise Stuck
        if running.cancelled():
            raise RenderersGone
        return running.result()

    def _retire(self, executor: Executor) -> None:
        self._live.discard(executor)
        ending = asyncio.create_task(asyncio.to_thread(executor.shutdown, cancel_futures=True))
        self._ending.add(ending)
        ending.add_done_callback(self._ending.discard)

    async def close(self) -> None:
        """End every renderer now, and return when they have ended."""
        self._closed = True
        for executor in list(self._live):
            self._retire(executor)
        if self._ending:
            await asyncio.wait(self._ending, timeout=_END_S)

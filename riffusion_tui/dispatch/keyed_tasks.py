"""Background tasks by key, at most one for each."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, Generic, TypeVar

K = TypeVar("K")


class KeyedTasks(Generic[K]):
    """Tasks by key: an account's request, a job's download. A task keeps its key until `raise_errors` saw its end."""

    def __init__(self, ended: Callable[[], None]) -> None:
        """Create it; `ended` is called whenever a task ends."""
        self._ended = ended
        self._tasks: dict[K, asyncio.Task[None]] = {}

    def __contains__(self, key: K) -> bool:
        return key in self._tasks

    def __len__(self) -> int:
        return len(self._tasks)

    def start(self, key: K, work: Coroutine[Any, Any, None]) -> None:
        """Run `work` in a task of its own."""
        task = asyncio.ensure_future(work)
        task.add_done_callback(lambda _: self._ended())
        self._tasks[key] = task

    def running(self) -> set[K]:
        """Return the keys of the tasks that haven't ended."""
        return {key for key, task in self._tasks.items() if not task.done()}

    def raise_errors(self) -> None:
        """Drop the tasks that have ended; raise the error of one that failed."""
        for key in [key for key, task in self._tasks.items() if task.done()]:
            self._tasks.pop(key).result()

    async def finish(self, limit: Coroutine[Any, Any, None]) -> None:
        """Wait for the tasks until `limit` returns, then cancel the others."""
        if not self._tasks:
            limit.close()
            return
        timeout = asyncio.ensure_future(limit)
        await asyncio.wait(
            (timeout, asyncio.gather(*self._tasks.values(), return_exceptions=True)),
            return_when=asyncio.FIRST_COMPLETED,
        )
        timeout.cancel()
        await asyncio.gather(timeout, return_exceptions=True)
        await self.cancel()

    async def cancel(self) -> None:
        """Cancel the tasks, and wait for their end."""
        for task in self._tasks.values():
            task.cancel()
        await asyncio.gather(*self._tasks.values(), return_exceptions=True)

"""Virtual time: an event loop that jumps to the next timer instead of waiting for it, while threads really run."""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")
EPOCH = 1_800_000_000.0


class _Selector(selectors.SelectSelector):
    """Checks for real events without waiting; advances the loop's time if there are none and no thread is busy."""

    loop: VirtualLoop

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if self.loop.threads:
            return super().select(0.05)
        if timeout is None:  # only the loop's own thread, when it shuts down
            return super().select(5)
        wakes_itself = 1  # the socket by which threads wake the loop
        events = super().select(0) if len(self.get_map()) > wakes_itself else []  # a system call takes 12 % of a round
        if not events:
            self.loop.moved += timeout
        return events


class VirtualLoop(asyncio.SelectorEventLoop):
    def __init__(self) -> None:
        self.moved = 0.0
        self.threads = 0
        selector = _Selector()
        selector.loop = self
        super().__init__(selector)

    def time(self) -> float:
        return self.moved

    def run_in_executor(self, executor: Any, func: Any, *args: Any) -> Any:  # type: ignore[override]  # typeshed's has type variables for the callback
        self.threads += 1
        future = super().run_in_executor(executor, func, *args)
        future.add_done_callback(self._thread_done)
        return future

    async def shutdown_default_executor(self, *limit: Any) -> None:
        """Wait for threads in real time: Python 3.12 added a timeout, which virtual time would exceed."""
        self.threads += 1
        try:
            await super().shutdown_default_executor(*limit)
        finally:
            self.threads -= 1

    def _thread_done(self, _: object) -> None:
        self.threads -= 1


class VirtualClock:
    """The loop's time, a wall clock that a test can set, and time for which the machine was suspended."""

    def __init__(self) -> None:
        self.jump = 0.0
        self.suspended = 0.0

    def steady(self) -> float:
        return asyncio.get_running_loop().time() + self.suspended

    def now(self) -> float:
        try:
            return EPOCH + self.steady() + self.jump
        except RuntimeError:
            return EPOCH + self.jump

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


def run(main: Coroutine[Any, Any, T]) -> T:
    """Run to completion in virtual time."""
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        return runner.run(main)

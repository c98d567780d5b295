"""Skips time in which nothing happens, so tests don't wait for timers.

All delays keep their order and length: the clocks of the loop, Python and Textual are advanced by the skipped time.
Real time passes only while a thread, a program or a socket may report something.
"""

from __future__ import annotations

import asyncio
import selectors
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from typing import Any, TypeVar, TypeVarTuple

import pytest
import textual._time
import textual.app
import textual.pilot
from textual._wait import wait_for_idle
from textual.pilot import Pilot

Arguments = TypeVarTuple("Arguments")
Returned = TypeVar("Returned")

_FRAME_S = 0.02
"""Longer than Textual leaves between two updates of the screen."""

_STUCK_AFTER = 20_000
"""After so many rounds without a pause, something waits for time to pass, without sleeping."""

_real_time = time.monotonic
_skipped_s = 0.0


def _shifted_time() -> float:
    return _real_time() + _skipped_s


class _Selector(selectors.DefaultSelector):
    """Skips sleeps of the loop.

    Its time stops while the loop is busy, so that no timer is early on a slow machine, but not while others work.
    """

    in_executor = 0
    """The number of calls that run in the loop's threads."""

    def __init__(self) -> None:
        super().__init__()
        self._now, self._since, self._rounds = _shifted_time(), _real_time(), 0
        self._passes = False
        """Whether time passes while the loop is busy."""

    def time(self) -> float:
        """Return the loop's time in seconds."""
        passes = self._passes or self._rounds > _STUCK_AFTER
        return self._now + _real_time() - self._since if passes else self._now

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        global _skipped_s
        found = super().select(0)
        idle = not found and timeout != 0
        if not idle:
            self._rounds += 1
        if idle or self._passes:
            self._now, self._since, self._rounds = self.time(), _real_time(), 0
            self._passes = self.others_work() or (idle and timeout is None)
        if idle and self._passes:
            found = super().select(timeout)
        elif idle and timeout is not None:
            found = super().select(0)  # a thread may have reported, and ended, since the first look
            if not found:
                self._now += timeout
                _skipped_s += timeout
        return found

    def others_work(self) -> bool:
        """Return whether a thread, socket or program may still report to the loop."""
        wakes_itself = 1  # the socket by which threads wake the loop
        return self.in_executor > 0 or len(self.get_map()) > wakes_itself or _other_threads()


_before: frozenset[threading.Thread] = frozenset()
"""Threads, not their identifiers, which new threads use again."""


def _other_threads() -> bool:
    # Threads of a loop's executor are named asyncio_0 and so on; their calls are counted.
    return any(one not in _before and not one.name.startswith("asyncio_") for one in threading.enumerate())


class SkippingLoop(asyncio.SelectorEventLoop):
    """An event loop that skips idle time."""

    def __init__(self) -> None:
        self.selector = _Selector()
        super().__init__(self.selector)

    def time(self) -> float:
        """Return the loop's time in seconds."""
        return self.selector.time()

    def run_in_executor(
        self, executor: Executor | None, func: Callable[[*Arguments], Returned], *args: *Arguments
    ) -> asyncio.Future[Returned]:
        """Count calls in threads, during which real time passes."""
        called = super().run_in_executor(executor, func, *args)
        self.selector.in_executor += 1
        called.add_done_callback(self._returned)
        return called

    def _returned(self, called: asyncio.Future[Any]) -> None:
        self.selector.in_executor -= 1


def _textual_time() -> float:
    try:
        return asyncio.get_running_loop().time()
    except RuntimeError:
        return _shifted_time()


_wait_for_screen = Pilot._wait_for_screen


async def _all_done(pilot: Pilot[Any], *timeout: float) -> bool:
    """Wait until nothing is left to do; only then does the loop skip time."""
    return await _skips_a_frame() or await _wait_for_screen(pilot, *timeout)


async def _idle(min_sleep: float = _FRAME_S, max_sleep: float = 1) -> None:
    if not await _skips_a_frame():
        await wait_for_idle(min_sleep, max_sleep)


async def _skips_a_frame() -> bool:
    loop = asyncio.get_running_loop()
    if not isinstance(loop, SkippingLoop) or loop.selector.others_work():
        return False
    await asyncio.sleep(_FRAME_S)
    return True


@contextmanager
def skipped_time() -> Iterator[None]:
    """Let new event loops skip time."""
    global _before
    _before = frozenset(threading.enumerate())
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(asyncio.events, "new_event_loop", SkippingLoop)
        patched.setattr(time, "monotonic", _shifted_time)
        patched.setattr(textual._time, "get_time", _textual_time)
        patched.setattr(Pilot, "_wait_for_screen", _all_done)
        patched.setattr(textual.app, "wait_for_idle", _idle)
        patched.setattr(textual.pilot, "wait_for_idle", _idle)
        yield

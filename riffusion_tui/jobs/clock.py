"""Time is passed in, so that tests can hold it."""

from __future__ import annotations

import asyncio
import time
from typing import Protocol


class Clock(Protocol):
    """A wall clock that jumps when the machine's does, a steady one that doesn't, and a way to wait."""

    def now(self) -> float:
        """Seconds since the epoch, UTC."""
        ...

    def steady(self) -> float:
        """Seconds from some fixed moment, never going back."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Wait for `seconds`."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> float:
        """Seconds since the epoch, UTC."""
        return time.time()

    def steady(self) -> float:
        """Seconds from some fixed moment, never going back."""
        return time.monotonic()

    async def sleep(self, seconds: float) -> None:
        """Wait for `seconds`."""
        await asyncio.sleep(seconds)

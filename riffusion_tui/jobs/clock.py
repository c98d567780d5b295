"""Clocks. Time is passed in, so that tests can control it."""

from __future__ import annotations

import asyncio
import time
from typing import Protocol

_COUNTS_SUSPENSION: int = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)
"""Linux has a separate clock for this. On macOS CLOCK_MONOTONIC counts it, unlike `time.monotonic`."""


class Clock(Protocol):
    """Wall-clock time, monotonic time and sleep."""

    def now(self) -> float:
        """Seconds since the epoch, UTC."""
        ...

    def steady(self) -> float:
        """Monotonic seconds from an arbitrary start; the time for which the machine was suspended counts."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Wait for `seconds`; the time for which the machine was suspended doesn't count."""
        ...


class SystemClock:
    """The system clock."""

    def now(self) -> float:
        """Seconds since the epoch, UTC."""
        return time.time()

    def steady(self) -> float:
        """Monotonic seconds from an arbitrary start; the time for which the machine was suspended counts."""
        return time.clock_gettime(_COUNTS_SUSPENSION)

    async def sleep(self, seconds: float) -> None:
        """Wait for `seconds`."""
        await asyncio.sleep(seconds)

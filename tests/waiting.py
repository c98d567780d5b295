"""Waiting for what no event reports: files, other processes, other tasks."""

from __future__ import annotations

import asyncio
from collections.abc import Callable


async def until(holds: Callable[[], bool], limit_s: float = 30.0, *, every_s: float = 0.02) -> None:
    """Wait until `holds()`. Raises `TimeoutError` after `limit_s` of the loop's time."""
    async with asyncio.timeout(limit_s):
        while not holds():  # noqa: ASYNC110 (no event reports it)
            await asyncio.sleep(every_s)

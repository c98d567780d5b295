"""Waiting for what a thread, a process or a timer changes on a screen."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from tests.tui.stage import Shown

_LIMIT_S = 30.0


async def until(shown: Shown, holds: Callable[[], bool]) -> None:
    """Wait until `holds()`; fail with the screen's text if it doesn't come to that."""
    try:
        async with asyncio.timeout(_LIMIT_S):
            while not holds():
                await asyncio.sleep(0.02)
                await shown.settle()
    except TimeoutError:
        raise AssertionError(f"it did not come to that:\n{shown.text()}") from None


async def until_shown(shown: Shown, words: str) -> None:
    """Wait until the screen shows `words`."""
    await until(shown, lambda: words in shown.words())

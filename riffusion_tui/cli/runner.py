"""Run a coroutine as a command; signals cancel it, so that everything is closed in order."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Coroutine
from typing import Any


def run_async(main: Coroutine[Any, Any, int]) -> int:
    """Run `main` and return its exit code, or 128 + the signal after SIGTERM or SIGHUP, once everything is closed."""
    return asyncio.run(_until_signalled(main))


async def _until_signalled(main: Coroutine[Any, Any, int]) -> int:
    got: list[int] = []
    work = asyncio.ensure_future(main)

    def stop(number: int) -> None:
        got.append(number)
        work.cancel()

    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(number, stop, number)
    try:
        return await work
    except asyncio.CancelledError:
        if got:
            return 128 + got[0]
        work.cancel()
        raise
    finally:
        for number in (signal.SIGTERM, signal.SIGHUP):
            loop.remove_signal_handler(number)

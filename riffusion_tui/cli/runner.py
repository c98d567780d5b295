"""Run a coroutine as a command; signals cancel it, so that everything is closed in order."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from typing import Any, NoReturn

_ENDS = (signal.SIGTERM, signal.SIGHUP)


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
    for number in _ENDS:
        loop.add_signal_handler(number, stop, number)
    try:
        return await work
    except asyncio.CancelledError:
        if got:
            return 128 + got[0]
        work.cancel()
        raise
    finally:
        for number in _ENDS:
            loop.remove_signal_handler(number)


@contextmanager
def left_on_signals() -> Iterator[None]:
    """Leave a block without a coroutine on SIGTERM or SIGHUP too, so that temporary files are removed.

    Raises:
        SystemExit: with 128 + the signal.
    """

    def leave(number: int, _: object) -> NoReturn:
        raise SystemExit(128 + number)

    # `nohup` has SIGHUP ignored.
    taken = [number for number in _ENDS if signal.getsignal(number) is signal.SIG_DFL]
    for number in taken:
        signal.signal(number, leave)
    try:
        yield
    finally:
        for number in taken:
            signal.signal(number, signal.SIG_DFL)

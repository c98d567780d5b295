"""The test tools themselves: only idle time is skipped, and skipped frames are painted once."""

from __future__ import annotations

import asyncio
import sys
import time
from typing import Any

import pytest
from textual.strip import Strip

from riffusion_tui.tui.widgets.lines_view import LinesView
from riffusion_tui.tui.widgets.status_bar import StatusBar
from tests.tui.conftest import ShowScreen


async def test_timers_take_no_time_and_keep_their_order() -> None:
    loop, began, order = asyncio.get_running_loop(), time.perf_counter(), list[int]()
    start, clock = loop.time(), time.monotonic()
    for seconds in (3600, 60, 1800):
        loop.call_later(seconds, order.append, seconds)
    await asyncio.sleep(7200)
    assert order == [60, 1800, 3600]
    assert round(loop.time() - start, 6) >= 7200  # the sum of a few floats
    assert round(time.monotonic() - clock, 6) >= 7200
    assert time.perf_counter() - began < 600


async def test_threads_and_processes_are_waited_for() -> None:
    await asyncio.wait_for(asyncio.to_thread(time.sleep, 0.05), 30)
    program = await asyncio.create_subprocess_exec(sys.executable, "-c", "print(7)", stdout=asyncio.subprocess.PIPE)
    written, _ = await asyncio.wait_for(program.communicate(), 60)
    assert written == b"7\n"
    silent = await asyncio.create_subprocess_exec(sys.executable, "-c", "")
    assert await asyncio.wait_for(silent.wait(), 60) == 0


async def test_busy_waiting_ends() -> None:
    loop = asyncio.get_running_loop()
    end = loop.time() + 0.05
    while loop.time() < end:  # noqa: ASYNC110 (this is what must end)
        await asyncio.sleep(0)


async def test_an_error_in_a_skipped_frame_fails_the_test(show: ShowScreen, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(widget: Any, y: int) -> Strip:
        raise LookupError("while painting")

    async def opened(*keys: str) -> None:
        async with show() as shown:
            await shown.press(*keys)

    await opened("f1", "escape")
    with monkeypatch.context() as patched:
        patched.setattr(StatusBar, "render_line", broken)
        with pytest.raises(LookupError):
            await opened()
    monkeypatch.setattr(LinesView, "render_line", broken)
    with pytest.raises(LookupError):
        await opened("f1", "escape")

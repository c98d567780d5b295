"""The renderers' side of a studio that closes while songs are being made."""

from __future__ import annotations

import asyncio
import gc
from concurrent.futures import Executor, Future
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import Any

import pytest

from riffusion_tui.studio.queue.render_task import RenderOrder, make
from riffusion_tui.studio.queue.renderers import Renderers


class NeverDone(Executor):
    """Takes an order, and leaves it at that until it is told how it ended."""

    def __init__(self) -> None:
        self.taken: list[Future[Any]] = []
        self.loop = asyncio.get_running_loop()
        self.begun = asyncio.Event()

    def submit(self, *args: Any, **kwargs: Any) -> Future[Any]:
        self.taken.append(Future())
        self.loop.call_soon_threadsafe(self.begun.set)
        return self.taken[-1]


async def test_a_song_that_nobody_waits_for_any_more_ends_in_silence(tmp_path: Path) -> None:
    pool, said = NeverDone(), list[Any]()
    asyncio.get_running_loop().set_exception_handler(lambda loop, context: said.append(context["message"]))
    order = RenderOrder(engine="none:None", folder=str(tmp_path), format="mp3", request={}, soundfont=None)
    waiting = asyncio.create_task(Renderers(lambda: pool).run(make, order, 60.0))
    await pool.begun.wait()
    await asyncio.sleep(0.05)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    pool.taken[0].set_exception(BrokenProcessPool("terminated abruptly"))
    pool.taken.clear()
    await asyncio.sleep(0.01)
    del waiting
    gc.collect()
    await asyncio.sleep(0)
    assert said == []

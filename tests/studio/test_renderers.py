"""Renderers of a studio that closes while songs are rendered."""

from __future__ import annotations

import asyncio
import gc
import multiprocessing
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import Any

import pytest

from riffusion_tui.studio.queue import pool_renderers
from riffusion_tui.studio.queue.pool_renderers import PoolRenderers
from riffusion_tui.studio.queue.process_pool import LifelineProcess
from riffusion_tui.studio.queue.render_task import PROGRESS, STARTED, Outcome, RenderOrder, make
from riffusion_tui.studio.queue.renderers import RenderersGone, Stuck


class NeverDone(Executor):
    """Accepts an order and does nothing until the test ends it."""

    def __init__(self) -> None:
        self.taken: list[Future[Any]] = []
        self.loop = asyncio.get_running_loop()
        self.begun = asyncio.Event()

    def submit(self, *args: Any, **kwargs: Any) -> Future[Any]:
        self.taken.append(Future())
        self.loop.call_soon_threadsafe(self.begun.set)
        return self.taken[-1]


async def test_an_abandoned_song_logs_no_error(tmp_path: Path) -> None:
    pool, output = NeverDone(), list[Any]()
    asyncio.get_running_loop().set_exception_handler(lambda loop, context: output.append(context["message"]))
    order = RenderOrder(engine="none:None", folder=str(tmp_path), format="mp3", request={}, soundfont=None)
    waiting = asyncio.create_task(PoolRenderers(lambda: pool, 1).run(make, order, 60.0))
    await pool.begun.wait()
    pool.taken[0].set_running_or_notify_cancel()
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
    assert output == []


def test_a_renderer_starts_after_the_current_folder_was_deleted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    with LifelineProcess(0, tmp_path / "engine.log") as process:
        assert process.submit(abs, -3).result(timeout=60) == 3
    with pytest.raises(FileNotFoundError):
        Path.cwd()


@pytest.mark.parametrize("obstacle", ["folder", "link", "pipe"])
def test_a_renderer_starts_without_its_log(tmp_path: Path, obstacle: str) -> None:
    log = tmp_path / "engine.log"
    match obstacle:
        case "folder":
            log.mkdir()
        case "link":
            log.symlink_to(os.devnull)
        case _:
            os.mkfifo(log)
    with LifelineProcess(0, log) as process:
        assert process.submit(abs, -3).result(timeout=60) == 3


def an_order(folder: Path) -> RenderOrder:
    folder.mkdir()
    return RenderOrder(engine="none:None", folder=str(folder), format="mp3", request={}, soundfont=None)


async def test_a_stuck_order_does_not_fail_the_order_behind_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool_renderers, "_GRACE_S", 0.05)
    let_go = threading.Event()

    def work(order: RenderOrder) -> Outcome:
        (Path(order.folder) / STARTED).touch()
        if order.folder.endswith("stuck"):
            let_go.wait(30)
        return Outcome(made={"file": order.folder})

    renderers = PoolRenderers(ThreadPoolExecutor, 1)
    stuck = asyncio.create_task(renderers.run(work, an_order(tmp_path / "stuck"), 0.2))
    await asyncio.sleep(0.05)
    behind = asyncio.create_task(renderers.run(work, an_order(tmp_path / "behind"), 30.0))
    with pytest.raises(Stuck):
        await stuck
    assert (await behind).made == {"file": str(tmp_path / "behind")}
    let_go.set()
    await renderers.close()


async def test_closing_ends_orders_so_that_they_can_be_retried(tmp_path: Path) -> None:
    pool = NeverDone()
    renderers = PoolRenderers(lambda: pool, 1)
    waiting = asyncio.create_task(renderers.run(make, an_order(tmp_path / "a"), 60.0))
    behind = asyncio.create_task(renderers.run(make, an_order(tmp_path / "b"), 60.0))
    late = asyncio.create_task(renderers.run(make, an_order(tmp_path / "c"), 0.05))
    await pool.begun.wait()
    with pytest.raises(Stuck):
        await late
    await renderers.close()
    pool.taken[0].set_exception(BrokenProcessPool("terminated abruptly"))
    for task in (waiting, behind):
        with pytest.raises(RenderersGone):
            await task


async def test_an_order_that_never_starts_times_out_without_replacing_the_pool(tmp_path: Path) -> None:
    pools: list[NeverDone] = []

    def pool() -> NeverDone:
        pools.append(NeverDone())
        return pools[-1]

    with pytest.raises(Stuck):
        await PoolRenderers(pool, 1).run(make, an_order(tmp_path / "late"), 0.05)
    assert len(pools) == 1
    await asyncio.sleep(0.01)
    assert pools[0].taken[0].cancelled()


def test_a_cancelled_song_whose_folder_is_deleted_prints_no_traceback(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "work"
    folder.mkdir()

    def delete() -> None:
        while not (folder / PROGRESS).exists():
            time.sleep(0.01)
        shutil.rmtree(folder)

    request = {"prompt": "slow=9", "seed": 1, "instrumental": True}
    deleting = threading.Thread(target=delete, daemon=True)
    deleting.start()
    outcome = make(RenderOrder("tests.studio.tone:ToneEngine", request, str(folder)))
    deleting.join()
    assert outcome == Outcome()
    assert capsys.readouterr().err == ""


async def test_no_thread_of_a_renderer_is_left_after_closing(tmp_path: Path) -> None:
    before = set(threading.enumerate())
    renderers = PoolRenderers(lambda: LifelineProcess(0, tmp_path / "engine.log"), 2)
    orders = [an_order(tmp_path / name) for name in "ab"]
    await asyncio.gather(*(renderers.run(no_work, order, 60.0) for order in orders))
    await renderers.close()
    left = set(threading.enumerate()) - before
    assert [thread for thread in left if "executor" in type(thread).__name__.lower()] == []


def no_work(order: RenderOrder) -> Outcome:
    return Outcome()


def test_a_renderer_that_starts_survives_the_signals_of_the_terminal(tmp_path: Path) -> None:
    with LifelineProcess(0, tmp_path / "engine.log") as process:
        result = process.submit(abs, -3)
        for child in multiprocessing.active_children():
            for name in (signal.SIGINT, signal.SIGHUP):
                os.kill(child.pid or 0, name)
        assert result.result(timeout=60) == 3


_CLOSED_TERMINAL = """
import os, signal, sys, time
from pathlib import Path
from riffusion_tui.studio.queue.process_pool import LifelineProcess
if __name__ == "__main__":
    signal.signal(signal.SIGHUP, lambda *_: None)
    with LifelineProcess(0, Path(sys.argv[1]) / "engine.log") as process:
        process.submit(abs, -3).result(timeout=60)
        os.killpg(0, signal.SIGHUP)
        time.sleep(0.2)
        process.submit(abs, -3).result(timeout=60)
"""


def test_a_closed_terminal_prints_no_traceback(tmp_path: Path) -> None:
    script = tmp_path / "closed.py"
    script.write_text(_CLOSED_TERMINAL)
    command = [sys.executable, str(script), str(tmp_path)]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    ran = subprocess.run(
        command, env=environment, start_new_session=True, capture_output=True, text=True, timeout=60, check=False
    )
    assert (ran.returncode, ran.stderr) == (0, "")

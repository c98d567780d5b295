"""Real processes, sockets and files. The long version of the kills: `python -m tests.benchmarks.faults`."""

from __future__ import annotations

import asyncio
import random
import time
from pathlib import Path

from riffusion_tui.dispatch import Desk, Dispatcher, Lock, holder
from riffusion_tui.jobs.clock import SystemClock
from riffusion_tui.jobs.model import Options
from riffusion_tui.jobs.status import Status
from riffusion_tui.secret import Secret
from riffusion_tui.services.riffusion import RiffusionService
from riffusion_tui.store import Store
from tests.benchmarks.faults import kill_at_random
from tests.dispatch.outside import TOKEN, Outside, Serving
from tests.dispatch.processes import jobs_of, start, wrongs

CLOCK = SystemClock()


def test_killed_at_random_moments_nothing_is_lost_or_made_twice(tmp_path: Path) -> None:
    outside, broken, _ = kill_at_random(tmp_path, 3, seed=5)
    assert broken == []
    assert len(outside.made) <= 9


def test_three_processes_on_one_folder_make_each_song_once_and_one_takes_over(tmp_path: Path) -> None:
    outside = Outside(slots={"acc-a": 10, "acc-b": 10}, seconds=0.2)
    prompts = {f"prompt {n}" for n in range(100)}
    with Serving(outside) as server:
        queued = start(tmp_path, server.url, "submit", *sorted(prompts))
        assert queued.wait(60) == 0
        workers = [start(tmp_path, server.url, "work", "--timeout", "25") for _ in range(3)]
        lock = tmp_path / "data" / "dispatcher-riffusion.lock"
        wait_until(lambda: len(outside.made) >= 10)
        first = holder(lock)
        assert first in {worker.pid for worker in workers}
        leader = next(worker for worker in workers if worker.pid == first)
        leader.kill()
        leader.wait()
        died = time.monotonic()
        wait_until(lambda: holder(lock) not in (None, first))
        assert time.monotonic() - died < 5
        for worker in workers:
            worker.wait(90)
    in_flight = {prompt for prompt in prompts if outside.per_prompt()[prompt] == 0}
    assert wrongs(outside, jobs_of(tmp_path), prompts, in_flight) == []
    assert len(in_flight) <= 2, "at most one request to each account was on its way"
    assert outside.busy == 0


def wait_until(true: object, limit: float = 30.0) -> None:
    end = time.monotonic() + limit
    while not true():  # type: ignore[operator]
        assert time.monotonic() < end
        time.sleep(0.05)


async def dispatched(folder: Path, outside: Outside, prompts: int, limit: float = 60.0) -> Store:
    """Have prompts made in this process, by the real client over a real socket."""
    store = Store.open(folder / "data" / "jobs.sqlite3", CLOCK)
    with Serving(outside) as server:
        service = RiffusionService(server.url, Secret(TOKEN), clock=CLOCK)
        desk = Desk(store, service, clock=CLOCK, rng=random.Random(1))
        desk.submit([f"prompt {n}" for n in range(prompts)], Options())
        lock = Lock(folder / "lock")
        dispatcher = Dispatcher(store, service, clock=CLOCK, rng=random.Random(2), folder=folder / "songs", lock=lock)
        async with asyncio.timeout(limit), dispatcher:
            while store.tally(service.name).by_status != {Status.DONE: prompts}:  # noqa: ASYNC110 (what is waited for is in a file)
                await asyncio.sleep(0.1)
        await service.aclose()
    return store


async def test_two_hundred_jobs_meet_no_busy_answer(tmp_path: Path) -> None:
    outside = Outside(slots={"acc-a": 10, "acc-b": 7, "acc-c": 3}, seconds=0.4)
    store = await dispatched(tmp_path, outside, 200)
    assert outside.busy == 0
    assert set(outside.per_prompt().values()) == {1}
    assert all(Path(job.file).is_file() for job in store.jobs())
    store.close()


async def test_an_answer_cut_at_any_byte_makes_no_second_song(tmp_path: Path) -> None:
    length = 210  # an answer's head and body have about so many bytes
    outside = Outside(slots={"acc-a": 10, "acc-b": 10}, seconds=1.0, offsets=iter(range(0, length, 9)))
    store = await dispatched(tmp_path, outside, length // 9 + 1, 120)
    assert len(outside.cuts) == length // 9 + 1
    assert set(outside.per_prompt().values()) == {1}
    store.close()


async def test_an_account_that_is_broken_stops_nobody_else(tmp_path: Path) -> None:
    outside = Outside(slots={"acc-a": 4, "acc-b": 4}, seconds=0.2)
    outside.broken["acc-a"] = time.time() + 1e6
    store = await dispatched(tmp_path, outside, 12)
    assert {one.account for one in outside.made} == {"acc-b"}
    assert outside.calls["create"] <= 14
    store.close()

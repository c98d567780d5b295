"""Real processes, sockets and files. The long version of the kills: `python -m tests.benchmarks.faults`."""

from __future__ import annotations

import random
import time
from pathlib import Path

import pytest

from riffusion_tui.dispatch import Dispatcher, JobCommands
from riffusion_tui.file_lock import FileLock
from riffusion_tui.jobs.clock import SystemClock
from riffusion_tui.jobs.model import Options
from riffusion_tui.jobs.status import Status
from riffusion_tui.secret import Secret
from riffusion_tui.services.riffusion.client import RiffusionService
from riffusion_tui.store import Store
from tests.benchmarks.faults import kill_at_random, kill_the_first_of_three
from tests.dispatch.fake_api import TOKEN, FakeApi, FakeApiServer
from tests.waiting import until

CLOCK = SystemClock()


def test_random_kills_lose_no_prompt_and_make_none_twice(tmp_path: Path) -> None:
    api, broken, _ = kill_at_random(tmp_path, 3, seed=5)
    assert broken == []
    assert len(api.made) <= 9


def test_three_processes_on_a_folder_make_each_song_once(tmp_path: Path) -> None:
    took = kill_the_first_of_three(tmp_path, 60)
    assert took.broken == []
    assert took.seconds < 5
    assert took.unsure <= 2, "at most one request per account is in flight"
    assert len(took.api.made) >= 60 - took.unsure
    assert took.api.busy == 0


async def dispatched(folder: Path, api: FakeApi, prompts: int, limit: float = 60.0) -> Store:
    """Generate prompts in this process with the real client over a real socket."""
    store = Store.open(folder / "data" / "jobs.sqlite3", CLOCK)
    with FakeApiServer(api) as server:
        service = RiffusionService(server.url, Secret(TOKEN), clock=CLOCK)
        job_commands = JobCommands(store, service, clock=CLOCK, rng=random.Random(1))
        job_commands.submit([f"prompt {n}" for n in range(prompts)], Options())
        lock = FileLock(folder / "lock")
        dispatcher = Dispatcher(store, service, clock=CLOCK, rng=random.Random(2), folder=folder / "songs", lock=lock)
        async with dispatcher:
            await until(lambda: [job.status for job in store.jobs()] == [Status.DONE] * prompts, limit, every_s=0.1)
        await service.aclose()
    return store


@pytest.mark.no_cover
async def test_two_hundred_jobs_get_no_busy_response(tmp_path: Path) -> None:
    api = FakeApi(slots={"acc-a": 10, "acc-b": 7, "acc-c": 3}, seconds=0.4)
    store = await dispatched(tmp_path, api, 200)
    assert api.busy == 0
    assert set(api.per_prompt().values()) == {1}
    assert all(Path(job.file).is_file() for job in store.jobs())
    store.close()


@pytest.mark.no_cover
async def test_a_response_cut_at_any_byte_makes_no_second_song(tmp_path: Path) -> None:
    length = 210  # about the size of a response
    api = FakeApi(slots={"acc-a": 10, "acc-b": 10}, seconds=1.0, offsets=iter(range(0, length, 9)))
    store = await dispatched(tmp_path, api, length // 9 + 1, 120)
    assert len(api.cuts) == length // 9 + 1
    assert set(api.per_prompt().values()) == {1}
    store.close()


@pytest.mark.no_cover
async def test_a_broken_account_does_not_stop_the_others(tmp_path: Path) -> None:
    api = FakeApi(slots={"acc-a": 4, "acc-b": 4}, seconds=0.2)
    api.broken["acc-a"] = time.time() + 1e6
    store = await dispatched(tmp_path, api, 12)
    assert {one.account for one in api.made} == {"acc-b"}
    assert api.calls["create"] <= 14
    store.close()

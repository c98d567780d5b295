"""A 429 to a poll or a download is waited out like one to a new job: at least ten seconds, or as long as it says."""

from __future__ import annotations

import asyncio
from itertools import pairwise
from pathlib import Path

import pytest

from riffusion_tui.jobs.model import Options
from riffusion_tui.jobs.status import Status
from riffusion_tui.services import base
from tests.dispatch.bench import Bench, bench
from tests.dispatch.virtual import run
from tests.dispatch.world import Slot, World


def watched(world: World) -> list[tuple[float, str]]:
    """Record the time of each call."""
    calls: list[tuple[float, str]] = []
    call = world._call

    async def _call(what: str) -> str:
        calls.append((world.now, what))
        return await call(what)

    world._call = _call
    return calls


async def with_songs_being_made(b: Bench, count: int) -> None:
    b.job_commands.submit([f"prompt {n}" for n in range(count)], Options())
    await b.until(lambda: b.all(Status.MAKING))


@pytest.mark.parametrize("call", ["workload", "poll"])
@pytest.mark.parametrize(("error", "least"), [
    (base.UpstreamLimited("Too Many Requests"), 10.0),
    (base.UpstreamLimited("Too Many Requests", retry_after_s=120.0), 120.0),
])  # fmt: skip
def test_polls_wait_after_a_429(tmp_path: Path, call: str, error: base.ServiceError, least: float) -> None:
    async def main() -> None:
        world = World({"a": Slot(2)}, lambda: 1000.0)
        world.capabilities = world.capabilities._replace(schedules=call == "workload")
        calls = watched(world)
        async with bench(tmp_path, world) as b, b.dispatching():
            await with_songs_being_made(b, 2)
            del calls[:]
            world.faults[call] = [error] * 4
            await b.until(lambda: b.all(Status.DONE), 7200)
        polls = [at for at, what in calls if what in ("workload", "poll")]
        waits = [later - earlier for earlier, later in pairwise(polls[:5])]
        assert len(waits) == 4
        assert min(waits) >= least

    run(main())


def test_the_user_ends_the_wait_of_polls(tmp_path: Path) -> None:
    async def main() -> None:
        world = World({"a": Slot(1)}, lambda: 30.0)
        async with bench(tmp_path, world) as b, b.dispatching():
            await with_songs_being_made(b, 1)
            world.faults["workload"] = [base.UpstreamLimited("Too Many Requests", retry_after_s=500.0)]
            await b.until(lambda: bool(b.store.gates("world")))
            b.job_commands.next_now()
            await b.until(lambda: b.all(Status.DONE), 100)

    run(main())


@pytest.mark.parametrize(("error", "least"), [
    (base.UpstreamLimited("Too Many Requests"), 10.0),
    (base.UpstreamLimited("Too Many Requests", retry_after_s=120.0), 120.0),
    (base.ServerFault("Maintenance", retry_after_s=120.0), 120.0),
    (base.ServerFault("Maintenance", retry_after_s=1e9), 600.0),
])  # fmt: skip
def test_downloads_wait_as_long_as_the_service_says(tmp_path: Path, error: base.ServiceError, least: float) -> None:
    async def main() -> None:
        world = World({"a": Slot(1)}, lambda: 5.0, faults={"download": [error] * 3})
        calls = watched(world)
        async with bench(tmp_path, world) as b, b.dispatching():
            await with_songs_being_made(b, 1)
            await b.until(lambda: b.all(Status.DONE), 7200)
        downloads = [at for at, what in calls if what == "download"]
        assert len(downloads) == 4
        assert all(later - earlier >= least for earlier, later in pairwise(downloads))

    run(main())


def test_a_rate_limited_download_is_never_given_up(tmp_path: Path) -> None:
    async def main() -> None:
        faults: list[base.ServiceError | str] = [base.UpstreamLimited("Too Many Requests")] * 40
        world = World({"a": Slot(1)}, lambda: 5.0, faults={"download": faults})
        async with bench(tmp_path, world) as b, b.dispatching():
            await with_songs_being_made(b, 1)
            await b.until(lambda: b.all(Status.DONE), 36_000)
        assert world.per_prompt() == {"prompt 0": 1}

    run(main())


def test_an_hour_of_429s_takes_a_bounded_number_of_downloads(tmp_path: Path) -> None:
    async def main() -> None:
        faults: list[base.ServiceError | str] = [base.UpstreamLimited("Too Many Requests")] * 1000
        world = World({"a": Slot(1)}, lambda: 5.0, faults={"download": faults})
        async with bench(tmp_path, world) as b, b.dispatching():
            await with_songs_being_made(b, 1)
            await asyncio.sleep(3600)
        assert 10 <= world.calls["download"] <= 40

    run(main())


def test_a_poll_that_was_limited_once_does_not_wait_for_a_429_to_a_new_job(tmp_path: Path) -> None:
    async def main() -> None:
        world = World({"a": Slot(3)}, lambda: 200.0)
        async with bench(tmp_path, world) as b, b.dispatching():
            await with_songs_being_made(b, 2)
            world.faults["workload"] = [base.UpstreamLimited("Too Many Requests")]
            await asyncio.sleep(100)
            assert not world.faults["workload"]
            world.faults["create"] = [base.UpstreamLimited("Too Many Requests", retry_after_s=600.0)]
            b.job_commands.submit(["limited"], Options())
            await b.until(lambda: len(b.jobs(Status.DONE)) == 2, 300)
            assert [job.prompt for job in b.jobs(Status.QUEUED)] == ["limited"]

    run(main())


def test_sending_waits_as_long_as_a_503_says(tmp_path: Path) -> None:
    async def main() -> None:
        fault = base.ServerFault("Maintenance", retry_after_s=120.0)
        world = World({"a": Slot(2)}, lambda: 5.0, faults={"create": [fault]})
        async with bench(tmp_path, world) as b, b.dispatching():
            b.job_commands.submit(["one", "two"], Options())
            await b.until(lambda: bool(b.jobs(Status.DONE)), 7200)
        (first, *_), (second, *_), *_ = world.posts
        assert second - first >= 120

    run(main())

"""A job counts as lost only after the service has been silent about it without a break."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from riffusion_tui.dispatch.polling.poller import LOST_S
from riffusion_tui.jobs.model import Options
from riffusion_tui.jobs.status import Status
from riffusion_tui.services import base
from tests.dispatch.bench import bench
from tests.dispatch.virtual import run
from tests.dispatch.world import Slot, World
from tests.waiting import until


@pytest.mark.parametrize("schedules", [True, False])
def test_silence_ends_with_each_sign_of_life(tmp_path: Path, schedules: bool) -> None:
    async def main() -> None:
        world = World({"a": Slot(1)}, lambda: 9000.0)
        world.capabilities = world.capabilities._replace(schedules=schedules)
        async with bench(tmp_path, world) as b:
            b.job_commands.submit(["one"], Options())
            async with b.dispatching():
                await b.until(lambda: b.all(Status.MAKING))
                for _ in range(4):
                    world.made[0].gone = True
                    await asyncio.sleep(LOST_S - 60)
                    world.made[0].gone = False
                    await asyncio.sleep(60)
                assert b.all(Status.MAKING)
                world.made[0].gone = True
                await asyncio.sleep(LOST_S + 60)
                assert b.all(Status.FAILED)

    run(main())


def test_an_unreadable_response_does_not_count_as_silence(tmp_path: Path) -> None:
    async def main() -> None:
        faults: list[base.ServiceError | str] = [base.Unreadable("It is a web page.")] * 12
        world = World({"a": Slot(1)}, lambda: 9000.0, faults={"poll": faults})
        world.capabilities = world.capabilities._replace(schedules=False)
        async with bench(tmp_path, world) as b:
            b.job_commands.submit(["one"], Options())
            async with b.dispatching():
                await b.until(lambda: b.all(Status.MAKING))
                began = b.clock.steady()
                await until(lambda: not (faults and b.all(Status.MAKING)), LOST_S * 10, every_s=1)
                assert not faults
                assert b.clock.steady() - began > LOST_S
                assert b.all(Status.MAKING)

    run(main())


@pytest.mark.parametrize("how", ["suspended", "offline"])
def test_hours_between_two_polls_do_not_make_a_job_lost(tmp_path: Path, how: str) -> None:
    async def main() -> None:
        world = World({"a": Slot(1)}, lambda: 90_000.0)
        async with bench(tmp_path, world) as b:
            (job,) = b.job_commands.submit(["one"], Options())
            async with b.dispatching():
                await b.until(lambda: b.all(Status.MAKING))
                await asyncio.sleep(60)
                world.made[0].gone = True  # it restarts, and lists the job again once it has read its queue
                await asyncio.sleep(70)
                if how == "suspended":
                    b.clock.suspended = 3 * 3600.0
                else:
                    world.online = False
                    await asyncio.sleep(3 * 3600)
                    world.online = True
                before = world.calls["poll"]
                await asyncio.sleep(70)
                assert world.calls["poll"] > before
                world.made[0].gone = False
                assert b.store.job(job.id).status == Status.MAKING
                await b.until(lambda: b.all(Status.DONE), 180_000)
            assert world.per_prompt() == {"one": 1}

    run(main())


def test_an_hour_of_unreadable_polls_takes_a_bounded_number(tmp_path: Path) -> None:
    async def main() -> None:
        world = World(duration=lambda: 5.0)
        world.capabilities = world.capabilities._replace(schedules=False)
        world.faults["poll"] = [base.Unreadable("It is a web page.")] * 1000
        async with bench(tmp_path, world) as b, b.dispatching():
            b.job_commands.submit(["one"], Options())
            await asyncio.sleep(3600)
            assert 10 <= world.calls["poll"] <= 40
            world.faults.clear()
            await b.until(lambda: b.all(Status.DONE), 600)

    run(main())

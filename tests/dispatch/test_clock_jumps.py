"""Changing the wall clock during a wait doesn't change the length of the wait; a suspended machine's time counts."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from riffusion_tui.jobs.model import Options
from riffusion_tui.jobs.status import Status
from riffusion_tui.services import base
from tests.dispatch.bench import bench
from tests.dispatch.virtual import run
from tests.dispatch.world import Slot, World


@pytest.mark.parametrize("jump", [3600.0, -3600.0])
@pytest.mark.parametrize("again", [False, True])
def test_a_clock_change_does_not_alter_the_wait_after_a_429(tmp_path: Path, jump: float, again: bool) -> None:
    async def main() -> None:
        limited = base.UpstreamLimited("Too many requests.", retry_after_s=60.0)
        world = World({"a": Slot(2)}, lambda: 5.0, faults={"create": [limited] * (2 if again else 1)})
        async with bench(tmp_path, world) as b:
            b.job_commands.submit(["one"], Options())
            async with b.dispatching():
                await b.until(lambda: bool(b.store.gates("world")))
                await asyncio.sleep(30)  # half of the wait: starting it again would be noticed
                b.clock.jump = jump
                b.job_commands.submit(["two"], Options())
                await b.until(lambda: b.all(Status.DONE), 600)
            first, second, *third = [at for at, _, _ in world.posts]
            assert 58 <= second - first <= 75
            assert not again or 58 <= third[0] - second <= 75

    run(main())


def test_time_spent_suspended_counts_as_waited(tmp_path: Path) -> None:
    async def main() -> None:
        limited = base.UpstreamLimited("Too many requests.", retry_after_s=300.0)
        world = World({"a": Slot(2)}, lambda: 5.0, faults={"create": [limited]})
        async with bench(tmp_path, world) as b:
            b.job_commands.submit(["one"], Options())
            async with b.dispatching():
                await b.until(lambda: bool(b.store.gates("world")))
                await asyncio.sleep(2)
                b.clock.suspended = 3600.0
                awake = asyncio.get_running_loop().time()
                await b.until(lambda: b.all(Status.DONE), 4000)
                assert asyncio.get_running_loop().time() - awake < 30

    run(main())

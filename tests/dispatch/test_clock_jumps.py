"""Changing the wall clock during a wait doesn't change the length of the wait."""

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
def test_a_wait_after_a_429_is_as_long_as_it_was(tmp_path: Path, jump: float, again: bool) -> None:
    async def main() -> None:
        limited = base.UpstreamLimited("Too many requests.", retry_after_s=60.0)
        world = World({"a": Slot(2)}, lambda: 5.0, faults={"create": [limited] * (2 if again else 1)})
        async with bench(tmp_path, world) as b:
            b.job_commands.submit(["one"], Options())
            async with b.dispatching():
                await b.until(lambda: bool(b.store.gates("world")))
                await asyncio.sleep(2)
                b.clock.jump = jump
                b.job_commands.submit(["two"], Options())
                await b.until(lambda: b.all(Status.DONE), 600)
            first, second, *third = [at for at, _, _ in world.posts]
            assert 58 <= second - first <= 75
            assert not again or 58 <= third[0] - second <= 75

    run(main())

"""Credits bought elsewhere are noticed, and nothing is sent before."""

from __future__ import annotations

import asyncio
from pathlib import Path

from riffusion_tui.jobs.model import Options
from riffusion_tui.jobs.status import Status
from riffusion_tui.services import base
from tests.dispatch.bench import bench
from tests.dispatch.virtual import run
from tests.dispatch.world import Slot, World


def test_new_credits_are_noticed_without_sending_a_request(tmp_path: Path) -> None:
    async def main() -> None:
        world = World({"a": Slot(1, credits=900.0)}, lambda: 5.0, faults={"create": [base.NoCredits("No credits.")]})
        async with bench(tmp_path, world) as b:
            b.job_commands.submit(["one"], Options())
            async with b.dispatching():
                await asyncio.sleep(1)
                world.accounts_there["a"].credits = 4.0
                await asyncio.sleep(60)
                assert len(world.posts) == 1
                world.accounts_there["a"].credits = 4.0 + 500.0
                await b.until(lambda: b.all(Status.DONE), 45)
            assert len(world.posts) == 2

    run(main())


def test_a_start_tries_an_account_whose_credits_are_unknown(tmp_path: Path) -> None:
    async def main() -> None:
        world = World({"a": Slot(1)}, lambda: 5.0, faults={"create": [base.NoCredits("No credits.")]})
        async with bench(tmp_path, world) as b:
            b.job_commands.submit(["one"], Options())
            async with b.dispatching():
                await asyncio.sleep(3600)
                assert len(world.posts) == 1
            async with b.dispatching():
                await b.until(lambda: b.all(Status.DONE), 60)

    run(main())

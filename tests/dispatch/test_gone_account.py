"""Jobs of an account that the service no longer has."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from riffusion_tui.jobs.model import FailureKind, Options
from riffusion_tui.jobs.status import Status
from riffusion_tui.services import base
from tests.dispatch.bench import bench
from tests.dispatch.virtual import run
from tests.dispatch.world import Slot, World


def test_a_job_whose_account_was_removed_is_reported_as_lost(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def main() -> None:
        world = World({"a": Slot(1)}, lambda: 4000.0)

        async def poll(jobs: Sequence[base.PolledJob]) -> base.PollResult:
            unknown = {job.account for job in jobs} - set(world.accounts_there)
            error = base.BadRequest("There is no such account.")
            return base.PollResult(troubles=tuple((account, error) for account in unknown))

        monkeypatch.setattr(world, "poll", poll)
        async with bench(tmp_path, world) as b:
            (job,) = b.job_commands.submit(["one"], Options())
            async with b.dispatching():
                await b.until(lambda: b.all(Status.MAKING))
                world.made[0].gone = True
                world.accounts_there = {"b": Slot(1)}
                b.job_commands.next_now()
                await b.until(lambda: b.all(Status.FAILED), 2000)
            assert b.store.job(job.id).trouble == FailureKind.STALLED
            assert b.store.job(job.id).error.startswith("There is no such account.")

    run(main())

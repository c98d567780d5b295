"""A report about a request that the user has replaced in the meantime says nothing about the new request."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from riffusion_tui.jobs.model import Options
from riffusion_tui.jobs.status import Status
from riffusion_tui.services import base
from tests.dispatch.bench import Bench, bench
from tests.dispatch.virtual import run
from tests.dispatch.world import Slot, World

Report = Callable[[base.RemoteSong], base.PollResult]


def slow_once(world: World, report: Report) -> None:
    """The first poll takes a minute, and reports that about its jobs."""
    poll = world.poll

    async def slow(jobs: Sequence[base.PolledJob]) -> base.PollResult:
        world.poll = poll
        old = world._find(jobs[0].remote_id)
        assert old is not None
        await asyncio.sleep(60)
        return report(old)

    world.poll = slow


async def replaced(b: Bench) -> None:
    """Cancel the job during the first poll, and send it again."""
    (job,) = b.job_commands.submit(["one"], Options())
    async with b.dispatching():
        await b.until(lambda: b.all(Status.MAKING))
        await asyncio.sleep(10)
        b.store.update(job.id, Status.CANCELLED)
        b.world.made[0].gone = True
        b.job_commands.retry([job.id])
        await b.until(lambda: b.store.job(job.id).remote_id == "r1")
        await asyncio.sleep(60)
        made = b.store.job(job.id)
        assert (made.status, made.remote_id, made.error) == (Status.MAKING, "r1", "")
        await b.until(lambda: b.all(Status.DONE), 7200)
    assert [one.remote_id for one in b.world.made] == ["r0", "r1"]


@pytest.mark.parametrize("repeatable", [False, True])
@pytest.mark.parametrize(
    "report",
    [
        lambda old: base.PollResult((replace(old, finished=True),)),
        lambda old: base.PollResult((replace(old, failed=True, error="The GPU melted."),)),
        lambda old: base.PollResult((replace(old, disk_full=True),)),
        lambda old: base.PollResult((replace(old, blocked="Move it."),)),
        lambda old: base.PollResult(lost=((old.remote_id, base.Expired("gone")),)),
        lambda old: base.PollResult(lost=((old.remote_id, base.Oversized("it is too large")),)),
        lambda old: base.PollResult(troubles=((None, base.Unreadable("It is a web page.")),)),
        lambda old: base.PollResult(),
    ],
    ids=["finished", "failed", "disk full", "blocked", "lost", "oversized", "unreadable", "silent"],
)
def test_a_late_report_about_a_replaced_request_is_ignored(tmp_path: Path, report: Report, repeatable: bool) -> None:
    async def main() -> None:
        world = World({"a": Slot(1)}, lambda: 600.0)
        world.capabilities = world.capabilities._replace(schedules=False, repeatable=repeatable)
        slow_once(world, report)
        async with bench(tmp_path, world) as b:
            await replaced(b)

    run(main())


def test_a_job_that_is_deleted_during_a_poll_stops_nothing(tmp_path: Path) -> None:
    async def main() -> None:
        world = World({"a": Slot(2)}, lambda: 600.0)
        world.capabilities = world.capabilities._replace(schedules=False)
        slow_once(world, lambda old: base.PollResult((replace(old, failed=True),)))
        async with bench(tmp_path, world) as b:
            first, second = b.job_commands.submit(["one", "two"], Options())
            async with b.dispatching() as dispatcher:
                await b.until(lambda: b.all(Status.MAKING))
                await asyncio.sleep(10)
                b.store.update(first.id, Status.CANCELLED)
                b.job_commands.delete([first.id])
                await b.until(lambda: b.store.job(second.id).status == Status.DONE, 7200)
                assert dispatcher.fault() is None

    run(main())

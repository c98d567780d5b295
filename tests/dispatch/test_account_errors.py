"""An error of one account's songs is not the service's: nothing waits for it, and other accounts' jobs continue."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from riffusion_tui.jobs.model import FailureKind, Options, WaitCause
from riffusion_tui.jobs.status import Status
from riffusion_tui.services import base
from tests.dispatch.bench import Bench, bench
from tests.dispatch.virtual import run
from tests.dispatch.world import Slot, World


def failing(world: World, error: base.ServiceError, *accounts: str) -> None:
    """Answer polls of these accounts' songs with an error."""
    poll = world.poll

    async def partly(jobs: Sequence[base.PolledJob]) -> base.PollResult:
        fails = {job.account for job in jobs if job.account in accounts}
        found = await poll([job for job in jobs if job.account not in fails])
        return base.PollResult(found.songs, troubles=tuple((account, error) for account in fails))

    world.poll = partly


def causes_of(b: Bench) -> set[WaitCause]:
    """Collect the causes of all gates that are ever closed."""
    seen: set[WaitCause] = set()
    b.store.subscribe(lambda: seen.update(gate.cause for gate in b.store.gates("world")))
    return seen


@pytest.mark.parametrize(
    "error",
    [
        base.Forbidden("This account is not yours."),
        base.BadRequest("What is that?"),
        base.NotFound("No such page."),
        base.Expired("It has expired."),
        base.Refused("Unprocessable"),
        base.Conflict("Not now."),
    ],
    ids=lambda error: type(error).__name__,
)
def test_jobs_of_an_account_whose_songs_are_refused_end_with_the_reason(
    tmp_path: Path, error: base.ServiceError
) -> None:
    async def main() -> None:
        world = World({"a": Slot(1), "b": Slot(1)}, lambda: 20.0)
        failing(world, error, "a")
        async with bench(tmp_path, world) as b:
            b.job_commands.submit([f"prompt {n}" for n in range(6)], Options(account="b"))
            (job,) = b.job_commands.submit(["one"], Options(account="a"))
            causes = causes_of(b)
            async with b.dispatching():
                await b.until(lambda: len(b.jobs(Status.DONE)) == 6, 200)
                assert b.store.job(job.id).error == str(error)
                await b.until(lambda: b.store.job(job.id).status is Status.FAILED, 600)
            ended = b.store.job(job.id)
            assert ended.trouble is FailureKind.STALLED
            assert ended.error.startswith(str(error))
            assert causes == set()

    run(main())


def test_a_server_error_of_one_account_is_not_an_outage(tmp_path: Path) -> None:
    async def main() -> None:
        world = World({"a": Slot(1), "b": Slot(1)}, lambda: 200.0)
        world.capabilities = world.capabilities._replace(schedules=False)
        failing(world, base.ServerFault("It failed."), "a")
        async with bench(tmp_path, world) as b:
            b.job_commands.submit([f"prompt {n}" for n in range(3)], Options(account="b"))
            (job,) = b.job_commands.submit(["one"], Options(account="a"))
            causes = causes_of(b)
            async with b.dispatching():
                await b.until(lambda: len(b.jobs(Status.DONE)) == 3, 1000)
                assert (b.store.job(job.id).status, b.store.job(job.id).error) == (Status.MAKING, "It failed.")
            assert causes == set()

    run(main())


def test_a_server_error_of_all_accounts_is_an_outage(tmp_path: Path) -> None:
    async def main() -> None:
        world = World({"a": Slot(1), "b": Slot(1)}, lambda: 200.0)
        world.capabilities = world.capabilities._replace(schedules=False)
        failing(world, base.ServerFault("It failed."), "a", "b")
        async with bench(tmp_path, world) as b:
            b.job_commands.submit(["one", "two"], Options())
            causes = causes_of(b)
            async with b.dispatching():
                await b.until(lambda: WaitCause.UNAVAILABLE in causes, 100)

    run(main())

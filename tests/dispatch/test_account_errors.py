"""An error of one account's songs is not the service's: nothing waits for it, and other accounts' jobs continue."""

from __future__ import annotations

import asyncio
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


@pytest.mark.parametrize("there", [{}, {"a": 1}, {"a": 1, "b": 1}], ids=len)
@pytest.mark.parametrize("kind", [base.AccountBusy, base.AccountBroken])
@pytest.mark.parametrize("named", ["b", "c"])
def test_a_response_that_names_another_account_doesnt_send_a_prompt_again_at_once(
    tmp_path: Path, there: dict[str, int], kind: type[base.AccountBusy | base.AccountBroken], named: str
) -> None:
    async def main() -> None:
        world = World({account: Slot(slots) for account, slots in there.items()}, lambda: 5.0)
        world.faults["create"] = [kind("Not now.", account=named)] * 500
        async with bench(tmp_path, world) as b:
            b.job_commands.submit(["one"], Options(account="a" if "a" in there else None))
            async with b.dispatching():
                await asyncio.sleep(60)
                assert 0 < len(world.posts) <= 6
                world.faults["create"] = []
                await b.until(lambda: b.all(Status.DONE), 1000)
            assert world.per_prompt() == {"one": 1}

    run(main())


def test_a_download_that_names_another_account_is_not_repeated_at_once(tmp_path: Path) -> None:
    async def main() -> None:
        world = World({"a": Slot(1)}, lambda: 1.0)
        world.faults["download"] = [base.AccountBroken("596", account="b")] * 500
        async with bench(tmp_path, world) as b:
            b.job_commands.submit(["one"], Options())
            async with b.dispatching():
                await asyncio.sleep(60)
                assert 0 < world.calls["download"] <= 6
                world.faults["download"] = []
                await b.until(lambda: b.all(Status.DONE), 1000)

    run(main())

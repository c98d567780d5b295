"""Services whose songs can be made again for free: lost jobs are retried automatically; models that load."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from pathlib import Path

import pytest

from riffusion_tui.dispatch.eta import held
from riffusion_tui.dispatch.queue_summary import summarize
from riffusion_tui.jobs.model import FailureKind, Options, WaitCause
from riffusion_tui.jobs.status import Status
from riffusion_tui.services import base
from riffusion_tui.services.base import Capabilities, NotFound, PolledJob, PollResult
from tests.dispatch.bench import bench
from tests.dispatch.virtual import run
from tests.dispatch.world import Slot, World

CAN = Capabilities(formats=("wav",), seed=True, list_proves=False, schedules=False, repeatable=True, poll_s=2.5)


@dataclass
class Free(World):
    """A free service that loads its models first and reports lost jobs."""

    capabilities: Capabilities = CAN
    cold: dict[str | None, float] = field(default_factory=dict)
    """Account → seconds that its model takes to load."""
    load_fails: list[base.ServiceError] = field(default_factory=list)

    async def create(self, request: base.CreateRequest) -> base.Accepted:
        if request.account in self.cold:
            raise base.WarmingUp("loading", account=request.account)
        return await super().create(request)

    async def warm_up(self, account: str | None) -> None:
        await asyncio.sleep(self.cold.get(account, 0.0))
        if self.load_fails:
            raise self.load_fails.pop(0)
        self.cold.pop(account, None)

    async def poll(self, jobs: Sequence[PolledJob]) -> PollResult:
        polled = await super().poll(jobs)
        known = {song.remote_id for song in polled.songs}
        lost = [job.remote_id for job in jobs if job.remote_id not in known and not polled.troubles]
        return replace(polled, lost=tuple((id, NotFound("The server forgot it.")) for id in lost))


@pytest.mark.parametrize("word", ["cut before", "cut after"])
def test_a_request_without_a_response_is_resent_automatically(tmp_path: Path, word: str) -> None:
    async def main() -> None:
        world = Free(faults={"create": [word]})
        async with bench(tmp_path, world) as b:
            (job,) = b.job_commands.submit(["one"], Options())
            async with b.dispatching():
                await b.until(lambda: b.all(Status.DONE))
            assert b.store.job(job.id).tries == 2
            assert "queued again" in [one.what for one in b.store.timeline(job.id)]

    run(main())


def test_a_request_that_is_never_answered_fails_after_a_few_tries(tmp_path: Path) -> None:
    async def main() -> None:
        world = Free(faults={"create": [base.ServerFault("Internal Server Error")] * 10})
        async with bench(tmp_path, world) as b:
            (job,) = b.job_commands.submit(["one"], Options())
            async with b.dispatching():
                await b.until(lambda: b.all(Status.FAILED))
            found = b.store.job(job.id)
            assert (found.tries, found.trouble, found.error) == (4, FailureKind.SERVER, "Internal Server Error")

    run(main())


def test_a_request_of_a_dead_process_is_resent(tmp_path: Path) -> None:
    async def main() -> None:
        async with bench(tmp_path, Free()) as b:
            one, two = b.job_commands.submit(["one", "two"], Options())
            b.store.update(one.id, Status.SENDING, "sending", "", Status.QUEUED)
            b.store.update(two.id, Status.SENDING, "sending", "", Status.QUEUED)
            b.store.update(two.id, Status.MAYBE_SENT, "maybe sent", "", Status.SENDING)
            async with b.dispatching():
                await b.until(lambda: b.all(Status.DONE))

    run(main())


def test_a_lost_job_is_made_again_unless_it_was_cancelled(tmp_path: Path) -> None:
    async def main() -> None:
        world = Free({"a": Slot(2)})
        async with bench(tmp_path, world) as b:
            one, two = b.job_commands.submit(["one", "two"], Options())
            async with b.dispatching() as dispatcher:
                await b.until(lambda: b.all(Status.MAKING))
                for making in world.made:
                    making.gone = True
                poll = world.poll

                async def cancelled_meanwhile(jobs: Sequence[PolledJob]) -> PollResult:
                    if b.store.job(two.id).status is Status.MAKING:
                        b.store.update(two.id, Status.CANCELLED, "cancelled", "", Status.MAKING)
                    return await poll(jobs)

                world.poll = cancelled_meanwhile
                await b.until(lambda: b.store.job(one.id).status is Status.DONE)
                assert dispatcher.fault() is None
            assert world.per_prompt() == {"one": 2, "two": 1}
            assert b.store.job(two.id).status is Status.CANCELLED

    run(main())


def test_a_job_that_is_lost_repeatedly_fails(tmp_path: Path) -> None:
    async def main() -> None:
        world = Free({"a": Slot(100)})
        async with bench(tmp_path, world) as b:
            b.job_commands.submit(["one"], Options())

            async def nothing(jobs: Sequence[PolledJob]) -> PollResult:
                await asyncio.sleep(0.1)
                return PollResult(lost=tuple((job.remote_id, NotFound("forgotten")) for job in jobs))

            world.poll = nothing
            async with b.dispatching():
                await b.until(lambda: b.all(Status.FAILED))
            assert len(world.made) == 21
            waits = [after.began - before.began for before, after in pairwise(world.made)]
            assert waits[0] < 10, "one restart of the server is nothing to wait for"
            assert waits[1] < waits[5] < waits[-1], "the server may make each of them"
            assert waits[-1] > 60

    run(main())


def test_a_job_without_reports_for_half_an_hour_is_resent(tmp_path: Path) -> None:
    async def main() -> None:
        world = Free()
        async with bench(tmp_path, world) as b:
            b.job_commands.submit(["one"], Options())

            async def silent(jobs: Sequence[PolledJob]) -> PollResult:
                await asyncio.sleep(0.1)
                if len(world.made) > 1:
                    del world.poll
                return PollResult()

            world.poll = silent
            async with b.dispatching():
                await b.until(lambda: b.all(Status.DONE))
            assert len(world.made) == 2

    run(main())


def test_a_song_with_a_missing_file_is_made_again(tmp_path: Path) -> None:
    async def main() -> None:
        world = Free(faults={"download": [NotFound("Audio file not found")] * 5})
        async with bench(tmp_path, world) as b:
            b.job_commands.submit(["one"], Options())
            async with b.dispatching():
                await b.until(lambda: b.all(Status.DONE))
            assert len(world.made) == 2

    run(main())


def test_jobs_wait_while_a_model_loads_and_continue_automatically(tmp_path: Path) -> None:
    async def main() -> None:
        world = Free({"a": Slot(1), "b": Slot(1)}, cold={"a": 300.0})
        async with bench(tmp_path, world) as b:
            b.job_commands.submit(["one", "two", "three"], Options(account="a"))
            (elsewhere,) = b.job_commands.submit(["elsewhere"], Options(account="b"))
            async with b.dispatching():
                await b.until(lambda: bool(b.store.gates("world")))
                (gate,) = b.store.gates("world")
                assert (gate.cause, gate.account, gate.until) == (WaitCause.WARMING, "a", None)
                summary = summarize(b.store, "world", b.clock.now())
                assert summary.banners == ()
                assert not held("a", [gate]), "it needs no user action"
                assert {one.account for one in summary.opens} == {"b"}, "the loading time of a's model is unknown"
                await b.until(lambda: b.store.job(elsewhere.id).status is Status.DONE)
                assert b.clock.steady() < 200, "the other account continues meanwhile"
                await b.until(lambda: b.all(Status.DONE))
            assert b.store.gates("world") == ()

    run(main())


def test_a_model_that_cannot_be_loaded_breaks_its_account_until_it_loads(tmp_path: Path) -> None:
    async def main() -> None:
        broken = base.AccountBroken("a can't load its model: out of memory", account="a")
        world = Free({"a": Slot(1)}, cold={"a": 10.0}, load_fails=[broken, base.Unanswered("The line broke.")])
        async with bench(tmp_path, world) as b:
            b.job_commands.submit(["one"], Options())
            async with b.dispatching():
                await b.until(lambda: any(gate.cause is WaitCause.BROKEN for gate in b.store.gates("world")))
                assert "out of memory" in b.store.gates("world")[0].detail
                await b.until(lambda: b.all(Status.DONE))

    run(main())


def test_closing_the_dispatcher_cancels_loading(tmp_path: Path) -> None:
    async def main() -> None:
        world = Free({"a": Slot(1)}, cold={"a": 3000.0})
        async with bench(tmp_path, world) as b:
            b.job_commands.submit(["one"], Options())
            async with b.dispatching():
                await b.until(lambda: bool(b.store.gates("world")))
                await asyncio.sleep(1)
            world.cold.clear()
            async with b.dispatching():
                await b.until(lambda: b.all(Status.DONE))

    run(main())


def test_the_wait_after_a_server_error_is_short_again_once_a_request_was_accepted(tmp_path: Path) -> None:
    async def main() -> None:
        fault = base.ServerFault("500")
        world = Free({"a": Slot(1)}, lambda: 1.0, faults={"create": [fault, fault, fault, "", fault]})
        async with bench(tmp_path, world) as b:
            b.job_commands.submit(["one", "two"], Options())
            async with b.dispatching():
                await b.until(lambda: b.all(Status.DONE), 3600)
        waits = [later - earlier for (earlier, *_), (later, *_) in pairwise(world.posts)]
        assert len(waits) == 5
        assert waits[2] > 4
        assert waits[4] < 2.5

    run(main())

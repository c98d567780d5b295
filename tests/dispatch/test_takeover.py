"""A process that is stopped loses the folder to another, and nothing is sent twice when it is continued."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from riffusion_tui.file_lock import FileLock, Holder
from riffusion_tui.jobs.model import FailureKind, Job, Options
from riffusion_tui.jobs.status import Status
from riffusion_tui.services import base
from riffusion_tui.services.base import Capabilities, ServiceError
from tests.dispatch.bench import Bench, bench
from tests.dispatch.stoppable import StoppableProcess
from tests.dispatch.virtual import run
from tests.dispatch.world import Slot, World, uniform
from tests.waiting import until


def _holder(lock: FileLock) -> Holder:
    found = lock.holder()
    assert found is not None
    return found


# -- the outcome of a request


class _Stopping:
    """Stops a process at a point of its request, lets another take over, and continues it."""

    def __init__(self, b: Bench, leader: StoppableProcess, follower: StoppableProcess) -> None:
        self.b, self.leader, self.follower = b, leader, follower

    async def taken_over_while_sending(self, *prompts: str, after: float) -> Job:
        """Submit prompts; the other process takes over `after` seconds into the first request. Return the first job."""
        await asyncio.sleep(10)
        job, *_ = self.b.job_commands.submit(prompts, Options())
        await self.b.until_sending()
        await self.taken_over(after)
        return job

    async def taken_over(self, after: float) -> None:
        await asyncio.sleep(after)
        self.leader.stop()
        await until(lambda: self.follower.dispatcher.leading, 3600, every_s=1)

    async def continued(self) -> None:
        self.leader.go_on()
        await asyncio.sleep(2)


@pytest.mark.parametrize("shown", [False, pytest.param(True, marks=pytest.mark.no_cover)])
@pytest.mark.parametrize(
    "after",
    [
        pytest.param(0.45, id="before it is sent"),
        pytest.param(1.5, id="after it is sent"),
    ],
)
def test_a_request_of_a_stopped_process_is_sent_once(tmp_path: Path, shown: bool, after: float) -> None:
    async def main() -> None:
        world = World({"a": Slot(1)}, lambda: 20.0, latency=2.0, shows_refs=shown, shows_prompts=shown)
        async with bench(tmp_path, world) as b:
            async with StoppableProcess(b, 1) as leader, StoppableProcess(b, 2) as follower:
                stopping = _Stopping(b, leader, follower)
                await stopping.taken_over_while_sending("one", "two", after=after)
                await asyncio.sleep(400)
                await stopping.continued()
                await asyncio.sleep(400)
            assert b.all(Status.DONE), b.statuses()
        assert world.per_prompt() == {"one": 1, "two": 1}

    run(main())


@pytest.mark.parametrize(
    "error",
    [
        base.NotSent("no route"),
        base.Refused("no"),
        base.Unanswered("cut"),
        base.ServerFault("it may have accepted it"),
    ],
    ids=str,
)
def test_a_late_response_settles_the_job_unless_it_is_uncertain(tmp_path: Path, error: ServiceError) -> None:
    async def main() -> None:
        world = World({"a": Slot(1)}, lambda: 20.0, latency=2.0)
        world.faults = {"create": [error]}
        async with bench(tmp_path, world) as b:
            async with StoppableProcess(b, 1) as leader, StoppableProcess(b, 2) as follower:
                stopping = _Stopping(b, leader, follower)
                job = await stopping.taken_over_while_sending("one", after=1.5)
                await asyncio.sleep(100)
                assert b.store.job(job.id).status is Status.MAYBE_SENT
                await stopping.continued()
                await asyncio.sleep(400)
            status = b.store.job(job.id).status
            uncertain = isinstance(error, base.Unanswered | base.ServerFault)
            assert status is (Status.MAYBE_SENT if uncertain else Status.DONE)

    run(main())


def test_a_late_response_does_not_overrule_the_users_decision(tmp_path: Path) -> None:
    async def main() -> None:
        world = World({"a": Slot(2)}, lambda: 20.0)  # a full account would refuse a second request
        async with bench(tmp_path, world) as b:
            async with StoppableProcess(b, 1) as leader, StoppableProcess(b, 2) as follower:
                stopping = _Stopping(b, leader, follower)
                job = await stopping.taken_over_while_sending("one", after=0.45)
                await asyncio.sleep(400)
                assert b.store.job(job.id).trouble is FailureKind.USER
                b.job_commands.settle(job.id, sent=False)
                await asyncio.sleep(5)
                assert b.store.job(job.id).status is Status.MAKING
                await stopping.continued()
                await asyncio.sleep(400)
            assert b.all(Status.DONE)
        assert world.per_prompt() == {"one": 1}

    run(main())


def test_a_late_response_is_not_taken_for_the_next_requests(tmp_path: Path) -> None:
    async def main() -> None:
        world = World({"a": Slot(2)}, lambda: 20.0, latency=2.0, faults={"create": [base.NotSent("no route")]})
        async with bench(tmp_path, world) as b:
            async with StoppableProcess(b, 1) as leader, StoppableProcess(b, 2) as follower:
                stopping = _Stopping(b, leader, follower)
                await asyncio.sleep(10)
                (job,) = b.job_commands.submit(["one"], Options(reply_ref="the user's, in both requests"))
                await b.until_sending()
                await stopping.taken_over(1.5)
                await asyncio.sleep(100)
                b.job_commands.settle(job.id, sent=False)
                await b.until_sending()
                await asyncio.sleep(1)
                await stopping.continued()
                await asyncio.sleep(400)
            assert b.all(Status.DONE)
        assert world.per_prompt() == {"one": 1}

    run(main())


def test_a_late_response_does_not_claim_another_jobs_song(tmp_path: Path) -> None:
    async def main() -> None:
        world = World({"a": Slot(2)}, lambda: 2000.0, latency=2.0, shows_refs=False, shows_prompts=False)
        async with bench(tmp_path, world) as b, StoppableProcess(b, 1) as leader, StoppableProcess(b, 2) as follower:
            stopping = _Stopping(b, leader, follower)
            await asyncio.sleep(10)
            one, _ = b.job_commands.submit(["one", "two"], Options())
            await b.until_sending()
            await stopping.taken_over(2.2)
            other = b.store.job(one.id + 1)
            b.store.update(other.id, Status.QUEUED if other.status is Status.MAYBE_SENT else None)
            b.store.update(other.id, Status.CANCELLED, remote_id=world.made[0].remote_id)
            await stopping.continued()
            assert b.store.job(one.id).status is Status.MAYBE_SENT
            assert world.made[0].request.prompt == "one"

    run(main())


def test_a_free_service_is_checked_before_a_request_is_resent(tmp_path: Path) -> None:
    async def main() -> None:
        can = Capabilities(formats=("wav",), repeatable=True)
        world = World({"a": Slot(1)}, lambda: 20.0, latency=2.0, capabilities=can)
        async with bench(tmp_path, world) as b, StoppableProcess(b, 1) as leader, StoppableProcess(b, 2) as follower:
            stopping = _Stopping(b, leader, follower)
            await asyncio.sleep(10)
            b.job_commands.submit(["sent"], Options())
            await b.until_sending()
            await stopping.taken_over(1.5)
            await asyncio.sleep(60)
            assert b.all(Status.DONE)
            await stopping.continued()
            await asyncio.sleep(20)
            b.job_commands.submit(["unsent"], Options())
            await b.until_sending()
            follower.stop()
            await asyncio.sleep(400)
            assert b.all(Status.DONE), b.store.timeline(2)
        assert world.per_prompt() == {"sent": 1, "unsent": 1}

    run(main())


def test_closing_a_displaced_dispatcher_changes_nothing(tmp_path: Path) -> None:
    async def main() -> None:
        world = World({"a": Slot(1)}, lambda: 20.0)
        world.faults = {"create": ["hang"]}
        async with bench(tmp_path, world) as b, StoppableProcess(b, 1) as leader, StoppableProcess(b, 2) as follower:
            await asyncio.sleep(10)
            (job,) = b.job_commands.submit(["one"], Options())
            await b.until_sending()
            await _Stopping(b, leader, follower).taken_over(5)
            await asyncio.sleep(400)
            leader.go_on()
            await asyncio.sleep(1)
            await leader.dispatcher.__aexit__(None, None, None)
            assert b.store.job(job.id).status is Status.DONE

    run(main())


def test_partial_files_of_different_epochs_are_different(tmp_path: Path) -> None:
    async def main() -> None:
        async with bench(tmp_path, World({"a": Slot(1)}, lambda: 20.0)) as b:
            lock = FileLock(b.folder / "dispatch.lock")
            lock.acquire()
            second = FileLock(b.folder / "dispatch.lock")
            assert second.displace(_holder(second))
            second.release()
            parts = []
            download = b.world.download

            async def noted(song: base.RemoteSong, to: Path, *rest: Any, **named: Any) -> None:
                parts.append(to.name)
                await download(song, to, *rest, **named)

            b.world.download = noted
            b.job_commands.submit(["one"], Options())
            async with b.dispatching():
                await b.until(lambda: b.all(Status.DONE))
            assert parts == [".world-1.2.part"]
            lock.release()

    run(main())


# -- random sequences


EVENTS = st.lists(
    st.tuples(st.floats(0.1, 100.0), st.sampled_from(["stop", "stop", "go on", "settle"]), st.integers(0, 2)),
    max_size=12,
)


async def lived_through(b: Bench, prompts: int, events: list[tuple[float, str, int]]) -> None:
    """Stop and continue three processes on one folder; a user settles jobs that weren't sent."""

    def settle() -> None:
        made = b.world.per_prompt()
        for job in b.jobs(Status.MAYBE_SENT):
            if job.trouble is FailureKind.USER and job.prompt not in made:
                b.job_commands.settle(job.id, sent=False)

    async with AsyncExitStack() as stack:
        processes = [await stack.enter_async_context(StoppableProcess(b, number)) for number in range(3)]
        await asyncio.sleep(5)
        b.job_commands.submit([f"prompt {n}" for n in range(prompts)], Options())
        for after, event, number in events:
            await asyncio.sleep(after)
            if event == "settle":
                settle()
            else:
                (processes[number].stop if event == "stop" else processes[number].go_on)()
        for process in processes:
            process.go_on()
        async with asyncio.timeout(7200):
            while not b.all(Status.DONE):
                await asyncio.sleep(60)
                settle()
        for process in processes:
            assert process.dispatcher.fault() is None
        assert sum(process.dispatcher.leading for process in processes) == 1


@given(
    events=EVENTS,
    prompts=st.integers(1, 8),
    refs=st.booleans(),
    latency=st.sampled_from([0.1, 4.0, 30.0]),
    seed=st.integers(1, 100),
)
@example([(9.0, "stop", 0), (90.0, "stop", 1), (90.0, "go on", 0), (1.0, "go on", 1)], 6, True, 4.0, 1)
@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
def test_each_prompt_is_made_once_in_any_sequence_of_stops(
    events: list[tuple[float, str, int]], prompts: int, refs: bool, latency: float, seed: int
) -> None:
    async def main(folder: Path) -> None:
        world = World({"a": Slot(2), "b": Slot(1)}, uniform(1, 60, seed), shows_refs=refs, latency=latency)
        async with bench(folder, world) as b:
            await lived_through(b, prompts, events)
            assert world.per_prompt() == {f"prompt {n}": 1 for n in range(prompts)}
            assert b.all(Status.DONE), b.statuses()
            files = [job.file for job in b.store.jobs()]
            assert len(set(files)) == len(files) == prompts

    # Nothing depends on how often changes by others are checked.
    with TemporaryDirectory() as folder, patch("riffusion_tui.dispatch.dispatcher.POLL_S", 10.0):
        run(main(Path(folder)))

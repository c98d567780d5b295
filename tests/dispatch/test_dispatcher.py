"""One dispatcher per folder, reasons to stop, and polling of a local service."""

from __future__ import annotations

import asyncio
import errno
import os
import random
import shutil
from collections.abc import Coroutine
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from riffusion_tui.dispatch import Dispatcher, JobCommands
from riffusion_tui.dispatch.dispatcher import POLL_S, RESTART_S
from riffusion_tui.dispatch.keyed_tasks import KeyedTasks
from riffusion_tui.file_lock import FileLock
from riffusion_tui.jobs.model import Gate, Job, Options, WaitCause
from riffusion_tui.jobs.status import Status
from riffusion_tui.services import base
from riffusion_tui.services.base import Capabilities
from riffusion_tui.store import CannotOpen, DamagedDatabase, DatabaseLocked, DiskFull, MovedDatabase, Store
from tests.dispatch.bench import bench
from tests.dispatch.virtual import run
from tests.dispatch.world import Making, Slot, World


def test_a_second_dispatcher_waits_and_takes_over(tmp_path: Path) -> None:
    async def main() -> None:
        world = World({"a": Slot(2)}, lambda: 20.0)
        async with bench(tmp_path, world) as b:
            with Store.open(b.store.path, b.clock) as other_store:
                b.job_commands.submit([f"prompt {n}" for n in range(6)], Options())
                follower = Dispatcher(
                    other_store,
                    world,
                    clock=b.clock,
                    rng=random.Random(9),
                    folder=b.folder / "songs",
                    lock=FileLock(b.folder / "dispatch.lock"),
                )
                async with b.dispatcher() as leader:
                    await asyncio.sleep(0.1)
                    async with follower:
                        await asyncio.sleep(10)
                        assert [leader.leading, follower.leading] == [True, False]
                        await leader.__aexit__(None, None, None)
                        await asyncio.sleep(4)
                        assert [leader.leading, follower.leading] == [False, True]
                        await replace(b, store=other_store).until(lambda: b.all(Status.DONE))
            assert set(world.per_prompt().values()) == {1}
            assert world.busy == 0

    run(main())


@pytest.mark.parametrize(("hurried", "seconds"), [(False, 10.0), (True, 0.3)])
def test_a_hurried_dispatcher_closes_without_waiting_for_a_response(
    tmp_path: Path, hurried: bool, seconds: float
) -> None:
    async def main() -> None:
        world = World(latency=60.0)
        async with bench(tmp_path, world) as b:
            (job,) = b.job_commands.submit(["one"], Options())
            world.accounts_there = {}
            async with b.dispatching() as dispatcher:
                await b.until(lambda: b.store.job(job.id).status is Status.SENDING)
                if hurried:
                    dispatcher.hurry()
                began = world.now
            assert world.now - began == pytest.approx(seconds, abs=0.1)
            assert b.store.job(job.id).status is Status.MAYBE_SENT

    run(main())


def test_jobs_of_another_process_are_noticed_within_a_second(tmp_path: Path) -> None:
    async def main() -> None:
        world = World(duration=lambda: 5.0)
        async with bench(tmp_path, world) as b, b.dispatching(POLL_S):
            await asyncio.sleep(100)
            with Store.open(b.store.path, b.clock) as other:
                JobCommands(other, world, clock=b.clock, rng=random.Random(4)).submit(["one"], Options())
                before = b.clock.steady()
                await b.until(lambda: bool(world.posts) or bool(b.jobs(Status.SENDING)))
                assert b.clock.steady() - before <= 1
                await b.until(lambda: b.all(Status.DONE))

    run(main())


@pytest.mark.parametrize("error", [DiskFull("full"), DatabaseLocked("locked")])
def test_an_unwritable_store_loses_no_response(tmp_path: Path, error: Exception) -> None:
    async def main() -> None:
        world = World(duration=lambda: 5.0)
        async with bench(tmp_path, world) as b:
            (job,) = b.job_commands.submit(["one"], Options())
            update = b.store.update
            left = 20

            def failing(id: int, status: Status | None = None, *args: Any, **fields: Any) -> Job:
                nonlocal left
                if status == Status.MAKING and left:
                    left -= 1
                    raise error
                return update(id, status, *args, **fields)

            b.store.update = failing
            async with b.dispatcher() as dispatcher:
                await asyncio.sleep(10)
                assert dispatcher.fault() is error
                await b.until(lambda: b.all(Status.DONE))
                assert dispatcher.fault() is None
            assert world.per_prompt() == {"one": 1}
            assert b.store.job(job.id).tries == 1

    run(main())


def test_a_full_disk_suspends_dispatching_until_there_is_room(tmp_path: Path) -> None:
    async def main() -> None:
        world = World({"a": Slot(1)}, lambda: 5.0)
        async with bench(tmp_path, world) as b:
            b.job_commands.submit(["one", "two"], Options())
            put_gate, left = b.store.put_gate, 3

            def full(gate: Gate) -> None:
                nonlocal left
                left -= 1
                if left >= 0:
                    raise DiskFull("full")
                put_gate(gate)

            b.store.put_gate = full
            world.faults = {"accounts": [base.NotSent("no route")] * 4}
            async with b.dispatcher() as dispatcher:
                await asyncio.sleep(1)
                assert isinstance(dispatcher.fault(), DiskFull)
                assert dispatcher.stopped is None
                assert dispatcher.leading
                await b.until(lambda: b.all(Status.DONE))
                assert dispatcher.fault() is None
            assert world.per_prompt() == {"one": 1, "two": 1}

    run(main())


def test_a_failure_of_the_store_watch_stops_dispatching(tmp_path: Path) -> None:
    async def main() -> None:
        async with bench(tmp_path) as b:

            def broken() -> bool:
                raise DamagedDatabase("damaged")

            async with b.dispatcher() as dispatcher:
                await asyncio.sleep(1)
                b.store.poll = broken
                await asyncio.sleep(1)
                assert isinstance(dispatcher.stopped, DamagedDatabase)
                b.job_commands.submit(["one"], Options())
                await asyncio.sleep(60)
                assert not dispatcher.leading
            assert b.world.posts == []

    run(main())


def test_a_damaged_store_stops_dispatching_and_is_reported(tmp_path: Path) -> None:
    async def main() -> None:
        async with bench(tmp_path) as b:
            b.job_commands.submit(["one"], Options())

            def broken(*_: Any, **__: Any) -> Job:
                raise DamagedDatabase("damaged")

            b.store.update = broken
            async with b.dispatcher() as dispatcher:
                await asyncio.sleep(10)
                assert isinstance(dispatcher.fault(), DamagedDatabase)
            assert b.world.posts == []

    run(main())


def test_a_lock_that_cannot_be_created_is_reported_until_it_can(tmp_path: Path) -> None:
    async def main() -> None:
        async with bench(tmp_path) as b:
            b.job_commands.submit(["one"], Options())
            lock = b.folder / "dispatch.lock"
            lock.mkdir()
            async with b.dispatcher() as dispatcher:
                await asyncio.sleep(10)
                assert isinstance(dispatcher.fault(), CannotOpen)
                assert str(dispatcher.fault()) == f"{lock}: Is a directory."
                assert dispatcher.stopped is None
                lock.rmdir()
                await b.until(lambda: b.all(Status.DONE))
                assert dispatcher.fault() is None

    run(main())


def test_a_disk_too_full_for_the_lock_suspends_dispatching_until_there_is_room(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    async def main() -> None:
        async with bench(tmp_path) as b:
            b.job_commands.submit(["one"], Options())
            with monkeypatch.context() as patched:
                patched.setattr(os, "pwrite", full)
                async with b.dispatcher() as dispatcher:
                    await asyncio.sleep(10)
                    assert isinstance(dispatcher.fault(), DiskFull)
                    assert not dispatcher.leading
                    assert FileLock(b.folder / "dispatch.lock").holder() is None
                    patched.undo()
                    await b.until(lambda: b.all(Status.DONE))
                    assert dispatcher.fault() is None

    run(main())


@pytest.mark.parametrize("others_begin", [False, True])
def test_a_moved_folder_is_reported_and_work_continues_once_it_is_back(tmp_path: Path, *, others_begin: bool) -> None:
    async def main() -> None:
        world = World({"a": Slot(1)}, lambda: 30.0)
        async with bench(tmp_path / "f", world) as b:
            b.job_commands.submit(["one", "two"], Options())
            async with b.dispatcher() as dispatcher:
                await b.until_sending()
                (tmp_path / "f").rename(tmp_path / "moved")
                await asyncio.sleep(1)
                assert isinstance(dispatcher.fault(), MovedDatabase)
                await asyncio.sleep(60)
                assert (dispatcher.stopped, dispatcher.leading) == (None, False)
                if others_begin:
                    (tmp_path / "f").mkdir()
                    await asyncio.sleep(10)
                    lock = FileLock(tmp_path / "f" / "dispatch.lock")
                    assert lock.acquire(), "a new process in the new folder can dispatch"
                    lock.release()
                    shutil.rmtree(tmp_path / "f")
                (tmp_path / "moved").rename(tmp_path / "f")
                await b.until(lambda: b.all(Status.DONE), 120)
                assert dispatcher.fault() is None
            assert world.per_prompt() == {"one": 1, "two": 1}

    run(main())


def test_a_local_service_is_polled_often_and_reports_progress(tmp_path: Path) -> None:
    async def main() -> None:
        world = World(duration=lambda: 40.0, capabilities=Capabilities(local=True))
        song = world._song

        def with_progress(one: Making, remote_id: str | None = None) -> base.RemoteSong:
            return replace(song(one, remote_id), progress=(world.now - one.began) / 40)

        world._song = with_progress
        async with bench(tmp_path, world) as b:
            (job,) = b.job_commands.submit(["one"], Options())
            async with b.dispatcher() as dispatcher:
                await asyncio.sleep(20)
                assert dispatcher.progress(job.id) == pytest.approx(0.5, abs=0.05)
                await b.until(lambda: b.all(Status.DONE))
                assert b.clock.steady() < 42
                assert dispatcher.progress(job.id) is None

    run(main())


def test_a_failing_service_is_retried(tmp_path: Path) -> None:
    async def main() -> None:
        world = World(duration=lambda: 5.0)
        world.faults = {name: [base.ServerFault("500")] * 3 for name in ("accounts", "workload")}
        async with bench(tmp_path, world) as b:
            b.job_commands.submit(["one"], Options())
            async with b.dispatching():
                await b.until(lambda: bool(b.store.gates("world")))
                assert [gate.cause for gate in b.store.gates("world")] == [WaitCause.UNAVAILABLE]
                await b.until(lambda: b.all(Status.DONE))
            assert world.per_prompt() == {"one": 1}

    run(main())


def test_a_busy_response_without_a_known_account_pauses_the_service(tmp_path: Path) -> None:
    async def main() -> None:
        world = World({}, lambda: 5.0, faults={"create": [base.AccountBusy("busy")]})
        async with bench(tmp_path, world) as b:
            b.job_commands.submit(["one"], Options())
            async with b.dispatching():
                await b.until(lambda: b.all(Status.DONE))
            (first, _, _), (second, _, _) = world.posts
            assert second - first >= 10

    run(main())


def test_a_busy_gate_opens_early_when_a_poll_shows_a_free_slot(tmp_path: Path) -> None:
    async def main() -> None:
        world = World({"a": Slot(2)}, lambda: 15.0)
        world.faults["create"] = ["", base.AccountBusy("busy", account="a", retry_after_s=500)]
        async with bench(tmp_path, world) as b:
            b.job_commands.submit(["one", "two"], Options())
            async with b.dispatching():
                await b.until(lambda: b.all(Status.DONE), 120)
            assert world.per_prompt() == {"one": 1, "two": 1}
            assert world.posts[2][0] - world.posts[1][0] >= 10

    run(main())


def test_a_full_disk_does_not_prevent_shutdown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def full(_: KeyedTasks[Any], limit: Coroutine[Any, Any, None]) -> None:
        limit.close()
        raise DiskFull("full")

    async def main() -> None:
        async with bench(tmp_path) as b, asyncio.timeout(RESTART_S / 2), b.dispatcher() as dispatcher:
            await asyncio.sleep(1)
            monkeypatch.setattr(KeyedTasks, "finish", full)
        assert isinstance(dispatcher.fault(), DiskFull)

    run(main())

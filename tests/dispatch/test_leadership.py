"""The lock by which one process dispatches, and when another process displaces it."""

from __future__ import annotations

import asyncio
import os
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from riffusion_tui.dispatch.leadership import Leadership
from riffusion_tui.file_lock import Displaced, FileLock, Holder, holder, is_stopped
from riffusion_tui.store import DatabaseLocked, Store
from riffusion_tui.takeover import SILENT_S, STOPPED_S
from tests.dispatch.bench import bench
from tests.dispatch.stoppable import StoppableProcess
from tests.dispatch.virtual import VirtualClock, run
from tests.dispatch.world import Slot, World

STOPPED = "riffusion_tui.takeover.is_stopped"


# -- the lock


def seen(lock: FileLock) -> Holder:
    found = lock.holder()
    assert found is not None
    return found


def test_a_displaced_holder_notices_and_the_new_one_is_recorded(tmp_path: Path) -> None:
    first, second, third = (FileLock(tmp_path / "lock") for _ in range(3))
    assert first.acquire()
    assert first.current
    assert second.displace(seen(second))
    assert (first.current, second.current) == (False, True)
    assert (first.epoch, second.epoch) == (1, 2)
    assert holder(tmp_path / "lock") == os.getpid()
    first.release()
    assert not third.acquire()
    second.release()
    assert third.acquire()
    assert third.epoch == 2


def test_a_pipe_is_not_a_lock(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "lock")
    with pytest.raises(OSError, match="Not a regular file"):
        FileLock(tmp_path / "lock").acquire()
    assert holder(tmp_path / "lock") is None


def test_only_one_of_several_processes_displaces_the_holder(tmp_path: Path) -> None:
    first, second, third = (FileLock(tmp_path / "lock") for _ in range(3))
    first.acquire()
    judged = seen(first)
    preparing = FileLock(tmp_path / "lock.next")
    assert preparing.acquire()
    assert not second.displace(judged), "another process is about to"
    preparing.release()
    assert second.displace(judged)
    assert not third.displace(judged), "another process has"
    assert second.current


def test_a_lock_displaced_while_it_is_acquired_is_not_held(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "lock"
    first, second = FileLock(path), FileLock(path)
    first.acquire()
    judged = seen(first)
    first.release()
    real = os.open

    def open_then_displace(which: Path, *rest: int) -> int:
        descriptor = real(which, *rest)
        if which == path:
            monkeypatch.setattr(os, "open", real)
            assert second.displace(judged)
        return descriptor

    monkeypatch.setattr(os, "open", open_then_displace)
    assert not first.acquire()
    assert not first.current
    assert second.current


# -- when a process is displaced


def test_a_stopped_leader_is_displaced_within_ten_seconds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def main() -> None:
        async with (
            bench(tmp_path, World({"a": Slot(2)}, lambda: 20.0)) as b,
            StoppableProcess(b, 1) as leader,
            StoppableProcess(b, 2) as follower,
        ):
            await asyncio.sleep(100)
            assert [leader.dispatcher.leading, follower.dispatcher.leading] == [True, False]
            leader.stop()
            monkeypatch.setattr(STOPPED, lambda _: not leader.clock.runs.is_set())
            await asyncio.sleep(STOPPED_S - 2)
            assert leader.dispatcher.leading
            await asyncio.sleep(4)
            assert [leader.dispatcher.leading, follower.dispatcher.leading] == [False, True]
            assert not leader.dispatcher.displaced, "it hasn't noticed yet"
            leader.go_on()
            await asyncio.sleep(1)
            assert [leader.dispatcher.displaced, follower.dispatcher.displaced] == [True, False]
            await follower.dispatcher.__aexit__(None, None, None)
            await asyncio.sleep(2)
            assert leader.dispatcher.leading
            assert not leader.dispatcher.displaced

    run(main())


def test_a_briefly_stopped_or_busy_leader_keeps_the_lock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def main() -> None:
        async with bench(tmp_path) as b, StoppableProcess(b, 1) as leader, StoppableProcess(b, 2):
            await asyncio.sleep(5)
            for _ in range(3):
                leader.stop()
                await asyncio.sleep(SILENT_S - 20)  # busy, not stopped
                leader.go_on()
                await asyncio.sleep(5)
            monkeypatch.setattr(STOPPED, lambda _: not leader.clock.runs.is_set())
            for _ in range(3):
                leader.stop()
                await asyncio.sleep(STOPPED_S - 3)
                leader.go_on()
                await asyncio.sleep(1)
            assert leader.dispatcher.leading
            assert leader.lock.epoch == 1

    run(main())


def test_an_unresponsive_leader_is_displaced(tmp_path: Path) -> None:
    async def main() -> None:
        async with bench(tmp_path) as b, StoppableProcess(b, 1) as leader, StoppableProcess(b, 2) as follower:
            await asyncio.sleep(5)
            leader.stop()
            await asyncio.sleep(SILENT_S + 20)
            assert follower.dispatcher.leading

    run(main())


def test_a_follower_that_was_stopped_too_does_not_displace_the_leader(tmp_path: Path) -> None:
    async def main() -> None:
        async with bench(tmp_path) as b, StoppableProcess(b, 1) as leader, StoppableProcess(b, 2) as follower:
            await asyncio.sleep(5)
            for one in (leader, follower):
                one.stop()
            await asyncio.sleep(3600)
            follower.go_on()
            await asyncio.sleep(5)
            leader.go_on()
            await asyncio.sleep(5)
            assert leader.dispatcher.leading

    run(main())


@pytest.mark.parametrize("where", ["another version", "another machine", "unwritable", "nobody", "a race"])
def test_a_holder_of_unknown_state_keeps_the_lock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, where: str) -> None:
    lock, waits = FileLock(tmp_path / "lock"), FileLock(tmp_path / "lock")
    lock.acquire()
    monkeypatch.setattr(STOPPED, lambda _: True)
    if where == "another version":
        lock.path.write_text(f"{os.getpid()}\n")
    elif where == "another machine":
        lock.path.write_text(f"{2**22 + 1:<31}\n1\n")
    elif where == "nobody":
        lock.path.write_text("")
    elif where == "a race":
        monkeypatch.setattr(waits, "displace", lambda _: False)
    else:

        def unwritable() -> None:
            raise PermissionError

        monkeypatch.setattr(waits, "ask", unwritable)

    async def main() -> None:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(1000):
                await Leadership(waits, VirtualClock()).win()

    run(main())
    assert lock.current


def test_a_stopped_holder_of_another_user_is_displaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def not_permitted(*_: int) -> None:
        raise PermissionError

    lock, waits = FileLock(tmp_path / "lock"), FileLock(tmp_path / "lock")
    lock.acquire()
    monkeypatch.setattr(STOPPED, lambda _: True)
    monkeypatch.setattr(os, "kill", not_permitted)
    leadership = Leadership(waits, VirtualClock())
    run(leadership.win())
    assert leadership.leading
    with pytest.raises(Displaced):
        Leadership(lock, VirtualClock()).check()


# -- a process that was stopped in the middle of a transaction


WRITER = """
import sqlite3, sys, time
database = sqlite3.connect(sys.argv[1], isolation_level=None)
database.execute("BEGIN IMMEDIATE")
print("began", flush=True)
time.sleep(0.5)
database.execute("COMMIT")
time.sleep(60)
"""


def test_a_process_stopped_in_a_transaction_is_resumed_until_it_commits(tmp_path: Path) -> None:
    path = tmp_path / "jobs.sqlite3"
    leadership = Leadership(FileLock(tmp_path / "lock"), VirtualClock())
    with Store.open(path, VirtualClock()) as store:
        store._run("PRAGMA busy_timeout = 100")
        with subprocess.Popen([sys.executable, "-c", WRITER, str(path)], stdout=subprocess.PIPE) as writer:
            try:
                assert writer.stdout is not None
                writer.stdout.readline()
                os.kill(writer.pid, signal.SIGSTOP)
                os.waitid(os.P_PID, writer.pid, os.WSTOPPED | os.WNOWAIT)
                with pytest.raises(DatabaseLocked):
                    leadership.let_finish(store)  # no process was displaced
                leadership.stopped = writer.pid
                store._run("PRAGMA busy_timeout = 3000")
                leadership.let_finish(store)
                os.waitid(os.P_PID, writer.pid, os.WSTOPPED | os.WNOWAIT)
                assert is_stopped(writer.pid), "it is stopped again"
                leadership.let_finish(store)
            finally:
                writer.kill()
        with closing(sqlite3.connect(path)) as other:
            other.execute("BEGIN IMMEDIATE")
            store._run("PRAGMA busy_timeout = 1")
            with pytest.raises(DatabaseLocked):
                leadership.let_finish(store)  # another process holds a long transaction
            other.rollback()

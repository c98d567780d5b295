"""A stopped studio (^Z, SIGSTOP) is displaced by another on its folder: no song is lost, stuck or mixed up."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import httpx
import pytest

from riffusion_tui import takeover
from riffusion_tui.file_lock import Displaced, FileLock, holder, is_stopped
from riffusion_tui.studio.queue import maker
from riffusion_tui.studio.queue.finished_songs import keep
from riffusion_tui.studio.queue.folders import Folders
from riffusion_tui.studio.queue.render_task import Outcome
from riffusion_tui.studio.queue.studio_store import StudioStore
from tests.studio.conftest import BASE, TONE, Opening, RunningStudio
from tests.waiting import until

SERVE = """
import sys
from pathlib import Path
from riffusion_tui.studio.serve import serve
from riffusion_tui.studio.studio_settings import StudioSettings
serve(StudioSettings(Path(sys.argv[1]), engine=sys.argv[2], max_jobs=10, renderers=1))
"""
WRITER = """
import sqlite3, sys, time
from pathlib import Path
from riffusion_tui.file_lock import FileLock
from riffusion_tui.studio.queue.folders import Folders
folders = Folders(Path(sys.argv[1]))
FileLock(folders.lock).acquire()
database = sqlite3.connect(folders.database, isolation_level=None)
database.execute("BEGIN IMMEDIATE")
print("began", flush=True)
time.sleep(0.3)
database.execute("COMMIT")
time.sleep(60)
"""


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Displace a stopped process after a second, and check often."""
    monkeypatch.setattr(takeover, "STOPPED_S", 0.5)
    monkeypatch.setattr(maker, "POLL_S", 0.2)
    monkeypatch.setattr(maker, "_LOCKED_S", 0.2)


@contextmanager
def _process(code: str, *arguments: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Run a program; yield it and its first line of output."""
    command = [sys.executable, "-c", code, *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        assert process.stdout is not None
        try:
            yield process, process.stdout.readline().strip()
        finally:
            process.kill()


@asynccontextmanager
async def _serving(folder: Path) -> AsyncIterator[tuple[int, httpx.AsyncClient]]:
    """Serve a folder in another process; yield its id and a client of it."""
    with _process(SERVE, str(folder), TONE) as (process, url):
        token = (folder / "token").read_text().strip()
        async with httpx.AsyncClient(base_url=url, headers={"Authorization": f"Bearer {token}"}) as client:
            yield process.pid, client


async def _until_written(file: Path) -> str:
    await until(lambda: file.exists() and file.read_text() != "")
    return file.read_text()


async def test_the_songs_of_a_stopped_studio_are_made_by_another(opening: Opening, tmp_path: Path) -> None:
    folders = Folders(tmp_path / "studio")
    async with _serving(folders.root) as (pid, client):
        prompts = ["slow=1 a", "slow=0.1 b", "slow=0.1 c"]
        jobs = [(await client.post(f"{BASE}/create-prompt", json={"prompt": one})).json() for one in prompts]
        await _until_written(folders.work(jobs[0]["job_id"]) / "started")
        os.kill(pid, signal.SIGSTOP)
        async with opening(renderers=1) as running:
            records = [await running.ended(**job) for job in jobs]
            assert [record["status"] for record in records] == ["completed"] * 3
            assert holder(folders.lock) == os.getpid()
            os.kill(pid, signal.SIGCONT)
            again = (await client.post(f"{BASE}/create-prompt", json={"prompt": "d"})).json()
            assert (await running.ended(**again))["status"] == "completed", "it queues songs that another studio makes"
            assert not list((folders.root / "work").iterdir()), "its renderer left no file"
        last = (await client.post(f"{BASE}/create-prompt", json={"prompt": "e"})).json()
        assert (await RunningStudio(running.studio, client).ended(**last))["status"] == "completed", "it leads again"
        assert holder(folders.lock) == pid


async def test_a_process_stopped_in_a_transaction_is_resumed_until_it_commits(opening: Opening, tmp_path: Path) -> None:
    folders = Folders(tmp_path / "studio")
    async with opening() as running:
        await running.only_account()
    with _process(WRITER, str(folders.root)) as (process, _):
        os.kill(process.pid, signal.SIGSTOP)
        async with opening() as running:
            assert (await running.made())["status"] == "completed"
        assert is_stopped(process.pid), "it is stopped again"


async def test_a_displaced_studio_changes_nothing(opening: Opening, tmp_path: Path) -> None:
    folders = Folders(tmp_path / "studio")
    async with opening(renderers=1) as running:
        job = (await running.create("slow=0.6 a")).json()
        await running.begun(**job)
        other = FileLock(folders.lock)
        judged = other.holder()
        assert judged is not None
        assert other.displace(judged)
        await asyncio.sleep(1.5)
        assert (await running.song(**job))["status"] == "generating_audio", "another studio makes it now"
        other.release()
        assert (await running.ended(**job))["status"] == "completed"
        assert folders.current_work(job["job_id"]).name.endswith(".2")


@asynccontextmanager
async def _held(folder: Path) -> AsyncIterator[str]:
    """Yield a prompt whose song isn't finished before the end of the test, which then waits for nothing."""
    file = folder / "finish"
    try:
        yield f"until={file} a"
    finally:
        file.touch()


def _refuse() -> None:
    raise Displaced("another process makes the songs")


DONE = Outcome(made={"file": "song.wav", "cover": None})
CHANGES: dict[str, Callable[[StudioStore, Folders, str], object]] = {
    "finish": lambda store, folders, id: keep(store, folders, id, folders.work(id), DONE, 1.0, _refuse),
    "fail": lambda store, folders, id: keep(store, folders, id, folders.work(id), Outcome(error="no"), 1.0, _refuse),
    "take over": lambda store, folders, id: maker._take_over(store, folders, time.time(), _refuse),
    "requeue": lambda store, folders, id: maker._requeue(store, 1.0, id, _refuse),
    "requeue orphaned": lambda store, folders, id: store.requeue_orphaned((), _refuse),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
async def test_no_change_is_made_between_two_checks_of_the_lock(
    opening: Opening, tmp_path: Path, change: Callable[[StudioStore, Folders, str], object]
) -> None:
    folders = Folders(tmp_path / "studio")
    async with opening(renderers=1) as running, _held(tmp_path) as prompt:
        job = (await running.create(prompt)).json()
        await running.begun(**job)
        work = folders.current_work(job["job_id"])
        (work / "song.wav").write_bytes(b"sound")
        with pytest.raises(Displaced):
            await running.studio._database.run(change, folders, job["job_id"])
        assert (await running.song(**job))["status"] == "generating_audio"
        assert (work / "song.wav").exists()


async def test_no_song_is_claimed_between_two_checks_of_the_lock(opening: Opening, tmp_path: Path) -> None:
    async with opening(renderers=1) as running, _held(tmp_path) as prompt:
        first, second = [(await running.create(prompt)).json() for _ in range(2)]
        await running.begun(**first)
        with pytest.raises(Displaced):
            await running.studio._database.run(StudioStore.claim, 1, _refuse)
        assert (await running.song(**second))["status"] == "queued"

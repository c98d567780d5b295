"""Restarts, several processes on a folder, and renderers that crash or hang, with real processes."""

from __future__ import annotations

import asyncio
import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from riffusion_tui.file_lock import FileLock
from riffusion_tui.jobs.clock import SystemClock
from riffusion_tui.studio.queue import maker, pool_renderers
from riffusion_tui.studio.queue.finished_songs import keep
from riffusion_tui.studio.queue.folders import Folders, private
from riffusion_tui.studio.queue.render_task import CANCEL, Outcome, RenderOrder, make
from riffusion_tui.studio.queue.running_songs import request_cancel
from riffusion_tui.studio.queue.studio_store import StudioStore
from riffusion_tui.studio.server import Studio
from riffusion_tui.studio.studio_settings import StudioSettings
from tests.studio.conftest import BASE, TONE, Opening, RunningStudio, client_of
from tests.waiting import until

HERE = Path(__file__).parents[2]


async def test_unfinished_songs_are_made_after_a_restart(opening: Opening) -> None:
    async with opening(renderers=1) as running:
        jobs = [(await running.create("slow=0.4 a")).json() for _ in range(3)]
    async with opening() as running:
        records = [await running.ended(**job) for job in jobs]
        assert [record["status"] for record in records] == ["completed"] * 3


async def test_two_studios_on_a_folder_both_answer_and_one_renders(opening: Opening) -> None:
    async with opening() as first:
        await first.made()
        async with opening() as second:
            job = (await second.create("slow=0.5 from the second")).json()
            assert (await first.ended(**job))["status"] == "completed"
            assert (await second.song(**job))["status"] == "completed"
            job = (await second.create("slow=0.5 again")).json()
            await first.studio.__aexit__(None, None, None)
            # The second one takes over and renders what the first one left.
            began = time.monotonic()
            assert (await second.ended(**job))["status"] == "completed"
            assert time.monotonic() - began < 3
            await first.studio.__aenter__()


async def test_a_crashing_renderer_fails_only_its_own_song(opening: Opening) -> None:
    async with opening(processes=True, renderers=2) as running:
        prompts = ["slow=0.4 a", "slow=0.2 crash", "slow=0.1 crash", "slow=0.4 b", "c"]
        jobs = [(await running.create(prompt)).json() for prompt in prompts]
        records = [await running.ended(**job) for job in jobs]
        assert [record["status"] for record in records] == ["completed", "failed", "failed", "completed", "completed"]
        assert records[1]["error"].startswith("The engine crashed while making this song")


async def test_a_song_is_not_rendered_again_when_another_one_crashes(opening: Opening, tmp_path: Path) -> None:
    async with opening(processes=True, renderers=2) as running:
        job = (await running.create("slow=60 a")).json()
        await running.begun(**job)
        started = Folders(tmp_path / "studio").work(job["job_id"]) / "started"
        renderer = started.read_text()
        assert (await running.made("crash"))["status"] == "failed"
        assert started.read_text() == renderer


async def test_a_renderer_killed_from_outside_loses_no_song(opening: Opening, tmp_path: Path) -> None:
    async with opening(processes=True, renderers=2) as running:
        jobs = [(await running.create(f"slow=0.8 {number}")).json() for number in range(3)]
        await running.begun(**jobs[0])
        os.kill(int((Folders(tmp_path / "studio").work(jobs[0]["job_id"]) / "started").read_text()), signal.SIGKILL)
        assert [(await running.ended(**job))["status"] for job in jobs] == ["completed"] * 3


async def test_closing_terminates_the_renderers_at_once(opening: Opening, tmp_path: Path) -> None:
    async with opening(processes=True, renderers=2) as running:
        job = (await running.create("slow=60 stuck")).json()
        await running.begun(**job)
        renderer = int((Folders(tmp_path / "studio").work(job["job_id"]) / "started").read_text())
        began = time.monotonic()
    assert time.monotonic() - began < 1
    await until(lambda: not _alive(renderer), 1)
    async with opening() as running:
        assert (await running.song(**job))["status"] in ("queued", "generating_audio")


async def test_a_stuck_song_fails_and_the_others_are_made(opening: Opening, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool_renderers, "_GRACE_S", 0.3)
    async with opening(processes=True, renderers=2, song_timeout_s=3) as running:
        stuck = (await running.create("slow=60 stuck")).json()
        slow = (await running.create("slow=60 a")).json()
        quick = (await running.create("b")).json()
        assert (await running.ended(**quick))["status"] == "completed"
        assert (await running.ended(**stuck))["error"] == "The engine did not finish within 3 seconds."
        assert (await running.ended(**slow))["error"] == "The engine did not finish within 3 seconds."
        assert (await running.made("c"))["status"] == "completed"


def _serve(folder: Path) -> subprocess.Popen[str]:
    code = (
        "import sys; from pathlib import Path; from riffusion_tui.studio.serve import serve;"
        "from riffusion_tui.studio.studio_settings import StudioSettings;"
        f"serve(StudioSettings(Path(sys.argv[1]), engine={TONE!r}, max_jobs=10, renderers=1))"
    )
    return subprocess.Popen(
        [sys.executable, "-c", code, str(folder)],
        cwd=HERE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )


async def test_a_killed_server_loses_no_job_and_leaves_no_process(opening: Opening, tmp_path: Path) -> None:
    import httpx

    server = _serve(tmp_path / "studio")
    assert server.stdout is not None
    address = (await asyncio.to_thread(server.stdout.readline)).strip()
    token = (tmp_path / "studio" / "token").read_text().strip()
    async with httpx.AsyncClient(base_url=address, headers={"Authorization": f"Bearer {token}"}) as client:
        jobs = [
            (await client.post(f"{BASE}/create-prompt", json={"prompt": f"slow=1 {number}"})).json()
            for number in range(4)
        ]
        started = Folders(tmp_path / "studio").work(jobs[0]["job_id"]) / "started"
        await until(lambda: started.exists() and started.read_text() != "")
    renderer = int(started.read_text())
    server.send_signal(signal.SIGKILL)
    server.wait()
    server.stdout.close()
    await until(lambda: not _alive(renderer), 10)
    async with opening() as running:
        assert {(await running.ended(**job))["status"] for job in jobs} == {"completed"}


def _alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


async def test_a_cancelled_song_stays_cancelled_after_a_restart(opening: Opening) -> None:
    async with opening(processes=True, renderers=1) as running:
        job = (await running.create("slow=60 stuck")).json()
        await running.begun(**job)
        assert (await running.client.delete(f"{BASE}/scheduler/{job['job_id']}")).status_code == 204
    async with opening() as running:
        assert (await running.ended(**job))["error"] == "Cancelled before it was finished."


async def test_a_full_disk_holds_a_finished_song_until_there_is_room(
    running: RunningStudio, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[object] = []
    space = threading.Event()

    def full(*args: Any) -> object:
        calls.append(args)
        if not space.is_set():
            raise OSError(28, "No space left on device")
        return keep(*args)

    monkeypatch.setattr(maker, "keep", full)
    monkeypatch.setattr(maker, "_RETRY_S", 0.1)
    job = (await running.create("a")).json()
    async with asyncio.timeout(20):
        while not (record := await running.song(**job)).get("disk_full"):
            assert record["status"] != "completed"
            await asyncio.sleep(0.02)
    space.set()
    record = await running.ended(**job)
    assert (record["status"], "disk_full" in record) == ("completed", False)
    assert len(calls) >= 2


async def test_an_executor_error_fails_the_job(tmp_path: Path) -> None:
    class Odd(ThreadPoolExecutor):
        def submit(self, *args: Any, **kwargs: Any) -> Future[Any]:
            raise TypeError("no such luck")

    settings = StudioSettings(tmp_path / "studio", engine=TONE)
    async with Studio(settings, executor=Odd) as studio, client_of(studio) as client:
        record = await RunningStudio(studio, client).made()
        assert record["error"] == "Internal error; see the studio's log."


async def test_taking_over_a_locked_queue_is_retried(opening: Opening, monkeypatch: pytest.MonkeyPatch) -> None:
    real, calls = StudioStore.requeue_interrupted, []

    def locked(self: StudioStore, now: float) -> None:
        calls.append(now)
        if len(calls) < 3:
            raise sqlite3.OperationalError("database is locked")
        real(self, now)

    async with opening(renderers=1) as running:
        job = (await running.create("slow=0.3 a")).json()
        await running.begun(**job)
    monkeypatch.setattr(StudioStore, "requeue_interrupted", locked)
    monkeypatch.setattr(maker, "_RETRY_S", 0.05)
    async with opening() as running:
        assert (await running.ended(**job))["status"] == "completed"
        assert len(calls) == 3


def test_a_lock_is_exclusive_until_released(tmp_path: Path) -> None:
    mine, other = FileLock(tmp_path / "lock"), FileLock(tmp_path / "lock")
    assert mine.acquire()
    assert mine.acquire()
    assert not other.acquire()
    mine.release()
    assert other.acquire()
    assert other.held
    other.release()
    other.release()


def test_a_song_does_not_wait_for_a_file_of_a_test_that_is_over(tmp_path: Path) -> None:
    (tmp_path / "over").mkdir()
    request = {"prompt": f"until={tmp_path / 'over' / 'may-end'}", "seed": 1, "instrumental": True}
    with ThreadPoolExecutor() as pool:
        outcome = pool.submit(make, RenderOrder(TONE, request, str(tmp_path)))
        with pytest.raises(TimeoutError):
            outcome.result(timeout=0.1)
        (tmp_path / "over").rmdir()
        try:
            assert outcome.result(timeout=10).made is not None
        finally:
            (tmp_path / CANCEL).touch()


def test_an_order_can_be_rendered_in_this_process(tmp_path: Path) -> None:
    request = {"prompt": "a", "seed": 1, "instrumental": True}
    outcome = make(RenderOrder(TONE, request, str(tmp_path)))
    assert outcome.made is not None
    assert (tmp_path / outcome.made["file"]).stat().st_size > 1000
    (tmp_path / CANCEL).touch()
    assert make(RenderOrder(TONE, {**request, "prompt": "slow=9"}, str(tmp_path))) == Outcome()
    assert make(RenderOrder(TONE, request, str(tmp_path), "stems")).error == "The engine tone can't write stems."
    lost = make(RenderOrder("tests.studio.nowhere:Engine", request, str(tmp_path)))
    assert lost.error is not None
    assert "ModuleNotFoundError" in lost.error


async def test_an_abandoned_song_is_rendered_again(running: RunningStudio) -> None:
    database = running.studio._database
    job = (await running.create("slow=0.2")).json()
    await running.ended(**job)
    lost = "UPDATE job SET state = 'generating_audio', ended_at = NULL, tracked = 1 WHERE id = ?"
    await database.run(lambda store: store._db.execute(lost, (job["job_id"],)))
    assert (await running.song(**job))["status"] == "generating_audio"
    assert (await running.ended(**job))["status"] == "completed"


async def test_a_full_disk_holds_a_queued_song_until_there_is_room(
    running: RunningStudio, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, calls = private, []

    def full(folder: Path) -> None:
        calls.append(folder)
        if len(calls) < 3:
            raise OSError(28, "No space left on device")
        real(folder)

    monkeypatch.setattr(maker, "private", full)
    monkeypatch.setattr(maker, "_RETRY_S", 0.05)
    assert (await running.made())["status"] == "completed"
    assert len(calls) > 2


async def test_an_engine_that_finds_the_disk_full_is_retried(running: RunningStudio) -> None:
    assert (await running.made("nospace"))["status"] == "completed"


async def test_songs_on_a_full_disk_wait_with_a_message(
    running: RunningStudio, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(maker, "_RETRY_S", 0.05)
    (full := tmp_path / "full").touch()
    jobs = [(await running.create(f"full={full} {n}")).json() for n in range(2)]
    for job in jobs:
        while not (record := await running.song(**job)).get("disk_full"):
            assert record["status"] != "failed", record["error"]
            await asyncio.sleep(0.02)
    full.unlink()
    for job in jobs:
        record = await running.ended(**job)
        assert (record["status"], "disk_full" in record) == ("completed", False)


async def test_a_folder_in_the_place_of_the_lock_is_reported(
    running: RunningStudio, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(maker, "_RETRY_S", 0.05)
    made, job = await running.made(), (await running.create("slow=1")).json()
    lock = next(tmp_path.rglob("making.lock"))
    lock.unlink()
    lock.mkdir()
    async with asyncio.timeout(20):
        while not (record := await running.song(**job)).get("blocked"):
            assert record["status"] != "failed", record["error"]
            await asyncio.sleep(0.02)
    assert record["blocked"] == f"{lock} is not a file: move it away to get a new one"
    assert "blocked" not in await running.song(made["id"], job["user_id"])
    lock.rmdir()
    record = await running.ended(**job)
    assert (record["status"], "blocked" in record) == ("completed", False)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_the_sketch_engine_reports_a_full_disk_as_retryable(tmp_path: Path) -> None:
    (tmp_path / "song.mp3").symlink_to("/dev/full")
    request = {"prompt": "solo piano, 10 seconds", "seed": 1, "instrumental": True}
    outcome = make(RenderOrder(StudioSettings(tmp_path).engine, request, str(tmp_path)))
    assert outcome.full
    assert "No space left on device" in (outcome.error or "")


async def test_songs_and_lyrics_have_separate_renderers(tmp_path: Path) -> None:
    started: list[ThreadPoolExecutor] = []

    def pool() -> ThreadPoolExecutor:
        started.append(ThreadPoolExecutor(1))
        return started[-1]

    settings = StudioSettings(tmp_path / "studio", engine=TONE, renderers=3)
    async with Studio(settings, executor=pool) as studio, client_of(studio) as client:
        running = RunningStudio(studio, client)
        await running.made()
        assert (await client.post(f"{BASE}/music/generate-lyrics", json={"prompt": "sea"})).status_code == 200
    assert len(started) == 2


async def test_each_outcome_of_a_song_is_announced(tmp_path: Path) -> None:
    ends: list[str] = []
    settings = StudioSettings(tmp_path / "studio", engine=TONE)
    reported = Studio(settings, executor=ThreadPoolExecutor, on_end=lambda: ends.append("one"))
    async with reported as studio, client_of(studio) as client:
        await RunningStudio(studio, client).made()
        await RunningStudio(studio, client).made("error")
    assert ends == ["one", "one"]


def test_a_song_cancelled_before_its_renderer_starts_is_not_made(tmp_path: Path) -> None:
    folders = Folders(tmp_path / "studio")
    request_cancel(folders, "song")
    private(folders.work("song"))
    order = RenderOrder(TONE, {"prompt": "slow=5", "seed": 1, "instrumental": True}, str(folders.work("song")), "wav")
    assert make(order) == Outcome(), "it was cancelled"


async def test_a_song_is_rendered_less_often_while_the_disk_stays_full(tmp_path: Path) -> None:
    full = tmp_path / "full"
    full.touch()
    pauses: list[float] = []

    class Hasty(SystemClock):
        async def sleep(self, seconds: float) -> None:
            if seconds >= 2.0:
                pauses.append(seconds)
            if len(pauses) == 6:
                full.unlink(missing_ok=True)
            await asyncio.sleep(min(seconds, 0.02))

    settings = StudioSettings(tmp_path / "studio", engine=TONE)
    async with Studio(settings, executor=ThreadPoolExecutor, clock=Hasty()) as studio, client_of(studio) as client:
        running = RunningStudio(studio, client)
        job = (await running.create(f"full={full} a")).json()
        assert (await running.ended(**job))["status"] == "completed"
    assert pauses[:6] == [2.0, 4.0, 8.0, 16.0, 30.0, 30.0]

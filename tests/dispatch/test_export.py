"""Save a song elsewhere or in another format."""

from __future__ import annotations

import asyncio
import errno
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from riffusion_tui.dispatch.errors import NotPossible
from riffusion_tui.draft_folder import PREFIX, draft_folder
from riffusion_tui.jobs.model import Account, Options
from riffusion_tui.jobs.status import Status
from riffusion_tui.services import base
from tests.dispatch.bench import Bench, on_a_bench
from tests.dispatch.world import SOUND


def test_a_song_is_saved_in_another_place_or_format(tmp_path: Path) -> None:
    async def act(b: Bench) -> None:
        (job,) = b.job_commands.submit(["one"], Options())
        with pytest.raises(NotPossible, match="no song"):
            await b.job_commands.save_as(job.id, tmp_path)
        async with b.dispatching():
            await b.until(lambda: b.all(Status.DONE))
        mine = tmp_path / "mine"
        mine.mkdir()
        assert await b.job_commands.save_as(job.id, mine) == mine / "Song of one.wav"
        assert await b.job_commands.save_as(job.id, mine / "other.wav", "wav") == mine / "other.wav"
        with pytest.raises(NotPossible, match="already exists"):
            await b.job_commands.save_as(job.id, mine / "other.wav")
        stems = mine / "Song of one stems.wav"  # the extension is that of the file that came
        assert await b.job_commands.save_as(job.id, mine, "stems") == stems
        assert sorted(path.name for path in mine.iterdir()) == [stems.name, "Song of one.wav", "other.wav"]
        for name in ("song.mp3", "song.ZIP"):
            with pytest.raises(NotPossible, match=rf"would be \.wav, not \.{name[-3:].lower()}: change its name"):
                await b.job_commands.save_as(job.id, mine / name)
        assert (mine / "other.wav").read_bytes() == SOUND
        file = Path(b.store.job(job.id).file)
        kept = file.rename(tmp_path / "kept")
        assert await b.job_commands.save_as(job.id, file) == file
        assert file.read_bytes() == SOUND, "it was downloaded again"
        kept.unlink()
        b.world.body = lambda attempt: b"no song"
        with pytest.raises(NotPossible, match="not an audio"):
            await b.job_commands.save_as(job.id, mine / "bad", "stems")
        b.world.made[0].gone = True
        with pytest.raises(base.NotFound):
            await b.job_commands.save_as(job.id, mine / "gone", "stems")
        there = b.store.accounts("world")
        b.store.put_accounts("world", [Account("world", "other", 1)])
        with pytest.raises(NotPossible, match=r"has been removed\. Add it again, or make the song again"):
            await b.job_commands.save_as(job.id, mine / "gone", "stems")
        b.store.put_accounts("world", there)
        for unusable in (mine / "other.wav" / "x.wav", Path("/proc/x.wav"), mine / ("x" * 300)):
            with pytest.raises(NotPossible, match=f"^Can't save it: [A-Z][a-z ]+: {unusable}$"):
                await b.job_commands.save_as(job.id, unusable)
        file.unlink()
        with pytest.raises(base.NotFound):
            await b.job_commands.save_as(job.id, mine / "lost.wav")
        assert len(list(mine.iterdir())) == 3
        b.store.delete([job.id])
        with pytest.raises(NotPossible, match=f"Job {job.id} is deleted"):
            await b.job_commands.save_as(job.id, mine / "deleted.wav")

    on_a_bench(tmp_path, act)


@pytest.mark.parametrize(
    ("name", "saved"), [("no. 5", "no. 5.wav"), ("notes.txt", "notes.txt.wav"), ("x.WAVE", "x.WAVE")]
)
def test_a_name_without_a_fitting_extension_gets_one(tmp_path: Path, name: str, saved: str) -> None:
    async def act(b: Bench) -> None:
        (job,) = b.job_commands.submit(["one"], Options())
        async with b.dispatching():
            await b.until(lambda: b.all(Status.DONE))
        assert await b.job_commands.save_as(job.id, tmp_path / name) == tmp_path / saved

    on_a_bench(tmp_path, act)


def test_a_save_removes_what_killed_processes_left_and_nothing_else(tmp_path: Path) -> None:
    """A hidden partial file stayed for ever."""
    mine = tmp_path / "mine"
    mine.mkdir()
    killed = f"""
import os, pathlib
from riffusion_tui.draft_folder import open_draft_folder
(open_draft_folder(pathlib.Path({str(mine)!r})).path / "world-1.part").write_bytes(b"half")
os._exit(9)
"""
    assert subprocess.run([sys.executable, "-c", killed], check=False).returncode == 9
    (left,) = mine.iterdir()

    async def act(b: Bench) -> None:
        (job,) = b.job_commands.submit(["one"], Options())
        async with b.dispatching():
            await b.until(lambda: b.all(Status.DONE))
        others = [mine / f"{PREFIX}00000000-{age}" for age in ("new", "old")]
        for other in others:
            other.mkdir()
        os.utime(others[1], (0, time.time() - 86_401))
        with draft_folder(mine) as live:
            assert not left.exists()
            saved = await b.job_commands.save_as(job.id, mine / "1.wav")
            assert sorted(mine.iterdir()) == sorted([saved, live, others[0]]), "another machine may write to it"

    on_a_bench(tmp_path, act)


def test_a_failed_save_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def act(b: Bench) -> None:
        (job,) = b.job_commands.submit(["one"], Options())
        async with b.dispatching():
            await b.until(lambda: b.all(Status.DONE))
        mine = tmp_path / "mine"

        def fails(*_: object) -> None:
            assert len(list(mine.iterdir())) == 1
            raise OSError(errno.EIO, "Input/output error")

        monkeypatch.setattr(shutil, "copyfileobj", fails)
        with pytest.raises(NotPossible, match="Input/output error"):
            await b.job_commands.save_as(job.id, mine / "1.wav")
        assert list(mine.iterdir()) == []

    on_a_bench(tmp_path, act)


@pytest.mark.parametrize("format", [None, "stems"])
def test_a_song_is_saved_twice_at_a_time(tmp_path: Path, format: str | None) -> None:
    async def act(b: Bench) -> None:
        (job,) = b.job_commands.submit(["one"], Options())
        async with b.dispatching():
            await b.until(lambda: b.all(Status.DONE))
        mine = tmp_path / "mine"
        files = [mine / "1.wav", mine / "2.wav"]
        assert await asyncio.gather(*(b.job_commands.save_as(job.id, file, format) for file in files)) == files
        assert sorted(mine.iterdir()) == files, "no partial file is left"
        assert [file.read_bytes() for file in files] == [SOUND, SOUND]

    on_a_bench(tmp_path, act)

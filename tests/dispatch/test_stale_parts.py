"""Partial files that no download will resume."""

from __future__ import annotations

import asyncio
import os
from functools import partial
from pathlib import Path

import pytest

from riffusion_tui.dispatch.fetching.stale_parts import UNTOUCHED_S
from riffusion_tui.jobs.model import FailureKind, Gate, Options, WaitCause
from riffusion_tui.jobs.status import Status
from riffusion_tui.services.download import PartialFile
from riffusion_tui.store import NewJob
from tests.dispatch.bench import bench
from tests.dispatch.virtual import run
from tests.dispatch.world import Slot, World


def test_partial_files_of_ended_jobs_are_removed_at_the_next_start(tmp_path: Path) -> None:
    """After a kill, the hidden file of a job that was then deleted or cancelled stayed for ever."""

    async def main() -> None:
        async with bench(tmp_path, World({"a": Slot(4)}, lambda: 2.0)) as b:
            songs = b.folder / "songs"
            songs.mkdir()
            jobs = [
                b.store.add([NewJob("one", Options(), "world", f"r{status}", "b", status=status)])[0].id
                for status in (Status.FETCHING, Status.CANCELLED, Status.FAILED, Status.FAILED)
            ]
            b.store.update(jobs[3], trouble=FailureKind.DOWNLOAD)
            b.store.put_gate(Gate("world", None, WaitCause.TOKEN, 0.0))  # nothing is downloaded
            for id in (*jobs, 99):
                for end in ("", ".tag"):
                    (songs / f".world-{id}.part{end}").write_bytes(b"half")
            stale = [".world-1.2.part.old", ".other-99.part", ".world-x.part", ".world-98.part", "world-99.part"]
            for name in stale:
                (songs / name).write_bytes(b"half")
            (songs / ".world-97.part").mkdir()
            for path in songs.iterdir():
                if "98" not in path.name:
                    os.utime(path, (0, b.clock.now() - UNTOUCHED_S - 1))
            os.utime(songs / ".world-98.part", (0, b.clock.now() - UNTOUCHED_S + 1))
            async with b.dispatching():
                await asyncio.sleep(5)
            kept = [f".world-{id}.part{end}" for id in (jobs[0], jobs[3]) for end in ("", ".tag")]
            assert sorted(path.name for path in songs.iterdir()) == sorted([*kept, *stale, ".world-97.part"])

    run(main())


def test_a_download_whose_partial_file_was_removed_does_not_continue_it(tmp_path: Path) -> None:
    """Its end would be taken for the song."""
    part = PartialFile(tmp_path / "song.part", "")
    part.begin("", resume=False)
    part.append(b"half")
    (tmp_path / "song.part").unlink()
    for go_on in (partial(part.begin, "", resume=True), partial(part.append, b"rest")):
        with pytest.raises(FileNotFoundError):
            go_on()

"""A finished song: its files move into place, then its job ends."""

from __future__ import annotations

import errno
import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

from riffusion_tui.studio.queue.folders import Folders, private
from riffusion_tui.studio.queue.render_task import Outcome
from riffusion_tui.studio.queue.studio_job import State, StudioJob
from riffusion_tui.studio.queue.studio_store import StudioStore


def keep(
    store: StudioStore,
    folders: Folders,
    id: str,
    work: Path,
    outcome: Outcome,
    now: float,
    check: Callable[[], None],
) -> StudioJob | None:
    """Move a finished song into place and end its job; return the job, or None if it was deleted in the meantime.

    Files are moved first, so a completed job's files always exist. Calling it twice is safe.

    Args:
        store: the queue.
        folders: where the song is kept.
        id: the job's.
        work: the folder in which the song was made.
        outcome: what its renderer returned.
        now: seconds since the epoch.
        check: raises `Displaced` unless this process still makes the songs.
    """
    with store.transaction():
        check()
        if outcome.made is not None:
            _move(work, folders.song(id), outcome.made)
            ended = store.end(id, State.COMPLETED, now, made=json.dumps(outcome.made))
        else:
            ended = store.end(id, State.FAILED, now, error=outcome.error or "Cancelled before it was finished.")
    folders.remove_work(id)
    job = store.job(id)
    if job is None:
        folders.remove_song(id)
    return job if ended else None


def _replace(source: Path, target: Path) -> None:
    """Move a file; the songs may be on another disk."""
    try:
        source.replace(target)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        part = target.with_name(f".{target.name}.part")
        shutil.copyfile(source, part)
        with part.open("rb+") as copied:
            os.fsync(copied.fileno())
        part.replace(target)


def _move(work: Path, song: Path, made: dict[str, object]) -> None:
    private(song)
    for name in (made["file"], made["cover"]):
        if name is not None and (work / str(name)).exists():
            _replace(work / str(name), song / str(name))
    descriptor = os.open(song, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

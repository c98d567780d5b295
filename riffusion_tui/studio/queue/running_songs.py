"""Songs that renderers are making: cancel them, read their progress."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress

from riffusion_tui.studio.queue.folders import Folders, private
from riffusion_tui.studio.queue.render_task import CANCEL, PROGRESS
from riffusion_tui.studio.queue.studio_job import State, StudioJob
from riffusion_tui.studio.queue.studio_store import StudioStore


def cancel(store: StudioStore, folders: Folders, id: str, now: float) -> StudioJob | None:
    """Stop tracking a job: drop it if it is queued, ask its renderer to stop if it is being made. Return the old job.

    Return None if there is no such job or it has ended. A song that is almost finished may still be made.
    """
    with store.transaction():
        job = store.job(id)
        if job is None or not job.tracked:
            return None
        store.untrack(id)
        if job.state is State.QUEUED:
            store.end(id, State.FAILED, now, error="Cancelled before it started.")
    if job.state is State.MAKING:
        request_cancel(folders, id)
    return job


def request_cancel(folders: Folders, id: str) -> None:
    """Ask the renderer of a song, which may belong to another process, to stop; it may not have begun yet."""
    folder = folders.current_work(id)
    private(folder)
    with suppress(FileNotFoundError):
        (folder / CANCEL).touch()


def progress_of(folders: Folders) -> Callable[[StudioJob], float | None]:
    """Return a function that returns a job's progress: 0 (waiting for a renderer) to 1, or None if it has ended."""

    def read(job: StudioJob) -> float | None:
        if job.state is not State.MAKING:
            return 0.0 if job.state is State.QUEUED else None
        try:
            share, _ = json.loads((folders.current_work(job.id) / PROGRESS).read_text(encoding="utf-8"))
        except (OSError, ValueError, TypeError):
            return 0.0
        return float(share)

    return read

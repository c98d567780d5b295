"""Runs on a cluster's renderer: receives an order, renders it in a local folder and returns its files."""

from __future__ import annotations

import asyncio
import json
import os
import tempfile
import threading
import time
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from riffusion_tui.studio.queue.render_task import CANCEL, NO_SPACE, PROGRESS, Outcome, RenderOrder
from riffusion_tui.studio.queue.renderers import Work

_CHECK_S = 0.25
_REPORT_S = 0.5
_ANSWER_S = 10.0
_soundfont: str | None = None


@dataclass(frozen=True, slots=True)
class RemoteOrder:
    """An order on its way to a renderer."""

    work: Work
    order: RenderOrder
    """Its folder and soundfont are paths on the studio's machine."""
    topic: str
    """Where progress is logged."""
    grace_s: float
    """Seconds that a cancelled song may take to stop; then its renderer exits."""


@dataclass(frozen=True, slots=True)
class RemoteOutcome:
    """The result of a remote order."""

    outcome: Outcome
    files: dict[str, bytes] = field(default_factory=dict)
    """Contents by name: the song and its cover."""


def use_soundfont(setting: str | None) -> None:
    """Set this renderer's soundfont, as in `StudioSettings`."""
    global _soundfont  # one per process: Dask calls `render` without settings of this machine
    _soundfont = setting


def render(remote: RemoteOrder) -> RemoteOutcome:
    """Run an order in a folder on this machine."""
    from distributed import get_worker

    worker = get_worker()
    key = str(worker.get_current_task())
    _report_start(worker, remote.topic, key)
    try:
        with tempfile.TemporaryDirectory(prefix="riffusion-tui-", dir=worker.local_directory) as folder:
            order = replace(remote.order, folder=folder, soundfont=_soundfont)
            ended = threading.Event()
            watcher = threading.Thread(target=_watch, args=(worker, remote, key, Path(folder), ended), daemon=True)
            watcher.start()
            try:
                outcome = remote.work(order)
            finally:
                ended.set()
                watcher.join()
            return RemoteOutcome(outcome, _files(Path(folder), outcome))
    except OSError as error:
        message = f"The renderer {worker.name} can't write the song: {error.strerror or error}"
        return RemoteOutcome(Outcome(error=message, full=error.errno in NO_SPACE))


def _report_start(worker: Any, topic: str, key: str) -> None:
    """Log that the order has begun, and wait until the scheduler knows: this counts the renderers that a song kills."""
    logged = worker.scheduler.log_event(topic=topic, msg={"key": key, "state": "started", "renderer": str(worker.name)})
    asyncio.run_coroutine_threadsafe(logged, worker.loop.asyncio_loop).result(_ANSWER_S)


def _watch(worker: Any, remote: RemoteOrder, key: str, folder: Path, ended: threading.Event) -> None:
    """Report progress, and stop an order that is no longer wanted: cancelled, out of time, or its studio is gone."""
    unwanted_since = reported_at = None
    reported = ""
    while not ended.wait(_CHECK_S):
        now = time.monotonic()
        if not _wanted(worker, key):
            (folder / CANCEL).touch()
            unwanted_since = unwanted_since or now
            if now - unwanted_since > remote.grace_s:
                os._exit(os.EX_SOFTWARE)
        elif reported_at is None or now - reported_at >= _REPORT_S:
            text = _progress(folder)
            if text and text != reported:
                reported, reported_at = text, now
                share, what = json.loads(text)
                worker.log_event(remote.topic, {"key": key, "state": "running", "share": share, "what": what})


def _wanted(worker: Any, key: str) -> bool:
    task = worker.state.tasks.get(key)
    return task is not None and task.state in ("executing", "long-running")


def _progress(folder: Path) -> str:
    try:
        return (folder / PROGRESS).read_text(encoding="utf-8")
    except OSError:
        return ""


def _files(folder: Path, outcome: Outcome) -> dict[str, bytes]:
    made = outcome.made or {}
    names = [str(made[name]) for name in ("file", "cover") if made.get(name) is not None]
    return {name: (folder / name).read_bytes() for name in names if (folder / name).exists()}

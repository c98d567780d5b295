"""Partial files of the songs folder that no download will resume, since their jobs ended otherwise or are gone."""

from __future__ import annotations

import os
import re
from contextlib import suppress
from pathlib import Path

from riffusion_tui.jobs.model import FailureKind
from riffusion_tui.jobs.status import Status
from riffusion_tui.store import NoSuchJob, Store

UNTOUCHED_S = 86_400.0
"""Since when a file must be unchanged: the folder may be shared with another queue, which numbers its jobs alike."""
_DOWNLOADED = (FailureKind.DOWNLOAD, FailureKind.DISK)
_ENDED = frozenset({Status.DONE, Status.REFUSED, Status.CANCELLED})


def old_parts(folder: Path, service: str, now: float) -> dict[Path, int]:
    """Return a service's partial files that nobody has written to for a day, each with its job. Runs in a thread."""
    name, found = re.compile(rf"\.{re.escape(service)}-(\d{{1,15}})(?:\.\d+)?\.part(?:\.tag)?"), {}
    with suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            if match := name.fullmatch(entry.name):
                with suppress(OSError):
                    if entry.stat(follow_symlinks=False).st_mtime < now - UNTOUCHED_S:
                        found[Path(entry.path)] = int(match[1])
    return found


def resumes(store: Store, id: int) -> bool:
    """Whether a job's download may continue: now, or when the user retries it."""
    try:
        job = store.job(id)
    except NoSuchJob:
        return False
    return job.status not in _ENDED and (job.status is not Status.FAILED or job.trouble in _DOWNLOADED)

"""Error boundary for one job: an unexpected error fails that job, never the queue."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from riffusion_tui.jobs.model import Job
from riffusion_tui.store import StoreError

_log = logging.getLogger(__name__)


class JobDefect(Exception):
    """An unexpected error while handling a job; `str(error)` is shown on the job."""


@contextmanager
def isolate_defects(job: Job, *expected: type[Exception]) -> Iterator[None]:
    """Convert unexpected errors in the block to `JobDefect`, with a traceback in the log.

    Args:
        job: the job that the block is about.
        expected: errors that the caller handles; these and `StoreError` pass through.
    """
    try:
        yield
    except Exception as error:  # this boundary's purpose: a bug fails one job
        if isinstance(error, (StoreError, *expected)):
            raise
        _log.exception("job %d", job.id)
        words = f"Internal error ({type(error).__name__}). See the log; retry it after an update."
        raise JobDefect(words) from error

"""The boundary of one job: what an odd answer or file breaks costs that job, never the queue."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from riffusion_tui.jobs.model import Job
from riffusion_tui.store import StoreError

_log = logging.getLogger(__name__)


class JobDefect(Exception):
    """Handling one job failed in a way that nobody foresaw; `str(error)` is for the job's own line."""


@contextmanager
def one_job(job: Job, *foreseen: type[Exception]) -> Iterator[None]:
    """Turn what the block raises into `JobDefect`, with a traceback in the log.

    Args:
        job: the job that the block is about.
        foreseen: errors that the caller handles itself; they and `StoreError` pass.
    """
    try:
        yield
    except Exception as error:
        if isinstance(error, (StoreError, *foreseen)):
            raise
        _log.exception("job %d", job.id)
        words = f"It can't be handled ({type(error).__name__}). The log has more; retry it after an update."
        raise JobDefect(words) from error

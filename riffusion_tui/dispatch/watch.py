"""Wait for jobs to end, whichever process works on them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable

from riffusion_tui.jobs.clock import Clock
from riffusion_tui.jobs.model import Job
from riffusion_tui.store import Store


def ended(store: Store, ids: Iterable[int], clock: Clock) -> AsyncIterator[Job]:
    """Yield each job as it ends (done, refused, failed, cancelled), those that have already first.

    A job that needs a person to go on (*maybe sent* for good, an account or token to be mended) does not end: give the
    wait a time limit (`asyncio.timeout`), and see `blocked`.
    """
    raise NotImplementedError


def blocked(store: Store, job: Job) -> str:
    """Return what a person has to do before the job can go on; empty where it goes on by itself."""
    raise NotImplementedError


async def drained(store: Store, service: str, clock: Clock) -> None:
    """Return when no job of the service can go on by itself: all ended, held, or waiting for a person."""
    raise NotImplementedError

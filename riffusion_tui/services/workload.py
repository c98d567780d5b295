"""What a service is making, and for how much more it has room."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RunningJob:
    """A job that the service says is running. `started_at` in seconds since the epoch, None if unreadable."""

    remote_id: str
    account: str
    started_at: float | None = None
    ref: str | None = None
    reply_url: str | None = None


@dataclass(frozen=True, slots=True)
class Capacity:
    """An account's slots: `executing` of `max_jobs` are in use."""

    account: str
    max_jobs: int
    executing: int


@dataclass(frozen=True, slots=True)
class Workload:
    """Running jobs and free slots, in one response."""

    running: tuple[RunningJob, ...]
    capacity: tuple[Capacity, ...]
    concurrency: int = 0
    """Songs made at once, on all accounts together; further ones wait at the service. 0: unknown."""

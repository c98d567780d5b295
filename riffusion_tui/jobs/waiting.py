"""Why a queued job waits, since when, until when, and which try it is. Pure: worked out of what the store holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from riffusion_tui.jobs.model import Account, Cause, Gate, Job


@dataclass(frozen=True, slots=True)
class Wait:
    """Why a job waits. `until` is absolute; None: until a slot is free, or a person acts."""

    cause: Cause
    since: float
    until: float | None = None
    tries: int = 0
    account: str | None = None
    detail: str = ""


def waiting(job: Job, accounts: Sequence[Account], gates: Sequence[Gate], now: float) -> Wait | None:
    """Return why `job` waits, or None where it does not (it is not queued or held).

    Args:
        job: any job.
        accounts: its service's accounts.
        gates: what stands in its service's way.
        now: seconds since the epoch.
    """
    raise NotImplementedError

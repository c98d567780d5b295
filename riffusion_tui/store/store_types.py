"""The store's own input and output types."""

from collections.abc import Mapping
from typing import NamedTuple, TypedDict

from riffusion_tui.jobs.model import Account, FailureKind, Gate, Job, Options
from riffusion_tui.jobs.status import Status


class NewJob(NamedTuple):
    """A job to add; the store assigns its number, queue position and times.

    `status` is queued or held; a second song of the same request starts as making.
    """

    prompt: str
    options: Options
    service: str
    ref: str
    batch: str
    take: int = 1
    takes: int = 1
    parent: int | None = None
    position: float | None = None
    """Position in the queue; None: at the end."""
    status: Status = Status.QUEUED
    account: str | None = None
    remote_id: str | None = None
    sent_at: float | None = None
    accepted_at: float | None = None


class JobChanges(TypedDict, total=False):
    """Fields that `Store.update` can change besides the status."""

    ref: str
    prompt: str
    options: Options
    take: int
    takes: int
    position: float
    account: str | None
    remote_id: str | None
    tries: int
    sent_at: float | None
    accepted_at: float | None
    ended_at: float | None
    trouble: FailureKind | None
    error: str
    title: str
    duration_s: float | None
    bpm: float | None
    key: str
    genre: str
    seed: int | None
    file: str
    sha256: str
    verdict: str


LAST = 1 << 62
"""An id greater than any job's."""


class Changes(NamedTuple):
    """Changes since a revision; with a limit, the first of them."""

    rev: int
    """Pass this to the next call, with `after`."""
    after: int = LAST
    """The last job of `rev` that is included; `LAST` if all are."""
    jobs: tuple[Job, ...] = ()
    """New, changed and restored jobs."""
    deleted: tuple[int, ...] = ()
    accounts: tuple[Account, ...] | None = None
    """All accounts of every service, if any changed; else None."""
    gates: tuple[Gate, ...] | None = None
    """All gates of every service, if any changed; else None."""


class RetryFacts(NamedTuple):
    """What decides how a job is retried."""

    status: Status
    trouble: FailureKind | None
    has_song: bool
    """Whether the service accepted it."""
    reply_ref: str
    """The user's own reference; empty if there is none."""


class Tally(NamedTuple):
    """A service's job counts by status; done, cancelled and deleted jobs are not counted."""

    by_status: Mapping[Status, int]
    by_account: Mapping[tuple[Status, str | None], int]
    """Under way: by the account that runs the job. Queued: by the account it is pinned to; None: any."""


class DayCount(NamedTuple):
    """What one account did on one day."""

    day: str
    """Local date, `2025-02-17`."""
    account: str
    """Empty if unknown."""
    outcome: str
    """`done`, `refused`, `failed` (jobs that ended that day), or `limited` (requests that got a 429)."""
    number: int
    seconds: float
    """Total length of the songs."""

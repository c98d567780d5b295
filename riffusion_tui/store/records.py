"""What goes into the store and what comes out, beyond the shared values."""

from collections.abc import Mapping
from typing import NamedTuple, TypedDict

from riffusion_tui.jobs.model import Account, FailureKind, Gate, Job, Options
from riffusion_tui.jobs.status import Status


class NewJob(NamedTuple):
    """A job as it is asked for; the store gives it its number, its place in the queue and its times.

    `status` is queued, or held; a second song that the service made of one prompt starts as making.
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
    """Place in the queue; None is the end."""
    status: Status = Status.QUEUED
    account: str | None = None
    remote_id: str | None = None
    sent_at: float | None = None
    accepted_at: float | None = None


class JobChanges(TypedDict, total=False):
    """What `Store.update` can change of a job beside its status."""

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


class Changes(NamedTuple):
    """What is different since a revision."""

    rev: int
    """Ask with this one the next time."""
    jobs: tuple[Job, ...] = ()
    """Jobs that are new or changed, restored ones among them."""
    deleted: tuple[int, ...] = ()
    accounts: tuple[Account, ...] | None = None
    """All accounts of every service, if any changed; else None."""
    gates: tuple[Gate, ...] | None = None
    """All gates of every service, if any changed; else None."""


class UsualDuration(NamedTuple):
    """How long a service's songs usually take, from the accepted request to the finished song, in seconds."""

    median_s: float
    early_s: float
    """Nineteen of twenty took longer."""
    late_s: float
    """Nineteen of twenty were there by then."""
    songs: int


class Tally(NamedTuple):
    """How many jobs of a service stand where; done, cancelled and deleted ones don't count: nobody waits for them."""

    by_status: Mapping[Status, int]
    by_account: Mapping[tuple[Status, str | None], int]
    """Under way: by the account that has the job. Queued: by the account it is pinned to, None where it is free."""

"""Data types shared by all packages: job, song, account, gate. Immutable; use `_replace` to change one.

Named tuples, because frozen dataclasses take three times as long to define, which delays the first frame.

Times are seconds since the epoch, UTC. Durations are seconds. All text has passed `riffusion_tui.clean`.
"""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Any, NamedTuple

from riffusion_tui.jobs.status import Status

MAX_REFERENCE = 1024
"""Maximum characters of `replyUrl` and `replyRef`; https://useapi.net/docs/api-riffusion-v1/post-riffusion-music-create-prompt"""
MAX_JOBS_RANGE = range(1, 11)
"""Allowed values of `maxJobs`; same page."""


class Options(NamedTuple):
    """Options of a job besides the prompt; named as on the create-prompt page, in snake case.

    `seed` and `length_s` work with some services only (see their capabilities); the others ignore them. With
    `operation` and `source` the job edits a song (extend, cover, …) instead of making one; `extra` holds the
    operation's own fields.
    """

    instrumental: bool = False
    model: str = ""
    """Empty: the service's default."""
    account: str | None = None
    reply_url: str | None = None
    reply_ref: str | None = None
    max_jobs: int | None = None
    title: str | None = None
    lyrics: str | None = None
    seed: int | None = None
    length_s: float | None = None
    operation: str | None = None
    source: str | None = None
    extra: tuple[tuple[str, str], ...] = ()


class FailureKind(StrEnum):
    """Why a job failed, was refused or is held; used in `--json`, filters and on screen."""

    MODERATION = "moderation"
    BAD_REQUEST = "bad_request"
    ACCOUNT = "account"
    CREDITS = "credits"
    FORBIDDEN = "forbidden"
    NOT_FOUND = "not_found"
    EXPIRED = "expired"
    SERVER = "server"
    UNREADABLE = "unreadable"
    UNANSWERED = "unanswered"
    SERVICE_FAILED = "service_failed"
    DOWNLOAD = "download"
    DISK = "disk"
    STALLED = "stalled"
    USER = "person"


VERDICTS = ("", "keep", "reject")
"""Ratings of a take: `Job.verdict`."""


class Job(NamedTuple):
    """One prompt on its way to one song."""

    id: int
    """Small number that is easy to type: `riffusion-tui cat 13`."""
    ref: str
    """Sent as `replyRef`: the user's own, or a generated one that is unique to this job."""
    prompt: str
    options: Options
    service: str
    status: Status
    batch: str
    """Id of the submission (one key press or command) that created it."""
    take: int = 1
    takes: int = 1
    parent: int | None = None
    """The job that this one retries, or whose song it edits."""
    position: float = 0.0
    """Position in the queue: lowest first."""
    account: str | None = None
    """The account that runs, or ran, it."""
    remote_id: str | None = None
    tries: int = 0
    """Number of requests sent so far."""
    created_at: float = 0.0
    sent_at: float | None = None
    accepted_at: float | None = None
    ended_at: float | None = None
    trouble: FailureKind | None = None
    error: str = ""
    title: str = ""
    duration_s: float | None = None
    bpm: float | None = None
    key: str = ""
    """Musical key: `Am`, `F#`, `D dorian`."""
    genre: str = ""
    file: str = ""
    """Absolute path of the song, once downloaded."""
    sha256: str = ""
    verdict: str = ""
    """The user's rating of the take: `keep`, `reject` or empty."""
    rev: int = 0
    """The store's revision when this job last changed."""
    seed: int | None = None
    """The seed used, requested or random, if the service reports it."""

    @property
    def lost_source(self) -> bool:
        """Whether the job failed because the song that it edits is gone at the service, so that a retry fails too."""
        return self.trouble is FailureKind.NOT_FOUND and self.options.operation is not None and not self.remote_id


class Song(NamedTuple):
    """Details of a finished song that the job list doesn't show."""

    job_id: int
    lyrics: str = ""
    timed_lyrics: tuple[tuple[float, str], ...] = ()
    """(start in seconds, line)."""
    waveform: tuple[float, ...] = ()
    """Peaks from 0 to 1, evenly spaced over the song."""
    plan: Mapping[str, Any] = MappingProxyType({})
    """The service's description of its interpretation and choices; empty if it gives none."""
    share_url: str = ""
    image_url: str = ""
    raw: Mapping[str, Any] = MappingProxyType({})
    """The service's record, cleaned, for the detail view."""
    timed_words: tuple[tuple[float, str], ...] = ()
    """(start in seconds, word); empty if the service times only lines."""


class JobEvent(NamedTuple):
    """One entry of a job's timeline."""

    job_id: int
    at: float
    what: str
    detail: str = ""


class WaitCause(StrEnum):
    """Why a job or gate waits or is held. The values are stored; people read `words`."""

    SLOTS = "slots full"
    BUSY = "account is full"
    UPSTREAM = "service is rate limiting"
    OFFLINE = "no connection"
    UNAVAILABLE = "service is unavailable"
    BROKEN = "account lost its session"
    TOKEN = "token refused"  # noqa: S105 (a reason, not a secret)
    CREDITS = "no credits"
    PAUSED = "paused"
    USER = "held by you"
    TURN = "waits its turn"
    FAULT = "service is failing"
    DISK = "songs can't be written"
    OUTDATED = "needs an update"
    WARMING = "loading the model"
    UNREADABLE = "answers can't be used"
    PROCESSOR = "waits for a processor"
    UNATTENDED = "no process sends it"

    @property
    def words(self) -> str:
        """The cause as people read it."""
        return _REWORDED.get(self.name, self.value)


_REWORDED = {"BROKEN": "session expired", "TOKEN": "token rejected", "UNREADABLE": "unusable response"}


class Gate(NamedTuple):
    """Stops jobs from being sent, for one account or (account None) for the whole service.

    `until` is absolute, so that it survives a restart and only the screen needs to tick. None: until the user acts.
    """

    service: str
    account: str | None
    cause: WaitCause
    since: float
    until: float | None = None
    tries: int = 0
    """Consecutive responses that closed it; shown as "try 2"."""
    detail: str = ""


class Account(NamedTuple):
    """An account of a service, as last seen."""

    service: str
    user_id: str
    max_jobs: int
    executing: int = 0
    """Running jobs according to the service, ours or not."""
    error: str = ""
    credits: float | None = None
    seen_at: float = 0.0
    others: int = 0
    """The part of `executing` that isn't ours: another machine's or a browser's."""
    concurrency: int = 0
    """Songs that the service makes at once, on all its accounts together; further ones wait there. 0: unknown."""

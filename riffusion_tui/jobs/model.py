"""The plain data that every room shares: job, song, account, gate. Frozen; a change is a new value (`_replace`).

Named tuples, since a frozen dataclass takes three times as long to define and the first frame waits for all of them.

Times are seconds since the epoch, UTC. Durations are seconds. Everything textual has passed `riffusion_tui.clean`.
"""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Any, NamedTuple

from riffusion_tui.jobs.status import Status

MAX_REFERENCE = 1024
"""Characters of `replyUrl` and `replyRef`; https://useapi.net/docs/api-riffusion-v1/post-riffusion-music-create-prompt"""
MAX_JOBS_RANGE = range(1, 11)
"""What `maxJobs` may be; the same page."""


class Options(NamedTuple):
    """What can be asked for beside the prompt; names as on the create-prompt page, in Python's spelling.

    `seed` and `length_s` are wishes that only some services can meet (see their capabilities); the others ignore them.
    `operation` and `source` say that the job edits a song (extend, cover, …) instead of making one; `extra` holds that
    operation's own fields.
    """

    instrumental: bool = False
    model: str = ""
    """Empty: the service's own default."""
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
    """Why a job failed, was refused or is held, for `--json`, filters and the words on the screen."""

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
    PERSON = "person"


class Job(NamedTuple):
    """One prompt on its way to one song."""

    id: int
    """Small number that a person can type: `riffusion-tui cat 13`."""
    ref: str
    """What is sent as `replyRef`: the user's own, or one that singles this job out."""
    prompt: str
    options: Options
    service: str
    status: Status
    batch: str
    """Id of the submission that made it: one press of a key, one command."""
    take: int = 1
    takes: int = 1
    parent: int | None = None
    """The job that this one tries again, or whose song it edits."""
    position: float = 0.0
    """Order in the queue: smaller goes first."""
    account: str | None = None
    """The account that has, or had, it."""
    remote_id: str | None = None
    tries: int = 0
    """Requests sent for it so far."""
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
    """As a musician writes it: `Am`, `F#`, `D dorian`."""
    genre: str = ""
    file: str = ""
    """Absolute path of the song, once it is there."""
    sha256: str = ""
    verdict: str = ""
    """`keep`, `reject` or nothing: what a person said of the take."""
    rev: int = 0
    """Grows with every change in the store: what changed since."""
    seed: int | None = None
    """What made the song, asked for or drawn, where the service says it."""


class Song(NamedTuple):
    """What a finished job made, beyond what a row of the list shows."""

    job_id: int
    lyrics: str = ""
    timed_lyrics: tuple[tuple[float, str], ...] = ()
    """(second at which it is sung, line)."""
    waveform: tuple[float, ...] = ()
    """Peaks from 0 to 1, evenly spaced over the song."""
    plan: Mapping[str, Any] = MappingProxyType({})
    """What the service says it heard and chose; empty where it does not say."""
    share_url: str = ""
    image_url: str = ""
    raw: Mapping[str, Any] = MappingProxyType({})
    """The service's record, cleaned, as the detail view shows it."""


class JobEvent(NamedTuple):
    """One line of a job's timeline."""

    job_id: int
    at: float
    what: str
    detail: str = ""


class WaitCause(StrEnum):
    """Why something waits or is held."""

    SLOTS = "slots full"
    BUSY = "account is full"
    UPSTREAM = "service is rate limiting"
    OFFLINE = "no connection"
    BROKEN = "account lost its session"
    TOKEN = "token refused"  # noqa: S105 (a reason, not a secret)
    CREDITS = "no credits"
    PAUSED = "paused"
    PERSON = "held by you"
    TURN = "waits its turn"
    FAULT = "service is failing"
    DISK = "songs can't be written"
    WARMING = "loading the model"
    UNREADABLE = "answers can't be used"


class Gate(NamedTuple):
    """Something that stands in the way: of one account, or (account None) of the whole service.

    `until` is absolute, so that it means the same after a restart and only the screen needs to tick. None: until
    a person acts.
    """

    service: str
    account: str | None
    cause: WaitCause
    since: float
    until: float | None = None
    tries: int = 0
    """Answers in a row that closed it: what the screen calls "try 2"."""
    detail: str = ""


class Account(NamedTuple):
    """An account of a service, as last seen."""

    service: str
    user_id: str
    max_jobs: int
    executing: int = 0
    """Jobs the service says are running, ours or not."""
    error: str = ""
    credits: float | None = None
    seen_at: float = 0.0
    others: int = 0
    """Of `executing`, those that are not ours: another machine's, a browser's."""

"""The interface of a service: protocol and data types, with the errors of `services.errors`.

Source: https://useapi.net/docs/api-riffusion-v1 and its create-prompt page.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from riffusion_tui.jobs.model import Options
from riffusion_tui.secret import Secret
from riffusion_tui.services.capabilities import Capabilities
from riffusion_tui.services.errors import (
    AccountBroken,
    AccountBusy,
    AddressGone,
    AddressUnreachable,
    BadAddress,
    BadRequest,
    CheckFailed,
    Conflict,
    Expired,
    Forbidden,
    NoCredits,
    NotFound,
    NotSent,
    NotStarted,
    OtherSongs,
    Outdated,
    Oversized,
    RateLimited,
    Refused,
    ServerFault,
    ServiceError,
    TimedOut,
    Unanswered,
    Unauthorized,
    Unreadable,
    UpstreamLimited,
    WarmingUp,
)
from riffusion_tui.services.inspection import Inspection
from riffusion_tui.services.workload import Capacity, RunningJob, Workload

__all__ = [
    "Accepted",
    "AccountBroken",
    "AccountBusy",
    "AccountInfo",
    "AddressGone",
    "AddressUnreachable",
    "BadAddress",
    "BadRequest",
    "Capabilities",
    "Capacity",
    "CheckFailed",
    "Conflict",
    "CreateRequest",
    "Expired",
    "Forbidden",
    "NoCredits",
    "NotFound",
    "NotSent",
    "NotStarted",
    "OtherSongs",
    "Outdated",
    "Oversized",
    "PollResult",
    "PolledJob",
    "RateLimited",
    "Refused",
    "RemoteSong",
    "RunningJob",
    "ServerFault",
    "Service",
    "ServiceError",
    "TimedOut",
    "Unanswered",
    "Unauthorized",
    "Unreadable",
    "UpstreamLimited",
    "WarmingUp",
    "Workload",
    "WrittenLyrics",
    "lyrics_prompt",
]


@dataclass(frozen=True, slots=True)
class CreateRequest:
    """A prompt to send. `ref` is sent as `replyRef`; `account` None lets the service choose."""

    prompt: str
    options: Options
    ref: str
    account: str | None
    confirm: Callable[[], None] | None = None
    """Called immediately before the request is sent; an exception from it prevents that."""


@dataclass(frozen=True, slots=True)
class Accepted:
    """An accepted prompt.

    It has one id per song that can be followed separately: usually one, or two if the service names both songs of a
    pair immediately. If it names them only when they are finished, there is one id, and `RemoteSong.siblings` later.
    """

    remote_ids: tuple[str, ...]
    account: str | None
    songs: tuple[RemoteSong, ...] = ()
    """Songs that are already available, and don't need to be fetched."""


@dataclass(frozen=True, slots=True)
class AccountInfo:
    """An account as the service describes it; its secrets never leave the adapter."""

    user_id: str
    max_jobs: int
    error: str = ""
    credits: float | None = None


@dataclass(frozen=True, slots=True)
class RemoteSong:
    """A song's record. `finished` and `failed` are read from the service's status word; an unknown word is running."""

    remote_id: str
    """The id for `song`, `poll`, `cancel` and `Options.source`; opaque outside the adapter."""
    account: str
    finished: bool
    failed: bool
    status: str = ""
    error: str = ""
    flagged: bool = False
    prompt: str = ""
    ref: str | None = None
    group: str = ""
    """The service's id for all songs of one request, if it has one."""
    created_at: float | None = None
    title: str = ""
    duration_s: float | None = None
    progress: float | None = None
    """Progress, 0 to 1, if the service reports it."""
    disk_full: bool = False
    """Whether it waits until the service's disk has space."""
    blocked: str = ""
    """What has to be changed at the service before it can be made; empty if nothing."""
    made_s: float | None = None
    """Seconds that making it took, without waiting at the service; None if unknown."""
    lyrics: str = ""
    timed_lyrics: tuple[tuple[float, str], ...] = ()
    timed_words: tuple[tuple[float, str], ...] = ()
    waveform: tuple[float, ...] = ()
    plan: dict[str, Any] = field(default_factory=dict)
    download_url: str = ""
    share_url: str = ""
    image_url: str = ""
    raw: dict[str, Any] = field(default_factory=dict)
    siblings: tuple[RemoteSong, ...] = ()
    """The other songs of the same request, known only once it is finished: the second clip of a pair. Each is a
    complete record with its own `remote_id`, which works with `song`, `poll` and `download`; the caller adds a job
    for each. Empty if each song has its own id from the start."""


@dataclass(frozen=True, slots=True)
class PolledJob:
    """A running job to poll. `account` is None if the service didn't name one."""

    remote_id: str
    account: str | None = None


@dataclass(frozen=True, slots=True)
class PollResult:
    """Result of a poll, by job and by account.

    A job in neither `songs` nor `lost`, whose account is not in `troubles`, wasn't mentioned by the service: it was
    just accepted and isn't listed yet, or it was deleted.
    """

    songs: tuple[RemoteSong, ...] = ()
    """Records of the polled jobs, running or ended."""
    lost: tuple[tuple[str, ServiceError], ...] = ()
    """(remote id, error): jobs that the service no longer has (`NotFound`, `Forbidden`, `Expired`), or whose record is
    `Oversized`, or isn't what the server answers with (`OtherSongs`)."""
    troubles: tuple[tuple[str | None, ServiceError], ...] = ()
    """(account, error); account None: the whole poll failed. The jobs themselves continue."""


class WrittenLyrics(NamedTuple):
    """Lyrics written by a service, and its suggestions for the song."""

    text: str
    caption: str = ""
    """How the song should sound."""
    extra: tuple[tuple[str, str], ...] = ()
    """Fields of the service for `Options.extra`: tempo, key, meter, language."""
    length_s: float | None = None

    @property
    def suggests(self) -> bool:
        """Whether there are suggestions besides the lyrics."""
        return bool(self.caption or self.extra or self.length_s)


def lyrics_prompt(prompt: str, lyrics: str | None) -> str:
    """Return the prompt for a service that writes lyrics from a text alone: to write them, or to rewrite `lyrics`."""
    return f"{prompt}\n\nRewrite these lyrics:\n{lyrics}" if lyrics else prompt


class Service(Protocol):
    """A service that makes songs. Methods raise `ServiceError` and never retry; that is up to the dispatcher."""

    @property
    def name(self) -> str:
        """Short name, used in settings, jobs and the top line."""
        ...

    @property
    def capabilities(self) -> Capabilities:
        """Features of the service."""
        ...

    async def fetch_capabilities(self) -> None:
        """Fetch the servers' features if unknown; afterwards `capabilities` is complete."""
        ...

    async def create(self, request: CreateRequest) -> Accepted:
        """Send one prompt.

        `NotSent` is raised only if no byte of it can have arrived. After `Unanswered` and `ServerFault` it may have
        been accepted; after every other error it was not.
        """
        ...

    async def warm_up(self, account: str | None) -> None:
        """Load the account's models and wait until they are loaded; called after `WarmingUp`."""
        ...

    async def poll(self, jobs: Sequence[PolledJob]) -> PollResult:
        """Poll many running jobs with as few calls as possible.

        Errors of single accounts or jobs are not raised, but returned in the result.
        """
        ...

    async def songs(self, account: str | None, *, limit: int = 50, offset: int = 0) -> tuple[RemoteSong, ...]:
        """List an account's songs, newest first."""
        ...

    async def song(self, account: str | None, remote_id: str) -> RemoteSong | None:
        """Fetch one song; None if the account's list doesn't contain it (yet)."""
        ...

    async def workload(self) -> Workload:
        """Fetch running jobs and free slots of all accounts."""
        ...

    async def cancel(self, remote_id: str) -> None:
        """Stop tracking a job. The song may still be made."""
        ...

    async def accounts(self) -> tuple[AccountInfo, ...]:
        """List the accounts; none configured is an empty tuple, not an error."""
        ...

    async def repair_account(self, credential: Secret | None, max_jobs: int, user_id: str | None = None) -> AccountInfo:
        """Add or repair an account. A credential is sent once and never retried."""
        ...

    async def remove_account(self, user_id: str) -> None:
        """Remove an account from the service's configuration."""
        ...

    async def download(
        self,
        song: RemoteSong,
        to: Path,
        progress: Callable[[int, int | None], None],
        format: str | None = None,
    ) -> None:
        """Download the song's audio to the file `to`, resuming a partial file.

        Next to a partial file, `<to>.tag` identifies the version of the song; it is removed when the download is
        complete. Remove both to start over. Raises `OSError` if the file can't be written, and `Unanswered` for an
        incomplete body; the received part is kept for the next call.

        Args:
            song: a finished song.
            to: a partial file; the caller checks and moves it.
            progress: called with (bytes so far, total bytes or None).
            format: one of `capabilities.formats`; None for the first.
        """
        ...

    async def write_lyrics(self, prompt: str, lyrics: str | None = None) -> WrittenLyrics:
        """Write lyrics for `prompt`; only if `capabilities.lyrics`."""
        ...

    async def inspect(self) -> tuple[Inspection, ...]:
        """Describe the servers for `doctor`, beyond accounts and workload. Free of charge."""
        ...

    async def aclose(self) -> None:
        """Close every connection."""
        ...

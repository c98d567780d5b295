"""The protocol every service speaks to the rest of the program, its values, and its errors.

    ServiceError
    ├── BadAddress         the address or the token can't be used at all: nothing was sent
    ├── WarmingUp          the models have to be loaded first: nothing was sent
    ├── NotSent            the connection was never made: the request can be sent again
    ├── Unanswered         sent, but no whole answer came: nobody knows whether it was accepted
    ├── Unreadable         an answer came that is none of the service's (HTML, too big, too deep)
    ├── ServerFault        5xx
    ├── BadRequest         400
    ├── Unauthorized       401
    ├── NoCredits          402, 412
    ├── Forbidden          403
    ├── NotFound           404
    ├── Conflict           409
    ├── Expired            410
    ├── AddressGone        a song's own address gives no audio: expired, or a page
    ├── Refused            422: moderation
    ├── RateLimited        429
    │   ├── AccountBusy        the account's slots are full
    │   └── UpstreamLimited    the generator behind the API is limiting; no account is named
    └── AccountBroken      596: the account's session can't be refreshed

Source: https://useapi.net/docs/api-riffusion-v1 and its create-prompt page.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from riffusion_tui.jobs.model import Options
from riffusion_tui.secret import Secret
from riffusion_tui.services.capabilities import Capabilities as Capabilities
from riffusion_tui.services.inspection import Inspection


class ServiceError(Exception):
    """A service did not do what was asked. `str(error)` is a clean sentence for a person; `advice` what to do next."""

    advice = "Try again later."

    def __init__(self, message: str, *, retry_after_s: float | None = None) -> None:
        super().__init__(message)
        self.retry_after_s = retry_after_s
        """Seconds the service asked to wait, as it said it, or None."""


class BadAddress(ServiceError):
    """The service's address can't be used as it is written: nothing was sent."""

    advice = "Correct the address in the settings or in RIFFUSION_TUI_URL."


class WarmingUp(ServiceError):
    """The account has to load its models before it can make anything, for minutes perhaps: nothing was sent."""

    advice = "Nothing to do: the job is sent when the model is loaded."

    def __init__(self, message: str, *, account: str | None = None) -> None:
        super().__init__(message)
        self.account = account


class NotSent(ServiceError):
    """The connection was never made: nothing left this machine."""

    advice = "Check the address and the connection. It is tried again by itself."


class Unanswered(ServiceError):
    """The request left and no whole answer came back: it may have been accepted."""

    advice = "The service is asked what became of it before anything is sent again."


class Unreadable(ServiceError):
    """An answer came, but it is none that the service's page knows."""

    advice = "Check that the address is the API's own (riffusion-tui doctor)."


class ServerFault(ServiceError):
    """The service failed on its own side (5xx)."""

    advice = "Nothing to mend here: it is asked again later."


class BadRequest(ServiceError):
    """The request is wrong (400) and would be wrong again."""

    advice = "Change what the message names, then try again."


class Unauthorized(ServiceError):
    """The token is wrong (401): nothing goes until it is replaced."""

    advice = "Set a valid token; every job waits for it, none is lost."


class NoCredits(ServiceError):
    """No subscription or no credits (402, 412)."""

    advice = "Top the account up, or use another one."


class Forbidden(ServiceError):
    """Not this token's to see (403)."""

    advice = "Check that the token and the account belong together."


class NotFound(ServiceError):
    """The service does not know it (404)."""

    advice = "It may have been deleted there."


class Conflict(ServiceError):
    """Not now (409): what was asked for is not finished."""

    advice = "Wait until the song is finished."


class Expired(ServiceError):
    """The service no longer keeps it (410; jobs are kept for 7 days)."""

    advice = "Make the song again: the service keeps jobs for seven days."


class AddressGone(ServiceError):
    """A song's own address gives no audio: its signature has expired, or a page came. Its record may name another."""

    advice = "The song's record is asked for again."


class Refused(ServiceError):
    """The prompt was moderated (422). `reason` is the service's own word."""

    advice = "Edit the prompt and make it again."

    def __init__(self, message: str, *, reason: str = "moderation") -> None:
        super().__init__(message)
        self.reason = reason


class RateLimited(ServiceError):
    """Too many requests (429), in one of two ways."""

    advice = "Nothing to do: it is sent again when the wait is over."


class AccountBusy(RateLimited):
    """The account's slots are full. `running` are the jobs that fill them, by the service's own account."""

    def __init__(
        self,
        message: str,
        *,
        account: str | None = None,
        running: tuple[RunningJob, ...] = (),
        retry_after_s: float | None = None,
    ) -> None:
        super().__init__(message, retry_after_s=retry_after_s)
        self.account = account
        self.running = running


class UpstreamLimited(RateLimited):
    """The generator behind the API is rate limiting; no account is named."""


class AccountBroken(ServiceError):
    """An account's session can't be refreshed (596). `account` is None where the answer does not name it."""

    advice = "Mend the account on the accounts screen; its jobs wait for it."

    def __init__(self, message: str, *, account: str | None = None) -> None:
        super().__init__(message)
        self.account = account


@dataclass(frozen=True, slots=True)
class CreateRequest:
    """One prompt, ready to be sent. `ref` goes out as `replyRef`; `account` None lets the service choose."""

    prompt: str
    options: Options
    ref: str
    account: str | None


@dataclass(frozen=True, slots=True)
class Accepted:
    """The service took the prompt.

    One id for each song that can be followed on its own: most often one, two where the service names both songs of a
    pair at once. Where it names the pair only when it is finished, there is one id and `RemoteSong.siblings` later.
    """

    remote_ids: tuple[str, ...]
    account: str | None
    songs: tuple[RemoteSong, ...] = ()
    """Those of them that are there already: they need not be asked for."""


@dataclass(frozen=True, slots=True)
class RunningJob:
    """A job that the service says is running. `started_at` in seconds since the epoch, None where it can't be read."""

    remote_id: str
    account: str
    started_at: float | None = None
    ref: str | None = None
    reply_url: str | None = None


@dataclass(frozen=True, slots=True)
class Capacity:
    """An account's slots: `available` of `max_jobs` are free."""

    account: str
    max_jobs: int
    executing: int
    available: int


@dataclass(frozen=True, slots=True)
class Workload:
    """What runs and what is free, in one answer."""

    running: tuple[RunningJob, ...]
    capacity: tuple[Capacity, ...]


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
    """The id that `song`, `follow`, `forget` and `Options.source` take; opaque to everyone but the adapter."""
    account: str
    finished: bool
    failed: bool
    status: str = ""
    error: str = ""
    flagged: bool = False
    prompt: str = ""
    ref: str | None = None
    group: str = ""
    """What the service calls the songs of one request together, where it does."""
    created_at: float | None = None
    title: str = ""
    duration_s: float | None = None
    progress: float | None = None
    """Share done, 0 to 1, where the service says it."""
    lyrics: str = ""
    timed_lyrics: tuple[tuple[float, str], ...] = ()
    waveform: tuple[float, ...] = ()
    plan: dict[str, Any] = field(default_factory=dict)
    download_url: str = ""
    share_url: str = ""
    image_url: str = ""
    raw: dict[str, Any] = field(default_factory=dict)
    siblings: tuple[RemoteSong, ...] = ()
    """The other songs that the same request made, known only once it is finished: the second clip of a pair. Each is
    a whole record with its own `remote_id`, by which `song`, `follow` and `download` take it as any other; whoever
    follows the job adds a job for each. Empty where each song has an id of its own from the start."""


@dataclass(frozen=True, slots=True)
class FollowedJob:
    """A job under way whose news is wanted. `account` None where the service did not name one."""

    remote_id: str
    account: str | None = None


@dataclass(frozen=True, slots=True)
class News:
    """What a service said about the jobs it was asked about, each account and each job on its own.

    A job in neither `songs` nor `lost`, whose account is not in `troubles`, is one that the service says nothing of:
    just accepted and not listed yet, or deleted. Only time tells which.
    """

    songs: tuple[RemoteSong, ...] = ()
    """Records of jobs that were asked about, running or ended."""
    lost: tuple[tuple[str, ServiceError], ...] = ()
    """(remote id, `NotFound`, `Forbidden` or `Expired`): jobs that the service says it no longer keeps."""
    troubles: tuple[tuple[str | None, ServiceError], ...] = ()
    """(account, why it could not be asked); account None: nothing could be asked. The jobs themselves go on."""


class Service(Protocol):
    """Something that makes songs. Every method raises `ServiceError`; none retries: that is the dispatcher's."""

    @property
    def name(self) -> str:
        """Short name: settings, jobs and the top line use it."""
        ...

    @property
    def capabilities(self) -> Capabilities:
        """What it can do."""
        ...

    async def create(self, request: CreateRequest) -> Accepted:
        """Send one prompt.

        `NotSent` is raised only if no byte of it can have arrived. After `Unanswered` and `ServerFault` it may have
        been accepted; after every other error it was not.
        """
        ...

    async def warm_up(self, account: str | None) -> None:
        """Have the account load what it needs, and wait until it has: called after `WarmingUp`."""
        ...

    async def follow(self, jobs: Sequence[FollowedJob]) -> News:
        """Ask about many running jobs at once, by the fewest calls that the service allows.

        It raises nothing for one account's or one job's trouble: those are in the answer.
        """
        ...

    async def songs(self, account: str | None, *, limit: int = 50, offset: int = 0) -> tuple[RemoteSong, ...]:
        """List an account's songs, newest first."""
        ...

    async def song(self, account: str | None, remote_id: str) -> RemoteSong | None:
        """Ask for one song; None if the account's list does not hold it (yet)."""
        ...

    async def workload(self) -> Workload:
        """Ask what runs on every account and what is free."""
        ...

    async def forget(self, remote_id: str) -> None:
        """Stop tracking a job. The song may still be made."""
        ...

    async def accounts(self) -> tuple[AccountInfo, ...]:
        """List the accounts; none configured is an empty tuple, not an error."""
        ...

    async def repair_account(self, credential: Secret | None, max_jobs: int, user_id: str | None = None) -> AccountInfo:
        """Add an account, or mend one. A credential is sent once and never again by itself."""
        ...

    async def remove_account(self, user_id: str) -> None:
        """Take an account out of the service's configuration."""
        ...

    async def download(
        self,
        song: RemoteSong,
        to: Path,
        progress: Callable[[int, int | None], None],
        format: str | None = None,
    ) -> None:
        """Write the song's audio to the file `to`, resuming where it already holds a part.

        Beside an unfinished part stands `<to>.tag`, a line that says which version of the song it is a part of; it is
        gone when the download is whole. Remove both to start afresh. Raises `OSError` where the file can't be
        written, and `Unanswered` for a body that was cut off: what came is kept for the next call.

        Args:
            song: a finished song.
            to: a partial file of the caller's; the caller checks and moves it.
            progress: told (bytes so far, bytes in all or None).
            format: one of `capabilities.formats`; None for what the service offers first.
        """
        ...

    async def write_lyrics(self, prompt: str, lyrics: str | None = None) -> str:
        """Have lyrics written on `prompt`; only where `capabilities.lyrics`."""
        ...

    async def inspect(self) -> tuple[Inspection, ...]:
        """Describe its servers for `doctor`, beyond what accounts and workload say. It makes nothing."""
        ...

    async def aclose(self) -> None:
        """Close every connection."""
        ...

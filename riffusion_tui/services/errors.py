"""The errors of a service, one type for each documented response.

    ServiceError
    ├── BadAddress         the address or the token is invalid; nothing was sent
    ├── WarmingUp          the models have to be loaded first; nothing was sent
    ├── NotSent            no connection was made; the request can be retried
    │   ├── CheckFailed        a call that precedes the request was answered with an error, or not at all
    │   └── NotStarted         the service is part of this program and could not be started
    │       └── Outdated           its files are a newer version's
    ├── Unanswered         sent, but no complete response arrived; it may have been accepted
    │   └── TimedOut           nothing arrived in time, as from a server that is busy
    ├── Unreadable         the response is not the API's (HTML, not JSON)
    │   └── Oversized          it is JSON, and too large, too long or too deep to be read
    ├── ServerFault        5xx
    ├── BadRequest         400
    ├── Unauthorized       401
    ├── NoCredits          402, 412
    ├── Forbidden          403
    ├── NotFound           404
    ├── Conflict           409
    ├── Expired            410
    ├── AddressGone        a song's URL returns no audio: it expired, or leads to a page
    │   └── AddressUnreachable   it is on another host, which can't be reached
    ├── Refused            422: moderation
    ├── RateLimited        429
    │   ├── AccountBusy        the account's slots are full
    │   └── UpstreamLimited    the generator behind the API is rate limiting; no account is named
    └── AccountBroken      596: the account's session expired

Source: https://useapi.net/docs/api-riffusion-v1 and its create-prompt page.
"""

from __future__ import annotations

from shlex import quote

from riffusion_tui.services.workload import RunningJob


class ServiceError(Exception):
    """A request to a service failed. `str(error)` is a clean sentence; `advice` says what to do next."""

    advice = "Try again later."

    def __init__(self, message: str, *, retry_after_s: float | None = None) -> None:
        super().__init__(message)
        self.retry_after_s = retry_after_s
        """The wait requested by the service, in seconds, or None."""


class BadAddress(ServiceError):
    """The service's address is invalid; nothing was sent."""

    advice = "Correct the address where it is set: --url, RIFFUSION_TUI_URL or the settings."


class WarmingUp(ServiceError):
    """The account has to load its models first, which may take minutes; nothing was sent."""

    advice = "Nothing to do; the job is sent when the model is loaded."

    def __init__(self, message: str, *, account: str | None = None) -> None:
        super().__init__(message)
        self.account = account


class NotSent(ServiceError):
    """No connection was made; nothing was sent."""

    advice = "Check that the service runs, and its address: --url, RIFFUSION_TUI_URL or the settings."


class CheckFailed(NotSent):
    """A call that precedes the request was answered with an error, or not at all; the request wasn't sent."""


class NotStarted(NotSent):
    """The service is part of this program and could not be started; nothing was sent."""

    advice = "Fix what the message names, then try again."


class Outdated(NotStarted):
    """A newer version of this program wrote the service's files; retrying can't succeed."""

    advice = ""


class Unanswered(ServiceError):
    """The request was sent, but no complete response arrived; it may have been accepted."""

    advice = "Check that the service runs, then try again. Nothing in the queue is lost."


class TimedOut(Unanswered):
    """The request was sent, but nothing arrived in time: the server may be busy."""


class Unreadable(ServiceError):
    """The response doesn't match the API's documentation."""

    advice = "Check that the address is the API's own: --url, RIFFUSION_TUI_URL or the settings."


class Oversized(Unreadable):
    """The response exceeds the limits of `response_body`."""


class OtherSongs(Unreadable):
    """The response to a query for one song or job has only others: the server ignores the id."""


class ServerFault(ServiceError):
    """The service failed on its own side (5xx)."""


class BadRequest(ServiceError):
    """The request is invalid (400); retrying won't help."""

    advice = "Correct the request, then try again."


class Unauthorized(ServiceError):
    """The token was rejected (401); nothing is sent until it is replaced."""

    advice = "Set a valid token with F11 on the screen or `riffusion-tui token set`; jobs wait for it."


class NoCredits(ServiceError):
    """No subscription or no credits (402, 412)."""

    advice = "Top up the account, or use another one."


class Forbidden(ServiceError):
    """Access denied for this token (403)."""

    advice = "Check that the token and the account belong together."


class NotFound(ServiceError):
    """Not found at the service (404)."""

    advice = "Check the id; it may have been deleted at the service."


class Conflict(ServiceError):
    """Not finished yet (409)."""

    advice = "Wait until the song is finished."


class Expired(ServiceError):
    """The service no longer keeps it (410; jobs are kept for 7 days)."""

    advice = "Make the song again; the service keeps jobs for seven days."


class AddressGone(ServiceError):
    """A song's URL returns no audio: its signature expired, or it leads to a page. The record may have a new URL."""

    advice = "The song's record is fetched again."


class AddressUnreachable(AddressGone):
    """A song's URL is on another host than the service's, and no connection to it was made."""


class Refused(ServiceError):
    """The prompt was moderated (422). `reason` is the service's term."""

    advice = "Edit the prompt and make it again."

    def __init__(self, message: str, *, reason: str = "moderation") -> None:
        super().__init__(message)
        self.reason = reason


class RateLimited(ServiceError):
    """Too many requests (429); see the subclasses."""

    advice = "Nothing to do; it is sent again after the wait."


class AccountBusy(RateLimited):
    """The account's slots are full. `running` are the jobs that use them, according to the service."""

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
    """An account's session expired (596). `account` is None if the response doesn't name it."""

    def __init__(self, message: str, *, account: str | None = None) -> None:
        super().__init__(message)
        self.account = account
        name = f" {quote(account)}" if account else ""
        self.advice = (
            f"Repair the account on the accounts screen or with `riffusion-tui accounts repair{name}`; its jobs wait."
        )

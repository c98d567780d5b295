"""Error responses of the studio: one type for each documented body.

    StudioError
    ├── InvalidRequest     400  a field is invalid; the message names it
    ├── InvalidToken       401  the token is missing or wrong
    ├── HostNotAllowed     403  the Host or Origin is not allowed
    ├── Missing            404
    ├── WrongMethod        405
    ├── TooSlow            408  the body did not arrive in time
    ├── NotReady           409  the song is not finished
    ├── TooLarge           413
    ├── Moderated          422  the prompt contains a word from the moderation list
    ├── Busy               429  the account's slots are full
    ├── UpstreamBusy       429  the generator is rate limiting
    ├── TooManyCalls       429  this token sends too many requests
    ├── HeadersTooLong     431
    ├── Broken             500  internal error
    ├── Unavailable        503  disk full, database locked
    └── PendingError       596  the account's session expired

Source: https://useapi.net/docs/api-riffusion-v1/post-riffusion-music-create-prompt
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

PENDING = (
    "Your Riffusion account has pending error. Please address this issue at "
    "https://useapi.net/docs/api-riffusion-v1/post-riffusion-accounts before making any new API calls."
)


class StudioError(Exception):
    """Base class: an HTTP status and a JSON body."""

    status: ClassVar[int]
    headers: ClassVar[dict[str, str]] = {}

    def body(self) -> dict[str, Any]:
        """Return the documented body: `{"error": …, "code": …}` unless a page says otherwise."""
        return {"error": str(self), "code": self.status}


class InvalidRequest(StudioError):
    """The request is invalid; sending it again doesn't help."""

    status = 400


class InvalidToken(StudioError):
    """The token is missing or wrong."""

    status = 401

    def __init__(self) -> None:
        super().__init__("Unauthorized")


class HostNotAllowed(StudioError):
    """The request comes from a web page or uses an unknown host name (DNS rebinding)."""

    status = 403


class Missing(StudioError):
    """The path, song, job or account doesn't exist."""

    status = 404


class WrongMethod(StudioError):
    """The path exists, but not with this method."""

    status = 405


class TooSlow(StudioError):
    """The body did not arrive in time."""

    status = 408
    headers: ClassVar = {"Connection": "close"}


class NotReady(StudioError):
    """The song is not finished, or it failed."""

    status = 409


class TooLarge(StudioError):
    """The body is longer than the limit."""

    status = 413


class Moderated(StudioError):
    """The prompt was refused. The body has neither `error` nor `code`."""

    status = 422

    def body(self) -> dict[str, Any]:
        """Return the body of the create-prompt page."""
        return {"is_flagged": True, "reason": "moderation", "musician_replacement_data": None}


class Busy(StudioError):
    """An account's slots are full."""

    status = 429

    def __init__(self, user_id: str, jobs: int, running: dict[str, Sequence[dict[str, Any]]]) -> None:
        super().__init__(f"Account {user_id} is busy executing {jobs} jobs")
        self._running = running

    def body(self) -> dict[str, Any]:
        """Return the body of the create-prompt page, which lists the running jobs of each account."""
        return {"error": str(self), "runningJobs": self._running, "code": self.status}


class UpstreamBusy(StudioError):
    """The generator behind the API is rate limiting. The body names no account and has no `code`."""

    status = 429

    def body(self) -> dict[str, Any]:
        """Return the body of the create-prompt page."""
        return {"detail": "Too Many Requests"}


class TooManyCalls(StudioError):
    """The studio's rate limit, far above what a client needs."""

    status = 429
    headers: ClassVar = {"Retry-After": "1"}


MAX_HEADERS = 16 * 1024
"""Maximum length of a request's first line and headers, in bytes."""


class HeadersTooLong(StudioError):
    """The headers are longer than the limit."""

    status = 431

    def __init__(self) -> None:
        super().__init__(f"The headers are longer than {MAX_HEADERS:,} bytes")


class Broken(StudioError):
    """An internal error; the log has details."""

    status = 500


class Unavailable(StudioError):
    """The disk is full or the database is locked."""

    status = 503
    headers: ClassVar = {"Retry-After": "5"}


class PendingError(StudioError):
    """The account's session expired; POST accounts repairs it. The body has no `code`."""

    status = 596

    def body(self) -> dict[str, Any]:
        """Return the body of the create-prompt page."""
        return {"error": PENDING}

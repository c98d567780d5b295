"""Everything the studio answers beside success: one type for each documented body.

    StudioError
    ├── BadRequest         400  a field is wrong; the message names it
    ├── Unauthorized       401  no token, or a wrong one
    ├── Forbidden          403  the Host or the Origin is not allowed
    ├── NotFound           404
    ├── WrongMethod        405
    ├── TooSlow            408  the body did not arrive in time
    ├── NotReady           409  the song is not finished
    ├── TooLarge           413
    ├── Moderated          422  the prompt holds a word of the owner's moderation list
    ├── Busy               429  the account's slots are full
    ├── UpstreamLimited    429  the generator is rate limiting
    ├── TooManyCalls       429  this token calls too often
    ├── Broken             500  a fault of the studio's own
    ├── Unavailable        503  disk full, database locked
    └── PendingError       596  the account's session can't be refreshed

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
    """An answer other than success: a status and a JSON body."""

    status: ClassVar[int]
    headers: ClassVar[dict[str, str]] = {}

    def body(self) -> dict[str, Any]:
        """Return the body as documented: `{"error": …, "code": …}` unless a page says otherwise."""
        return {"error": str(self), "code": self.status}


class InvalidRequest(StudioError):
    """The request is wrong and would be wrong again."""

    status = 400


class InvalidToken(StudioError):
    """The token is missing or wrong."""

    status = 401

    def __init__(self) -> None:
        super().__init__("Unauthorized")


class HostNotAllowed(StudioError):
    """A web page, or a name that points here by a trick, is calling."""

    status = 403


class Missing(StudioError):
    """Nothing has that name."""

    status = 404


class WrongMethod(StudioError):
    """The path is right, the method is not."""

    status = 405


class TooSlow(StudioError):
    """The body did not arrive in time."""

    status = 408
    headers: ClassVar = {"Connection": "close"}


class NotReady(StudioError):
    """The song has no sound yet, or never got any."""

    status = 409


class TooLarge(StudioError):
    """The body is longer than the studio reads."""

    status = 413
    headers: ClassVar = {"Connection": "close"}


class Moderated(StudioError):
    """The prompt is refused; the page's own body, which has neither `error` nor `code`."""

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
        """Return the body of the create-prompt page: which jobs run on which account."""
        return {"error": str(self), "runningJobs": self._running, "code": self.status}


class UpstreamBusy(StudioError):
    """The generator behind the API is rate limiting; no account is named and there is no `code`."""

    status = 429

    def body(self) -> dict[str, Any]:
        """Return the body of the create-prompt page."""
        return {"detail": "Too Many Requests"}


class TooManyCalls(StudioError):
    """The studio's own limit on calls, far above what a client needs."""

    status = 429
    headers: ClassVar = {"Retry-After": "1"}


class Broken(StudioError):
    """A fault of the studio's own; the log says more."""

    status = 500


class Unavailable(StudioError):
    """The machine is in the way: a full disk, a locked database."""

    status = 503
    headers: ClassVar = {"Retry-After": "5"}


class PendingError(StudioError):
    """The account's session can't be refreshed: POST accounts mends it. There is no `code`."""

    status = 596

    def body(self) -> dict[str, Any]:
        """Return the body of the create-prompt page."""
        return {"error": PENDING}

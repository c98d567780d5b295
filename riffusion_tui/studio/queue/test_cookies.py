"""Test cookies: what makes an account misbehave on purpose, as payment services have test cards.

Any text is a cookie: the sketch engine needs no session, so a plain one always opens it. Only a keyed hash of it is
kept. One that begins with `studio-test:` says what shall happen; `WISHES` is the list. Several wishes are joined by
commas, and what follows a `#` is ignored.

A plain cookie may be posted once: the vendor says that posting the same one again breaks its refresh. The studio
answers the second time with 400 and changes nothing. Test cookies may be posted again and again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from riffusion_tui.studio.errors import InvalidRequest
from riffusion_tui.studio.queue.studio_job import AccountSession

PREFIX = "studio-test:"
WISHES = {
    "expires-after": "=3: three prompts are taken; the next meets 596, until another cookie is posted",
    "broken": "the account's session is broken from the start: every call meets 596",
    "limited": '=2: two prompts meet the generator\'s 429, {"detail": "Too Many Requests"}; then no more',
    "fails": "each song fails while it is made",
    "refused": "the POST itself is answered with 400: nobody can log in with it",
    "used": "the POST itself is answered as if this cookie had been posted before",
    "user": "=<user_id>: it is the cookie of that account, whatever its state",
}
"""What a test cookie may ask for, and what then happens."""
EXPIRED = "Session expired: the cookie could not be refreshed. Post a new one."
_MOST = 1_000_000
_SHOWN = 40
"""Characters of an unknown wish that are said back."""


@dataclass(frozen=True, slots=True)
class Cookie:
    """What a cookie stands for."""

    test: bool = False
    session: AccountSession = field(default_factory=AccountSession)
    error: str | None = None
    user_id: str | None = None


def read_cookie(text: str) -> Cookie:
    """Say what a cookie stands for.

    Raises:
        BadRequest: it is a test cookie that refuses to work, or one that nobody knows.
    """
    if not text.startswith(PREFIX):
        return Cookie()
    wishes = dict(_wish(part) for part in text[len(PREFIX) :].split("#")[0].split(",") if part.strip())
    if "refused" in wishes:
        raise InvalidRequest("cookie was not accepted: log in again and copy the new one")
    if "used" in wishes:
        raise reused()
    session = AccountSession(
        songs_left=_count("expires-after", wishes),
        limited=_count("limited", wishes) or 0,
        fails="fails" in wishes,
    )
    return Cookie(True, session, EXPIRED if "broken" in wishes else None, wishes.get("user"))


def reused() -> InvalidRequest:
    """Return the answer to a cookie that is posted a second time."""
    return InvalidRequest("cookie was posted before and can't be refreshed any more: log in again and post the new one")


def _wish(part: str) -> tuple[str, str]:
    name, _, value = part.strip().partition("=")
    if name not in WISHES:
        known = f"there are {', '.join(WISHES)}; several are joined by commas, with {PREFIX} once in front"
        raise InvalidRequest(f"cookie is a test cookie, and {name[:_SHOWN]!r} is no wish of one: {known}")
    return name, value


def _count(name: str, wishes: Mapping[str, str]) -> int | None:
    text = wishes.get(name)
    if text is None:
        return None
    if not (text.isascii() and text.isdigit() and int(text[:9]) <= _MOST and len(text) <= 7):
        raise InvalidRequest(f"cookie is a test cookie, and {name} needs a number, e.g. {PREFIX}{name}=3")
    return int(text)

"""Test cookies: they make an account fail in a chosen way, like the test cards of payment services.

Any text is a valid cookie, since the sketch engine needs no session. Only a keyed hash of it is stored. A cookie that
starts with `studio-test:` contains directives, separated by commas; text after a `#` is ignored. See `DIRECTIVES`.

A plain cookie may be posted once, since the vendor documents that posting it again breaks its refresh: the second POST
returns 400 and changes nothing. Test cookies may be posted repeatedly.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from riffusion_tui.studio.errors import InvalidRequest
from riffusion_tui.studio.queue.studio_job import AccountSession

PREFIX = "studio-test:"
DIRECTIVES = {
    "expires-after": "=3: three prompts are accepted; further ones get 596 until another cookie is posted",
    "broken": "the account's session is expired from the start: every call gets 596",
    "limited": '=2: two prompts get the generator\'s 429, {"detail": "Too Many Requests"}; later ones are accepted',
    "fails": "every song fails while it is made",
    "refused": "the POST itself gets 400, as with a cookie that can't log in",
    "used": "the POST itself gets 400, as if the cookie had been posted before",
    "user": "=<user_id>: the cookie belongs to that account, whatever its state",
}
"""Directive → its value, if it has one, and its effect."""
EXPIRED = "Session expired: the cookie could not be refreshed. Post a new one."
_MAX_NUMBER = 1_000_000
_SHOWN = 40
"""Maximum characters of an unknown directive quoted in the error."""


@dataclass(frozen=True, slots=True)
class Cookie:
    """A parsed cookie."""

    test: bool = False
    session: AccountSession = field(default_factory=AccountSession)
    error: str | None = None
    user_id: str | None = None


def read_cookie(text: str) -> Cookie:
    """Parse a cookie.

    Raises:
        InvalidRequest: it has the directive `refused` or `used`, or an unknown one.
    """
    if not text.startswith(PREFIX):
        return Cookie()
    directives = dict(_directive(part) for part in text[len(PREFIX) :].split("#")[0].split(",") if part.strip())
    if "refused" in directives:
        raise InvalidRequest("cookie was not accepted: log in again and copy the new one")
    if "used" in directives:
        raise cookie_reused()
    session = AccountSession(
        songs_left=_count("expires-after", directives),
        limited=_count("limited", directives) or 0,
        fails="fails" in directives,
    )
    return Cookie(True, session, EXPIRED if "broken" in directives else None, directives.get("user"))


def cookie_reused() -> InvalidRequest:
    """Return the error for a cookie that was posted before."""
    return InvalidRequest("cookie was posted before and can't be refreshed: log in again and post the new one")


def _directive(part: str) -> tuple[str, str]:
    name, _, value = part.strip().partition("=")
    if name not in DIRECTIVES:
        known = f"use {', '.join(DIRECTIVES)}, separated by commas, with {PREFIX} once in front"
        raise InvalidRequest(f"cookie is a test cookie with the unknown directive {name[:_SHOWN]!r}: {known}")
    return name, value


def _count(name: str, directives: Mapping[str, str]) -> int | None:
    text = directives.get(name)
    if text is None:
        return None
    if not (text.isascii() and text.isdigit() and int(text[:9]) <= _MAX_NUMBER and len(text) <= 7):
        raise InvalidRequest(f"cookie is a test cookie, and {name} needs a number, e.g. {PREFIX}{name}=3")
    return int(text)

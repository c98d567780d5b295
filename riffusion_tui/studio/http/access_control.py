"""Access control in front of the app: always the token; on a port also Host, Origin and the request rate."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from typing import TYPE_CHECKING

from riffusion_tui.jobs.clock import Clock
from riffusion_tui.secret import Secret
from riffusion_tui.studio.errors import (
    MAX_HEADERS,
    HeadersTooLong,
    HostNotAllowed,
    InvalidToken,
    StudioError,
    TooManyCalls,
)
from riffusion_tui.studio.http.signing import FILES

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

KNOWN = "riffusion_tui.known"
"""Scope key: the request presented the right token."""
_WRONG_PER_S, WRONG_BURST = 1.0, 30.0
"""Wrong tokens answered with 401; further ones get 429, so that guessing isn't feasible."""
LOOPBACK = frozenset({"localhost", "127.0.0.1", "[::1]"})


@dataclass(frozen=True, slots=True)
class PortRules:
    """Rules for requests on a port, besides the token."""

    hosts: frozenset[str]
    """Allowed Host names, without port; prevents DNS rebinding."""
    calls_per_s: float = 200.0
    burst: float = 1000.0


class AccessControl:
    """ASGI middleware that passes on allowed requests and answers the others."""

    def __init__(self, app: ASGIApp, token: Secret, clock: Clock, rules: PortRules | None = None) -> None:
        self._app = app
        self._token = token
        self._clock = clock
        self._rules = rules
        # Calls without a token have their own allowance, so that strangers can't use up the clients'.
        self._calls, self._strangers = (
            _Allowance(rules.calls_per_s, rules.burst, clock) if rules else None for _ in range(2)
        )
        self._wrong = _Allowance(_WRONG_PER_S, WRONG_BURST, clock)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] != "http":
            # No lifespan and no WebSocket: the studio is opened and closed by `async with`.
            return
        try:
            self._check(scope)
        except StudioError as error:
            from riffusion_tui.studio.http.asgi import refuse

            await refuse(error)(scope, receive, send)
            return
        await self._app(scope, receive, send)

    def _check(self, scope: Scope) -> None:
        """Raise `StudioError` if the request is not allowed."""
        if self._rules is not None and _length(scope) > MAX_HEADERS:
            raise HeadersTooLong  # that came at once: the parser only refuses those that it has to wait for
        headers: dict[bytes, list[bytes]] = {}
        for name, value in scope["headers"]:
            headers.setdefault(name.lower(), []).append(value)
        if self._rules is not None:
            self._check_names(headers, self._rules)
        # A signed address needs no token; the app checks its signature.
        calls = self._strangers
        if self._knows(headers.get(b"authorization", [])):
            scope[KNOWN] = True
            calls = self._calls
        elif not scope["path"].startswith(FILES + "/"):
            if not self._wrong.take():
                raise TooManyCalls("Too many requests with a wrong token; wait a second")
            raise InvalidToken
        if calls is not None and not calls.take():
            raise TooManyCalls("Too many requests; wait a second")

    def _check_names(self, headers: dict[bytes, list[bytes]], rules: PortRules) -> None:
        hosts = headers.get(b"host", [])
        if len(hosts) != 1 or _name(hosts[0]) not in rules.hosts:
            raise HostNotAllowed("Host not allowed; add it with --allow-host NAME")
        origins = headers.get(b"origin", [])
        if any(origin.partition(b"://")[2] != hosts[0] for origin in origins):
            raise HostNotAllowed("Web pages may not call this studio")

    def _knows(self, given: list[bytes]) -> bool:
        scheme, _, token = given[0].partition(b" ") if len(given) == 1 else (b"", b"", b"")
        mine = self._token.reveal().encode()
        return hmac.compare_digest(token.strip(), mine) and scheme.lower() == b"bearer"


class _Allowance:
    """Token bucket: `burst` at once, then `per_s` per second."""

    def __init__(self, per_s: float, burst: float, clock: Clock) -> None:
        self._per_s, self._burst, self._clock = per_s, burst, clock
        self._left, self._counted_at = burst, clock.steady()

    def take(self) -> bool:
        """Take one; return False if none is left."""
        now = self._clock.steady()
        self._left = min(self._burst, self._left + (now - self._counted_at) * self._per_s)
        self._counted_at = now
        if self._left < 1:
            return False
        self._left -= 1
        return True


def _length(scope: Scope) -> int:
    """Return about how many bytes a request's first line and headers have."""
    lines = sum(len(name) + len(value) + 4 for name, value in scope["headers"])
    return len(scope["path"]) + len(scope["query_string"]) + lines


def _name(host: bytes) -> str:
    text = host.decode("latin-1").lower()
    name, _, port = text.rpartition(":")
    return name if name and port.isdigit() else text

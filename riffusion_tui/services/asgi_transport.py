"""Call an ASGI app in this process without a port; callers don't need to import httpx."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

import httpx

ADDRESS = "http://localhost"
"""The base URL to use with the transport; nothing listens there."""

_Message = MutableMapping[str, Any]
AsgiApp = Callable[
    [_Message, Callable[[], Awaitable[_Message]], Callable[[_Message], Awaitable[None]]],
    Awaitable[None],
]


def asgi_transport(app: AsgiApp) -> httpx.AsyncBaseTransport:
    """Return a transport that calls `app` directly; an exception in it becomes a 500 response, as over a port.

    Bodies are buffered completely on both sides, and every URL is routed to `app`.
    """
    return httpx.ASGITransport(app=app, raise_app_exceptions=False, client=("127.0.0.1", 0))

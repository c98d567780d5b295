"""What an error of the transport means: whether a request may have arrived, and why it has no response."""

from __future__ import annotations

import httpx

from riffusion_tui.services.base import NotSent, TimedOut, Unanswered
from riffusion_tui.services.tls import Misconfigured, proxied_by, tls_words

_NEVER_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError)
"""No connection was made, or the pool was full: nothing of the request was sent."""


class TrickleError(TimeoutError):
    """A response's body arrives too slowly."""


def broken(error: Exception, url: httpx.URL) -> Misconfigured | NotSent | Unanswered:
    """Map an httpx error or a timeout to `NotSent` or `Unanswered`, depending on whether a connection was made."""
    if isinstance(error, _NEVER_SENT):
        if words := tls_words(error, url.host):
            return Misconfigured(words)
        through = f" through the proxy in {name}" if (name := proxied_by(url)) else ""
        return NotSent(f"No connection to {_netloc(url)}{through}: {_why(error)}.")
    timed_out = isinstance(error, (TimeoutError, httpx.TimeoutException))
    return (TimedOut if timed_out else Unanswered)(f"No complete response from {_netloc(url)}: {_why(error)}.")


def _netloc(url: httpx.URL) -> str:
    """Return the host, with the port if it isn't the scheme's; the URL may hold a password before them."""
    return url.netloc.decode("ascii").rpartition("@")[2]


def _why(error: Exception) -> str:
    """Describe an error without the library's text, which may quote the request."""
    if isinstance(error, TrickleError):
        return "it answers too slowly"
    if isinstance(error, (TimeoutError, httpx.TimeoutException)):
        return "it took too long"
    if isinstance(error, httpx.ProxyError):
        return "the proxy refused"
    if isinstance(error, httpx.ConnectError):
        return "it can't be reached"
    return "the connection broke"

"""API calls over HTTP, in bounded memory and time; the token is only sent to the API's own origin.

Calls are never retried. Redirects are only followed to the same path with or without its trailing slash.
Proxies are taken from the environment (HTTPS_PROXY, HTTP_PROXY, NO_PROXY) as httpx does, except for this machine's own
addresses, which are always called directly. Cookies are not stored.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from http.cookiejar import CookieJar, DefaultCookiePolicy
from pathlib import Path
from typing import Any

import httpx

from riffusion_tui import __version__
from riffusion_tui.clean import MAX_TEXT
from riffusion_tui.jobs.clock import Clock, SystemClock
from riffusion_tui.redaction import Redactor
from riffusion_tui.secret import Secret
from riffusion_tui.services.address import api_url, is_loopback, next_url, same_origin
from riffusion_tui.services.base import Unauthorized, Unreadable
from riffusion_tui.services.request_body import FormPart, form_parts, sendable
from riffusion_tui.services.response_body import MAX_BODY, BodyReader, BodyTooLarge, InvalidBody, parse, plain_words
from riffusion_tui.services.responses import ApiResponse, http_date, retry_after
from riffusion_tui.services.tls import Misconfigured, proxy_words, tls_context
from riffusion_tui.services.transport_errors import TrickleError, broken

_MAX_INLINE_DECODE = 64 * 2**10
"""Larger JSON bodies, in bytes, are decoded in a thread, so that the screen stays responsive."""
_IDLE_S = 2.0
"""Keep-alive time; shorter than servers', so that no request uses a connection that was just closed."""
_TRICKLE_PIECES = 5
"""Fewer pieces are no trickle: the server only paused."""
_SENDS = ("send_request_headers.started", "send_request_body.started")
"""Events of the transport immediately before it sends."""
_REDIRECT = "redirect"


@dataclass(frozen=True, slots=True)
class TransferLimits:
    """Limits for responses. Times in seconds, sizes in bytes."""

    connect_s: float = 10.0
    silence_s: float = 30.0
    """Read timeout."""
    call_s: float = 60.0
    """Timeout of a whole call."""
    slow_s: float = 180.0
    """Timeout of a call that creates a song and may be silent until it is done."""
    trickle_s: float = 10.0
    """Time for a response's body after which one slower than `trickle_rate` is given up."""
    trickle_rate: float = 256.0
    """Minimum rate of a response's body in bytes per second; a download has its own."""
    download_s: float = 3600.0
    least_rate: float = 2048.0
    """Minimum download rate in bytes per second, over each `rate_s`; slower downloads are suspended."""
    rate_s: float = 20.0
    body: int = MAX_BODY
    download: int = 1024 * 2**20


DEFAULT_LIMITS = TransferLimits()


@dataclass(frozen=True, slots=True)
class _Call:
    """One call; after a redirect it is sent again, to another URL."""

    method: str
    query: dict[str, str | int]
    json: dict[str, Any] | None
    """The body, unless it is a form."""
    parts: list[FormPart]
    """The body as a form."""
    slow: bool
    confirm: Callable[[], None] | None
    """Called before anything is sent."""


class Api:
    """Calls one API with one token.

    Args:
        address: the URL, as the user entered it.
        path: the API's path, e.g. `v1/riffusion`.
        token: sent only to the address's origin; None if the API needs none.
        transport: replaces the network, e.g. for the studio in this process.
        clock: the time source, for `Retry-After` dates.
        limits: size and time limits.
        insecure: allow http:// to another machine.
    """

    def __init__(
        self,
        address: str,
        path: str,
        token: Secret | None,
        *,
        transport: httpx.AsyncBaseTransport | None = None,
        clock: Clock | None = None,
        limits: TransferLimits = DEFAULT_LIMITS,
        insecure: bool = False,
    ) -> None:
        self.base = api_url(address, path, insecure=insecure)
        self.limits = limits
        self._token = token
        self._sent: set[Secret] = set()
        self._transport = transport
        self._clock = clock or SystemClock()
        self._opened: httpx.AsyncClient | None = None

    @property
    def client(self) -> httpx.AsyncClient:
        """The HTTP client, created on first use because loading the system's certificates is slow."""
        if self._opened is None:
            verify = tls_context() if self._transport is None else True
            try:
                self._opened = httpx.AsyncClient(
                    transport=self._transport,
                    verify=verify,
                    limits=httpx.Limits(max_connections=100, max_keepalive_connections=20, keepalive_expiry=_IDLE_S),
                    trust_env=not is_loopback(self.base),
                    timeout=self._timeout(self.limits.silence_s),
                    follow_redirects=False,
                    event_hooks={"response": [_keep_redirect]},
                    headers={"User-Agent": f"riffusion-tui/{__version__}", "Accept-Encoding": "gzip"},
                    cookies=CookieJar(policy=DefaultCookiePolicy(allowed_domains=())),
                )
            except (ImportError, ValueError, httpx.InvalidURL) as error:
                raise Misconfigured(proxy_words(error)) from None
        return self._opened

    def address(self, found: str) -> httpx.URL:
        """Parse a URL from a response, absolute or relative to the API.

        Raises:
            Unreadable: it is invalid or unsafe.
        """
        return next_url(self.base, found)

    def authorization(self, url: httpx.URL) -> dict[str, str]:
        """Return the authorization header if `url` has the API's origin, otherwise nothing.

        Raises:
            Unauthorized: the token is missing or contains invalid characters.
        """
        if not same_origin(url, self.base):
            return {}
        if self._token is None:
            return {}
        token = self._token.reveal().strip()
        if not (token.isascii() and token.isprintable() and token):
            raise Unauthorized("The token is missing or contains invalid characters.")
        return {"Authorization": f"Bearer {token}"}

    async def call(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, str | int | None] | None = None,
        fields: Mapping[str, Any] | None = None,
        form: bool = False,
        upload: Mapping[str, Path] | None = None,
        slow: bool = False,
        confirm: Callable[[], None] | None = None,
    ) -> ApiResponse:
        """Send one request and read the response, whatever its status.

        Args:
            method: GET, POST, DELETE.
            path: relative to the API's path; ids in it are already encoded.
            params: the query; None values are omitted.
            fields: the body; None values are omitted. A `Secret` is sent, and redacted in this and all later responses.
            form: send the body as multipart/form-data instead of JSON.
            upload: form field → file to upload; makes the body multipart/form-data.
            slow: the call makes something: it has a longer timeout.
            confirm: called before the request's head and body are sent; an exception from it prevents that.

        Raises:
            BadRequest: a file to be uploaded can't be read.
            NotSent: no connection was made.
            Unanswered: the request was sent, but no complete response arrived.
            Unauthorized: the token can't be sent.
        """
        given = {name: sendable(value) for name, value in (fields or {}).items() if value is not None}
        self._sent |= {value for value in (fields or {}).values() if isinstance(value, Secret)}
        query = {name: value for name, value in (params or {}).items() if value is not None}
        parts = await form_parts(given if form or upload else {}, upload or {})
        json = given if fields is not None and not form and not parts else None
        call = _Call(method, query, json, parts, slow, confirm)
        answer = await self._exchange(call, url := self.base.join(path))
        other = _other_slash(method, url, answer)
        return answer if other is None else await self._exchange(call, other)

    def _timeout(self, silence_s: float) -> httpx.Timeout:
        return httpx.Timeout(silence_s, connect=self.limits.connect_s, pool=self.limits.connect_s)

    def _request(self, call: _Call, url: httpx.URL) -> httpx.Request:
        return self.client.build_request(
            call.method,
            url,
            params=call.query or None,
            json=call.json,
            files=call.parts or None,
            headers={"Accept": "application/json", **self.authorization(url)},
            timeout=self._timeout(self.limits.slow_s if call.slow else self.limits.silence_s),
            extensions=None if call.confirm is None else {"trace": _confirming(call.confirm)},
        )

    async def _exchange(self, call: _Call, url: httpx.URL) -> ApiResponse:
        """Send a call and read its response. A slow one may trickle in, to keep the connection open meanwhile."""
        request = self._request(call, url)
        call_s = self.limits.slow_s if call.slow else self.limits.call_s
        head_s = call_s if call.slow or call.parts else self.limits.connect_s + self.limits.silence_s
        if call.confirm is not None:
            call.confirm()  # a service in this process has no transport to trace
        response: httpx.Response | None = None
        body: bytes | InvalidBody = InvalidBody("it was cut off")
        try:
            async with asyncio.timeout(call_s):
                async with asyncio.timeout(head_s):
                    response = await self.send(request)
                try:
                    body = await self._read(response, may_trickle=call.slow)
                finally:
                    await response.aclose()
        except (httpx.HTTPError, TimeoutError) as error:
            # An error status counts even if its body was cut off; a success must be complete.
            if response is None or response.status_code < 300:
                raise broken(error, url) from None
        return await self._answer(response, body)

    async def send(self, request: httpx.Request) -> httpx.Response:
        """Send a request; return the open response. Raises httpx errors."""
        return await self.client.send(request, stream=True)

    async def answer(self, response: httpx.Response) -> ApiResponse:
        """Read an open response within the limits. Raises httpx errors."""
        return await self._answer(response, await self._read(response))

    async def _read(self, response: httpx.Response, *, may_trickle: bool = True) -> bytes | InvalidBody:
        loop, size, pieces = asyncio.get_running_loop(), 0, 0
        began = loop.time()
        try:
            reader = BodyReader(response.headers.get("Content-Encoding", ""), self.limits.body)
            async for chunk in response.aiter_raw():
                reader.feed(chunk)
                took, size, pieces = loop.time() - began, size + len(chunk), pieces + 1
                trickles = pieces >= _TRICKLE_PIECES and took > self.limits.trickle_s
                if trickles and size < self.limits.trickle_rate * took and not may_trickle:
                    raise TrickleError
            return reader.body()
        except InvalidBody as error:
            return error

    async def _answer(self, response: httpx.Response, body: bytes | InvalidBody) -> ApiResponse:
        data, body_error, words, too_large = None, "", "", False
        # A service may quote the request, now or later, and its texts reach the store and the screen.
        hidden = Redactor(filter(None, (self._token, *self._sent)))
        try:
            if isinstance(body, InvalidBody):
                raise body
            if body.strip():
                brief = len(body) < _MAX_INLINE_DECODE
                data = parse(body, hidden) if brief else await asyncio.to_thread(parse, body, hidden)
        except InvalidBody as error:
            body_error, too_large = str(error), isinstance(error, BodyTooLarge)
            kind = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
            is_page = isinstance(body, bytes) and body.lstrip()[:1] == b"<"  # some servers send one as text
            if isinstance(body, bytes) and response.status_code >= 400 and kind == "text/plain" and not is_page:
                words = plain_words(body, hidden)
        date = http_date(response.headers.get("Date", ""))  # by the service's clock, which may differ by hours
        now = self._clock.now() if date is None else date
        wait = retry_after(response.headers.get("Retry-After"), data, now)
        location = hidden.clean(redirect_of(response), MAX_TEXT)
        return ApiResponse(response.status_code, data, body_error, wait, location, words, too_large)

    async def aclose(self) -> None:
        """Close all connections."""
        if self._opened is not None:
            await self._opened.aclose()


def _confirming(confirm: Callable[[], None]) -> Callable[[str, object], Awaitable[None]]:
    """Return a trace of the transport that calls `confirm` before anything of a request is sent."""

    async def trace(event: str, _: object) -> None:
        if event.endswith(_SENDS):
            confirm()

    return trace


async def _keep_redirect(response: httpx.Response) -> None:
    """Hide where a response redirects to from httpx, which parses that even if it doesn't follow it, and may fail."""
    response.extensions[_REDIRECT] = response.headers.pop("Location", "")


def redirect_of(response: httpx.Response) -> str:
    """Return where a response redirects to, as the server wrote it; empty if nowhere."""
    return str(response.extensions.get(_REDIRECT, ""))


def _other_slash(method: str, url: httpx.URL, answer: ApiResponse) -> httpx.URL | None:
    """Return the redirect target if it is the same path with or without the trailing slash.

    Frameworks send such a redirect before anything has looked at the request. No other redirect is followed.
    """
    if answer.status not in ((301, 302, 307, 308) if method == "GET" else (307, 308)):
        return None
    try:
        there = next_url(url, answer.location)
    except Unreadable:
        return None
    same = same_origin(there, url) and there.path.rstrip("/") == url.path.rstrip("/") and there.path != url.path
    return url.copy_with(path=there.path) if same else None

"""The calls to one ACE-Step server: its address and key, the envelope of its responses, and its errors."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx

from riffusion_tui.clean import clean_line
from riffusion_tui.jobs.clock import Clock
from riffusion_tui.secret import Secret
from riffusion_tui.services import json_values
from riffusion_tui.services.acestep import records
from riffusion_tui.services.acestep.fields import RELEASE
from riffusion_tui.services.address import is_loopback, same_origin
from riffusion_tui.services.base import (
    AccountBroken,
    AccountBusy,
    BadRequest,
    RateLimited,
    Refused,
    TimedOut,
    Unanswered,
    Unauthorized,
    Unreadable,
    WarmingUp,
)
from riffusion_tui.services.download import fetch
from riffusion_tui.services.http import Api, TransferLimits
from riffusion_tui.services.responses import ApiResponse, check

LOAD_S = 3600.0
"""Timeout for loading models, in seconds; the first time, the server downloads them."""
_NO_KEY_SET = "api key is not configured"


class FormatRefused(BadRequest):
    """The server doesn't support this format; nothing was accepted. acestep-cpp-api has no flac."""


class HostApi:
    """Calls one server. Errors that concern only this server name it as the account."""

    def __init__(
        self,
        address: str,
        key: Secret | None,
        *,
        clock: Clock,
        limits: TransferLimits,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        """Create a closed client.

        Args:
            address: the server's URL, e.g. `http://box:8001`, with a path if a proxy needs one.
            key: sent only to that address; None if the server requires none.
            clock: the time source.
            limits: size and time limits; loading a model has its own.
            transport: replaces the network, for tests.
        """
        self.address = address
        self.has_key = key is not None
        self.warm = False
        """Whether its models are known to be loaded; else it may not respond because it is loading them."""
        self._clock = clock
        self._limits = limits
        self._transport = transport
        self._open(key)
        self.name = self._api.base.netloc.decode("ascii") + self._api.base.path.rstrip("/")

    def _open(self, key: Secret | None) -> None:
        def api(limits: TransferLimits) -> Api:
            # http:// to a LAN host or through a tunnel is common; `doctor` warns if a key can be read on the way.
            return Api(
                self.address, "", key, transport=self._transport, clock=self._clock, limits=limits, insecure=True
            )

        self._api, self._patient = api(self._limits), api(replace(self._limits, slow_s=LOAD_S))

    @property
    def key_in_the_clear(self) -> bool:
        """Whether its key is sent unencrypted to a machine outside the local network."""
        return self.has_key and self._api.base.scheme == "http" and not _is_near(self._api.base)

    async def set_key(self, key: Secret) -> None:
        """Replace the key."""
        await self.aclose()
        self.has_key = True
        self._open(key)

    async def aclose(self) -> None:
        """Close all connections."""
        await self._api.aclose()
        await self._patient.aclose()

    async def call(
        self,
        method: str,
        path: str,
        *,
        fields: Mapping[str, Any] | None = None,
        upload: Mapping[str, Path] | None = None,
        slow: bool = False,
        patient: bool = False,
        confirm: Callable[[], None] | None = None,
    ) -> Any:
        """Return the data of the response to one call.

        Args:
            method: of HTTP.
            path: below the address.
            fields: the body.
            upload: field → file to send.
            slow: whether it may take as long as writing lyrics.
            patient: whether it may take as long as loading models.
            confirm: that of `CreateRequest`.

        Raises:
            WarmingUp: it doesn't respond, and may be loading its models.
            ServiceError: any other failure.
        """
        api = self._patient if patient else self._api
        answer = None
        try:
            answer = await api.call(method, path, fields=fields, upload=upload, slow=slow or patient, confirm=confirm)
            return _unwrapped(answer)
        except Unreadable as error:
            if path == RELEASE and answer is not None and answer.status < 300:
                raise Unanswered(f"{error} It may have been accepted.") from None
            raise
        except Unanswered as error:
            if self.warm or slow or patient or not isinstance(error, TimedOut):
                raise
            message = f"{self.name} does not respond yet; it may be loading its model."
            raise WarmingUp(message, account=self.name) from None
        except Unauthorized as error:
            raise self._locked(error) from None
        except RateLimited as error:
            raise AccountBusy(str(error), account=self.name, retry_after_s=error.retry_after_s) from None
        except Refused as error:
            raise BadRequest(str(error)) from None  # here 422 means an invalid field: ACE-Step has no moderation

    async def fetch(self, file: str, to: Path, progress: Callable[[int, int | None], None]) -> None:
        """Download a song's file to `to`, only from this server."""
        url = self._api.address(file.lstrip("/") if file.startswith("/") else file)
        if not same_origin(url, self._api.base):
            raise Unreadable("The song's URL points to a different machine than its server, so it was not fetched.")
        try:
            await fetch(self._api, url, to, progress)
        except Unauthorized as error:
            raise self._locked(error) from None

    def _locked(self, error: Unauthorized) -> AccountBroken:
        problem = "rejected the key" if self.has_key else "requires a key"
        return AccountBroken(f"{self.name} {problem}: {error}", account=self.name)


def _unwrapped(answer: ApiResponse) -> Any:
    """Return the `data` of the envelope around every response.

    Raises:
        ServiceError: from the status, or from the envelope's `code`, since some failures have status 200.
    """
    message = json_values.message(answer.data)
    if answer.status == 415 and "audio_format" in message:
        raise FormatRefused(message)
    if answer.status == 503 and _NO_KEY_SET in message.lower():
        raise Unauthorized(message)
    body = json_values.record(check(answer))
    code = json_values.whole(body.get("code"), 200)
    if code >= 400:
        check(replace(answer, status=code, data={"error": records.reason(json_values.text(body, "error"))}))
    if "data" not in body:
        raise Unreadable("The server at this address is not ACE-Step.")
    return body["data"]


def _is_near(url: httpx.URL) -> bool:
    """Whether a URL's host is this machine or in the local network, judged by name or IP address alone."""
    host = clean_line(url.host).rstrip(".").lower()
    if is_loopback(url) or "." not in host or host.endswith((".local", ".lan", ".internal", ".home.arpa")):
        return True
    try:
        return ipaddress.ip_address(host).is_private
    except ValueError:
        return False

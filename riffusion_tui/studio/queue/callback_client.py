"""Send callbacks to URLs chosen by API clients, without letting them reach private networks (SSRF).

The host is resolved once, all its addresses are checked, and the connection uses the checked address, so a second
lookup can't return a different one. Redirects aren't followed, proxies aren't used, the response body isn't read, and
each request has a short timeout.
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
import ssl
import threading
from contextlib import suppress
from urllib.parse import SplitResult, urlsplit

from riffusion_tui.studio.addresses import check_address
from riffusion_tui.studio.errors import InvalidRequest

_CONNECT_S = 5.0
_TIMEOUT_S = 10.0
_CONCURRENCY = 128
"""Maximum concurrent requests; each ends within seconds."""
_INSIDE = tuple(
    ipaddress.ip_network(each)
    for each in (
        "168.63.129.16/32",  # Azure's internal services
        "192.0.0.0/24",  # protocol assignments, including Oracle's metadata service
        "64:ff9b:1::/48",  # local-use NAT64: reaches any IPv4 address
        "fec0::/10",  # site-local, the predecessor of private networks
    )
)
"""Networks that some Python versions call global although they aren't."""
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class CallbackError(Exception):
    """The URL couldn't be reached or didn't return 2xx; the message says why."""


def is_public(address: Address) -> bool:
    """Whether an address is on the public internet: not private, link-local, loopback, metadata or multicast.

    If an IPv6 address embeds an IPv4 address (mapped, NAT64, 6to4, Teredo), both must be public.
    """
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is not None or address in _NAT64:
            return is_public(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
        if not all(is_public(inner) for inner in (address.sixtofour, *(address.teredo or ())) if inner is not None):
            return False
    if any(address in network for network in _INSIDE if network.version == address.version):
        return False
    odd = address.is_multicast or address.is_reserved or address.is_unspecified or address.is_link_local
    return address.is_global and not odd


class CallbackClient:
    """Posts JSON to external URLs concurrently; one that hangs delays neither the others nor shutdown."""

    def __init__(self, *, allow_private: bool, connect_s: float = _CONNECT_S, whole_s: float = _TIMEOUT_S) -> None:
        self._allow_private = allow_private
        self._connect_s = connect_s
        self._whole_s = whole_s
        self._room = asyncio.Semaphore(_CONCURRENCY)

    async def post(self, url: str, body: bytes) -> None:
        """Post `body` to `url`. Raises `CallbackError`."""
        try:
            check_address("replyUrl", url)
            async with self._room, asyncio.timeout(self._whole_s):
                status = await self._post(urlsplit(url), body)
        except InvalidRequest as error:
            raise CallbackError(str(error)) from None
        except TimeoutError:
            raise CallbackError("no response in time") from None
        except (OSError, ValueError) as error:
            raise CallbackError(_reason(error)) from None
        if not 200 <= status < 300:
            raise CallbackError(f"answered {status}")

    async def _post(self, parts: SplitResult, body: bytes) -> int:
        secure = parts.scheme == "https"
        port = parts.port or (443 if secure else 80)
        async with asyncio.timeout(self._connect_s):
            address = await self._resolve(parts.hostname or "", port)
            context = ssl.create_default_context() if secure else None
            name = parts.hostname if secure else None
            reader, writer = await asyncio.open_connection(str(address), port, ssl=context, server_hostname=name)
        try:
            writer.write(_request(parts, body))
            await writer.drain()
            return _status(await reader.readline())
        finally:
            writer.transport.abort()  # the rest of the response is not read

    async def _resolve(self, host: str, port: int) -> Address:
        addresses = [ipaddress.ip_address(entry) for entry in await _found(host, port)]
        if not self._allow_private and not all(is_public(address) for address in addresses):
            raise CallbackError("the address is not public (allow_private_callbacks permits it)")
        return addresses[0]


async def _found(host: str, port: int) -> list[str]:
    """Resolve a name in a daemon thread: a lookup may take minutes and can't be cancelled."""
    loop = asyncio.get_running_loop()
    found: asyncio.Future[list[str]] = loop.create_future()

    def keep(addresses: list[str], error: OSError | None) -> None:
        if found.done():
            return
        if error is None:
            found.set_result(addresses)
        else:
            found.set_exception(error)

    def resolve() -> None:
        addresses, failed = [], None
        try:
            addresses = [str(entry[4][0]) for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
        except (OSError, UnicodeError) as error:
            failed = OSError(_reason(error))
        with suppress(RuntimeError):  # the studio has closed in the meantime
            loop.call_soon_threadsafe(keep, addresses, failed)

    threading.Thread(target=resolve, name="studio-resolve", daemon=True).start()
    return await found


def _reason(error: Exception) -> str:
    """Return why a call failed, without the number of the error."""
    return getattr(error, "strerror", None) or str(error)


def _request(parts: SplitResult, body: bytes) -> bytes:
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    head = (
        f"POST {path} HTTP/1.1",
        f"Host: {parts.netloc}",
        "User-Agent: riffusion-tui-studio",
        "Content-Type: application/json",
        f"Content-Length: {len(body)}",
        "Accept: */*",
        "Connection: close",
    )
    return "\r\n".join(head).encode("ascii") + b"\r\n\r\n" + body


def _status(line: bytes) -> int:
    words = line.split()
    if len(words) < 2 or not words[0].startswith(b"HTTP/1.") or not words[1][:3].isdigit():
        raise ValueError("the response was not HTTP")
    return int(words[1][:3])

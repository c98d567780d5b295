"""The only way out of the studio: a POST to an address that a stranger may have chosen, so it can't reach inside.

The host is resolved once, every address it has is judged, and the connection is made to the judged address itself, so a
second resolution can't lead elsewhere. No redirect is followed, no proxy is used, the answer's body is not read, and
everything is over in seconds.
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
import ssl
import time
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import SplitResult, urlsplit

from riffusion_tui.studio.addresses import check_address
from riffusion_tui.studio.errors import InvalidRequest

CONNECT_S = 5.0
WHOLE_S = 10.0
_THREADS = 8
_STATUS_LINE = 1024
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class NotReached(Exception):
    """The address was not reached, or did not answer with success; the message says why."""


def public(address: Address) -> bool:
    """Say whether an address is out on the internet: not private, link-local, loopback, metadata or multicast.

    An IPv6 address that carries an IPv4 one (mapped, NAT64, 6to4, Teredo) is judged by that one as well.
    """
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is not None or address in _NAT64:
            return public(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
        if not all(public(inner) for inner in (address.sixtofour, *(address.teredo or ())) if inner is not None):
            return False
    odd = address.is_multicast or address.is_reserved or address.is_unspecified or address.is_link_local
    return address.is_global and not odd


class CallbackClient:
    """Posts JSON to outside addresses, in threads of its own."""

    def __init__(self, *, allow_private: bool, connect_s: float = CONNECT_S, whole_s: float = WHOLE_S) -> None:
        self._allow_private = allow_private
        self._connect_s = connect_s
        self._whole_s = whole_s
        self._threads: ThreadPoolExecutor | None = None

    async def post(self, url: str, body: bytes) -> None:
        """Post `body` to `url`. Raises `NotReached`."""
        if self._threads is None:
            self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="studio-reply")
        await asyncio.get_running_loop().run_in_executor(self._threads, self._post, url, body)

    def close(self) -> None:
        """Begin no further post."""
        if self._threads is not None:
            self._threads.shutdown(wait=False, cancel_futures=True)

    def _post(self, url: str, body: bytes) -> None:
        try:
            check_address("replyUrl", url)
            parts = urlsplit(url)
            deadline = time.monotonic() + self._whole_s
            with self._connect(parts) as connection:
                connection.sendall(_request(parts, body))
                status = _status(connection, deadline)
        except InvalidRequest as error:
            raise NotReached(str(error)) from None
        except (OSError, ValueError) as error:
            raise NotReached(f"{type(error).__name__}: {error}") from None
        if not 200 <= status < 300:
            raise NotReached(f"answered {status}")

    def _connect(self, parts: SplitResult) -> socket.socket:
        port = parts.port or (443 if parts.scheme == "https" else 80)
        plain = socket.create_connection((str(self._resolve(parts.hostname or "", port)), port), self._connect_s)
        if parts.scheme == "http":
            return plain
        try:
            return ssl.create_default_context().wrap_socket(plain, server_hostname=parts.hostname)
        except BaseException:
            plain.close()
            raise

    def _resolve(self, host: str, port: int) -> Address:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        addresses = [ipaddress.ip_address(entry[4][0]) for entry in found]
        if not self._allow_private and not all(public(address) for address in addresses):
            raise NotReached("the address is not a public one (allow_private_callbacks lets it)")
        return addresses[0]


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


def _status(connection: socket.socket, deadline: float) -> int:
    line = b""
    while b"\n" not in line and len(line) < _STATUS_LINE:
        left = deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError("no answer in time")
        connection.settimeout(left)
        more = connection.recv(_STATUS_LINE)
        if not more:
            break
        line += more
    words = line.split()
    if len(words) < 2 or not words[0].startswith(b"HTTP/1.") or not words[1][:3].isdigit():
        raise ValueError("what answered was no HTTP")
    return int(words[1][:3])

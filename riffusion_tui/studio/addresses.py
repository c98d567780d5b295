"""Validate URLs in requests."""

from __future__ import annotations

import ipaddress
import socket
from contextlib import suppress
from urllib.parse import urlsplit

from riffusion_tui.studio.errors import InvalidRequest


def check_address(name: str, text: str) -> None:
    """Raise `InvalidRequest` unless `text` is an http(s) URL whose host every parser reads the same way."""
    try:
        parts = urlsplit(text)
        fine = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        fine = False
    if not fine or not text.isascii() or not text.isprintable() or set(text) & set(' \\<>"^`{|}'):
        raise InvalidRequest(f"{name} must be an http or https address")
    if "@" in parts.netloc:
        raise InvalidRequest(f"{name} must not contain a user name or a password")


def literal_host(address: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """Return the host of a URL if it is an IP address in any notation, otherwise None."""
    host = urlsplit(address).hostname or ""
    with suppress(ValueError):
        return ipaddress.ip_address(host)
    with suppress(OSError, ValueError):  # 127.1, 0x7f000001 and 017700000001 are the same address
        return ipaddress.IPv4Address(socket.inet_aton(host.rstrip(".")))
    return None

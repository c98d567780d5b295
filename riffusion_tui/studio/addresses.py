"""Checks of the addresses that callers give."""

from __future__ import annotations

import ipaddress
import socket
from contextlib import suppress
from urllib.parse import urlsplit

from riffusion_tui.studio.errors import InvalidRequest


def check_address(name: str, text: str) -> None:
    """Raise `InvalidRequest` unless `text` is an http(s) address with a host that every parser reads the same way."""
    try:
        parts = urlsplit(text)
        fine = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        fine = False
    if not fine or not text.isascii() or not text.isprintable() or set(text) & set(' \\<>"^`{|}'):
        raise InvalidRequest(f"{name} must be an http or https address")
    if "@" in parts.netloc:
        raise InvalidRequest(f"{name} must not hold a user name or a password")


def literal_host(address: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """Return the IP address that `address` names as its host, in whatever spelling, or None where it is a name."""
    host = urlsplit(address).hostname or ""
    with suppress(ValueError):
        return ipaddress.ip_address(host)
    with suppress(OSError, ValueError):  # 127.1, 0x7f000001 and 017700000001 lead to the same machine
        return ipaddress.IPv4Address(socket.inet_aton(host.rstrip(".")))
    return None

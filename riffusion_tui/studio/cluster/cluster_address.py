"""The address of a cluster's scheduler, checked before anything connects."""

from __future__ import annotations

import ipaddress
from typing import NamedTuple
from urllib.parse import urlsplit

from riffusion_tui.clean import clean_line
from riffusion_tui.studio.cluster.cluster_errors import BadClusterAddress

_DEFAULT_PORT = 8786


class ClusterAddress(NamedTuple):
    """Where a scheduler listens."""

    scheme: str
    """`tls`, or on this machine `tcp`."""
    host: str
    port: int

    @property
    def url(self) -> str:
        """The address as Dask writes it."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}:{self.port}"

    @property
    def encrypted(self) -> bool:
        """Whether both sides present certificates."""
        return self.scheme == "tls"


def read_cluster_address(text: str) -> ClusterAddress:
    """Read an address like `tls://host:8786`; the port may be left out.

    Raises:
        BadClusterAddress: it is something else, or unencrypted to another machine.
    """
    shown = clean_line(text, 200)
    try:
        parts = urlsplit(text.strip())
        port, host = parts.port, parts.hostname or ""
    except ValueError:
        port, host = 0, ""
    if not host or port == 0 or parts.path or parts.query or parts.fragment or "@" in parts.netloc:
        raise BadClusterAddress(f"{shown} is not a cluster's address: write it like tls://host:{_DEFAULT_PORT}.")
    if parts.scheme not in ("tls", "tcp"):
        raise BadClusterAddress(f"{shown} must begin with tls://.")
    if parts.scheme == "tcp" and not is_loopback(host):
        raise BadClusterAddress(
            f"{shown} must begin with tls://: over a network, both sides must present certificates."
        )
    return ClusterAddress(parts.scheme, host, port or _DEFAULT_PORT)


def is_loopback(host: str) -> bool:
    """Whether `host` is this machine, reached without a network."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False

"""A service's address: read, checked, and compared, before anything is sent to it."""

from __future__ import annotations

import ipaddress
from urllib.parse import quote

import httpx

from riffusion_tui.clean import clean_line
from riffusion_tui.services.base import BadAddress, BadRequest, Unreadable

_PORTS = {"http": 80, "https": 443}


def api_url(address: str, api: str, *, insecure: bool = False) -> httpx.URL:
    """Return the base of an API's calls, ending in `/`.

    Args:
        address: what the person wrote: `https://api.useapi.net`, with or without a path before or up to `api`.
        api: the API's own path, `v1/riffusion`; added where `address` does not end in it. Empty: it has none.
        insecure: allow a token over http:// to another machine.

    Raises:
        BadAddress: it is no address, it holds a name and password, or the token would travel in the clear.
    """
    shown = clean_line(address, 200)
    try:
        url = httpx.URL(address.strip())
    except (httpx.InvalidURL, ValueError):
        raise BadAddress(f"{shown!r} is no address.") from None
    if url.port is not None and not 0 < url.port < 65536:
        raise BadAddress(f"{shown!r} is no address: a port is a number from 1 to 65535.")
    if not _is_place(url):
        raise BadAddress(f"{shown!r} is no address: it has to begin with https:// or http://.")
    if url.userinfo:
        raise BadAddress("The address holds a name or password: leave it out, the token is set elsewhere.")
    if url.query or url.fragment:
        raise BadAddress(f"{shown!r} ends in a query: leave out what follows the path.")
    if url.scheme == "http" and not is_loopback(url) and not insecure:
        raise BadAddress(f"{shown!r} would send the token unencrypted: use https://, or allow it in the settings.")
    path = url.path.rstrip("/")
    if api and f"/{api}/" in path:  # an endpoint's whole address, out of the API's documentation
        path = path[: path.index(f"/{api}/") + len(api) + 1]
    version, _, _ = api.partition("/")
    if api and not path.endswith(f"/{api}"):
        path = path.removesuffix(f"/{version}") + f"/{api}"
    return url.copy_with(path=path + "/")


def _is_place(url: httpx.URL) -> bool:
    # httpx encodes what can't stand in a host's name instead of refusing it.
    return url.scheme in _PORTS and bool(url.host) and "%" not in url.host and (url.port or 1) < 65536


def is_loopback(url: httpx.URL) -> bool:
    """Say whether the address is this machine's own, by its name or number; no name is looked up."""
    host = url.host.rstrip(".").lower()
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def same_origin(one: httpx.URL, other: httpx.URL) -> bool:
    """Say whether both have the same scheme, host and port: only then may one see the other's token."""
    return (one.scheme, one.host, one.port or _PORTS.get(one.scheme)) == (
        other.scheme,
        other.host,
        other.port or _PORTS.get(other.scheme),
    )


def next_url(here: httpx.URL, there: str) -> httpx.URL:
    """Return where an address in an answer leads: absolute, or relative to `here`.

    Raises:
        Unreadable: it is no address, or leads from https:// to http://, or to another kind of place.
    """
    try:
        url = here.join(there)
    except (httpx.InvalidURL, ValueError):
        raise Unreadable("The song's address leads to something that is no address.") from None
    if not _is_place(url) or (here.scheme == "https" and url.scheme == "http"):
        raise Unreadable("The song's address leads to a place that is not safe to fetch from.")
    return url


def segment(identifier: str) -> str:
    """Encode an id as one segment of a path: `:`, `@`, `/` and all else that is not plain.

    Raises:
        BadRequest: it is empty or only dots, which would name another path.
    """
    if not identifier.strip("."):
        raise BadRequest(f"{identifier!r} is no id.")
    return quote(identifier, safe="", errors="replace")

"""Parse, validate and compare the URLs of services."""

from __future__ import annotations

import ipaddress
import re
from urllib.parse import quote

import httpx

from riffusion_tui.clean import clean_line
from riffusion_tui.services.base import BadAddress, BadRequest, Unreadable

_PORTS = {"http": 80, "https": 443}
_USERINFO = re.compile(r"^([^/@]*//)?[^/@]*@")


def api_url(address: str, api: str, *, insecure: bool = False) -> httpx.URL:
    """Return the base URL of an API, ending in `/`.

    Args:
        address: from the user, e.g. `https://api.useapi.net`, with or without the API's path.
        api: the API's path, e.g. `v1/riffusion`; appended unless `address` ends in it. Empty: none.
        insecure: allow a token over http:// to another machine.

    Raises:
        BadAddress: it is invalid, contains a user name or password, or would send the token unencrypted.
    """
    shown = _shown(address)
    try:
        url = parsed(address.strip())
    except ValueError:
        raise BadAddress(f"{shown!r} is not a valid address.") from None
    if url.port is not None and not 0 < url.port < 65536:
        raise BadAddress(f"{shown!r} is not a valid address: the port must be a number from 1 to 65535.")
    if not _is_place(url):
        raise BadAddress(f"{shown!r} is not a valid address: it must start with https:// or http://.")
    if url.userinfo:
        raise BadAddress("The address contains a user name or password. Remove it; the token is set separately.")
    if url.query or url.fragment:
        raise BadAddress(f"{shown!r} is followed by a query. Remove everything after the path.")
    if url.scheme == "http" and not is_loopback(url) and not insecure:
        allow = "`riffusion-tui settings set service.insecure true`"
        raise BadAddress(f"{shown!r} would send the token unencrypted. Use https://, or allow it: {allow}.")
    path = url.path.rstrip("/")
    if api and f"/{api}/" in path:  # the full URL of an endpoint, copied from the API's documentation
        path = path[: path.index(f"/{api}/") + len(api) + 1]
    version, _, _ = api.partition("/")
    if api and not path.endswith(f"/{api}"):
        path = path.removesuffix(f"/{version}") + f"/{api}"
    return url.copy_with(path=path + "/")


def parsed(text: str, here: httpx.URL | None = None) -> httpx.URL:
    """Parse a URL, absolute or relative to `here`. Raises `ValueError` if it, or its host's name, is invalid."""
    try:
        url = here.join(text) if here else httpx.URL(text)
    except httpx.InvalidURL as error:
        raise ValueError(str(error)) from None
    # httpx decodes international names only on use, encodes invalid characters, and doesn't know DNS's limits.
    labels = url.raw_host.removesuffix(b".").split(b".")
    if url.host and (b"%" in url.raw_host or not all(0 < len(label) < 64 for label in labels)):
        raise ValueError("the host's name is invalid")
    return url


def _shown(address: str) -> str:
    """Return an address for messages, without what may be a secret in it."""
    return clean_line(_USERINFO.sub(r"\1…@", re.split("[?#]", address.strip())[0]), 200)


def _is_place(url: httpx.URL) -> bool:
    return url.scheme in _PORTS and bool(url.host) and (url.port or 1) < 65536


def is_loopback(url: httpx.URL) -> bool:
    """Whether the URL's host is this machine, judged by name or IP address without a lookup."""
    host = url.host.rstrip(".").lower()
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def same_origin(one: httpx.URL, other: httpx.URL) -> bool:
    """Whether both have the same scheme, host and port, so that they may share a token."""
    return (one.scheme, one.host, one.port or _PORTS.get(one.scheme)) == (
        other.scheme,
        other.host,
        other.port or _PORTS.get(other.scheme),
    )


def next_url(here: httpx.URL, there: str) -> httpx.URL:
    """Resolve a URL from a response, absolute or relative to `here`.

    Raises:
        Unreadable: it is invalid, downgrades https:// to http://, or has another scheme.
    """
    try:
        url = parsed(there, here)
    except ValueError:
        raise Unreadable("The song's URL is invalid.") from None
    if not _is_place(url) or (here.scheme == "https" and url.scheme == "http"):
        raise Unreadable("The song's URL is not safe to fetch from.")
    return url


def segment(identifier: str) -> str:
    """Percent-encode an id as one path segment, including `:`, `@` and `/`.

    Raises:
        BadRequest: it is empty or only dots, which would be another path.
    """
    if not identifier.strip("."):
        raise BadRequest(f"{identifier!r} is not a valid id.")
    return quote(identifier, safe="", errors="replace")

"""Parsing of addresses; the token is only sent to their origin."""

from __future__ import annotations

import httpx
import pytest

from riffusion_tui.services.address import api_url, is_loopback, next_url, same_origin, segment
from riffusion_tui.services.base import BadAddress, BadRequest, Unreadable

API = "v1/riffusion"
UNUSABLE_HOSTS = ("xn--", "xn--a", "xn--zz--", "xn--.example.com", "a..b", ".example.com", "a" * 64, "\u0300a")


@pytest.mark.parametrize(
    ("address", "base"),
    [
        ("https://api.useapi.net", "https://api.useapi.net/v1/riffusion/"),
        (" https://api.useapi.net/\n", "https://api.useapi.net/v1/riffusion/"),
        ("https://api.useapi.net/v1", "https://api.useapi.net/v1/riffusion/"),
        ("https://api.useapi.net/v1/riffusion", "https://api.useapi.net/v1/riffusion/"),
        ("https://api.useapi.net/v1/riffusion/", "https://api.useapi.net/v1/riffusion/"),
        ("https://api.useapi.net/v1/riffusion/music/create-prompt", "https://api.useapi.net/v1/riffusion/"),
        ("https://example.com/pre/fix/", "https://example.com/pre/fix/v1/riffusion/"),
        ("https://example.com/pre/v1/riffusion", "https://example.com/pre/v1/riffusion/"),
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080/v1/riffusion/"),
        ("http://[::1]:8080/", "http://[::1]:8080/v1/riffusion/"),
        ("http://localhost", "http://localhost/v1/riffusion/"),
        ("https://[2001:db8::1]", "https://[2001:db8::1]/v1/riffusion/"),
    ],
)
def test_addresses_are_parsed(address: str, base: str) -> None:
    url = api_url(address, API)
    assert str(url) == base
    assert str(url.join("music/")) == base + "music/"


@pytest.mark.parametrize(
    ("address", "why"),
    [
        ("", "not a valid address"),
        ("api.useapi.net", "not a valid address"),
        ("ftp://api.useapi.net", "not a valid address"),
        ("https://", "not a valid address"),
        ("http://[bad", "not a valid address"),
        ("https://a\x00b", "not a valid address"),
        ("https://host:port/", "not a valid address"),
        ("https://me:secret@api.useapi.net", "name or password"),
        ("https://api.useapi.net/?token=secret", "'https://api.useapi.net/' is followed by a query"),
        ("https://api.useapi.net/#secret", "query"),
        ("ftp://me:secret@api.useapi.net", "'ftp://…@api.useapi.net' is not a valid address"),
        ("me:secret@api.useapi.net", "'…@api.useapi.net' is not a valid address"),
        ("https://me:secret@host:99999/?secret", "'https://…@host:99999/' is not a valid address"),
        ("http://[bad?secret", "not a valid address"),
        *((f"https://{host}/", "not a valid address") for host in UNUSABLE_HOSTS),
        ("http://api.useapi.net", "unencrypted.*settings set service.insecure true"),
        ("http://192.168.1.2:8000", "unencrypted"),
    ],
)
def test_invalid_addresses_are_refused(address: str, why: str) -> None:
    with pytest.raises(BadAddress, match=why) as caught:
        api_url(address, API)
    assert "secret" not in str(caught.value)
    assert "\x00" not in str(caught.value)


def test_unencrypted_addresses_need_permission() -> None:
    assert str(api_url("http://192.168.1.2:8000", API, insecure=True)) == "http://192.168.1.2:8000/v1/riffusion/"


@pytest.mark.parametrize(
    ("host", "own"),
    [
        ("localhost", True),
        ("LOCALHOST.", True),
        ("studio.localhost", True),
        ("127.9.9.9", True),
        ("[::1]", True),
        ("localhost.example.com", False),
        ("128.0.0.1", False),
        ("0.0.0.0", False),
    ],
)
def test_addresses_of_this_machine_are_recognized(host: str, own: bool) -> None:
    assert is_loopback(httpx.URL(f"http://{host}/")) is own


def test_the_origin_is_scheme_host_and_port() -> None:
    base = httpx.URL("https://api.example.com/v1")
    assert same_origin(httpx.URL("https://API.example.com:443/other"), base)
    for other in (
        "http://api.example.com",
        "https://api.example.com:444",
        "https://example.com",
        "https://x.api.example.com",
    ):
        assert not same_origin(httpx.URL(other), base)


def test_path_segments_are_encoded() -> None:
    assert segment("job:1-user:2-me@example.com-bot:x") == "job%3A1-user%3A2-me%40example.com-bot%3Ax"
    assert segment("../a") == "..%2Fa"
    for bad in ("", ".", ".."):
        with pytest.raises(BadRequest):
            segment(bad)


def test_addresses_in_responses_are_resolved() -> None:
    here = httpx.URL("https://api.example.com/v1/riffusion/")
    assert str(next_url(here, "/files/a.mp3")) == "https://api.example.com/files/a.mp3"
    assert str(next_url(here, "//cdn.example.com/a")) == "https://cdn.example.com/a"
    for bad in (
        "http://cdn.example.com/a",
        "file:///etc/passwd",
        "data:,x",
        "https://[bad",
        "https://h:p/",
        "https://cdn.example.com/\r\nX: y",
        *(f"https://{host}/a" for host in UNUSABLE_HOSTS),
    ):
        with pytest.raises(Unreadable):
            next_url(here, bad)

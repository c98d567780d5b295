"""Certificate and proxy errors: each has its message, and nothing is sent."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from riffusion_tui.services import base
from riffusion_tui.services.address import api_url
from riffusion_tui.services.tls import Misconfigured
from tests.cli.kit import Program
from tests.dispatch.fake_api import FakeApi, FakeApiServer
from tests.services.kit import riffusion
from tests.services.raw import Raw, reply

PEM = Path(__file__).with_name("localhost.pem")
VARIABLES = ("SSL_CERT_FILE", "SSL_CERT_DIR", "ALL_PROXY", "HTTPS_PROXY", "HTTP_PROXY", "NO_PROXY")


@pytest.fixture(autouse=True)
def plain(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


@asynccontextmanager
async def secure() -> AsyncIterator[str]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(PEM)
    server = await asyncio.start_server(Raw([reply(200, [])]).serve, "127.0.0.1", 0, ssl=context)
    try:
        yield f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    finally:
        server.close()


async def test_an_untrusted_certificate_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    async with secure() as url:
        async with riffusion(url) as service:
            with pytest.raises(Misconfigured, match=r"certificate of 127.0.0.1 is not trusted: self.signed"):
                await service.scheduler()
        monkeypatch.setenv("SSL_CERT_FILE", str(PEM))
        async with riffusion(url) as service:
            assert await service.scheduler() == (), "SSL_CERT_FILE applies to this machine's addresses too"


async def test_https_to_a_port_without_tls_is_reported() -> None:
    with FakeApiServer(FakeApi()) as server:
        async with riffusion(server.url.replace("http:", "https:")) as service:
            with pytest.raises(Misconfigured, match="does not use TLS on this port"):
                await service.scheduler()


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("SSL_CERT_FILE", "/nowhere", "SSL_CERT_FILE can't be used: No such file"),
        ("SSL_CERT_FILE", __file__, "SSL_CERT_FILE can't be used: it contains no certificate"),
        ("ALL_PROXY", "socks5://127.0.0.1:1", "SOCKS proxy requires another package"),
        ("NO_PROXY", "[::1]", "NO_PROXY is invalid"),
        ("NO_PROXY", "fe80::/10", "NO_PROXY is invalid"),
        ("HTTPS_PROXY", " http://127.0.0.1:1", "HTTPS_PROXY is not a valid proxy address"),
        ("HTTPS_PROXY", "foo://127.0.0.1:1", "HTTPS_PROXY is not a valid proxy address"),
    ],
)
async def test_invalid_variables_are_reported(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, words: str
) -> None:
    monkeypatch.setenv(name, value)
    if name == "NO_PROXY":
        monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:1")
    async with riffusion("https://api.example") as service:
        with pytest.raises(Misconfigured, match=words):
            await service.scheduler()


@pytest.mark.parametrize(
    ("environ", "through"),
    [
        ({"HTTPS_PROXY": "127.0.0.1:1"}, " through the proxy in HTTPS_PROXY"),
        ({"all_proxy": "http://127.0.0.1:1"}, " through the proxy in ALL_PROXY"),
        ({"HTTPS_PROXY": "127.0.0.1:1", "NO_PROXY": "api.invalid"}, ""),
        ({}, ""),
    ],
)
async def test_an_unreachable_proxy_is_named(
    monkeypatch: pytest.MonkeyPatch, environ: dict[str, str], through: str
) -> None:
    for name in ("HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    async with riffusion("https://api.invalid") as service:
        with pytest.raises(base.NotSent, match=f"^No connection to api.invalid{through}: it can't be reached"):
            await service.scheduler()


@pytest.mark.parametrize("port", ["99999", "0"])
def test_an_invalid_port_is_reported(port: str) -> None:
    with pytest.raises(base.BadAddress, match="from 1 to 65535"):
        api_url(f"https://api.example:{port}", "v1/riffusion")


def test_doctor_reports_an_invalid_certificate_file_and_exits_with_2(tmp_path: Path) -> None:
    there = {"RIFFUSION_TUI_URL": "https://127.0.0.1:9", "RIFFUSION_TUI_TOKEN": "user:1-x", "SSL_CERT_FILE": "/nowhere"}
    program = Program.at(tmp_path, **there)
    ran = program("doctor", "--service", "riffusion")
    assert ran.code == 2, ran.out
    assert "SSL_CERT_FILE can't be used: No such file or directory. Correct or unset it, then try again." in ran.out
    assert "riffusion-tui doctor" not in ran.out, "it is running"
    assert "clock" not in ran.out
    ran = program("submit", "one", "--wait")
    assert (ran.code, "SSL_CERT_FILE" in ran.err, "Internal error" in ran.err) == (2, True, False)

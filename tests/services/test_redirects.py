"""Redirects: which are followed, and with which headers."""

from __future__ import annotations

import asyncio

import pytest

from riffusion_tui.services import base
from tests.services.kit import TOKEN, answering, request, riffusion
from tests.services.raw import Received, raw_server, reply

ACCEPTED = reply(200, {"job_id": "a5d2d4a3", "user_id": "5f72c91e"})


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_a_redirect_to_another_host_is_not_followed(status: int) -> None:
    async with raw_server(reply(200, {"job_id": "stolen"})) as elsewhere:
        async with answering(reply(status, b"", Location=elsewhere.url)) as (service, _):
            with pytest.raises(base.Unreadable, match=f"redirects to {elsewhere.url}"):
                await service.create(request())
        assert not elsewhere.received


@pytest.mark.parametrize(("method", "status"), [("GET", 301), ("GET", 307), ("POST", 307), ("POST", 308)])
async def test_a_redirect_that_only_changes_the_trailing_slash_is_followed(method: str, status: int) -> None:
    async def handler(received: Received, writer: asyncio.StreamWriter) -> None:
        moved = {
            "/v1/riffusion/music/": "/v1/riffusion/music",
            "/v1/riffusion/music/create-prompt": received.path + "/",
        }
        where = moved.get(received.path)
        writer.write(
            reply(status, b"", Location=where) if where else reply(200, [] if method == "GET" else {"job_id": "x"})
        )

    async with raw_server(handler=handler) as raw, riffusion(raw.url) as service:
        if method == "GET":
            assert await service.songs("u") == ()
        else:
            assert (await service.create(request())).remote_ids == ("x",)
        assert [sent.headers["authorization"] for sent in raw.received] == [f"Bearer {TOKEN}"] * 2
        assert raw.received[0].query == raw.received[1].query
        assert raw.received[0].body == raw.received[1].body


@pytest.mark.parametrize(
    ("status", "location"),
    [
        (303, "/v1/riffusion/scheduler/"),
        (307, "ftp://127.0.0.1/"),
        (307, "/v1/riffusion/scheduler"),
        (307, "http://127.0.0.1:9/v1/riffusion/scheduler/"),
    ],
)
async def test_no_other_redirect_is_followed(status: int, location: str) -> None:
    async with answering(reply(status, b"", Location=location)) as (service, raw):
        with pytest.raises(base.Unreadable, match="redirects"):
            await service.scheduler()
        assert len(raw.received) == 1


@pytest.mark.parametrize("status", [301, 303, 307])
@pytest.mark.parametrize(
    "location",
    [
        *("http://[bad", "http://[::1", "//", "http://", "https:///x", "javascript:alert(1)", "x" * 70_000),
        *("http://xn--/", "http://xn--a.example.com/", "http://a..b/", f"http://{'a' * 64}/"),
    ],
)
async def test_a_redirect_to_an_invalid_address_accepts_nothing(status: int, location: str) -> None:
    async with answering(reply(status, b"", Location=location)) as (service, _):
        with pytest.raises(base.Unreadable, match="The address redirects to") as caught:
            await service.create(request())
        assert "Enter that address" not in str(caught.value)
        if location.startswith("http://"):
            assert f"redirects to one that is not valid (status {status})" in str(caught.value)


async def test_a_redirect_with_an_invalid_header_is_no_response() -> None:
    async with answering(reply(302, b"", Location="\x00")) as (service, _):
        with pytest.raises(base.Unanswered):
            await service.create(request())

"""Hostile, broken and slow responses over a real socket: memory and time are bounded, and each has its error."""

from __future__ import annotations

import asyncio
import contextlib
import gzip
import json
import logging
import socket
import threading
import time
import traceback
import tracemalloc
import zlib
from typing import Any

import pytest

from riffusion_tui.redaction import Redactor
from riffusion_tui.secret import Secret
from riffusion_tui.services import base, http, response_body
from riffusion_tui.services.asgi_transport import ADDRESS, asgi_transport
from riffusion_tui.services.http import TransferLimits
from riffusion_tui.services.riffusion.client import RiffusionService
from tests.services.kit import QUICK, TOKEN, answering, request, riffusion
from tests.services.raw import Received, raw_server, reply

ACCEPTED = reply(200, {"job_id": "a5d2d4a3", "user_id": "5f72c91e"})


async def test_a_refused_connection_is_unreachable() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    async with riffusion(f"http://127.0.0.1:{port}") as service:
        with pytest.raises(base.NotSent, match="can't be reached"):
            await service.create(request())


async def test_an_unknown_host_means_nothing_was_sent() -> None:
    async with riffusion("https://no-such-host.invalid", limits=TransferLimits(connect_s=5)) as service:
        with pytest.raises(base.NotSent):
            await service.create(request())


async def test_a_connection_that_is_never_accepted_means_nothing_was_sent() -> None:
    with socket.socket() as full:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        port = full.getsockname()[1]
        fillers = [socket.socket() for _ in range(4)]
        for filler in fillers:
            filler.setblocking(False)
            filler.connect_ex(("127.0.0.1", port))
        async with riffusion(
            f"http://127.0.0.1:{port}", limits=TransferLimits(connect_s=0.3, silence_s=0.3)
        ) as service:
            with pytest.raises((base.NotSent, base.Unanswered), match="too long") as caught:
                await service.create(request())
        for filler in fillers:
            filler.close()
    assert caught.type is base.NotSent


async def test_an_acceptance_cut_at_any_byte_never_counts_as_unsent() -> None:
    cut = [0]

    async def handler(received: Received, writer: asyncio.StreamWriter) -> None:
        writer.write(ACCEPTED[: cut[0]])

    async with raw_server(handler=handler) as raw, riffusion(raw.url) as service:
        for cut[0] in range(len(ACCEPTED)):
            with pytest.raises(base.Unanswered):
                await service.create(request())
        cut[0] = len(ACCEPTED)
        assert (await service.create(request())).remote_ids == ("a5d2d4a3",)


async def test_a_refusal_with_a_truncated_body_is_still_a_refusal() -> None:
    whole = reply(429, {"detail": "Too Many Requests"}, Retry_After="17")
    async with answering(whole[:-5]) as (service, _):
        with pytest.raises(base.UpstreamLimited) as caught:
            await service.create(request())
    assert caught.value.retry_after_s == 17


async def _slow(received: Received, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
    for _ in range(1000):
        writer.write(b" ")
        await writer.drain()
        await asyncio.sleep(0.05)


async def _silent(received: Received, writer: asyncio.StreamWriter) -> None:
    await asyncio.sleep(5)


async def _endless(received: Received, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n[")
    while True:
        writer.write(b"0," * 32_768)
        await writer.drain()


async def _endless_headers(received: Received, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\n")
    while True:
        writer.write(b"X-More: 1\r\n" * 1000)
        await writer.drain()


@pytest.mark.parametrize("handler", [_slow, _silent, _endless, _endless_headers])
async def test_a_create_whose_response_is_slow_or_endless_may_have_been_accepted(handler: Any) -> None:
    began = time.monotonic()
    async with raw_server(handler=handler) as raw, riffusion(raw.url) as service:
        with pytest.raises(base.Unanswered):
            await service.create(request())
    assert time.monotonic() - began < 3


async def _slow_head(received: Received, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nX-More: ")
    for _ in range(1000):
        writer.write(b"x")
        await writer.drain()
        await asyncio.sleep(0.05)


@pytest.mark.parametrize(("handler", "why"), [(_slow, "it answers too slowly"), (_slow_head, "it took too long")])
async def test_a_response_that_trickles_in_is_given_up(handler: Any, why: str) -> None:
    limits = TransferLimits(connect_s=0.2, silence_s=0.3, trickle_s=0.3)
    began = time.monotonic()
    async with raw_server(handler=handler) as raw, riffusion(raw.url, limits=limits) as service:
        with pytest.raises(base.TimedOut, match=why):
            await service.accounts()
    assert time.monotonic() - began < 5


DEEP = b"[" * 100_000 + b"]" * 100_000
JUNK: list[tuple[bytes, dict[str, str], str]] = [
    (b"<html><body>Sign in</body></html>", {}, "web page"),
    (b"not json", {}, "not JSON"),
    (b'{"job_id": NaN}', {}, "returned no job id"),
    (b'{"job_id": "\xff"}', {}, "not JSON"),
    (b'{"job_id": ' + b"9" * 5000 + b"}", {}, "returned no job id"),
    (b'{"job_id": "never closed', {}, "not JSON"),
    (DEEP[:60_000], {}, "too deeply"),
    (b"[" + b"0," * 30_000 + b"0]", {}, "returned no job id"),
    (b"x" * 100_000, {}, "larger than 64 KiB"),
    (gzip.compress(b"0" * 100_000, mtime=0), {"Content_Encoding": "gzip"}, "larger than 64 KiB"),
    (b"no gzip at all", {"Content_Encoding": "gzip"}, "damaged"),
    (
        gzip.compress(json.dumps({"job_id": "x" * 300}).encode(), mtime=0)[:-12],
        {"Content_Encoding": "gzip"},
        "cut off|not JSON",
    ),
    (b"?", {"Content_Encoding": "br"}, "unsupported compression"),
    (b"", {}, "returned no job id"),
    (b"  \n", {}, "returned no job id"),
    (b"[]", {}, "returned no job id"),
    (b'{"job_id": ["x"]}', {}, "returned no job id"),
    (b'{"job_id": ""}', {}, "returned no job id"),
]


@pytest.mark.parametrize(("body", "headers", "why"), JUNK, ids=range(len(JUNK)))
async def test_a_2xx_with_an_invalid_body_may_be_an_acceptance(body: bytes, headers: dict[str, str], why: str) -> None:
    """For a create, an unreadable 2xx may be an acceptance; for other calls, it's an error."""
    began = time.monotonic()
    async with answering(reply(200, body, **headers)) as (service, _):
        with pytest.raises(base.Unanswered, match=why):
            await service.create(request())
        if why != "returned no job id":
            with pytest.raises(base.Unreadable):
                await service.scheduler()
    assert time.monotonic() - began < 2


async def test_decompression_bombs_and_endless_bodies_use_bounded_memory() -> None:
    """The bomb unpacks 64 KB to 64 MB."""
    packer = zlib.compressobj(wbits=31)
    bomb = b"".join(packer.compress(bytes(2**20)) for _ in range(64)) + packer.flush()
    assert len(bomb) < 2**17
    limits = TransferLimits(body=2**20)
    async with (
        raw_server(reply(200, bomb, Content_Encoding="gzip")) as raw,
        riffusion(raw.url, limits=limits) as service,
    ):
        await _peak(service)  # the first call loads modules
        assert await _peak(service) < 4 * 2**20
        raw.handler = _endless
        assert await _peak(service) < 4 * 2**20


async def _peak(service: RiffusionService) -> int:
    tracemalloc.start()
    with pytest.raises(base.Unreadable, match="larger than 1024 KiB"):
        await service.scheduler()
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return peak


@pytest.mark.parametrize("status", [400, 403, 404, 409, 410, 422, 405, 418])
async def test_an_error_page_of_a_proxy_is_unreadable(status: int) -> None:
    async with answering(reply(status, b"<html>nginx</html>")) as (service, _):
        with pytest.raises(base.Unreadable, match=f"status {status}.*web page"):
            await service.create(request())


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (401, base.Unauthorized),
        (402, base.NoCredits),
        (412, base.NoCredits),
        (429, base.UpstreamLimited),
        (500, base.ServerFault),
        (502, base.ServerFault),
        (599, base.ServerFault),
        (596, base.AccountBroken),
        (408, base.ServerFault),
    ],
)
@pytest.mark.parametrize("body", [b"", b"<html>oops</html>", b"[" * 1000, b"x" * 100_000])
async def test_some_statuses_decide_the_error_for_any_body(status: int, kind: type, body: bytes) -> None:
    async with answering(reply(status, body)) as (service, _):
        with pytest.raises(base.ServiceError) as caught:
            await service.create(request())
    assert type(caught.value) is kind


@pytest.mark.parametrize(
    ("status", "kind"),
    [(400, base.BadRequest), (404, base.NotFound), (410, base.Expired), (422, base.Refused), (418, base.Unreadable)],
)
async def test_an_empty_error_body_gets_its_type_from_the_status(status: int, kind: type) -> None:
    async with answering(reply(status, b"")) as (service, _):
        with pytest.raises(base.ServiceError) as caught:
            await service.create(request())
    assert type(caught.value) is kind
    assert str(caught.value).endswith(".")


async def test_an_unexpected_error_status_keeps_its_message() -> None:
    async with answering(reply(413, {"error": "Body too large"})) as (service, _):
        with pytest.raises(base.BadRequest, match="Body too large"):
            await service.create(request())


async def test_compressed_responses_are_read() -> None:
    body = json.dumps([{"job_id": "x", "user_id": "u"}] * 900).encode()
    for encoding, packed in [("gzip", gzip.compress(body)), ("deflate", zlib.compress(body)), ("identity", body)]:
        answer = reply(200, packed, Content_Encoding=encoding)
        async with answering(answer, limits=TransferLimits()) as (service, raw):
            assert len(await service.scheduler()) == 900
        assert raw.received[0].headers["accept-encoding"] == "gzip"


async def test_an_unknown_compression_of_an_empty_body_does_not_matter() -> None:
    async with answering(reply(200, b"", Content_Encoding="br")) as (service, _):
        await service.cancel("job")
    async with answering(reply(200, b"x", Content_Encoding="br")) as (service, _):
        with pytest.raises(base.Unreadable, match="unsupported compression"):
            await service.cancel("job")


async def test_a_large_response_is_parsed_in_another_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    threads = []

    def parse(body: bytes, hidden: Redactor) -> Any:
        threads.append(threading.current_thread())
        return response_body.parse(body, hidden)

    monkeypatch.setattr(http, "parse", parse)
    rows = [{"id": str(n), "status": "completed", "title": "é\u202e" * 200} for n in range(100)]
    for answer in (rows, rows[:1]):
        async with answering(reply(200, answer), limits=TransferLimits()) as (service, _):
            assert len(await service.songs("u")) == len(answer)
    assert [thread is threading.main_thread() for thread in threads] == [False, True]


@pytest.mark.parametrize("token", ["", "  ", "with\nbreak", "tökén"])
async def test_a_token_that_is_invalid_in_a_header_is_not_sent(token: str) -> None:
    async with raw_server(ACCEPTED) as raw:
        for given, kind in [(token, base.Unauthorized), (" user:2-new\n", None)]:
            service = RiffusionService(raw.url, Secret(given))
            with pytest.raises(kind, match="token is missing") if kind else contextlib.nullcontext():
                await service.create(request())
            await service.aclose()
        assert [sent.headers["authorization"] for sent in raw.received] == ["Bearer user:2-new"]


async def test_errors_and_logs_never_contain_the_token(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    reported = []
    answers = [ACCEPTED[:30], reply(401, {"error": "Unauthorized"}), reply(200, b"<"), reply(500, b""), b""]
    for answer in answers:
        async with answering(answer) as (service, _):
            with pytest.raises(base.ServiceError) as caught:
                await service.create(request())
        reported += traceback.format_exception(caught.value)
    reported.append(caplog.text)
    assert all(TOKEN not in text for text in reported)


async def test_secrets_quoted_by_a_service_are_hidden() -> None:
    quoted = f"Bearer {TOKEN[:9]}\x1b{TOKEN[9:]} is not known, nor is sid=canary-cookie"
    async with answering(reply(400, {"error": quoted})) as (service, _):
        with pytest.raises(base.BadRequest) as caught:
            await service.create(request())
        assert str(caught.value) == "Bearer … is not known, nor is sid=canary-cookie"
        with pytest.raises(base.BadRequest) as caught:
            await service.repair_account(Secret("sid=canary-cookie"), 3)
        assert str(caught.value) == "Bearer … is not known, nor is …"
        with pytest.raises(base.BadRequest) as caught:
            await service.create(request())
        assert str(caught.value) == "Bearer … is not known, nor is …", "cookies stay hidden in later responses"
    song = {"id": "1", "title": TOKEN, TOKEN: [quoted], "lyrics": f"x{TOKEN}y"}
    async with answering(reply(200, [song])) as (service, _):
        (found,) = await service.songs(None)
    assert TOKEN not in repr(found)
    assert "canary-cookie" in repr(found)


@pytest.mark.parametrize("between", ["\u200d", "\u200b", "\x00", "\u200c\u200f"])
@pytest.mark.parametrize("levels", [1, 2])
@pytest.mark.parametrize(("before", "after"), [("", ""), ("\ufeff", ""), ("\x00", "\u200b"), ("", "\x1b")])
async def test_a_secret_in_nested_json_strings_is_hidden(between: str, levels: int, before: str, after: str) -> None:
    inside = json.dumps({"prompt": f"x {between.join(TOKEN)} y"})
    for _ in range(levels - 1):
        inside = json.dumps({"more": inside})
    inside = before + inside + after
    async with answering(reply(200, [{"id": "1", "conditions": inside, "title": "{\\ no JSON"}])) as (service, _):
        (found,) = await service.songs(None)
    seen = repr(found.raw) + repr(found.plan) + found.prompt
    assert "x … y" in seen
    assert TOKEN not in "".join(mark for mark in seen if mark.isprintable() and mark not in "\u200c\u200d\u200e\u200f")
    assert "u200" not in seen


async def test_a_lone_surrogate_is_replaced_before_sending() -> None:
    async with answering(ACCEPTED) as (service, raw):
        await service.create(request("half \ud800 a character"))
    assert raw.received[0].json["prompt"] == "half ? a character"


async def test_received_text_is_cleaned() -> None:
    nasty = "a\x1b[31mb\x07\u202ec\r\nd\x9b"
    body = [{"id": nasty, "status": "x" + nasty, "title": nasty, "extra": {nasty: [nasty]}}]
    async with answering(reply(200, body)) as (service, _):
        (song,) = await service.songs(None)
    assert (song.remote_id, song.title, song.status) == ("abc d", "abc d", "xabc\nd")
    assert song.raw["extra"] == {"abc d": ["abc\nd"]}


async def test_cookies_are_not_stored() -> None:
    async with answering(reply(200, [], Set_Cookie="sid=1; Path=/")) as (service, raw):
        await service.scheduler()
        await service.scheduler()
    assert "cookie" not in raw.received[1].headers


async def test_a_proxy_is_used_only_for_other_machines(monkeypatch: pytest.MonkeyPatch) -> None:
    async with raw_server(reply(200, [])) as proxy:
        monkeypatch.setenv("HTTP_PROXY", proxy.url)
        monkeypatch.setenv("HTTPS_PROXY", proxy.url)
        monkeypatch.delenv("NO_PROXY", raising=False)
        monkeypatch.delenv("no_proxy", raising=False)
        async with answering(reply(200, [])) as (service, raw):
            await service.scheduler()
        assert len(raw.received) == 1
        assert not proxy.received
        proxy.answers = [reply(403, b"")]
        async with riffusion("https://api.example.com") as service:
            with pytest.raises(base.NotSent, match="proxy refused"):
                await service.create(request())
        assert proxy.received[0].method == "CONNECT"
        assert "authorization" not in proxy.received[0].headers


async def test_an_error_in_an_in_process_app_is_a_server_fault() -> None:
    async def app(scope: object, receive: object, send: object) -> None:
        raise RuntimeError("broken")

    async with riffusion(ADDRESS, transport=asgi_transport(app)) as service:
        with pytest.raises(base.ServerFault):
            await service.create(request())


async def test_an_unused_client_can_be_closed() -> None:
    async with riffusion("https://api.useapi.net", limits=QUICK):
        pass

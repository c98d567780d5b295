"""Downloads over a real socket: complete, resumed, cut off, redirected, too large, never with the token elsewhere."""

from __future__ import annotations

import asyncio
import gzip
import random
import zlib
from pathlib import Path
from typing import Any

import pytest

from riffusion_tui.services import base
from riffusion_tui.services.http import TransferLimits
from tests.services.kit import QUICK, TOKEN, riffusion
from tests.services.raw import Received, raw_server, reply

SONG = bytes(range(256)) * 800
TAG = '"v1"'
_DAMAGED = gzip.compress(random.Random(2).randbytes(99_000), mtime=0)[:-8] + bytes(8)
"""The checksum is wrong."""


def song(url: str = "", **fields: Any) -> base.RemoteSong:
    return base.RemoteSong("job-1", "acc-1", True, False, download_url=url, **fields)


def nothing(done: int, total: int | None) -> None: ...


async def get(
    api: str, to: Path, wanted: base.RemoteSong, format: str | None = None, limits: TransferLimits = QUICK
) -> None:
    async with riffusion(api, limits=limits) as service:
        await service.download(wanted, to, nothing, format)


async def test_a_download_is_complete(tmp_path: Path) -> None:
    seen: list[tuple[int, int | None]] = []
    async with raw_server(reply(200, SONG, Content_Type="audio/mpeg", ETag=TAG)) as raw, riffusion(raw.url) as service:
        await service.download(song(raw.url + "/a.mp3?sig=1"), tmp_path / "part", lambda *at: seen.append(at))
    assert (tmp_path / "part").read_bytes() == SONG
    assert not (tmp_path / "part.tag").exists()
    assert seen[-1] == (len(SONG), len(SONG))
    assert seen == sorted(seen)
    assert raw.received[0].target == "/a.mp3?sig=1"
    assert raw.received[0].headers["accept-encoding"] == "identity"


async def test_a_body_without_a_content_length_is_downloaded(tmp_path: Path) -> None:
    async with raw_server(reply(200, SONG, Content_Length="")) as raw:
        await get(raw.url, tmp_path / "part", song(raw.url + "/a.mp3"))
    assert (tmp_path / "part").read_bytes() == SONG


@pytest.mark.parametrize(
    ("url", "format", "path", "query"),
    [
        ("/a.mp3", None, "/a.mp3", {}),
        ("/a.m4a", None, "/a.m4a", {}),
        ("/a.MP3", "mp3", "/a.MP3", {}),
        ("/a.m4a", "mp3", "/v1/riffusion/music/download", {"download_format": "mp3"}),
        ("/a.mp3", "stems", "/v1/riffusion/music/download", {"download_format": "stems"}),
        ("", None, "/v1/riffusion/music/download", {"download_format": "mp3"}),
    ],
)
async def test_each_format_has_its_source(
    tmp_path: Path, url: str, format: str | None, path: str, query: dict[str, str]
) -> None:
    async with raw_server(reply(200, SONG)) as raw:
        await get(raw.url, tmp_path / "part", song(url and raw.url + url), format)
    assert raw.received[0].path == path
    if query:
        assert raw.received[0].query == {"id": "job-1", "user_id": "acc-1", **query}


async def test_the_token_is_only_sent_to_the_apis_origin(tmp_path: Path) -> None:
    async with raw_server(reply(200, SONG)) as store, raw_server(reply(302, b"", Location=store.url + "/x")) as api:
        await get(api.url, tmp_path / "1", song(store.url + "/direct.mp3"))
        await get(api.url, tmp_path / "2", song(api.url + "/redirected.mp3"))
        await get(api.url, tmp_path / "3", song(), "wav")
        assert [sent.headers.get("authorization") for sent in api.received] == [f"Bearer {TOKEN}"] * 2
        assert len(store.received) == 3
        assert all("authorization" not in sent.headers for sent in store.received)
        assert all(TOKEN not in str(sent) for sent in store.received)
    assert all((tmp_path / name).read_bytes() == SONG for name in "123")


async def test_a_link_instead_of_audio_is_followed_without_the_token(tmp_path: Path) -> None:
    async with raw_server(reply(200, SONG)) as store, raw_server(reply(200, {"url": store.url + "/x"})) as api:
        await get(api.url, tmp_path / "part", song(), "mp3")
    assert (tmp_path / "part").read_bytes() == SONG
    assert "authorization" not in store.received[0].headers


async def test_a_download_that_is_cut_off_is_resumed(tmp_path: Path) -> None:
    part = tmp_path / "part"
    cut = reply(200, SONG, ETag=TAG)[: -len(SONG) // 2]
    rest: list[bytes] = []

    async def handler(received: Received, writer: asyncio.StreamWriter) -> None:
        start = int(received.headers["range"].removeprefix("bytes=").removesuffix("-"))
        rest.append(SONG[start:])
        here = f"bytes {start}-{len(SONG) - 1}/{len(SONG)}"
        writer.write(reply(206, SONG[start:], Content_Range=here, ETag=TAG))

    async with raw_server(cut) as raw:
        with pytest.raises(base.Unanswered):
            await get(raw.url, part, song(raw.url + "/a.mp3?sig=1"))
        had = part.stat().st_size
        assert 0 < had < len(SONG)
        raw.handler = handler
        await get(raw.url, part, song(raw.url + "/a.mp3?sig=2"))
        assert raw.received[1].headers["if-range"] == TAG
    assert part.read_bytes() == SONG
    assert len(rest[0]) == len(SONG) - had
    assert not (tmp_path / "part.tag").exists()


def a_part(tmp_path: Path, source: str, size: int = 1000, version: str = TAG) -> Path:
    part = tmp_path / "part"
    part.write_bytes(SONG[:size])
    part.with_name("part.tag").write_text(f"{source}\n{version}")
    return part


@pytest.mark.parametrize(
    "first",
    [
        reply(200, SONG, ETag='"v2"'),
        reply(206, SONG[1000:], Content_Range="bytes 0-9/10"),
        reply(206, SONG[1000:], Content_Range="rubbish"),
        reply(206, SONG[1000:], Content_Range=f"bytes 1000-2000/{'9' * 5000}"),
        reply(206, SONG[1000:]),
        reply(416, b"", Content_Range=f"bytes */{len(SONG)}"),
        reply(416, b""),
    ],
)
async def test_a_rejected_range_restarts_the_download(tmp_path: Path, first: bytes) -> None:
    async with raw_server(first, reply(200, SONG)) as raw:
        part = a_part(tmp_path, "http://127.0.0.1/a.mp3 []")
        await get(raw.url, part, song(raw.url + "/a.mp3"))
        assert raw.received[0].headers["range"] == "bytes=1000-"
        assert all("range" not in sent.headers for sent in raw.received[1:])
    assert part.read_bytes() == SONG
    assert not part.with_name("part.tag").exists()


async def test_a_range_that_ends_early_keeps_the_partial_file(tmp_path: Path) -> None:
    some = reply(206, SONG[1000:2000], Content_Range=f"bytes 1000-1999/{len(SONG)}", ETag=TAG)
    async with raw_server(some) as raw:
        part = a_part(tmp_path, "http://127.0.0.1/a.mp3 []")
        with pytest.raises(base.Unanswered, match=f"2000 of {len(SONG)} bytes"):
            await get(raw.url, part, song(raw.url + "/a.mp3"))
    assert part.read_bytes() == SONG[:2000]
    assert part.with_name("part.tag").exists()


async def test_a_range_longer_than_announced_is_reported_and_starts_over(tmp_path: Path) -> None:
    more = reply(206, SONG[1000:5000], Content_Range=f"bytes 1000-1999/{len(SONG)}", ETag=TAG)
    async with raw_server(more, reply(200, SONG)) as raw:
        part = a_part(tmp_path, "http://127.0.0.1/a.mp3 []")
        with pytest.raises(base.Unreadable, match="more of the song than it announced: over 2000 bytes"):
            await get(raw.url, part, song(raw.url + "/a.mp3"))
        await get(raw.url, part, song(raw.url + "/a.mp3"))
        assert ["range" in sent.headers for sent in raw.received] == [True, False]
    assert part.read_bytes() == SONG


async def test_a_complete_partial_file_is_not_downloaded_again(tmp_path: Path) -> None:
    async with raw_server(reply(416, b"", Content_Range=f"bytes */{len(SONG)}")) as raw:
        part = a_part(tmp_path, "http://127.0.0.1/a.mp3 []", size=len(SONG))
        await get(raw.url, part, song(raw.url + "/a.mp3"))
        assert len(raw.received) == 1
    assert part.read_bytes() == SONG


async def test_a_206_that_has_all_of_the_file_is_accepted(tmp_path: Path) -> None:
    whole = reply(206, SONG, Content_Range=f"bytes 0-{len(SONG) - 1}/{len(SONG)}", ETag=TAG)
    async with raw_server(whole) as raw:
        await get(raw.url, tmp_path / "part", song(raw.url + "/a.mp3"))
        assert len(raw.received) == 1
        assert (tmp_path / "part").read_bytes() == SONG
        part = a_part(tmp_path, "http://127.0.0.1/a.mp3 []")
        await get(raw.url, part, song(raw.url + "/a.mp3"))
        assert ["range" in sent.headers for sent in raw.received[1:]] == [True, False]
    assert part.read_bytes() == SONG


@pytest.mark.parametrize(
    ("encoding", "body"),
    [
        ("gzip", gzip.compress(SONG)),
        (" X-GZip", gzip.compress(SONG[:500]) + gzip.compress(SONG[500:]) + bytes(512)),
        ("deflate", zlib.compress(SONG)),
        ("deflate", zlib.compress(SONG)[2:-4]),
    ],
)
@pytest.mark.parametrize("length", [True, False])
async def test_a_song_that_is_stored_compressed_is_decompressed(
    tmp_path: Path, encoding: str, body: bytes, length: bool
) -> None:
    seen: list[tuple[int, int | None]] = []
    headers = {"Content_Encoding": encoding, "ETag": TAG} | ({} if length else {"Content_Length": ""})
    async with raw_server(reply(200, body, **headers)) as raw, riffusion(raw.url) as service:
        await service.download(song(raw.url + "/a.mp3"), tmp_path / "part", lambda *at: seen.append(at))
    assert (tmp_path / "part").read_bytes() == SONG
    assert seen[-1] == (len(SONG), None), "the size when decompressed is unknown"


async def test_a_compressed_song_that_is_cut_off_starts_over(tmp_path: Path) -> None:
    noise = random.Random(1).randbytes(100_000)
    packed = gzip.compress(noise)
    cut = reply(200, packed, Content_Encoding="gzip", ETag=TAG)[: -len(packed) // 2]
    async with raw_server(cut, reply(200, packed, Content_Encoding="gzip", ETag=TAG)) as raw:
        part = tmp_path / "part"
        with pytest.raises(base.Unanswered):
            await get(raw.url, part, song(raw.url + "/a.mp3"))
        assert part.stat().st_size > 0
        await get(raw.url, part, song(raw.url + "/a.mp3"))
        assert "range" not in raw.received[1].headers
    assert part.read_bytes() == noise


async def test_a_compressed_range_does_not_continue_a_file_that_is_not(tmp_path: Path) -> None:
    span = f"bytes 1000-{len(SONG) - 1}/{len(SONG)}"
    some = reply(206, gzip.compress(SONG[1000:]), Content_Encoding="gzip", Content_Range=span, ETag=TAG)
    async with raw_server(some, reply(200, gzip.compress(SONG), Content_Encoding="gzip")) as raw:
        part = a_part(tmp_path, "http://127.0.0.1/a.mp3 []")
        await get(raw.url, part, song(raw.url + "/a.mp3"))
        assert ["range" in sent.headers for sent in raw.received] == [True, False]
    assert part.read_bytes() == SONG


async def test_a_partial_file_of_another_source_or_version_is_not_resumed(tmp_path: Path) -> None:
    async with raw_server(reply(200, SONG)) as raw:
        own = "http://127.0.0.1/a.mp3 []"
        for source, version in [("http://elsewhere/a.mp3 []", TAG), (own, ""), (own, '"é"'), (own, '"\t"')]:
            part = a_part(tmp_path, source, version=version)
            await get(raw.url, part, song(raw.url + "/a.mp3"))
            assert part.read_bytes() == SONG
        part = tmp_path / "part"
        part.with_name("part.tag").write_bytes(b"\xff\xfe")
        await get(raw.url, part, song(raw.url + "/a.mp3"))
        a_part(tmp_path, "http://127.0.0.1/a.mp3 []").unlink()
        await get(raw.url, part, song(raw.url + "/a.mp3"))
        assert all("range" not in sent.headers for sent in raw.received)


async def test_only_strong_etags_identify_a_version(tmp_path: Path) -> None:
    """A weak ETag means equivalent content, not identical bytes."""
    changed = "Mon, 17 Feb 2025 03:32:32 GMT"
    tags = ['W/"1"', '"é"', '"\t"', ""]
    dated = [({"ETag": tag, "Last_Modified": changed}, changed) for tag in tags]
    undated = [({"ETag": tag, "Last_Modified": "1 déc 2026"}, None) for tag in tags]
    for headers, kept in dated + undated:
        async with raw_server(reply(200, SONG, **headers)[:-100]) as raw:
            with pytest.raises(base.Unanswered):
                await get(raw.url, tmp_path / "part", song(raw.url + "/a.mp3"))
        tag = tmp_path / "part.tag"
        assert (tag.read_text().partition("\n")[2] if tag.exists() else None) == kept


@pytest.mark.parametrize(
    ("answer", "kind", "why"),
    [
        (reply(200, b""), base.Unreadable, "empty file"),
        (reply(200, b"<html>", Content_Type="text/html; charset=utf-8"), base.Unreadable, "web page"),
        (reply(200, b"x", Content_Encoding="br"), base.Unreadable, "can't be read: it has an unsupported compression"),
        (reply(200, b"x" * 9, Content_Encoding="gzip"), base.Unreadable, "can't be read: its compression is damaged"),
        (reply(200, _DAMAGED, Content_Encoding="gzip"), base.Unreadable, "can't be read: its compression is damaged"),
        (reply(200, gzip.compress(SONG)[:-9], Content_Encoding="gzip"), base.Unanswered, "interrupted after .* bytes"),
        (reply(200, gzip.compress(bytes(2**24)), Content_Encoding="gzip"), base.Unreadable, "larger than 1 MiB"),
        (reply(200, gzip.compress(b""), Content_Encoding="gzip"), base.Unreadable, "empty file"),
        (reply(206, SONG[:9], Content_Range=f"bytes 0-8/{len(SONG)}"), base.Unreadable, "only a part of the song"),
        (reply(206, SONG[9:], Content_Range=f"bytes 9-9/{len(SONG)}"), base.Unreadable, "only a part of the song"),
        (reply(206, SONG), base.Unreadable, "only a part of the song, although all of it was requested"),
        (reply(206, SONG, Content_Range="bytes 0-9/10"), base.Unreadable, "than it announced: over 10 bytes"),
        (reply(200, b"x" * 3, Content_Length=str(2**30)), base.Unreadable, "larger than 1 MiB"),
        (reply(200, b"x" * 2**21, Content_Length=""), base.Unreadable, "larger than 1 MiB"),
        (reply(200, {"status": "ok"}), base.Unreadable, "other than audio"),
        (reply(200, b"[", Content_Type="application/json"), base.Unreadable, "can't be read"),
        (reply(202, {"status": "pending"}), base.Conflict, "still being made"),
        (reply(204, b"", Content_Length=""), base.Unreadable, "other than audio"),
        (reply(302, b""), base.Unreadable, "redirects"),
        (reply(302, b"", Location="javascript:alert(1)"), base.Unreadable, "not safe"),
        (reply(302, b"", Location="file:///etc/passwd"), base.Unreadable, "not safe"),
        (reply(401, {"error": "Unauthorized"}), base.Unauthorized, "Unauthorized"),
        (reply(404, {"error": "No such song"}), base.NotFound, "No such song"),
        (reply(403, b"<xml>AccessDenied</xml>"), base.Unreadable, "403"),
        (reply(409, {"error": "Not completed", "code": 409}), base.Conflict, "Not completed"),
        (reply(410, b""), base.Expired, "expired"),
        (reply(429, {"detail": "Too Many Requests"}), base.UpstreamLimited, "Too Many"),
        (reply(500, b""), base.ServerFault, "an error"),
        (b"rubbish\r\n\r\n", base.Unanswered, "broke"),
        (b"", base.Unanswered, "broke"),
    ],
)
async def test_a_response_that_is_not_a_song_raises_its_own_error(
    tmp_path: Path, answer: bytes, kind: type, why: str
) -> None:
    async with raw_server(answer) as raw:
        with pytest.raises(base.ServiceError, match=why) as caught:
            await get(raw.url, tmp_path / "part", song(raw.url + "/a.mp3"))
    assert type(caught.value) is kind


async def test_a_redirect_loop_is_an_error(tmp_path: Path) -> None:
    async with raw_server(reply(302, b"", Location="/a.mp3")) as raw:
        with pytest.raises(base.Unreadable, match="too many redirects"):
            await get(raw.url, tmp_path / "part", song(raw.url + "/a.mp3"))
        assert len(raw.received) == 6


@pytest.mark.parametrize("address", ["http://[bad", "javascript:alert(1)", "http://xn--/a.mp3", "http://xn--a.b/"])
async def test_invalid_addresses_are_not_requested(tmp_path: Path, address: str) -> None:
    async with raw_server(reply(302, b"", Location=address)) as raw:
        with pytest.raises(base.Unreadable, match="The song's URL is"):
            await get(raw.url, tmp_path / "part", song(address))
        assert not raw.received
        with pytest.raises(base.Unreadable, match="The song's URL is"):
            await get(raw.url, tmp_path / "part", song(raw.url + "/a.mp3"))


async def test_a_download_that_takes_too_long_is_cancelled(tmp_path: Path) -> None:
    async def handler(received: Received, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        for _ in range(100):
            writer.write(b"x")
            await writer.drain()
            await asyncio.sleep(0.05)

    async with raw_server(handler=handler) as raw:
        with pytest.raises(base.Unanswered, match="too long"):
            await get(raw.url, tmp_path / "part", song(raw.url + "/a.mp3"), limits=TransferLimits(download_s=0.3))


async def test_a_refused_connection_means_nothing_was_sent(tmp_path: Path) -> None:
    async with raw_server(reply(200, SONG)) as raw:
        pass
    with pytest.raises(base.NotSent):
        await get(raw.url, tmp_path / "part", song(raw.url + "/a.mp3"))


async def test_the_unreachable_host_of_a_songs_url_is_named_and_is_not_the_service(tmp_path: Path) -> None:
    async with raw_server() as raw:
        gone = raw.url
    async with raw_server(reply(302, b"", Location=f"{gone}/a.mp3")) as api:
        for url in (f"{gone}/a.mp3", f"{api.url}/a.mp3"):
            with pytest.raises(base.AddressUnreachable, match=f"No connection to {gone[7:]}"):
                await get(api.url, tmp_path / "part", song(url))


async def test_a_file_that_cannot_be_written_is_an_error(tmp_path: Path) -> None:
    async with raw_server(reply(200, SONG)) as raw:
        with pytest.raises(OSError, match="No such file"):
            await get(raw.url, tmp_path / "gone" / "part", song(raw.url + "/a.mp3"))
        victim = tmp_path / "victim"
        victim.write_text("mine")
        (tmp_path / "part").symlink_to(victim)
        with pytest.raises(OSError, match="symbolic"):
            await get(raw.url, tmp_path / "part", song(raw.url + "/a.mp3"))
        assert victim.read_text() == "mine"


async def test_relative_redirects_are_followed(tmp_path: Path) -> None:
    async with raw_server(reply(301, b"", Location="b"), reply(307, b"", Location="/c"), reply(200, SONG)) as raw:
        await get(raw.url, tmp_path / "part", song(raw.url + "/x/a.mp3"))
        assert [sent.path for sent in raw.received] == ["/x/a.mp3", "/x/b", "/c"]


async def test_a_slow_download_is_cancelled_and_resumed_later(tmp_path: Path) -> None:
    async def drip(request: Received, writer: asyncio.StreamWriter) -> None:
        if "range" in request.headers:
            span = f"bytes {request.headers['range'][6:]}{len(SONG) - 1}/{len(SONG)}"
            rest = SONG[int(request.headers["range"][6:-1]) :]
            writer.write(reply(206, rest, ETag=TAG, Content_Range=span))
            return
        writer.write(reply(200, b"", ETag=TAG, Content_Length=str(len(SONG))))
        for at in range(0, 300, 10):
            writer.write(SONG[at : at + 10])
            await writer.drain()
            await asyncio.sleep(0.05)

    limits = TransferLimits(connect_s=2, silence_s=2, download_s=30, least_rate=2048, rate_s=0.3)
    began = asyncio.get_running_loop().time()
    async with raw_server(handler=drip) as raw:
        with pytest.raises(base.Unanswered, match="too slow"):
            await get(raw.url, tmp_path / "part", song(raw.url + "/a.mp3"), limits=limits)
        assert asyncio.get_running_loop().time() - began < 2
        assert 0 < (tmp_path / "part").stat().st_size < 1000
        await get(raw.url, tmp_path / "part", song(raw.url + "/a.mp3"), limits=limits)
    assert (tmp_path / "part").read_bytes() == SONG
    slow = TransferLimits(connect_s=2, silence_s=2, download_s=30, least_rate=1, rate_s=0.1)
    async with raw_server(handler=drip) as raw:
        with pytest.raises(base.Unanswered, match="connection broke"):
            await get(raw.url, tmp_path / "other", song(raw.url + "/a.mp3"), limits=slow)

"""A service's own messages reach the user, cleaned: refusals with a 200, plain text, a proxy's page."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from riffusion_tui.services import base
from tests.services.kit import TOKEN, answering, request
from tests.services.raw import reply
from tests.services.test_download import nothing, song

TOO_LARGE = b"<html><head><title>413 Request Entity Too Large</title></head></html>"


@pytest.mark.parametrize(
    ("body", "kind", "words"),
    [
        ({"error": "Insufficient credits"}, base.NoCredits, "Insufficient credits"),
        ({"error": "Account a is busy executing 6 jobs", "code": 429}, base.AccountBusy, "is busy executing 6"),
        ({"error": "Prompt is empty"}, base.BadRequest, "Prompt is empty"),
        ({"detail": "No\x1b[31m way"}, base.BadRequest, "No way|31m way"),
        ({"is_flagged": True}, base.Refused, "service refused the prompt"),
        ({"is_flagged": True, "reason": "artist name"}, base.Refused, "artist name"),
        ({"message": "queued"}, base.Unanswered, "returned no job id"),
        ({"code": 500}, base.Unanswered, "returned no job id"),
    ],
)
async def test_an_error_body_with_status_200_is_a_refusal(body: Any, kind: type, words: str) -> None:
    async with answering(reply(200, body)) as (service, _):
        with pytest.raises(kind, match=words):
            await service.create(request())


@pytest.mark.parametrize(
    ("status", "body", "content", "kind", "words"),
    [
        (
            400,
            b"Prompt too\x1b long, " + TOKEN.encode(),
            "text/plain; charset=utf-8",
            base.BadRequest,
            "^Prompt too long, …$",
        ),
        (403, b"RBAC: access denied", "text/plain", base.Unreadable, 'it says "RBAC: access denied"'),
        (404, b"404 page not found", "text/plain", base.Unreadable, "404 page not found"),
        (413, TOO_LARGE, "text/html", base.BadRequest, "Shorten the prompt"),
        (405, b'{"detail": "Method Not Allowed"}', "application/json", base.Unreadable, "Method Not Allowed"),
        (403, b"<!doctype html><TITLE>Sign in</TITLE>", "text/html", base.Unreadable, r'web page \("Sign in"\)'),
        (403, b"<html>", "text/html", base.Unreadable, "it is a web page"),
        (403, b"\r\n<html><title>Blocked</title>", "text/plain", base.Unreadable, r'web page \("Blocked"\)'),
        (418, b"\xff\xfe", "text/plain", base.BadRequest, "."),
    ],
)
async def test_the_message_of_an_error_that_is_not_json_is_shown(
    status: int, body: bytes, content: str, kind: type, words: str
) -> None:
    async with answering(reply(status, body, Content_Type=content)) as (service, _):
        with pytest.raises(kind, match=words):
            await service.create(request())


@pytest.mark.parametrize(
    ("location", "words"),
    [
        ("https://new.example/v2?token=x", r"redirects to https://new.example/v2 \(status 301\). Enter that"),
        ("file:///etc/passwd", r"redirects to file:///etc/passwd \(status 301\).$"),
    ],
)
async def test_a_redirect_error_names_its_target(location: str, words: str) -> None:
    async with answering(reply(301, b"", Location=location)) as (service, _):
        with pytest.raises(base.Unreadable, match=words):
            await service.create(request())


async def test_a_song_without_a_download_is_not_found(tmp_path: Path) -> None:
    async with answering(reply(404, {"error": "No such file"})) as (service, _):
        with pytest.raises(base.NotFound, match=r"audio can't be downloaded: Not found at the service: No such file"):
            await service.download(song(), tmp_path / "part", nothing)
        with pytest.raises(base.NotFound, match=r"^Not found at the service: No such file"):
            await service.download(song(), tmp_path / "part", nothing, "wav")


@pytest.mark.parametrize(
    "answer",
    [
        reply(403, b"<?xml version='1.0'?><Error><Code>AccessDenied</Code></Error>", Content_Type="application/xml"),
        reply(401, {"error": "expired"}),
        reply(404, {"error": "not there yet"}),
        reply(410),
        reply(400, {"error": "ExpiredToken"}),
        reply(200, b"<html>gone</html>", Content_Type="text/html"),
    ],
)
async def test_the_error_for_an_expired_url_blames_neither_token_nor_song(tmp_path: Path, answer: bytes) -> None:
    async with answering(answer) as (files, _), answering(reply(200)) as (service, _):
        elsewhere = str(files._api.base.join("/a.mp3")).replace("127.0.0.1", "localhost")
        with pytest.raises(base.AddressGone, match="returns no audio"):
            await service.download(song(elsewhere), tmp_path / "part", nothing)

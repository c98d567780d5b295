"""`curl` prints a command that sends the same request as the client."""

from __future__ import annotations

import json
import shlex
from typing import Any

import pytest

from riffusion_tui.cli.curl import curl_of
from riffusion_tui.jobs.model import Job, Options
from riffusion_tui.jobs.status import Status
from riffusion_tui.services.base import CreateRequest
from riffusion_tui.services.flowmusic import fields as flowmusic_fields
from riffusion_tui.services.riffusion import fields as riffusion_fields

PROMPT = 'a song about "it\'s" $HOME `id` \\ \n日本'


def job(service: str, **options: Any) -> Job:
    return Job(1, "rt-made-up", PROMPT, Options(**options), service, Status.DONE, "b")


def read(command: str) -> tuple[str, list[str], dict[str, Any]]:
    """Return the address, the headers and the body, as a shell splits the line."""
    words = shlex.split(command)
    assert words[:3] == ["curl", "-X", "POST"]
    headers = [words[at + 1] for at, word in enumerate(words) if word == "-H"]
    return words[3], headers, json.loads(words[words.index("-d") + 1])


@pytest.mark.parametrize("service", ["riffusion", "flowmusic"])
@pytest.mark.parametrize(
    "options",
    [
        {},
        {"instrumental": True, "account": "me@example.com"},
        {"lyrics": "la la\n'la'", "title": "La"},
        {"reply_url": "https://example.com/?a=1&b=2", "reply_ref": "mine", "max_jobs": 2},
        {"extra": (("ghostwriter", "pro"), ("lyrics_strength", "40"))},
    ],
)
def test_curl_sends_the_same_request_as_the_client(service: str, options: dict[str, Any]) -> None:
    one = job(service, **options)
    url, headers, body = read(curl_of(one, service, "https://api.useapi.net"))
    request = CreateRequest(one.prompt, one.options, one.options.reply_ref or "", one.options.account)
    if service == "flowmusic":
        path, fields = "music", flowmusic_fields.creation(request)
        assert body["mode"] == "async"
    else:
        path, fields = riffusion_fields.creation(request)
    assert url == f"https://api.useapi.net/v1/{service}/{path}"
    assert body == {name: value for name, value in fields.items() if value not in (None, "")}
    assert (body["prompt"] if "prompt" in body else body["prompt_1"]) == PROMPT
    assert body.get("replyRef") == options.get("reply_ref"), (
        "with the job's reference, the song would look like this job's"
    )
    assert headers == ["Authorization: Bearer $RIFFUSION_TUI_TOKEN", "Content-Type: application/json"]


def test_the_address_may_include_the_api_path() -> None:
    for address in ("https://x.example/v1/flowmusic/", "https://x.example/v1", "https://x.example"):
        assert read(curl_of(job("flowmusic"), "flowmusic", address))[0] == "https://x.example/v1/flowmusic/music"


def test_a_request_that_would_be_refused_has_no_command() -> None:
    assert curl_of(job("flowmusic", operation="cover", source="x"), "flowmusic", "https://x.example") == ""
    assert curl_of(job("flowmusic", lyrics="l" * 10_001), "flowmusic", "https://x.example") == ""
    assert curl_of(job("riffusion"), "riffusion", "nowhere") == ""

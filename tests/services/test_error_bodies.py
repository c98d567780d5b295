"""A body that is no list or map as documented is unreadable, whatever the status says; no message has a secret."""

from __future__ import annotations

import html
from base64 import b64encode
from typing import Any
from urllib.parse import quote, unquote

import pytest

from riffusion_tui.secret import Secret
from riffusion_tui.services import base
from riffusion_tui.services.flowmusic import records as flow_records
from riffusion_tui.services.flowmusic.client import FlowMusicService
from riffusion_tui.services.riffusion import records
from tests.services.kit import QUICK, TOKEN, answering, request
from tests.services.raw import reply

BODIES = [{"error": "Down for maintenance"}, {"message": "Down for maintenance", "code": 200}, {"status": "ok"}]


@pytest.mark.parametrize("body", BODIES)
async def test_an_error_is_no_empty_list_of_accounts_or_jobs(body: dict[str, Any]) -> None:
    said = "Down for maintenance" if "status" not in body else "an object with status"
    async with answering(reply(200, body)) as (riffusion, raw):
        flow = FlowMusicService(raw.url, Secret(TOKEN), limits=QUICK)
        for call in (riffusion.accounts, riffusion.workload, riffusion.scheduler, flow.accounts, flow.workload):
            with pytest.raises(base.Unreadable, match=said):
                await call()
        await flow.aclose()


@pytest.mark.parametrize("body", BODIES)
def test_an_error_is_no_empty_list_of_flow_musics_jobs(body: dict[str, Any]) -> None:
    with pytest.raises(
        base.Unreadable, match="instead of its running jobs"
    ):  # the client also asks for accounts, which fails
        flow_records.running(body)


async def test_no_accounts_and_no_jobs_are_none() -> None:
    async with answering(reply(200, {})) as (riffusion, raw):
        flow = FlowMusicService(raw.url, Secret(TOKEN), limits=QUICK)
        assert await riffusion.accounts() == await flow.accounts() == ()
        assert (await flow.workload()).running == ()
        await flow.aclose()


def test_a_workload_without_one_of_its_lists_is_read() -> None:
    slots = [{"user_id": "u", "maxJobs": 2, "executing": 1, "available": 1}]
    running = [{"job_id": "j", "user_id": "u"}]
    assert [one.account for one in records.workload({"available": slots}).capacity] == ["u"]
    assert [one.remote_id for one in records.workload({"executing": running, "available": None}).running] == ["j"]


@pytest.mark.parametrize("jobs", [[], [{}], None, "none"])
async def test_the_job_id_counts_beside_a_list_without_ids(jobs: Any) -> None:
    async with answering(reply(200, {"job_id": "j", "jobs": jobs})) as (service, _raw):
        assert (await service.create(request())).remote_ids == ("j",)


@pytest.mark.parametrize(
    ("status", "body", "headers"),
    [
        (302, b"", {"Location": f"http://127.0.0.1:9/login/{TOKEN}/x"}),
        (302, b"", {"Location": "http://127.0.0.1:9/login/" + quote(quote(TOKEN, safe=""))}),
        *((400, b"x" * (501 - length) + TOKEN.encode(), {"Content-Type": "text/plain"}) for length in (9, len(TOKEN))),
        (400, f"<title>{'x' * (201 - len(TOKEN))}{TOKEN}</title>".encode(), {"Content-Type": "text/html"}),
        (400, f"<title>{'x' * 4080}{TOKEN}</title>".encode(), {"Content-Type": "text/html"}),
        *((400, {"error": f"bad {TOKEN[:at]}\n{TOKEN[at:]}"}, {}) for at in (4, 10, 15)),
        (400, {"error": "bad auth=" + quote(TOKEN, safe="")}, {}),
        (400, {"error": "bad " + TOKEN.replace(":", "&#58;")}, {}),
        (400, {"error": 'Upstream said {"auth":"Bearer ' + TOKEN.replace(":", "\\u003a") + '"}'}, {}),
        (400, {"error": "bad basic " + b64encode(TOKEN.encode()).decode()}, {}),
        (400, {"error": "Invalid token " + TOKEN.removeprefix("user:")}, {}),
        (200, {"x" * (201 - len(TOKEN)) + TOKEN: "a"}, {}),
    ],
)
async def test_no_part_of_a_secret_is_quoted(status: int, body: Any, headers: dict[str, str]) -> None:
    async with answering(reply(status, body, **headers)) as (service, _):
        with pytest.raises(base.ServiceError) as caught:
            await service.accounts()
    shown = unquote(unquote(html.unescape(str(caught.value)))).replace("\\u003a", ":").replace(" ", "")
    secret = TOKEN.removeprefix("user:1234-")
    assert not any(secret[start : start + 4] in shown for start in range(len(secret) - 3))
    assert b64encode(TOKEN.encode()).decode() not in shown


@pytest.mark.parametrize("read", [flow_records.accounts, records.accounts])
@pytest.mark.parametrize("broken", [0, 1, 2])
def test_a_working_record_of_an_account_counts_if_there_are_several(read: Any, broken: int) -> None:
    entries = [{"email": "a@b.c", "user_id": "a@b.c", "maxJobs": 4}] * 2
    entries.insert(broken, {"email": "a@b.c", "user_id": "a@b.c", "error": "dead"})
    (found,) = read({f"key {number}": entry for number, entry in enumerate(entries)})
    assert (found.user_id, found.max_jobs, found.error) == ("a@b.c", 4, "")

"""The Flow Music client against a server that implements the vendor's documentation, over real sockets."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from riffusion_tui.services import base
from riffusion_tui.services.base import CreateRequest, PolledJob
from tests.flowmusic_server import TOKEN, FlowAccount, flowmusic_server
from tests.services.flow import ANN, BOB, both, client, made
from tests.services.kit import request


async def test_a_prompt_gives_a_pair_of_songs() -> None:
    async with both(song_s=60) as (service, server):
        accepted = await service.create(request("lo-fi hip hop", account=BOB))
        (remote_id,) = accepted.remote_ids
        assert accepted.account == BOB
        polled = await service.poll([PolledJob(remote_id, BOB)])
        assert [(song.finished, song.failed) for song in polled.songs] == [(False, False)]
        server.finish()
        (song,) = (await service.poll([PolledJob(remote_id, BOB)])).songs
        (other,) = song.siblings
        assert (song.remote_id, song.finished, song.account) == (remote_id, True, BOB)
        assert other.remote_id not in ("", remote_id)
        assert song.ref == other.ref == "ref-1"
        assert song.prompt == "lo-fi hip hop"
        assert song.timed_lyrics == ((0.5, "far away"), (1.0, "so far away"))
        assert song.plan == {"seed": 7}
        again = await service.song(BOB, other.remote_id)
        assert again is not None
        assert (again.remote_id, again.raw) == (other.remote_id, other.raw)
        assert server.created == [
            {"prompt": "lo-fi hip hop", "email": BOB, "instrumental": False, "mode": "async", "replyRef": "ref-1"}
        ]
        assert "%3A" in server.calls("GET /v1/flowmusic/jobs/")[0]
        assert "%40" in server.calls("GET /v1/flowmusic/jobs/")[0]
        assert ":" not in server.calls("GET /v1/flowmusic/jobs/")[0].partition("/jobs/")[2]


async def test_only_supported_fields_are_sent_with_a_create() -> None:
    async with both() as (service, server):
        requested = request(
            "p",
            lyrics="la",
            seed=3,
            title="T",
            max_jobs=3,
            reply_url="https://example.com/h",
            extra=(("ghostwriter", "pro"), ("refImage1", "x"), ("other", "y")),
        )
        await service.create(requested)
        assert server.created[0] == {
            "prompt": "p",
            "instrumental": False,
            "lyrics": "la",
            "ghostwriter": "pro",
            "refImage1": "x",
            "mode": "async",
            "replyUrl": "https://example.com/h",
            "replyRef": "ref-1",
        }
        await service.create(request("p", lyrics="la", instrumental=True, model="lyria-3.5"))
        assert server.created[1]["instrumental"] is True
        assert server.created[1]["model"] == "lyria-3.5"
        assert "lyrics" not in server.created[1]


async def test_polling_costs_one_call_plus_one_per_finished_job() -> None:
    async with both(song_s=60) as (service, server):
        ids = [(await service.create(request(f"song {n}", account=(ANN, BOB)[n % 2]))).remote_ids[0] for n in range(5)]
        jobs = [PolledJob(remote_id) for remote_id in ids]
        server.seen.clear()
        polled = await service.poll(jobs)
        assert len(polled.songs) == 5
        assert server.calls("GET") == ["GET /v1/flowmusic/jobs"]
        assert polled.songs[0].created_at is not None
        server.finish()
        polled = await service.poll(jobs)
        assert polled.troubles == ()
        assert sorted(song.remote_id for song in polled.songs) == sorted(ids)
        assert all(song.finished and len(song.siblings) == 1 for song in polled.songs)
        assert len(server.calls("GET")) == 1 + 1 + 5


async def test_a_poll_reports_refused_cancelled_and_lost_jobs() -> None:
    async with both() as (service, server):
        refused = (await service.create(request("later-forbidden"))).remote_ids[0]
        cancelled = (await service.create(request("x"))).remote_ids[0]
        server.jobs[cancelled].cancelled = True
        polled = await service.poll([PolledJob(refused), PolledJob(cancelled), PolledJob("job:gone", ANN)])
        by_id = {song.remote_id: song for song in polled.songs}
        assert (by_id[refused].failed, by_id[refused].flagged) == (True, True)
        assert by_id[refused].error == "The model declined to generate audio"
        assert (by_id[cancelled].failed, by_id[cancelled].flagged) == (True, False)
        assert [(lost, type(error)) for lost, error in polled.lost] == [("job:gone", base.NotFound)]
        for status, kind in ((403, base.Forbidden), (410, base.Expired)):
            server.fail("job", status, {"error": "no", "code": status})
            polled = await service.poll([PolledJob(refused)])
            assert [(lost, type(error)) for lost, error in polled.lost] == [(refused, kind)]


async def test_a_failed_poll_names_the_account_that_caused_it() -> None:
    async with both() as (service, server):
        first, second = [(await service.create(request(name))).remote_ids[0] for name in "ab"]
        jobs = [PolledJob(first, ANN), PolledJob(second, ANN)]
        server.fail("job", 596, {"error": f"Account {BOB} in error state: refresh token rejected"}, times=2)
        polled = await service.poll(jobs)
        assert [(account, type(error)) for account, error in polled.troubles] == [(BOB, base.AccountBroken)]
        server.fail("job", 596, {"error": "broken"})
        server.fail("job", 500)
        polled = await service.poll(jobs)
        assert sorted((account, type(error).__name__) for account, error in polled.troubles) == [
            (ANN, "AccountBroken"),
            (ANN, "ServerFault"),
        ]
        server.fail("jobs", 500)
        polled = await service.poll(jobs)
        assert [(account, type(error)) for account, error in polled.troubles] == [(None, base.ServerFault)]
        server.drop("job")
        polled = await service.poll(jobs[:1])
        assert [(account, type(error)) for account, error in polled.troubles] == [(None, base.Unanswered)]
    async with flowmusic_server() as server, client(server, "user:1-wrong") as service:
        polled = await service.poll(jobs)
        assert [(account, type(error)) for account, error in polled.troubles] == [(None, base.Unauthorized)]


@pytest.mark.parametrize(
    ("status", "body", "kind", "account"),
    [
        (400, {"error": "Parameter prompt is required", "code": 400}, base.BadRequest, None),
        (401, {"error": "Unauthorized", "code": 401}, base.Unauthorized, None),
        (402, {"error": "insufficient credits", "code": 402}, base.NoCredits, None),
        (412, {"error": "no subscription", "code": 412}, base.NoCredits, None),
        (403, {"error": "not yours", "code": 403}, base.Forbidden, None),
        (422, {"error": "declined", "code": 422}, base.Refused, None),
        (429, {"error": f"Account {BOB} is busy", "code": 429}, base.AccountBusy, BOB),
        (429, {"error": "busy", "code": 429}, base.AccountBusy, ANN),
        (429, {"error": "Too many requests", "code": 429}, base.UpstreamLimited, None),
        (500, b"", base.ServerFault, None),
        (502, b"<html>", base.ServerFault, None),
        (596, {"error": f"Account {BOB} in error state: x", "code": 596}, base.AccountBroken, BOB),
        (200, b"<html>", base.Unanswered, None),
        (201, {"status": "pending"}, base.Unanswered, None),
        (404, b"<html>", base.Unreadable, None),
    ],
)
async def test_each_refusal_raises_its_own_type(status: int, body: Any, kind: type, account: str | None) -> None:
    async with both() as (service, server):
        server.fail("create", status, body, {"Retry-After": "17"})
        with pytest.raises(base.ServiceError) as caught:
            await service.create(request("p", account=ANN))
        assert type(caught.value) is kind
        assert getattr(caught.value, "account", None) == account
        if status == 429:
            assert caught.value.retry_after_s == 17
        assert server.created == []


async def test_the_stand_in_refuses_as_documented() -> None:
    async with both(FlowAccount(ANN, max_jobs=1), FlowAccount(BOB, error="refresh token rejected"), song_s=5) as (
        service,
        server,
    ):
        with pytest.raises(base.AccountBroken) as broken:
            await service.create(request("p", account=BOB))
        assert broken.value.account == BOB
        with pytest.raises(base.Refused, match="declined"):
            await service.create(request("forbidden", account=ANN))
        await service.create(request("p", account=ANN))
        with pytest.raises(base.AccountBusy) as busy:
            await service.create(request("p", account=ANN))
        assert (busy.value.account, busy.value.retry_after_s) == (ANN, 10)
        server.accounts[ANN].max_jobs, server.accounts[ANN].credits = 2, 0
        with pytest.raises(base.NoCredits):
            await service.create(request("p", account=ANN))


async def test_a_dropped_response_is_settled_by_the_running_jobs() -> None:
    async with both(song_s=5) as (service, server):
        server.drop("create")
        with pytest.raises(base.Unanswered):
            await service.create(request("p", account=ANN))
        assert len(server.created) == 1
        accepted = await service.create(CreateRequest("q", request().options, "ref-2", ANN))
        server.seen.clear()
        workload = await service.workload()
        assert {job.ref: job.account for job in workload.running} == {"ref-1": ANN, "ref-2": ANN}
        assert len(server.calls("GET /v1/flowmusic/jobs/")) == 1, "only unknown jobs are requested"
        assert workload.capacity == (base.Capacity(ANN, 3, 2), base.Capacity(BOB, 3, 0))
        server.seen.clear()
        await service.workload()
        assert server.calls("GET") == ["GET /v1/flowmusic/jobs"], "accounts and references are cached"
        await service.cancel(accepted.remote_ids[0])
        assert len((await service.workload()).running) == 1


async def test_failed_lookups_are_retried() -> None:
    async with both(song_s=5) as (_, server):
        async with client(server) as other:
            await other.create(request("p"))
        async with client(server) as service:
            server.fail("job", 500)
            assert [job.ref for job in (await service.workload()).running] == [None]
            assert [job.ref for job in (await service.workload()).running] == ["ref-1"]
        async with client(server) as service:
            server.fail("job", 401, {"error": "Unauthorized"})
            with pytest.raises(base.Unauthorized):
                await service.workload()
        async with client(server) as service:
            server.fail("job", 404, {"error": "gone"})
            assert [job.ref for job in (await service.workload()).running] == [None]


async def test_every_create_sends_one_request() -> None:
    """A create is sent once, whatever the response."""
    for status in (200, 429, 500, 596):
        async with both() as (service, server):
            server.fail("create", status)
            with pytest.raises(base.ServiceError):
                await service.create(request("p"))
            assert len(server.calls("POST")) == 1


async def test_downloads_send_the_token_only_to_the_api(tmp_path: Path) -> None:
    async with both() as (service, server):
        song = await made(service, "p", account=ANN)
        server.seen.clear()
        kinds = {None: b"ftyp", "m4a": b"ftyp", "wav": b"RIFF"}
        for format, magic in kinds.items():
            to = tmp_path / f"song.{format}"
            await service.download(song, to, lambda done, total: None, format)
            assert magic in to.read_bytes()[:8]
        await service.download(song.siblings[0], tmp_path / "b.mp3", lambda done, total: None, "mp3")
        assert (tmp_path / "b.mp3").read_bytes()[:1] in (b"\xff", b"I")
        public = [sent for origin, _, sent in server.seen if origin == "files"]
        assert public == ["", "", ""]
        assert [sent for origin, _, sent in server.seen if origin == "api"] == [f"Bearer {TOKEN}"]
        with pytest.raises(base.NotFound, match="as stems"):
            await service.download(song, tmp_path / "x", lambda done, total: None, "stems")


async def test_a_song_is_found_in_the_list_when_its_job_is_gone(tmp_path: Path) -> None:
    async with both() as (service, server):
        song = await made(service, "p", account=ANN)
        for n in range(60):
            server.make(server.accounts[ANN], {"prompt": f"p{n}"})
        server.fail("job", 410, {"error": "expired", "code": 410})
        with pytest.raises(base.Expired):
            await service.song(ANN, song.remote_id)
        server.fail("job", 404, {"error": "gone"}, times=2)
        assert await service.song(ANN, song.remote_id) is None
        second = await service.song(ANN, song.siblings[0].remote_id)
        assert second is not None
        assert (second.remote_id, second.title) == (song.siblings[0].remote_id, song.siblings[0].title)
        await service.download(second, tmp_path / "a", lambda done, total: None)
        assert (tmp_path / "a").stat().st_size > 100, "without URLs it is downloaded as MP3"
        clip = song.raw["clip"]
        alone = await service.song(None, clip)
        assert alone is not None
        assert (alone.remote_id, alone.account, alone.finished) == (clip, ANN, True)
        assert await service.song(ANN, f"user:1-{ANN}-clip:none") is None
        await service.cancel(clip)
        assert not server.calls("DELETE")
        for n in range(200):
            server.make(server.accounts[ANN], {"prompt": f"p{n}"})
        server.seen.clear()
        assert await service.song(None, clip) is None, "the search stops before it"
        assert len(server.calls("GET")) == 5

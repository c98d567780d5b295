"""Another implementation of the same contract: missing, null and extra fields, numbers as text.

Fields are read if their meaning is clear; responses are sent over a real socket.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from riffusion_tui.secret import Secret
from riffusion_tui.services import base
from riffusion_tui.services.base import PolledJob
from tests.flowmusic_server import TOKEN, flowmusic_server
from tests.services.flow import ANN, BOB, both, made
from tests.services.kit import request

JOB = f"job:1-user:7-{ANN}-bot:flowmusic"
"""A job's id as the page shows it: it names its account."""
RECORD = {"jobid": JOB, "email": ANN, "status": "pending", "created_at": "2026-07-01T10:00:00Z"}


@pytest.mark.parametrize(
    "body",
    [
        {ANN: {"running": 1, "maxJobs": 3, "jobs": [RECORD]}},
        {ANN: {"running": "1", "maxJobs": "3", "jobs": [RECORD, {"jobid": "done", "status": "COMPLETED"}]}},
        {ANN: {"jobs": [{"jobid": JOB}], "further": {"x": None}}, BOB: {"jobs": None}},
        {ANN: [RECORD], BOB: []},
        [RECORD],
        [{"jobid": JOB, "status": None, "email": None}],
        {"jobs": [RECORD, {"jobid": None}, None], "total": 1},
        {"running": [RECORD]},
        {JOB: RECORD},
        [{"id": JOB, "status": "running"}, {"id": "x", "status": "failed"}],
    ],
)
async def test_running_jobs_are_read_from_any_shape_of_list(body: Any) -> None:
    async with both() as (service, server):
        server.fail("jobs", 200, body)
        server.fail("job", 404, {"error": "no"})
        workload = await service.workload()
        assert [(job.remote_id, job.account) for job in workload.running] == [(JOB, ANN)]
        assert [(one.account, one.executing, one.max_jobs) for one in workload.capacity] == [(ANN, 1, 3), (BOB, 0, 3)]


@pytest.mark.no_cover
@pytest.mark.parametrize("body", [None, {}, [], {"jobs": []}, {"jobs": None}, {ANN: None}, {ANN: {"running": 0}}])
async def test_an_empty_list_of_jobs_is_read_in_any_shape(body: Any) -> None:
    async with both() as (service, server):
        server.fail("jobs", 200, body)
        workload = await service.workload()
        assert workload.running == ()
        assert [(one.account, one.executing) for one in workload.capacity] == [(ANN, 0), (BOB, 0)]


async def test_a_reference_in_the_list_needs_no_further_call() -> None:
    async with both() as (service, server):
        server.fail("jobs", 200, [RECORD | {"request": {"replyRef": "mine"}}])
        assert [job.ref for job in (await service.workload()).running] == ["mine"]
        assert not server.calls("GET /v1/flowmusic/jobs/")


CLIP = {"clip": "c1", "audio_url": "https://files.example/1.m4a"}


@pytest.mark.parametrize(
    ("record", "finished", "failed", "clips"),
    [
        ({"status": "completed", "clips": [CLIP]}, True, False, 1),
        ({"status": "Succeeded", "clips": [CLIP, {"clip_id": 12}]}, True, False, 2),
        ({"status": "done", "clips": [{"audio_url": "https://files.example/1.m4a"}] * 2}, True, False, 2),
        ({"clips": [CLIP], "error": None}, True, False, 1),
        ({"clips": [CLIP] * 3}, True, False, 1),
        ({"clips": [CLIP, {"clip": "c2", "audio_url": "x"}, CLIP]}, True, False, 2),
        ({"status": "completed", "clips": [CLIP, None, {}, {"title": "no more of it"}]}, True, False, 1),
        ({"status": "completed", "clips": None}, False, True, 0),
        ({"status": "canceled"}, False, True, 0),
        ({"error": {"message": "it broke"}}, False, True, 0),
        ({"status": "pending", "clips": None, "error": None}, False, False, 0),
        ({"status": "queued"}, False, False, 0),
        ({}, False, False, 0),
    ],
)
async def test_a_jobs_status_is_read_from_any_record(
    record: dict[str, Any], finished: bool, failed: bool, clips: int
) -> None:
    async with both() as (service, server):
        server.fail("job", 200, {"jobid": JOB, **record})
        (song,) = (await service.poll([PolledJob(JOB)])).songs
        assert (song.remote_id, song.account, song.finished, song.failed) == (JOB, ANN, finished, failed)
        ids = [one.remote_id for one in (song, *song.siblings)]
        assert len(ids) == len(set(ids)) == max(1, clips), "every song has its own id"
        server.fail("job", 200, {"jobid": JOB, **record})
        if clips > 1:
            again = await service.song(ANN, ids[1])
            assert again is not None
            assert again.remote_id == ids[1]


@pytest.mark.parametrize("clip", ["", " c1"])
async def test_the_song_of_another_job_is_not_taken(clip: str) -> None:
    other = RECORD | {"jobid": JOB.replace("job:1", "job:12"), "status": "completed", "clips": [CLIP, CLIP]}
    async with both() as (service, server):
        server.fail("job", 200, other)
        polled = await service.poll([PolledJob(f"{JOB}{clip}")])
        assert [(remote_id, type(error)) for remote_id, error in polled.lost] == [(f"{JOB}{clip}", base.OtherSongs)]
        assert (polled.songs, polled.troubles) == ((), ())
        server.fail("job", 200, other)
        with pytest.raises(base.NotSent, match="answered with another job"):
            await service.create(request("p", operation="extend", source=JOB))


@pytest.mark.parametrize("own", [JOB.upper(), JOB.replace("@", "%40"), "job:1"])
async def test_a_job_is_recognized_however_its_id_is_written(own: str) -> None:
    async with both() as (service, server):
        server.fail("job", 200, RECORD | {"jobid": own, "status": "completed", "clips": [CLIP]})
        song = await service.song(ANN, JOB)
        assert song is not None
        assert song.remote_id == JOB


async def test_numbers_as_text_and_fields_of_wrong_types_are_read() -> None:
    clip: dict[str, Any] = CLIP | {
        "title": 7, "duration_s": "173.5", "lyrics": None, "seed": "12", "lyrics_timing": {"a": 1},
        "created_at": 1.7e12, "image_url": 3, "extra": [[]],
    }  # fmt: skip
    async with both() as (service, server):
        body = {"jobid": JOB, "email": 5, "request": [], "status": "completed", "clips": [clip], "duration_ms": "x"}
        server.fail("job", 200, body)
        song = await service.song(None, JOB)
        assert song is not None
        assert (song.title, song.duration_s, song.lyrics, song.timed_lyrics) == ("7", 173.5, "", ())
        assert (song.created_at, song.image_url, song.ref) == (1.7e9, "", None)


async def test_a_create_is_accepted_with_any_name_of_the_id_field() -> None:
    async with both() as (service, server):
        for answer in ({"job_id": JOB}, {"id": JOB, "status": None}, RECORD | {"clips": None, "further": 1}):
            server.fail("create", 201, answer)
            accepted = await service.create(request("p"))
            assert accepted.remote_ids == (JOB,)
        server.fail("create", 200, RECORD | {"status": "completed", "clips": [CLIP, {"clip": "c2"}]})
        at_once = await service.create(request("p"))
        assert [(one.remote_id, len(one.siblings)) for one in at_once.songs] == [(JOB, 1)], "even in async mode"
        server.fail("create", 201, {"jobid": "user:1-job:9"})
        (odd,) = (await service.create(request("p"))).remote_ids
        server.seen.clear()
        assert await service.song(ANN, odd) is None
        assert server.calls("GET") == ["GET /v1/flowmusic/jobs/user%3A1-job%3A9"], "it is a job, not a clip"


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ([{"email": ANN, "maxJobs": "5", "credits": 12}, {"maxJobs": 3}], [(ANN, 5, "", 12.0)]),
        ({ANN: {"credits": {"remaining": "7.5", "total": 90}}}, [(ANN, 1, "", 7.5)]),
        ({ANN: {"error": True}}, [(ANN, 1, "in error state", None)]),
        ({ANN: {"error": {"code": 596, "message": "rejected"}, "maxJobs": None}}, [(ANN, 1, "rejected", None)]),
    ],
)
async def test_accounts_are_read_from_any_shape_of_list(body: Any, found: list[tuple[Any, ...]]) -> None:
    async with both() as (service, server):
        server.fail("accounts", 200, body)
        server.fail("account", 404, {"error": "no such call"})
        listed = await service.accounts()
        assert [(one.user_id, one.max_jobs, one.error, one.credits) for one in listed] == found


async def test_a_repaired_account_is_read_from_any_response() -> None:
    async with both() as (service, server):
        repaired = await service.repair_account(Secret(f"{ANN}/fresh"), 4, ANN)
        assert (repaired.user_id, repaired.max_jobs, repaired.credits) == (ANN, 4, 1000)
        for body in ({}, None, {"ok": True}, {ANN: {"maxJobs": 4}}):
            server.fail("post_account", 200, body)
            assert (await service.repair_account(Secret(f"{ANN}/fresh"), 4, ANN)).user_id == ANN
        server.fail("post_account", 201, {BOB: {"maxJobs": "2"}})
        assert (await service.repair_account(Secret(f"{BOB}/fresh"), 4)).user_id == BOB
        server.fail("post_account", 201, {})
        with pytest.raises(base.Unreadable):
            await service.repair_account(Secret(f"{BOB}/fresh"), 4)


async def test_an_expired_public_url_falls_back_to_the_api(tmp_path: Path) -> None:
    async with both() as (service, server):
        song = await made(service, "p", account=ANN)
        server.seen.clear()
        # A URL on the API's own origin and one that requires a token: neither gets it.
        gone = replace(song, download_url=f"{server.url}/v1/flowmusic/accounts", raw=song.raw | {"wav_url": "/nothing"})
        await service.download(gone, tmp_path / "song", lambda done, total: None)
        assert (tmp_path / "song").read_bytes()[:1] in (b"\xff", b"I"), "the API's own mp3"
        sent = [(what.partition("?")[0].rpartition("/")[2], token) for _, what, token in server.seen]
        assert sent == [("accounts", ""), ("download", f"Bearer {TOKEN}")]
        with pytest.raises(base.NotFound, match="as wav"):
            await service.download(gone, tmp_path / "other", lambda done, total: None, "wav")


async def test_a_public_url_on_an_unreachable_host_falls_back_to_the_api(tmp_path: Path) -> None:
    async with flowmusic_server() as gone:
        elsewhere = gone.url
    async with both() as (service, _):
        song = await made(service, "p", account=ANN)
        song = replace(song, download_url=f"{elsewhere}/a.m4a", raw=song.raw | {"wav_url": f"{elsewhere}/a.wav"})
        await service.download(song, tmp_path / "song", lambda done, total: None)
        assert (tmp_path / "song").read_bytes()[:1] in (b"\xff", b"I"), "the API's own mp3"
        with pytest.raises(base.AddressUnreachable, match="No connection"):
            await service.download(song, tmp_path / "other", lambda done, total: None, "wav")


async def test_a_clip_is_found_on_a_later_page() -> None:
    async with both() as (service, server):
        listed = [{"clip": f"c{number}"} for number in range(6)]
        for start in (0, 2, 4):
            server.fail("music", 200, {"clips": listed[start : start + 2], "next": start + 2})
        song = await service.song(ANN, "clip c5")
        assert song is not None
        assert len(server.calls("GET /v1/flowmusic/music")) == 3
        server.fail("music", 200, [{"clip": "c9", "audio_url": "x"}])
        assert [one.remote_id for one in await service.songs(ANN)] == ["clip c9"]


async def test_requests_that_the_service_would_refuse_are_not_sent() -> None:
    async with both() as (service, server):
        with pytest.raises(base.BadRequest, match="10,001 characters"):
            await service.create(request("p", lyrics="x" * 10_001))
        server.fail("job", 200, {"jobid": JOB, "status": "completed", "clips": [{"audio_url": "x"}] * 2})
        second = (await service.poll([PolledJob(JOB)])).songs[0].siblings[0].remote_id
        server.fail("job", 200, {"jobid": JOB, "status": "completed", "clips": [{"audio_url": "x"}] * 2})
        with pytest.raises(base.NotFound):
            await service.create(request("p", operation="extend", source=second))
        assert server.created == []


async def test_an_error_body_with_status_200_is_a_refusal() -> None:
    async with both() as (service, server):
        server.fail("create", 200, {"error": "Not enough credits.", "code": 402})
        with pytest.raises(base.NoCredits, match="Not enough credits"):
            await service.create(request("p"))
        assert server.created == []

"""Every response that the pages for create-prompt and related calls document, over a real socket.

https://useapi.net/docs/api-riffusion-v1/post-riffusion-music-create-prompt
"""

from __future__ import annotations

from typing import Any

import pytest

from riffusion_tui.services import base
from tests.services.kit import TOKEN, answering, request
from tests.services.raw import reply

JOB = "a5d2d4a3-5bca-401a-8c53-2f18a7a4eb00"
USER = "5f72c91e-2b3d-42a4-9fb1-0b8c2e293b2c"
OTHER = "7a7b8c2e-1111-42a4-9fb1-0b8c2e293b2c"
PENDING = (
    "Your Riffusion account has pending error. Please address this issue at "
    "https://useapi.net/docs/api-riffusion-v1/post-riffusion-accounts before making any new API calls."
)
BUSY = {
    "error": f"Account {USER} is busy executing 1 jobs",
    "runningJobs": {
        USER: [
            {
                "user_id": USER,
                "job_id": JOB,
                "started": 1739763152345,
                "replyUrl": "https://example.com/hook",
                "replyRef": "mine",
            }
        ]
    },
    "code": 429,
}


@pytest.mark.parametrize(
    ("body", "accepted"),
    [
        ({"job_id": JOB, "user_id": USER}, base.Accepted((JOB,), USER)),
        ({"jobs": [{"id": JOB}, {"id": OTHER}]}, base.Accepted((JOB, OTHER), None)),
        ({"jobs": [{"id": JOB, "user_id": USER}]}, base.Accepted((JOB,), USER)),
        ({"jobs": [{"id": JOB}], "user_id": USER}, base.Accepted((JOB,), USER)),
        ({"jobs": [], "job_id": JOB}, base.Accepted((JOB,), None)),
        ({"jobs": [{"id": JOB}, {"id": JOB}, {"id": None}, 3]}, base.Accepted((JOB,), None)),
    ],
)
async def test_both_forms_of_acceptance_are_read(body: dict[str, Any], accepted: base.Accepted) -> None:
    async with answering(reply(200, body)) as (service, raw):
        assert await service.create(request()) == accepted
        assert raw.received[0].path == "/v1/riffusion/music/create-prompt"
        assert raw.received[0].headers["authorization"] == f"Bearer {TOKEN}"


@pytest.mark.parametrize(
    ("status", "body", "kind", "says"),
    [
        (400, {"error": "Parameter prompt is required", "code": 400}, base.BadRequest, "Parameter prompt is required"),
        (401, {"error": "Unauthorized", "code": 401}, base.Unauthorized, "Unauthorized"),
        (402, {"error": "No subscription", "code": 402}, base.NoCredits, "No subscription"),
        (403, {"error": "Forbidden", "code": 403}, base.Forbidden, "The service denied access: Forbidden"),
        (404, {"error": "No such account", "code": 404}, base.NotFound, "Not found at the service: No such account"),
        (404, {"detail": "Not Found"}, base.NotFound, "Not found at the service."),
        (408, {"error": "Timeout", "code": 408}, base.ServerFault, "Timeout"),
        (409, {"error": "Not completed", "code": 409}, base.Conflict, "It is not finished yet: Not completed"),
        (410, {"error": "Gone", "code": 410}, base.Expired, "It has expired at the service: Gone"),
        (412, {"error": "Insufficient credits", "code": 412}, base.NoCredits, "Insufficient credits"),
        (
            422,
            {"is_flagged": True, "reason": "moderation", "musician_replacement_data": None},
            base.Refused,
            "The service refused the prompt (moderation).",
        ),
        (429, BUSY, base.AccountBusy, f"Account {USER} is busy executing 1 jobs"),
        (429, {"detail": "Too Many Requests"}, base.UpstreamLimited, "Too Many Requests"),
        (500, {"error": "No", "code": 500}, base.ServerFault, "The service answered with an error (500): No"),
        (503, b"", base.ServerFault, "The service answered with an error (503)."),
        (596, {"error": PENDING}, base.AccountBroken, PENDING),
    ],
)
async def test_each_documented_refusal_raises_its_own_type(
    status: int, body: Any, kind: type[base.ServiceError], says: str
) -> None:
    async with answering(reply(status, body)) as (service, raw):
        with pytest.raises(base.ServiceError) as caught:
            await service.create(request())
        assert type(caught.value) is kind
        assert str(caught.value) == says
        assert len(raw.received) == 1, "no call is retried"
        assert caught.value.advice


async def test_a_busy_error_names_the_account_and_its_running_jobs() -> None:
    async with answering(reply(429, BUSY)) as (service, _):
        with pytest.raises(base.AccountBusy) as caught:
            await service.create(request())
    job = base.RunningJob(JOB, USER, 1739763152.345, "mine", "https://example.com/hook")
    assert caught.value.account == USER
    assert caught.value.running == (job,)


@pytest.mark.parametrize(
    ("body", "account", "running"),
    [
        ({"error": "busy", "runningJobs": {USER: [{"job_id": JOB}]}}, USER, 1),
        ({"error": "all busy", "runningJobs": {USER: [{"job_id": JOB}], OTHER: [{"id": "x"}, {}]}}, None, 2),
        ({"error": f"Account {USER} is busy executing 3 jobs"}, USER, 0),
        ({"runningJobs": {}}, None, 0),
    ],
)
async def test_a_busy_response_may_lack_fields(body: Any, account: str | None, running: int) -> None:
    async with answering(reply(429, body)) as (service, _):
        with pytest.raises(base.AccountBusy) as caught:
            await service.create(request())
    assert caught.value.account == account
    assert len(caught.value.running) == running


async def test_a_rate_limit_that_names_only_the_request_is_not_an_account_limit() -> None:
    async with answering(reply(429, {"detail": f"Too Many Requests (request {USER})"})) as (service, _):
        with pytest.raises(base.UpstreamLimited):
            await service.create(request())


async def test_a_broken_account_is_named_if_the_response_names_it() -> None:
    for sentence, account in [
        (PENDING, None),
        ("Account me@example.com in error state: refresh token rejected", "me@example.com"),
        (f"Session of {USER} has ended", USER),
    ]:
        async with answering(reply(596, {"error": sentence})) as (service, _):
            with pytest.raises(base.AccountBroken) as caught:
                await service.create(request())
        assert caught.value.account == account
        assert f"`riffusion-tui accounts repair{f' {account}' if account else ''}`" in caught.value.advice
    async with answering(reply(596, b"")) as (service, _):
        with pytest.raises(base.AccountBroken, match="pending error"):
            await service.create(request())


async def test_a_refusal_keeps_the_servers_own_words() -> None:
    async with answering(reply(422, {"error": {"message": "no artists, please"}, "reason": "artist"})) as (service, _):
        with pytest.raises(base.Refused, match="no artists, please") as caught:
            await service.create(request())
    assert caught.value.reason == "artist"


async def test_json_and_form_requests_send_the_same_fields() -> None:
    requested = request(
        instrumental=True,
        model="FUZZ-0.8",
        reply_url="https://example.com/hook",
        max_jobs=3,
        account=USER,
    )
    async with answering(reply(200, {"job_id": JOB})) as (service, raw):
        await service.create(requested)
    assert raw.received[0].json == {
        "prompt": requested.prompt,
        "instrumental": True,
        "model": "FUZZ-0.8",
        "user_id": USER,
        "replyUrl": "https://example.com/hook",
        "replyRef": "ref-1",
        "maxJobs": 3,
    }
    async with answering(reply(200, {"job_id": JOB}), form=True) as (service, raw):
        await service.create(requested)
    sent = raw.received[0]
    assert sent.headers["content-type"].startswith("multipart/form-data; boundary=")
    boundary = sent.headers["content-type"].partition("boundary=")[2]
    parts = sent.body.decode().split(f"--{boundary}")[1:-1]
    read = {part.split('name="')[1].split('"')[0]: part.partition("\r\n\r\n")[2].rstrip("\r\n") for part in parts}
    assert read == {
        "prompt": requested.prompt,
        "instrumental": "true",
        "model": "FUZZ-0.8",
        "user_id": USER,
        "replyUrl": "https://example.com/hook",
        "replyRef": "ref-1",
        "maxJobs": "3",
    }


SONG = {
    "id": JOB,
    "group_id": "g",
    "author_id": USER,
    "created_at": "2025-02-17T03:32:32.345Z",
    "audio_variation": None,
    "lyrics": "[Verse]\nfar away",
    "lyrics_timestamped": '[{"text": "far away", "start": 1.5, "end": 3}]',
    "title": "Distant Lover",
    "conditions": '{"prompt": "jazzy k-pop", "bpm": 96}',
    "simple_waveform": "[0.1, 0.9, -0.5]",
    "duration_s": 234.57,
    "privacy": "unlisted",
    "status": "completed",
    "download_url": "https://storage.example.com/x.m4a",
    "share_url": "https://www.riffusion.com/riff/x",
    "image_url": "https://storage.example.com/x.jpeg",
}


async def test_a_finished_song_is_read() -> None:
    async with answering(reply(200, [SONG])) as (service, raw):
        song = await service.song(USER, JOB)
    assert raw.received[0].path == "/v1/riffusion/music/"
    assert raw.received[0].query == {"user_id": USER, "id": JOB}
    assert song is not None
    assert (song.finished, song.failed, song.status) == (True, False, "completed")
    assert (song.title, song.duration_s, song.lyrics) == ("Distant Lover", 234.57, "[Verse]\nfar away")
    assert song.timed_lyrics == ((1.5, "far away"),)
    assert song.waveform == (0.1, 0.9, 0.5)
    assert song.plan == {"prompt": "jazzy k-pop", "bpm": 96}
    assert song.prompt == "jazzy k-pop"
    assert song.created_at == 1739763152.345
    assert song.download_url == "https://storage.example.com/x.m4a"
    assert song.account == USER
    assert song.raw["privacy"] == "unlisted"


async def test_songs_are_listed_page_by_page() -> None:
    async with answering(reply(200, [SONG, {"status": "queued"}, 3])) as (service, raw):
        songs = await service.songs(USER, limit=7, offset=14)
    assert raw.received[0].query == {"user_id": USER, "offset": "14", "limit": "7"}
    assert [song.remote_id for song in songs] == [JOB]


@pytest.mark.parametrize(
    ("word", "finished", "failed"),
    [
        ("completed", True, False),
        ("complete", True, False),
        ("COMPLETED", True, False),
        ("failed", False, True),
        ("error", False, True),
        ("flagged", False, True),
        ("queued", False, False),
        ("generating_audio", False, False),
        ("an unknown word", False, False),
        (None, False, False),
        (7, False, False),
    ],
)
async def test_status_words_are_mapped(word: object, finished: bool, failed: bool) -> None:
    async with answering(reply(200, [{"id": JOB, "status": word}])) as (service, _):
        song = await service.song(USER, JOB)
    assert song is not None
    assert (song.finished, song.failed, song.flagged) == (finished, failed, word == "flagged")


async def test_scheduler_start_times_are_read_in_both_formats() -> None:
    entries = [
        {"job_id": JOB, "user_id": USER, "started": "2025-02-12T01:55:16.128Z", "elapsed": "03:57", "replyRef": "mine"},
        {"job_id": OTHER, "user_id": USER, "started": 1739325316128},
        {"job_id": "x", "user_id": USER, "started": "soon"},
        {"user_id": USER},
    ]
    async with answering(reply(200, entries)) as (service, raw):
        jobs = await service.scheduler()
    assert raw.received[0].path == "/v1/riffusion/scheduler"
    assert [job.started_at for job in jobs] == [1739325316.128, 1739325316.128, None]
    assert jobs[0].ref == "mine"


async def test_the_workload_is_read_from_available() -> None:
    body = {
        "executing": [{"job_id": JOB, "user_id": USER, "started": 1739325316128}],
        "available": [{"user_id": USER, "maxJobs": 10, "executing": 2, "available": 8}, {"user_id": OTHER}, {}],
    }
    async with answering(reply(200, body)) as (service, raw):
        workload = await service.workload()
    assert raw.received[0].path == "/v1/riffusion/scheduler/available"
    assert workload.capacity == (base.Capacity(USER, 10, 2), base.Capacity(OTHER, 6, 0))
    assert workload.running[0].remote_id == JOB


async def test_a_job_is_cancelled_and_an_unknown_one_is_not_found() -> None:
    async with answering(reply(204, b"", Content_Length="")) as (service, raw):
        await service.cancel("a/b:c@d ü")
    assert (raw.received[0].method, raw.received[0].target) == (
        "DELETE",
        "/v1/riffusion/scheduler/a%2Fb%3Ac%40d%20%C3%BC",
    )
    async with answering(reply(404, {"error": "No such job", "code": 404})) as (service, _):
        with pytest.raises(base.NotFound, match="No such job"):
            await service.cancel(JOB)


ACCOUNT = {
    "user_id": USER,
    "maxJobs": 3,
    "jwt": {"access_token": "eyJ…", "refresh_token": "…", "user": {"id": USER}},
}


async def test_accounts_are_read() -> None:
    body = {USER: ACCOUNT, OTHER: {"error": "Session expired"}, "odd": 3}
    async with answering(reply(200, body)) as (service, _):
        accounts = await service.accounts()
    assert accounts == (base.AccountInfo(USER, 3), base.AccountInfo(OTHER, 6, "Session expired"))
    async with answering(reply(404, {"error": "No accounts configured", "code": 404})) as (service, _):
        assert await service.accounts() == ()
    async with answering(reply(200, ACCOUNT)) as (service, raw):
        assert await service.account(USER) == base.AccountInfo(USER, 3)
    assert raw.received[0].path == f"/v1/riffusion/accounts/{USER}"
    async with answering(reply(204, b"", Content_Length="")) as (service, raw):
        await service.remove_account(USER)
    assert (raw.received[0].method, raw.received[0].path) == ("DELETE", f"/v1/riffusion/accounts/{USER}")


async def test_lyrics_are_generated() -> None:
    async with answering(reply(200, {"lyrics": "[Verse]\nla"})) as (service, raw):
        assert (await service.write_lyrics("a pizza", "old words")).text == "[Verse]\nla"
        assert (await service.write_lyrics("a pizza")).text == "[Verse]\nla"
    assert raw.received[0].path == "/v1/riffusion/music/generate-lyrics"
    assert [sent.json for sent in raw.received] == [{"prompt": "a pizza", "lyrics": "old words"}, {"prompt": "a pizza"}]
    async with answering(reply(200, {})) as (service, _):
        with pytest.raises(base.Unreadable):
            await service.write_lyrics("a pizza")


async def test_a_song_is_deleted() -> None:
    async with answering(reply(204, b"", Content_Length="")) as (service, raw):
        await service.remove_song(USER, JOB)
    assert (raw.received[0].method, raw.received[0].query) == ("DELETE", {"user_id": USER, "id": JOB})

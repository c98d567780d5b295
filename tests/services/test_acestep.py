"""The ACE-Step client against a server that behaves like the vendor's code, over real sockets."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from riffusion_tui.secret import Secret
from riffusion_tui.services import base
from riffusion_tui.services.acestep import records
from riffusion_tui.services.acestep.fields import key_scale
from riffusion_tui.services.base import PolledJob, PollResult, RemoteSong
from tests.acestep_server import CPP, FEB, MAY, MODEL, WHEEL, acestep_server
from tests.services.ace import KEY, client, one, released, song_of
from tests.services.kit import request
from tests.sounds import flac, mp3

# -- requests


async def test_a_task_requests_one_song_with_its_seed_and_format() -> None:
    async with one() as (service, server):
        await service.create(request("calm piano", seed=7))
        assert server.created == [
            {
                "task_type": "text2music",
                "prompt": "calm piano",
                "lyrics": "",
                "batch_size": 1,
                "use_random_seed": False,
                "seed": 7,
                "audio_format": "flac",
                "use_cot_caption": False,
                "use_cot_language": False,
            }
        ]


async def test_a_resent_request_has_the_same_seed() -> None:
    async with one() as (service, server):
        first, again, other = request(), request(), replace(request(), ref="ref-2")
        for requested in (first, again, other):
            await service.create(requested)
        seeds = [task["seed"] for task in server.created]
        assert seeds[0] == seeds[1] != seeds[2]


async def test_options_are_sent_as_the_servers_own_fields() -> None:
    async with one() as (service, server):
        extra = {"tempo": "90.0", "key": "F#m", "meter": "6/8", "language": "de", "steps": "12", "guidance": "4.5"}
        reported = (*extra.items(), ("format", "wav"))
        await service.create(request("p", lyrics="la la", length_s=30.0, extra=reported))
        task = server.created[0]
        assert {name: task[name] for name in ("bpm", "key_scale", "time_signature", "vocal_language")} == {
            "bpm": 90,
            "key_scale": "F# minor",
            "time_signature": "6",
            "vocal_language": "de",
        }
        assert (task["inference_steps"], task["guidance_scale"], task["audio_duration"]) == (12, 4.5, 30.0)
        assert (task["lyrics"], task["audio_format"]) == ("la la", "wav")
        await service.create(request("p", lyrics="la la"))
        assert server.created[1]["vocal_language"] == "unknown", "the server would take them for English"
        await service.create(request("p", lyrics="la la", instrumental=True))
        assert server.created[2]["lyrics"] == ""


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("C", "C major"),
        ("Cm", "C minor"),
        ("bb major", "Bb major"),
        ("F♯ min", "F# minor"),
        ("D dorian", ""),
        ("H major", ""),
        ("", ""),
    ],
)
def test_keys_are_converted_to_the_servers_form(written: str, read: str) -> None:
    assert key_scale(written) == read


async def test_a_model_the_server_lacks_and_too_long_lyrics_are_refused_before_sending() -> None:
    async with one() as (service, server):
        await service.accounts()
        with pytest.raises(base.BadRequest, match="Unknown model 'acestep-xl'"):
            await service.create(request("p", model="acestep-xl"))
        with pytest.raises(base.BadRequest, match="5,000 characters"):
            await service.create(request("p", lyrics="x" * 5000))
        await service.create(request("p", model=MODEL))
        assert [task.get("model") for task in server.created] == [MODEL]


# -- progress and outcome


async def test_all_tasks_are_polled_in_one_call() -> None:
    async with one(song_s=60) as (service, server):
        jobs = [await released(service, f"song {n}") for n in range(5)]
        polled = await service.poll(jobs)
        assert [(song.status, song.progress) for song in polled.songs] == [
            ("Generating music...", 0.66),
            *[("queued", 0.0)] * 4,
        ]
        assert [len(look) for look in server.looks] == [5]
        assert all("secret.py" not in repr(song) for song in polled.songs), (
            "the server's log may hold other clients' data"
        )


@pytest.mark.parametrize("version", [MAY, FEB, WHEEL])
async def test_a_finished_song_is_read_from_every_version(version: str) -> None:
    async with one(version=version) as (service, _):
        song = await song_of(service, seed=7, extra=(("tempo", "90"), ("key", "C minor"), ("meter", "3/4")))
        assert song.finished
        assert song.duration_s == 1.0
        assert song.lyrics == ""
        assert song.created_at is not None
        assert song.plan == {"bpm": 90.0, "key": "C", "mode": "minor", "meter": "3/4", "seed": 7, "model": MODEL}
        plain = await song_of(service, lyrics="[Verse]\nla")
        assert plain.lyrics == "[Verse]\nla"
        assert plain.plan.keys() == {"seed", "model"}, "N/A counts as missing"


async def test_acestep_cpp_makes_a_song(tmp_path: Path) -> None:
    async with one(version=CPP, song_s=0.3) as (service, server):
        running = await released(service)
        assert [song.status for song in (await service.poll([running])).songs] == ["running"]
        await asyncio.sleep(0.3)
        (song,) = (await service.poll([running])).songs
        assert song.finished
        await service.download(song, tmp_path / "part", lambda done, total: None)
        assert (tmp_path / "part").read_bytes().endswith(mp3()), "it can't encode FLAC"
        server.tasks.clear()
        await service.poll([running])
        assert [id for id, _ in (await service.poll([running])).lost] == [running.remote_id]


async def test_acestep_cpp_falls_back_to_mp3_unless_a_format_is_given() -> None:
    async with one(version=CPP) as (service, server):
        for _ in range(2):
            await released(service)
        assert [task["audio_format"] for task in server.created] == ["mp3", "mp3"]
        assert len(server.calls("POST /release_task")) == 3, "FLAC is refused only once"
        await released(service, extra=(("format", "wav"),))
        with pytest.raises(base.BadRequest, match="use mp3 or wav"):
            await released(service, extra=(("format", "flac"),))
        with pytest.raises(base.BadRequest, match="is required"):
            await released(service, " ")
        assert (await song_of(service, "boom")).error == "ace-synth exited with code 1"


async def test_a_full_queue_of_acestep_cpp_raises_account_busy(tmp_path: Path) -> None:
    async with one(version=CPP, song_s=60, queue_maxsize=1) as (service, _):
        await released(service)
        await released(service)
        with pytest.raises(base.AccountBusy, match="Queue full"):
            await released(service)


async def test_a_failed_song_has_the_servers_reason() -> None:
    async with one() as (service, server):
        silent = await song_of(service, "boom")
        assert (silent.failed, silent.error) == (True, records.NO_REASON)
        server.tells_reason = True
        assert (await song_of(service, "boom")).error == "RuntimeError: CUDA out of memory"
        nothing = await song_of(service, "no file")
        assert (nothing.failed, nothing.finished, nothing.error) == (True, False, records.NO_FILE)


@pytest.mark.parametrize(("result", "error"), [("{", "UNREADABLE"), (None, "UNREADABLE"), ("[]", "NO_FILE")])
def test_a_result_that_cannot_be_read_is_no_missing_file(result: str | None, error: str) -> None:
    (task,) = records.tasks([{"task_id": "t", "status": 1, "result": result}], "host", ["t"])
    assert task.song is not None
    assert (task.song.failed, task.song.error) == (True, getattr(records, error))


async def test_a_task_older_than_an_hour_counts_as_running() -> None:
    async with one(song_s=60, late=True) as (service, _):
        song = await song_of(service)
        assert (song.failed, song.status) == (False, records.OVERDUE)


async def test_a_task_that_is_unknown_twice_is_lost() -> None:
    async with one(song_s=60) as (service, server):
        job = await released(service)
        server.forget()
        assert await service.poll([job]) == PollResult()
        ((remote_id, error),) = (await service.poll([job])).lost
        assert remote_id == job.remote_id
        assert isinstance(error, base.NotFound)
        assert await service.song(job.account, job.remote_id) is None


async def test_a_task_of_a_removed_server_is_lost() -> None:
    async with one() as (service, _):
        polled = await service.poll([PolledJob("1@elsewhere:8001"), PolledJob("2")])
        assert [str(error).partition(" is ")[0] for _, error in polled.lost] == ["elsewhere:8001", "Its server"]
        assert await service.song(None, "1@elsewhere:8001") is None
        with pytest.raises(base.NotFound):
            await service.download(RemoteSong("1@elsewhere:8001", "elsewhere:8001", True, False), Path("x"), print)


@pytest.mark.parametrize(
    ("rows", "found"),
    [
        ([None, 5, "text"], 0),
        ([{"task_id": "t", "status": "0", "result": "no json"}], 1),
        ([{"task_id": "t", "status": 1, "result": "[]"}], 1),
        ([{"task_id": "stranger", "status": 0, "result": "[]"}], 0),
    ],
)
def test_invalid_task_rows_are_skipped(rows: Any, found: int) -> None:
    assert len(records.tasks(rows, "host", ["t"])) == found


# -- downloads


async def test_an_interrupted_download_is_resumed(tmp_path: Path) -> None:
    async with one(cuts=1) as (service, server):
        song, part = await song_of(service), tmp_path / "part"
        with pytest.raises(base.Unanswered):
            await service.download(song, part, lambda done, total: None)
        half = part.stat().st_size
        assert 0 < half < len(flac())
        await service.download(song, part, lambda done, total: None)
        assert server.ranges == ["", f"bytes={half}-"]
        assert part.read_bytes().endswith(flac()[-5000:])


async def test_a_file_is_only_available_in_its_own_format(tmp_path: Path) -> None:
    async with one(key=KEY, version=MAY) as (service, server):
        server.key = KEY
        song, part = await song_of(service), tmp_path / "part"
        await service.download(song, part, lambda done, total: None)
        assert part.read_bytes().endswith(flac()[-5000:])
        with pytest.raises(base.NotFound, match="only available as flac"):
            await service.download(song, part, lambda done, total: None, "mp3")
        await service.download(song, part, lambda done, total: None, "flac")
        server.tasks.clear()
        with pytest.raises(base.NotFound):
            await service.download(song, part, lambda done, total: None)


@pytest.mark.parametrize("file", ["/v1/audio?path=a\r\nb", "/\x7f", "http://xn--/a.flac", "http://[::1"])
async def test_a_file_that_makes_no_valid_url_is_not_fetched(tmp_path: Path, file: str) -> None:
    async with one() as (service, _):
        song = replace(await song_of(service), download_url=file)
        with pytest.raises(base.Unreadable, match="The song's URL is invalid"):
            await service.download(song, tmp_path / "part", lambda done, total: None)


async def test_the_key_goes_to_no_other_host(tmp_path: Path) -> None:
    async with acestep_server() as thief, one(key=KEY, elsewhere="") as (service, server):
        server.key, server.elsewhere = KEY, thief.url
        song = await song_of(service)
        with pytest.raises(base.Unreadable, match="different machine"):
            await service.download(song, tmp_path / "part", lambda done, total: None)
        assert thief.seen == []


# -- failures


async def test_a_full_queue_makes_only_its_server_busy() -> None:
    async with one(song_s=60, queue_maxsize=1) as (service, server):
        await released(service)
        await released(service)
        with pytest.raises(base.AccountBusy) as caught:
            await released(service)
        assert caught.value.account == server.url.removeprefix("http://")
        (slot,) = (await service.workload()).capacity
        assert (slot.executing, slot.max_jobs) == (2, 2)


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        (500, "Internal Server Error", base.ServerFault),
        (415, {"detail": "Unsupported Content-Type"}, base.BadRequest),
        (422, {"detail": [{"loc": ["body"], "msg": "field required", "type": "missing"}]}, base.BadRequest),
        (400, {"detail": "Malformed JSON payload"}, base.BadRequest),
        (503, {"detail": "API key is not configured"}, base.AccountBroken),
        (200, {"data": None, "code": 500, "error": "it broke"}, base.ServerFault),
        (200, {"data": None, "code": 400, "error": "wrong"}, base.BadRequest),
        (200, {"hello": "world"}, base.Unanswered),
        (302, "", base.Unreadable),
        (200, {"data": {}}, base.Unanswered),
    ],
)
async def test_every_failed_release_raises_its_own_error(status: int, body: Any, error: type[Exception]) -> None:
    async with one() as (service, server):
        server.fail("release_task", status, body)
        with pytest.raises(error):
            await released(service)
        server.drop("release_task")
        with pytest.raises(base.Unanswered):
            await released(service)


async def test_a_missing_or_wrong_key_breaks_its_server_until_a_key_is_set() -> None:
    kept: dict[str, str] = {}
    async with acestep_server(key=KEY) as server:
        async with client(server) as service:
            (account,) = await service.accounts()
            assert "requires a key" in account.error
        async with client(
            server, key="wrong-key", keep_key=lambda url, key: kept.update({url: key.reveal()})
        ) as service:
            (account,) = await service.accounts()
            assert "rejected the key" in account.error
            with pytest.raises(base.AccountBroken) as caught:
                await released(service)
            assert caught.value.account == account.user_id
            assert "wrong-key" not in str(caught.value)
            repaired = await service.repair_account(Secret(KEY), 2, account.user_id)
            assert (repaired.user_id, repaired.error) == (account.user_id, "")
            assert kept == {server.url: KEY}
            assert (await service.repair_account(None, 2, account.user_id)).error == ""
            await released(service)


async def test_servers_and_slots_can_only_be_changed_in_the_settings() -> None:
    async with one() as (service, server):
        name = server.url.removeprefix("http://")
        with pytest.raises(base.BadRequest, match=r"acestep\.url"):
            await service.repair_account(Secret("http://box:8001"), 2)
        with pytest.raises(base.BadRequest, match=r"acestep\.max_jobs"):
            await service.repair_account(None, 5, name)
        with pytest.raises(base.BadRequest, match=r"acestep\.url"):
            await service.remove_account(name)
        with pytest.raises(base.BadRequest, match="Unknown server elsewhere"):
            await service.create(request("p", account="elsewhere"))
        assert await service.songs(name) == ()
        await service.cancel("anything")

"""Several ACE-Step servers: models, lyrics, and what they report about themselves."""

from __future__ import annotations

import asyncio
import os
import time
from dataclasses import replace
from pathlib import Path

import pytest

from riffusion_tui.jobs.clock import SystemClock
from riffusion_tui.secret import Secret
from riffusion_tui.services import base
from riffusion_tui.services.acestep.client import AceStepService, _inspections
from riffusion_tui.services.acestep.profile import LENGTH_S
from riffusion_tui.services.base import PolledJob
from riffusion_tui.services.capabilities import ServiceSetup
from riffusion_tui.services.inspection import AlwaysReady
from riffusion_tui.services.profiles import hook, profile_of
from tests.acestep_server import BASE_MODEL, BASE_TASKS, CPP, FEB, LANGUAGE_MODEL, MODEL, WHEEL, acestep_server
from tests.services.ace import KEY, client, one, released
from tests.services.kit import QUICK, request
from tests.sounds import flac

# -- several servers


async def test_each_server_is_an_account_with_its_own_tasks() -> None:
    async with (
        acestep_server(song_s=60) as one_,
        acestep_server(song_s=60) as other,
        client(one_, other) as service,
    ):
        names = [account.user_id for account in await service.accounts()]
        jobs = [await released(service, f"for {name}", account=name) for name in names]
        polled = await service.poll(jobs)
        assert [song.account for song in polled.songs] == names
        assert len(one_.created) == len(other.created) == 1


async def test_an_unreachable_server_breaks_only_its_own_account() -> None:
    async with acestep_server() as here:
        async with acestep_server() as gone:
            service = AceStepService([here.url, gone.url], limits=QUICK)
            name = gone.url.removeprefix("http://")
            job = await released(service, account=name)
        async with acestep_server():
            first, second = await service.accounts()
            assert (first.error, bool(second.error)) == ("", True)
            for call in (service.create(request("p", account=name)), service.warm_up(name)):
                with pytest.raises(base.AccountBroken):
                    await call
            ((account, error),) = (await service.poll([job])).troubles
            assert (account, type(error)) == (name, base.AccountBroken)
            assert [slot.account for slot in (await service.workload()).capacity] == [first.user_id, name]
        await service.aclose()


async def test_an_address_with_a_wrong_path_is_refused_with_advice(tmp_path: Path) -> None:
    async with acestep_server() as server:
        service = AceStepService([f"{server.url}/docs/"], limits=QUICK)
        (account,) = await service.accounts()
        assert account.error.endswith("/docs is not ACE-Step's address; correct the path or remove it.")
        with pytest.raises(base.AccountBroken, match="correct the path"):
            await released(service)
        await service.aclose()


async def test_https_to_a_server_without_tls_is_refused_with_advice() -> None:
    async with acestep_server() as server:
        service = AceStepService([server.url.replace("http:", "https:")], limits=QUICK)
        for call in (service.accounts, service.workload):
            with pytest.raises(base.ServiceError, match="does not use TLS"):
                await call()
        await service.aclose()


@pytest.mark.parametrize("end", ["/", "/api", "/api/"])
async def test_acestep_cpp_works_with_a_path_prefix(tmp_path: Path, end: str) -> None:
    async with acestep_server(version=CPP, song_s=0.0) as server:
        service = AceStepService([f"{server.url}{end}"], limits=QUICK)
        (song,) = (await service.poll([await released(service)])).songs
        await service.download(song, tmp_path / "part", lambda done, total: None)
        assert all(call.partition(" ")[2].startswith(end.rstrip("/") or "/") for call in server.calls(""))
        await service.aclose()


async def test_an_unreachable_only_server_makes_the_service_unreachable() -> None:
    async with acestep_server() as gone:
        pass
    async with client(gone) as service:
        for call in (service.accounts, service.workload, lambda: service.create(request())):
            with pytest.raises(base.NotSent):
                await call()


async def test_only_models_and_edits_that_all_servers_have_are_offered() -> None:
    async with acestep_server(task_types=BASE_TASKS, language_model=True) as one_, acestep_server() as other:
        async with client(one_) as service:
            before = service.capabilities
            assert before.models == ()
            await service.accounts()
            assert service.capabilities.models == (MODEL,)
            assert service.capabilities.operations == ("cover", "repaint", "extract", "lego", "complete")
            assert service.capabilities.lyrics
        async with client(one_, other) as service:
            await service.accounts()
            assert service.capabilities.operations == ("cover", "repaint")


@pytest.mark.parametrize(("version", "models"), [(FEB, (MODEL,)), (WHEEL, (MODEL,)), (CPP, ())])
async def test_models_of_older_versions_are_listed(version: str, models: tuple[str, ...]) -> None:
    async with one(version=version) as (service, _):
        await service.accounts()
        assert service.capabilities.models == models


# -- loading


async def test_the_model_is_loaded_before_the_first_task() -> None:
    async with one(loaded=False, load_s=1.2) as (service, server):
        with pytest.raises(base.WarmingUp) as caught:
            await service.create(request())
        assert caught.value.account == server.url.removeprefix("http://")
        assert server.created == [], "nothing is sent before"
        loading = asyncio.ensure_future(service.warm_up(caught.value.account))
        await asyncio.sleep(0.1)
        (account,) = await service.accounts()
        assert account.error == "", "loading isn't an error"
        await loading
        await released(service)
        await service.warm_up(None)
        assert len(server.calls("POST /v1/init")) == 1


async def test_a_model_that_cannot_be_loaded_breaks_its_server() -> None:
    async with one(loaded=False, load_fails="out of memory") as (service, _):
        with pytest.raises(base.AccountBroken, match=r"can't load its model.*out of memory"):
            await service.warm_up(None)


async def test_an_old_server_that_is_silent_while_it_loads_is_warming_up() -> None:
    async with (
        acestep_server(version=FEB, loaded=False, load_s=1.5, song_s=60) as server,
        client(server, limits=replace(QUICK, silence_s=0.2, slow_s=0.2)) as service,
    ):
        await service.warm_up(None)
        with pytest.raises(base.Unanswered):
            await service.create(request())  # no response while the server loads; the task may have been accepted
        with pytest.raises(base.WarmingUp, match="may be loading"):
            await service.create(request())
        ((account, error),) = (await service.poll([PolledJob(f"1@{server.url[7:]}")])).troubles
        assert (account, type(error)) == (server.url[7:], base.WarmingUp)
        assert [one.error for one in await service.accounts()] == [""]
        await service.warm_up(None)
        job = await released(service)
        assert (await service.poll([job])).songs


# -- lyrics, edits, doctor


async def test_lyrics_are_written_by_the_servers_language_model() -> None:
    async with one(language_model=True) as (service, server):
        with pytest.raises(base.BadRequest, match="Write the lyrics yourself"):
            await service.write_lyrics("a road home")
        await service.accounts()
        written = await service.write_lyrics("a road home")
        assert (written.text, written.caption, written.length_s) == ("[Verse]\na road home", "warm folk", 120.0)
        assert written.suggests
        assert written.extra == (("tempo", "92"), ("key", "G major"), ("meter", "6/8"))
        rewritten = await service.write_lyrics("shorter", "la la")
        assert rewritten.text == "[Verse]\nshorter\n\nRewrite these lyrics:\nla la"
        server.fail("v1/create_sample", 200, {"data": {}, "code": 200})
        with pytest.raises(base.Unreadable):
            await service.write_lyrics("a road home")


async def test_an_edit_uploads_the_song(tmp_path: Path) -> None:
    song = tmp_path / "song.flac"
    song.write_bytes(flac())
    async with one(task_types=BASE_TASKS) as (service, server):
        reported = (("start_s", "2"), ("end_s", "4.5"), ("strength", "0.3"))
        await service.create(request("softer", operation="repaint", source=str(song), extra=reported))
        (task,) = server.tasks.values()
        assert task.upload == flac()
        assert {name: task.requested[name] for name in ("task_type", "prompt", "batch_size", "use_random_seed")} == {
            "task_type": "repaint",
            "prompt": "softer",
            "batch_size": "1",
            "use_random_seed": "false",
        }
        assert (task.requested["repainting_start"], task.requested["repainting_end"]) == ("2.0", "4.5")
        assert task.requested["repaint_strength"] == "0.3"
        await service.create(request("x", operation="cover", source=str(song), extra=(("strength", "1"),)))
        await service.create(request("x", operation="complete", source=str(song), extra=(("tracks", "drums, bass"),)))
        await service.create(request("x", operation="lego", source=str(song), extra=(("track", "drums"),)))
        tasks = list(server.tasks.values())[1:]
        assert tasks[0].requested["audio_cover_strength"] == "1.0"
        assert tasks[1].requested["track_classes"] == "drums,bass"
        assert tasks[2].requested["track_name"] == "drums"
        os.mkfifo(tmp_path / "pipe.flac")
        for name, why in (("gone.flac", "No such file"), ("pipe.flac", "Not a regular file")):
            with pytest.raises(base.BadRequest, match=f"can't be sent: {why}"):
                await service.create(request("x", operation="cover", source=str(tmp_path / name)))


async def test_an_edit_uses_its_base_model_or_explains_how_to_load_it(tmp_path: Path) -> None:
    song = tmp_path / "song.flac"
    song.write_bytes(flac())
    extract = {"operation": "extract", "source": str(song), "extra": (("track", "drums"),)}
    async with one(base="listed") as (service, server):
        await service.fetch_capabilities()
        assert "extract" in service.capabilities.operations
        load = f'needs {BASE_MODEL}, which .* POST {server.url}/v1/init {{"model": "{BASE_MODEL}"}}, then retry'
        with pytest.raises(base.BadRequest, match=load):
            await service.create(request("x", **extract))
        server.base = "loaded"
        await service.create(request("x", **extract))
        assert server.created[0]["model"] == BASE_MODEL
        with pytest.raises(base.BadRequest, match=f"{MODEL} can't extract: it needs a base model"):
            await service.create(request("x", model=MODEL, **extract))
    async with one(loaded=False) as (service, server):
        await service.fetch_capabilities()
        assert "extract" in service.capabilities.operations, "its models are unknown until one is loaded"
        await service.warm_up(None)
        assert "extract" not in service.capabilities.operations, "a loaded model reports its edits"
        with pytest.raises(base.BadRequest, match="ACESTEP_CONFIG_PATH=acestep-v15-base, then retry"):
            await service.create(request("x", **extract))
        assert not server.created


async def test_doctor_describes_the_server() -> None:
    async with one(language_model=True) as (service, _):
        output = {one.what: (one.state, one.message) for one in await service.inspect()}
        assert output["server"][1].endswith("answers: ACE-Step API 1.0")
        assert MODEL in output["model"][1]
        assert LANGUAGE_MODEL in output["language"][1]
        assert output["queue"][1].endswith("0 of 200 waiting; a song takes 5 s on average")
    async with one(loaded=False) as (service, _):
        output = {one.what: (one.state, one.message) for one in await service.inspect()}
        assert output["model"][0] == "warn"
    async with one(version=CPP) as (service, server):
        assert all(one.state == "good" for one in await service.inspect())
        server.key = KEY
        assert [one.state for one in await service.inspect()] == ["bad"]


@pytest.mark.parametrize(
    ("address", "clear"),
    [
        ("http://127.0.0.1:8001", False),
        ("http://box:8001", False),
        ("http://box.local:8001", False),
        ("http://192.168.1.7:8001", False),
        ("http://gpu.example.com:8001", True),
        ("https://gpu.example.com", False),
        ("http://8.8.8.8:8001", True),
    ],
)
async def test_doctor_warns_of_a_key_sent_in_clear_text(address: str, clear: bool) -> None:
    service = AceStepService([address], {address: Secret(KEY)}, format="aac", limits=QUICK)
    (host,) = service._hosts.values()
    assert host.api.key_in_the_clear is clear
    assert [one.state for one in _inspections(host) if one.what == "key"] == (["warn"] if clear else [])
    assert service.capabilities.formats[0] == "flac"
    assert LENGTH_S == (10.0, 600.0)


class _Hasty:
    """A clock that advances by half an hour with each reading."""

    def __init__(self) -> None:
        self.steadily = 0.0

    def now(self) -> float:
        return 0.0

    def steady(self) -> float:
        self.steadily += 1800.0
        return self.steadily

    async def sleep(self, seconds: float) -> None:
        """Return at once."""


async def test_nothing_is_sent_to_a_known_server_that_becomes_silent() -> None:
    async with (
        acestep_server(song_s=60) as server,
        client(server, limits=replace(QUICK, silence_s=0.2, call_s=0.2)) as service,
    ):
        await released(service)
        server.silent_until = time.monotonic() + 1.0
        with pytest.raises(base.NotSent, match="Nothing was sent"):
            await released(service)


async def test_a_server_that_loads_on_its_first_task_is_sent_it() -> None:
    async with one(loaded=False) as (service, server):
        server.fail("v1/init", 404, {"detail": "Not Found"})
        await service.warm_up(None)
        await released(service)
        assert len(server.created) == 1


async def test_a_server_that_is_silent_for_an_hour_is_broken() -> None:
    async with (
        acestep_server(version=FEB) as server,
        client(server, limits=replace(QUICK, silence_s=0.1, call_s=0.1), clock=_Hasty()) as service,
    ):
        server.silent_until = time.monotonic() + 1.5
        with pytest.raises(base.AccountBroken, match="not responded for an hour"):
            await service.warm_up(None)


async def test_the_registry_opens_the_client_and_shows_its_request() -> None:
    profile = profile_of("acestep")
    async with acestep_server() as server:
        setup = ServiceSetup((server.url,), {}, SystemClock(), format="wav", max_jobs=3)
        service: base.Service = hook(profile.client)(setup)
        (account,) = await service.accounts()
        assert (service.name, account.max_jobs) == ("acestep", 3)
        await service.aclose()
    path, body = hook(profile.request)(request("rain", seed=7))
    assert (path, body["prompt"], body["seed"]) == ("release_task", "rain", 7)


@pytest.mark.parametrize(
    ("stated", "sent"),
    [
        ({"tempo": "90", "key": "C minor", "meter": "3/4", "vocals": "none"}, {"tempo", "key", "meter"}),
        ({"tempo": "20", "key": "D dorian", "meter": "7/8", "language": "de"}, {"language"}),
        ({}, set()),
    ],
)
def test_only_supported_fields_are_taken_from_a_prompt(stated: dict[str, str], sent: set[str]) -> None:
    assert hook(profile_of("acestep").fields_from)(stated).keys() == sent


async def test_the_profile_has_valid_defaults() -> None:
    plain = AlwaysReady()
    await plain.warm_up("a")
    assert await plain.inspect() == ()

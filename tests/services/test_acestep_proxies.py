"""ACE-Step behind a reverse proxy, or something else at its address: no task fails for it or counts as sent."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from riffusion_tui.secret import Secret
from riffusion_tui.services import base
from riffusion_tui.services.acestep.client import AceStepService
from riffusion_tui.services.base import PolledJob, RemoteSong
from tests.acestep_server import BASE_TASKS, AceServer, acestep_server
from tests.services.ace import client, one, released, song_of
from tests.services.kit import QUICK, request
from tests.services.raw import raw_server, reply
from tests.sounds import flac

PROXY_PAGE = "<html><title>502 Bad Gateway</title></html>"


@asynccontextmanager
async def two() -> AsyncIterator[tuple[AceStepService, AceServer, AceServer]]:
    async with (
        acestep_server(song_s=0.0) as first,
        acestep_server(song_s=0.0) as second,
        client(first, second) as service,
    ):
        yield service, first, second


def name_of(server: AceServer) -> str:
    return server.url.removeprefix("http://")


@pytest.mark.parametrize("status", [500, 502, 503])
async def test_a_failing_check_before_a_task_means_nothing_was_sent(status: int) -> None:
    async with one() as (service, server):
        server.fail("health", status, PROXY_PAGE)
        with pytest.raises(base.CheckFailed, match=rf"an error \({status}\)\. Nothing was sent"):
            await released(service)
        assert server.created == []


async def test_a_check_that_breaks_off_before_an_edit_means_nothing_was_sent(tmp_path: Path) -> None:
    song = tmp_path / "song.flac"
    song.write_bytes(flac())
    async with one(task_types=BASE_TASKS) as (service, server):
        server.drop("v1/stats")
        with pytest.raises(base.NotSent, match="Nothing was sent"):
            await released(service, operation="lego", source=str(song), extra=(("track", "drums"),))
        assert server.created == []


@pytest.mark.parametrize("status", [400, 402, 403, 409, 410, 422])
async def test_a_check_that_is_refused_breaks_the_server_and_no_job(status: int) -> None:
    async with one() as (service, server):
        server.fail("health", status, {"detail": "Not from here"}, times=2)
        with pytest.raises(base.AccountBroken, match="Not from here") as caught:
            await released(service)
        assert caught.value.account == name_of(server)
        (account,) = await service.accounts()
        assert "Not from here" in account.error


async def test_a_proxy_without_its_server_breaks_only_that_account() -> None:
    async with two() as (service, _, second):
        job = await released(service, account=name_of(second))
        for call in ("health", "query_result"):
            second.fail(call, 502, PROXY_PAGE, times=3)
        with pytest.raises(base.AccountBroken, match="502"):
            await service.create(request("p", account=name_of(second)))
        with pytest.raises(base.AccountBroken, match="502"):
            await service.warm_up(name_of(second))
        ((account, error),) = (await service.poll([job])).troubles
        assert (account, type(error)) == (name_of(second), base.AccountBroken)
        assert ["502" in one.error for one in await service.accounts()] == [False, True]


async def test_a_proxy_without_its_only_server_makes_the_service_unreachable() -> None:
    async with one() as (service, server):
        server.fail("health", 502, PROXY_PAGE)
        with pytest.raises(base.ServerFault):
            await service.accounts()
        server.fail("v1/stats", 502, PROXY_PAGE)
        with pytest.raises(base.ServerFault):
            await service.workload()


async def test_a_server_that_fails_only_to_describe_itself_is_used(tmp_path: Path) -> None:
    song = tmp_path / "song.flac"
    song.write_bytes(flac())
    async with one(task_types=BASE_TASKS) as (service, server):
        for call in ("v1/stats", "v1/model_inventory"):
            server.fail(call, 500, "Internal Server Error")
            (account,) = await service.accounts()
            assert account.error == ""
        server.fail("v1/stats", 500, "Internal Server Error")
        await released(service, operation="lego", source=str(song), extra=(("track", "drums"),))
        assert len(server.created) == 1


@pytest.mark.parametrize("greeting", [b"SSH-2.0-OpenSSH_9.6\r\n", b""])
async def test_something_else_at_the_address_is_not_a_server_that_loads_its_model(greeting: bytes) -> None:
    async with raw_server(greeting) as raw:
        service = AceStepService([raw.url], limits=QUICK)
        with pytest.raises(base.NotSent, match=r"the connection broke\. Nothing was sent"):
            await service.create(request())
        with pytest.raises(base.Unanswered, match="the connection broke"):
            await service.accounts()
        ((_, error),) = (await service.poll([PolledJob(f"1@{raw.url[7:]}")])).troubles
        assert isinstance(error, base.Unanswered)
        await service.aclose()


@pytest.mark.parametrize("rows", [None, {}, "text", 5])
async def test_a_response_without_rows_is_unreadable_and_loses_no_task(rows: Any) -> None:
    async with one(song_s=60) as (service, server):
        job = await released(service)
        server.fail("query_result", 200, {"data": rows, "code": 200, "error": None})
        polled = await service.poll([job])
        ((_, error),) = polled.troubles
        assert (type(error), polled.lost, polled.songs) == (base.Unreadable, (), ())


async def test_a_download_with_a_wrong_key_breaks_only_its_server(tmp_path: Path) -> None:
    async with two() as (service, _, second):
        ((song,), *_) = [(await service.poll([await released(service, account=name_of(second))])).songs]
        second.key = "changed"
        with pytest.raises(base.AccountBroken, match="requires a key") as caught:
            await service.download(song, tmp_path / "song", lambda done, total: None)
        assert caught.value.account == name_of(second)


async def test_a_download_from_an_unreachable_server_breaks_only_its_account(tmp_path: Path) -> None:
    async with raw_server(reply(200, b"")) as raw:
        gone = raw.url
    async with acestep_server() as here:
        service = AceStepService([here.url, gone], {gone: Secret("key-of-it")}, limits=QUICK)
        song = RemoteSong(f"1@{gone[7:]}", gone[7:], True, False, download_url="/v1/audio?path=x.flac")
        with pytest.raises(base.AccountBroken) as caught:
            await service.download(song, tmp_path / "song", lambda done, total: None)
        assert caught.value.account == gone[7:]
        await service.aclose()


async def test_a_song_is_made_and_fetched_after_all_that(tmp_path: Path) -> None:
    async with one() as (service, server):
        server.fail("health", 502, PROXY_PAGE)
        with pytest.raises(base.NotSent):
            await released(service)
        await service.download(await song_of(service), tmp_path / "song", lambda done, total: None)
        assert await asyncio.to_thread((tmp_path / "song").read_bytes)
        assert len(server.created) == 1


@pytest.mark.parametrize("key", ["", "key-of-it"])
async def test_a_file_that_is_gone_is_not_found_with_or_without_a_key(tmp_path: Path, key: str) -> None:
    async with one(key=key) as (service, server):
        song = await song_of(service)
        server.tasks.clear()
        with pytest.raises(base.NotFound, match="Audio file not found"):
            await service.download(song, tmp_path / "song", lambda done, total: None)


@pytest.mark.parametrize("average", [-1e18, 1e18, 0, "nan", 86_401])
async def test_values_out_of_range_are_not_shown(average: object) -> None:
    async with one() as (service, server):
        server.fail("v1/stats", 200, {"data": {"jobs": {}, "avg_job_seconds": average}, "code": 200}, times=9)
        names = [{"name": "x" * 5000}, {"name": "turbo"}]
        server.fail("v1/model_inventory", 200, {"data": {"models": names}, "code": 200}, times=9)
        shown = {one.what: one.message for one in await service.inspect()}
    assert "on average" not in shown["queue"]
    assert len(shown["model"]) < 300

"""A request is confirmed at the last moment; an error raised by the confirmation prevents it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from riffusion_tui.file_lock import Displaced
from riffusion_tui.services.base import CreateRequest, Service
from tests.acestep_server import acestep_server
from tests.flowmusic_server import flowmusic_server
from tests.services import ace, flow
from tests.services.kit import request, riffusion
from tests.services.raw import raw_server, reply
from tests.sounds import flac


def _confirming(allowed: int) -> Callable[[], None]:
    """Return a confirmation that raises after so many calls."""
    calls = 0

    def confirm() -> None:
        nonlocal calls
        calls += 1
        if calls > allowed:
            raise Displaced("another process took over")

    return confirm


async def _create(service: Service, wanted: CreateRequest, allowed: int) -> None:
    """Create a song: confirmed before connecting, before the head and before the body."""
    confirmed = replace(wanted, confirm=_confirming(allowed))
    if allowed < 3:
        with pytest.raises(Displaced):
            await service.create(confirmed)
    else:
        await service.create(confirmed)


@pytest.mark.parametrize("allowed", [0, 1, 2, 3])
async def test_a_request_is_confirmed_before_connecting_before_its_head_and_before_its_body(allowed: int) -> None:
    answer = reply(200, {"job_id": "a5d2d4a3", "user_id": "5f72c91e"})
    async with raw_server(answer) as server, riffusion(server.url) as service:
        await _create(service, request(), allowed)
    assert len(server.received) == (allowed == 3), "a request without its body is never received"


@pytest.mark.no_cover
@pytest.mark.parametrize("allowed", [0, 1, 2, 3])
@pytest.mark.parametrize("edit", [False, True], ids=["a song", "an edit with its source"])
async def test_a_task_of_acestep_is_confirmed(allowed: int, edit: bool, tmp_path: Path) -> None:
    source = tmp_path / "song.flac"
    source.write_bytes(flac())
    options = {"operation": "cover", "source": str(source)} if edit else {}
    async with acestep_server() as server, ace.client(server) as service:
        await service.fetch_capabilities()
        await _create(service, request(**options), allowed)
        assert len(server.created) == (allowed == 3)


async def test_a_task_resent_in_another_format_is_confirmed_again() -> None:
    async with acestep_server(version="cpp") as server, ace.client(server) as service:
        await service.fetch_capabilities()
        with pytest.raises(Displaced):
            await service.create(replace(request(), confirm=_confirming(3)))
        assert not server.created
        await service.create(replace(request(), confirm=_confirming(6)))
        assert len(server.created) == 1


@pytest.mark.no_cover
@pytest.mark.parametrize("allowed", [0, 1, 2, 3])
@pytest.mark.parametrize("edit", [False, True], ids=["a song", "an edit"])
async def test_a_request_of_flow_music_is_confirmed(allowed: int, edit: bool) -> None:
    async with flowmusic_server(song_s=0.0) as server, flow.client(server) as service:
        song = await flow.made(service)
        before = len(server.jobs)
        options = {"operation": "cover", "source": song.remote_id} if edit else {}
        await _create(service, request(**options), allowed)
        assert len(server.jobs) - before == (allowed == 3)

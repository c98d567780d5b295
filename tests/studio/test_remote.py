"""A studio on another machine, over a real socket: its songs have locks and edits like a local one's."""

from __future__ import annotations

from pathlib import Path

import pytest

from riffusion_tui.jobs.model import Options
from riffusion_tui.services.base import CreateRequest, PolledJob, RemoteSong
from riffusion_tui.services.riffusion.client import RiffusionService
from riffusion_tui.services.riffusion.profile import STUDIO_CAPABILITIES
from riffusion_tui.studio.studio_settings import SKETCH_ENGINE
from tests.serving import serve
from tests.studio.conftest import Opening

LOCKS = (("tempo", "200"), ("form", "intro 1, verse 2, ending 1"), ("band", "drums=drums, bass=sub bass"))


async def ended(service: RiffusionService, request: CreateRequest) -> RemoteSong:
    accepted = await service.create(request)
    job = PolledJob(accepted.remote_ids[0], accepted.account)
    while True:
        (song,) = (await service.poll([job])).songs
        if song.finished or song.failed:
            return song


@pytest.mark.parametrize("known", [False, True])
async def test_locks_edits_and_the_score_work_over_http(opening: Opening, tmp_path: Path, known: bool) -> None:
    async with opening(engine=SKETCH_ENGINE, soundfont="synthesized") as house, serve(house.studio.app) as url:
        service = RiffusionService(url, house.studio.token)
        assert service.capabilities.operations == ()
        if known:
            await service.fetch_capabilities()
        options = Options(instrumental=True, seed=3, extra=LOCKS)
        song = await ended(service, CreateRequest("pop", options, "r1", None))
        assert (song.plan["bpm"], song.plan["seed"], song.plan["form"]) == (200, 3, "4/4, intro 1, verse 2, ending 1")
        assert song.plan["roll"]
        mute = Options(operation="mute", source=song.remote_id, extra=(("stem", "Drums"),))
        muted = await ended(service, CreateRequest("pop", mute, "r2", None))
        assert muted.raw["remix_parent_id"] == song.remote_id
        assert "Drums" not in muted.plan["stems"]
        await service.download(song, tmp_path / "song.mid", lambda done, total: None, "midi")
        assert (tmp_path / "song.mid").read_bytes().startswith(b"MThd")
        await service.aclose()
        assert service.capabilities == STUDIO_CAPABILITIES._replace(local=False)

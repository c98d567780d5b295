"""Edits, accounts, lyrics and invalid responses of Flow Music, over real sockets."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from riffusion_tui.secret import Secret
from riffusion_tui.services import base
from riffusion_tui.services.base import PolledJob
from tests.flowmusic_server import FlowAccount
from tests.services.flow import ANN, BOB, both, client, made
from tests.services.kit import request


@pytest.mark.parametrize(
    ("operation", "extra", "options", "body"),
    [
        (
            "extend",
            {"extend_s": "30", "extend_from_s": "12.5"},
            {},
            {"instruction": "p", "extend_s": 30, "extend_from_s": 12.5},
        ),
        (
            "replace",
            {"mask_start_s": "10", "mask_end_s": "x", "other": "1"},
            {"seed": 4, "title": "T"},
            {"instruction": "p", "mask_start_s": 10, "mask_end_s": "x", "seed": 4, "title": "T"},
        ),
        ("cover", {"strength": "0.5"}, {}, {"instruction": "p", "strength": 0.5}),
        ("remix", {}, {"lyrics": "new words"}, {"lyrics": "new words", "prompt": "p"}),
        ("effect", {"effect": "Gain", "gain_db": "3"}, {"seed": 4}, {"effect": "Gain", "gain_db": 3}),
    ],
)
async def test_each_edit_sends_its_fields(
    operation: str, extra: dict[str, str], options: dict[str, Any], body: dict[str, Any]
) -> None:
    async with both() as (service, server):
        song = await made(service, "p", account=BOB)
        for source, clip in [
            (song.remote_id, song.raw["clip"]),
            (song.siblings[0].remote_id, song.siblings[0].raw["clip"]),
            (song.raw["clip"], song.raw["clip"]),
        ]:
            requested = request("p", operation=operation, source=source, extra=tuple(extra.items()), **options)
            accepted = await service.create(requested)
            assert accepted.account == BOB
            assert server.created[-1] == {
                "operation": operation,
                "clip": clip,
                "mode": "async",
                "replyRef": "ref-1",
                **body,
            }
            edited = await service.song(BOB, accepted.remote_ids[0])
            assert edited is not None
            assert (edited.finished, edited.siblings) == (True, ())


async def test_stems_return_four_songs_at_once() -> None:
    async with both() as (service, server):
        song = await made(service, "p", account=ANN)
        accepted = await service.create(request("p", operation="stems", source=song.remote_id))
        assert len(accepted.remote_ids) == 4
        assert [one.remote_id for one in accepted.songs] == list(accepted.remote_ids), "no poll is needed"
        assert accepted.account == ANN
        assert server.created[-1] == {"operation": "stems", "clip": song.raw["clip"]}
        server.seen.clear()
        polled = await service.poll([PolledJob(remote_id, ANN) for remote_id in accepted.remote_ids])
        assert [stem.title.rpartition(" - ")[2] for stem in polled.songs] == ["drums", "bass", "vocals", "other"]
        assert all(stem.finished and stem.download_url for stem in polled.songs)
        assert server.calls("GET") == ["GET /v1/flowmusic/jobs"]
        async with client(server) as later:
            found = await later.song(ANN, accepted.remote_ids[2])
            assert found is not None
            assert found.title.endswith("vocals")


async def test_an_edit_of_a_missing_or_unfinished_song_is_refused_unsent() -> None:
    async with both(song_s=5) as (service, server):
        pending = (await service.create(request("p"))).remote_ids[0]
        server.created.clear()
        for source in (pending, "job:gone", ""):
            with pytest.raises(base.NotFound, match="does not exist or is not finished"):
                await service.create(request("p", operation="extend", source=source))
        with pytest.raises(base.BadRequest, match="has no edit 'sing'"):
            await service.create(request("p", operation="sing", source="user:1-a-clip:b"))
        server.drop("job")
        with pytest.raises(base.NotSent, match="could not be looked up"):
            await service.create(request("p", operation="extend", source=pending))
        assert server.created == []


async def test_accounts_report_credits_and_errors_and_can_be_changed() -> None:
    async with both(FlowAccount(ANN, 5, 420), FlowAccount(BOB, 2, error="refresh token rejected")) as (service, server):
        assert await service.accounts() == (
            base.AccountInfo(ANN, 5, "", 420.0),
            base.AccountInfo(BOB, 2, "refresh token rejected"),
        )
        server.fail("account", 500)
        assert await service.accounts() == (
            base.AccountInfo(ANN, 5),
            base.AccountInfo(BOB, 2, "refresh token rejected"),
        )
        server.fail("account", 401, {"error": "Unauthorized"})
        with pytest.raises(base.Unauthorized):
            await service.accounts()
        repaired = await service.repair_account(Secret(f"{BOB}/token"), 16)
        assert (repaired.user_id, repaired.max_jobs, repaired.error) == (BOB, 16, "")
        assert (await service.repair_account(None, 4, BOB)).max_jobs == 4
        assert [one.max_jobs for one in (await service.workload()).capacity] == [5, 4]
        await service.remove_account(BOB)
        assert [one.account for one in (await service.workload()).capacity] == [ANN]
        with pytest.raises(base.BadRequest, match="refresh_token is required"):
            await service.repair_account(Secret(f"{BOB}/bad"), 4)
        for credential, max_jobs, user_id in [(None, 4, None), (Secret("x"), 0, None), (Secret("x"), 17, BOB)]:
            with pytest.raises(base.BadRequest):
                await service.repair_account(credential, max_jobs, user_id)
    async with both() as (service, server):
        server.accounts.clear()
        assert await service.accounts() == ()


async def test_lyrics_are_generated_at_no_cost() -> None:
    async with both() as (service, server):
        written = await service.write_lyrics("a long road")
        assert written.text.startswith("[Verse 1]\na long road")
        assert not written.suggests
        rewritten = await service.write_lyrics("a long road", "old words")
        assert rewritten.text.startswith("[Verse 1]\na long road\n\nRewrite these lyrics:\nold w")
        with pytest.raises(base.BadRequest, match="2,001 characters"):
            await service.write_lyrics("x" * 2001)
        server.fail("lyrics", 200, {"lyrics": None})
        with pytest.raises(base.Unreadable):
            await service.write_lyrics("x")
        server.fail("lyrics", 422, {"error": {"code": "no_lyrics", "message": "none came"}})
        with pytest.raises(base.Refused, match="none came"):
            await service.write_lyrics("x")
        assert server.created == []


async def test_responses_of_the_wrong_shape_are_unreadable() -> None:
    async with both() as (service, server):
        requested: list[tuple[str, Callable[[], Awaitable[object]]]] = [
            ("music", lambda: service.songs(ANN)),
            ("jobs", service.workload),
            ("accounts", service.accounts),
            ("account", lambda: service.account(ANN)),
            ("job", lambda: service.song(ANN, "job:x")),
        ]
        for call, ask in requested:
            server.fail(call, 200, "what")
            with pytest.raises(base.Unreadable):
                await ask()
        with pytest.raises(base.BadRequest):
            await service.account("")


async def test_the_capabilities_are_flow_musics() -> None:
    async with both() as (service, _):
        can = service.capabilities
        assert service.name == "flowmusic"
        assert (can.formats[0], can.max_jobs, can.credits, can.list_proves) == ("m4a", 16, True, False)
        assert {"extend", "replace", "cover", "remix", "stems"} <= set(can.operations)

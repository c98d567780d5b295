"""The Riffusion client beyond single responses: polling many jobs with few calls, accounts, older servers."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from riffusion_tui.secret import Secret
from riffusion_tui.services import base
from riffusion_tui.services.base import PolledJob
from tests.services.kit import answering, request, riffusion
from tests.services.raw import Received, raw_server, reply

USER, OTHER = "5f72c91e-2b3d-42a4-9fb1-0b8c2e293b2c", "7a7b8c2e-1111-42a4-9fb1-0b8c2e293b2c"
ACCEPTED = reply(200, {"job_id": "x"})


def done(remote_id: str, **more: Any) -> dict[str, Any]:
    return {"id": remote_id, "status": "completed", **more}


def routed(routes: dict[str, bytes]) -> Any:
    """Answer by the longest prefix of the target."""

    async def handler(received: Received, writer: asyncio.StreamWriter) -> None:
        writer.write(routes[max((key for key in routes if received.target.startswith(key)), key=len)])

    return handler


async def test_many_jobs_of_an_account_are_polled_in_one_call() -> None:
    jobs = [PolledJob(f"j{n}", USER) for n in range(9)]
    listed = [done(f"j{n}") for n in range(8)] + [{"id": "other", "job_id": "j8", "status": "queued"}]
    async with answering(reply(200, listed)) as (service, raw):
        polled = await service.poll(jobs)
    assert len(raw.received) == 1
    assert raw.received[0].query == {"user_id": USER, "offset": "0", "limit": "18"}
    assert [song.finished for song in polled.songs] == [True] * 8 + [False]
    assert (polled.lost, polled.troubles) == ((), ())


async def test_polling_no_jobs_sends_nothing() -> None:
    async with answering(ACCEPTED) as (service, raw):
        assert await service.poll([]) == base.PollResult()
        assert not raw.received


async def test_unlisted_jobs_are_looked_up_in_the_scheduler_then_by_id() -> None:
    listed = reply(200, [done(f"old{n}") for n in range(10)])
    here = "/v1/riffusion/music/?"
    routes = {
        here: listed,
        "/v1/riffusion/scheduler": reply(
            200, [{"job_id": "running", "user_id": USER, "replyRef": "mine"}, {"id": "no"}]
        ),
        f"{here}user_id={USER}&id=older": reply(200, [done("older")]),
        f"{here}user_id={USER}&id=gone": reply(200, []),
        f"{here}user_id={USER}&id=expired": reply(410, b""),
        f"{here}user_id={USER}&id=unknown": reply(404, {"error": "no such job"}),
    }
    jobs = [PolledJob(name, USER) for name in ("running", "older", "gone", "expired", "unknown")]
    async with raw_server(handler=routed(routes)) as raw, riffusion(raw.url) as service:
        polled = await service.poll(jobs)
    assert [(song.remote_id, song.status, song.finished) for song in polled.songs] == [
        ("running", "running", False),
        ("older", "completed", True),
    ]
    assert polled.songs[0].ref == "mine"
    assert [(remote_id, type(error)) for remote_id, error in polled.lost] == [("expired", base.Expired)]
    assert len(raw.received) == 6


async def test_a_server_that_ignores_the_id_is_reported_at_once() -> None:
    listed = reply(200, [done(f"old{n}") for n in range(10)])
    routes = {"/v1/riffusion/music/": listed, "/v1/riffusion/scheduler": reply(200, [])}
    async with raw_server(handler=routed(routes)) as raw, riffusion(raw.url) as service:
        polled = await service.poll([PolledJob("new", USER)])
    assert [(remote_id, type(error)) for remote_id, error in polled.lost] == [("new", base.OtherSongs)]
    assert str(polled.lost[0][1]) == "The server was asked for the song new, and answered with others."
    assert polled.troubles == ()


async def test_an_incomplete_page_is_the_last_one() -> None:
    async with raw_server(
        handler=routed({"/v1/riffusion/music/": reply(200, [done("a")]), "/v1/riffusion/scheduler": reply(200, [])})
    ) as raw:
        async with riffusion(raw.url) as service:
            polled = await service.poll([PolledJob("a", USER), PolledJob("new", USER)])
        assert len(raw.received) == 2
    assert [song.remote_id for song in polled.songs] == ["a"]
    assert polled.lost == ()


async def test_an_account_error_does_not_affect_other_accounts() -> None:
    routes = {
        f"/v1/riffusion/music/?user_id={USER}": reply(596, {"error": "pending error"}),
        f"/v1/riffusion/music/?user_id={OTHER}": reply(200, [done("b")]),
    }
    async with raw_server(handler=routed(routes)) as raw, riffusion(raw.url) as service:
        polled = await service.poll([PolledJob("a", USER), PolledJob("b", OTHER)])
    assert [song.remote_id for song in polled.songs] == ["b"]
    ((account, error),) = polled.troubles
    assert (account, type(error)) == (USER, base.AccountBroken)


async def test_a_failed_lookup_is_an_account_error_and_loses_no_job() -> None:
    here = "/v1/riffusion/music/?"
    routes = {
        here: reply(200, [done(f"old{n}") for n in range(10)]),
        "/v1/riffusion/scheduler": reply(200, []),
        f"{here}user_id={USER}&id=": reply(500, b""),
    }
    async with raw_server(handler=routed(routes)) as raw, riffusion(raw.url) as service:
        polled = await service.poll([PolledJob("a", USER), PolledJob("b", USER)])
    assert polled.lost == ()
    assert [(account, type(error)) for account, error in polled.troubles] == [(USER, base.ServerFault)]
    assert len(raw.received) == 3, "the other lookups wait for the next poll"


async def test_an_oversized_record_is_lost_without_its_neighbors() -> None:
    here, huge = "/v1/riffusion/music/?", done("huge", lyrics="la " * 3_000_000)
    routes = {
        here: reply(200, [huge, done("b"), done("c")]),
        "/v1/riffusion/scheduler": reply(200, []),
        f"{here}user_id={USER}&id=huge": reply(200, [huge]),
        f"{here}user_id={USER}&id=b": reply(200, [done("b")]),
        f"{here}user_id={USER}&id=new": reply(200, []),
        f"{here}user_id={USER}&id=ill": reply(500, b""),
    }
    async with raw_server(handler=routed(routes)) as raw, riffusion(raw.url) as service:
        polled = await service.poll([PolledJob(name, USER) for name in ("huge", "b", "new")])
        assert [song.remote_id for song in polled.songs] == ["b"]
        assert [(remote_id, type(error)) for remote_id, error in polled.lost] == [("huge", base.Oversized)]
        assert polled.troubles == ()
        polled = await service.poll([PolledJob(name, USER) for name in ("b", "ill", "c")])
    assert [song.remote_id for song in polled.songs] == ["b"]
    assert [(account, type(error)) for account, error in polled.troubles] == [(USER, base.ServerFault)]


async def test_a_failing_scheduler_keeps_the_listed_songs() -> None:
    routes = {"/v1/riffusion/music/": reply(200, [done("a")]), "/v1/riffusion/scheduler": reply(500, b"")}
    async with raw_server(handler=routed(routes)) as raw, riffusion(raw.url) as service:
        polled = await service.poll([PolledJob("a", None), PolledJob("b", None)])
    assert [song.remote_id for song in polled.songs] == ["a"]
    assert [(account, type(error)) for account, error in polled.troubles] == [(None, base.ServerFault)]
    assert "user_id" not in raw.received[0].query


async def test_a_missing_song_is_none() -> None:
    for answer in (reply(200, []), reply(404, {"error": "no"}), reply(200, [done("another")])):
        async with answering(answer) as (service, _):
            assert await service.song(USER, "a") is None


async def test_the_workload_of_a_server_without_available_is_computed() -> None:
    routes = {
        "/v1/riffusion/scheduler": reply(200, [{"job_id": "a", "user_id": USER}] * 2),
        "/v1/riffusion/scheduler/available": reply(404, b""),
        "/v1/riffusion/accounts": reply(200, {USER: {"maxJobs": 3}, OTHER: {"maxJobs": 1}}),
    }
    async with raw_server(handler=routed(routes)) as raw, riffusion(raw.url) as service:
        workload = await service.workload()
    assert workload.capacity == (base.Capacity(USER, 3, 2), base.Capacity(OTHER, 1, 0))


@pytest.mark.parametrize(
    ("options", "path", "has", "has_not"),
    [
        ({}, "create-prompt", {"prompt": "p", "instrumental": False}, {"seed", "length_s", "title", "user_id"}),
        ({"seed": 3, "length_s": 20.0}, "create-prompt", {"prompt": "p"}, {"seed", "length_s"}),
        ({"title": "T"}, "create-prompt", {"prompt": "p"}, {"title"}),
        ({"title": "T", "instrumental": True}, "create-compose", {"title": "T", "prompt_1": "p"}, {"lyrics", "prompt"}),
        ({"lyrics": "la", "title": "T"}, "create-compose", {"lyrics": "la", "title": "T", "prompt_1": "p"}, set()),
        ({"lyrics": "la", "instrumental": True}, "create-prompt", {"instrumental": True}, {"lyrics"}),
        (
            {"extra": (("lyrics_strength", "40"), ("prompt_2", "R&B"), ("else", "1"))},
            "create-compose",
            {"lyrics_strength": 40, "prompt_2": "R&B"},
            {"else"},
        ),
        ({"model": ""}, "create-prompt", {}, {"model"}),
    ],
)
async def test_options_choose_the_call_and_its_fields(
    options: dict[str, Any], path: str, has: dict[str, Any], has_not: set[str]
) -> None:
    async with answering(ACCEPTED) as (service, raw):
        await service.create(request("p", **options))
    sent = raw.received[-1]
    assert sent.path == f"/v1/riffusion/music/{path}"
    assert has.items() <= sent.json.items()
    assert not has_not & set(sent.json)


async def test_the_studio_accepts_seed_and_length() -> None:
    async with answering(ACCEPTED, studio=True) as (service, raw):
        assert service.capabilities.seed
        assert service.capabilities.length
        assert "midi" in service.capabilities.formats
        await service.create(request("p", seed=3, length_s=20.0, title="T"))
    assert raw.received[0].json["seed"] == 3
    assert (raw.received[0].json["title"], raw.received[0].path) == ("T", "/v1/riffusion/music/create-prompt")
    assert raw.received[0].json["length_s"] == 20.0


async def test_locks_and_edits_are_sent_to_the_studio() -> None:
    locks = {"tempo": "92.5", "key": "A minor", "form": "verse 8", "band": "lead=flute", "like": "rain"}
    edits: list[tuple[str, dict[str, str], dict[str, Any]]] = [
        ("mute", {"stem": "Drums"}, {"stem": "Drums"}),
        ("resize", {"length_s": "90"}, {"length_s": 90}),
        ("transpose", {"key": "D minor"}, {"key": "D minor"}),
        ("replace", {"section": "Verse 2", "seed": "5", "else": "1"}, {"section": "Verse 2", "seed": 5, "prompt": "p"}),
    ]
    async with answering(ACCEPTED, studio=True) as (service, raw):
        await service.create(request("p", extra=tuple(locks.items())))
        for operation, fields, _ in edits:
            await service.create(request("p", operation=operation, source="r1", extra=tuple(fields.items())))
        with pytest.raises(base.BadRequest, match="has no edit 'sing'"):
            await service.create(request("p", operation="sing", source="r1"))
    created, *edited = raw.received
    assert created.path == "/v1/riffusion/music/create-prompt"
    assert (locks | {"tempo": 92.5}).items() <= created.json.items()
    for sent, (operation, _, has) in zip(edited, edits, strict=True):
        assert sent.path == "/v1/riffusion/music/edit"
        assert sent.json == {"operation": operation, "id": "r1", "replyRef": sent.json["replyRef"], **has}


async def test_locks_and_edits_are_sent_to_no_other_server() -> None:
    async with answering(ACCEPTED) as (service, raw):
        await service.create(request("p", extra=(("tempo", "92.5"), ("like", "rain"))))
        with pytest.raises(base.BadRequest, match="the studio can"):
            await service.create(request("p", operation="mute", source="r1", extra=(("stem", "Drums"),)))
    capabilities, sent = raw.received
    assert capabilities.path == "/v1/riffusion/scheduler/available", "one lookup for both requests"
    assert not {"tempo", "like"} & set(sent.json)


async def test_the_features_of_another_server_are_fetched_before_the_first_create() -> None:
    async with answering(reply(500, {}), reply(200, {"executing": [], "available": []}), ACCEPTED) as (service, raw):
        with pytest.raises(base.NotSent):
            await service.create(request("p", seed=3))
        await service.create(request("p", seed=3))
    assert [one.method for one in raw.received] == ["GET", "GET", "POST"]
    assert "seed" not in raw.received[-1].json
    studio = {"fields": ["seed", "tempo", "later"], "edits": ["mute", 3], "formats": ["mp3", "midi"]}
    async with answering(reply(200, {"executing": [], "available": [], "studio": studio}), ACCEPTED) as (service, raw):
        await service.fetch_capabilities()
        await service.fetch_capabilities()
        can = service.capabilities
        assert (can.seed, can.length, can.local, can.operations) == (True, False, False, ("mute",))
        assert ([field.name for field in can.fields], can.formats) == (["tempo"], ("mp3", "midi"))
        await service.create(request("p", seed=3, length_s=20.0, title="T", extra=(("tempo", "92"), ("key", "C"))))
    assert len(raw.received) == 2
    assert {"seed": 3, "tempo": 92}.items() <= raw.received[-1].json.items()
    assert not {"length_s", "key", "title"} & set(raw.received[-1].json)


async def test_edits_are_withdrawn_if_the_server_is_no_longer_a_studio() -> None:
    answers = (
        reply(200, {"executing": [], "available": [], "studio": {"edits": ["mute"]}}),
        reply(404, {}),
        reply(200, []),
        reply(200, {}),
    )
    async with answering(*answers) as (service, _):
        await service.workload()
        assert service.capabilities.operations == ("mute",)
        assert service.capabilities.formats == ("mp3", "wav", "stems")
        await service.workload()
        assert not service.capabilities.edits


async def test_another_server_has_the_basic_capabilities() -> None:
    async with answering(ACCEPTED, name="mine") as (service, _):
        assert service.name == "mine"
        can = service.capabilities
    assert (can.formats, can.seed, can.lyrics, can.given_lyrics) == (("mp3", "wav", "stems"), False, True, True)
    assert (can.credential, can.operations, can.fields) == ("cookie", (), ())


async def test_an_account_is_repaired_with_one_request() -> None:
    answer = reply(201, {"user_id": USER, "maxJobs": 6})
    async with answering(answer) as (service, raw):
        assert await service.repair_account(Secret("sid=1"), 6, USER) == base.AccountInfo(USER, 6)
        assert len(raw.received) == 1
        assert raw.received[0].json == {"cookie": "sid=1", "maxJobs": 6}
        for none in (None, Secret("")):
            with pytest.raises(base.BadRequest, match="new cookie"):
                await service.repair_account(none, 6, USER)
        assert len(raw.received) == 1
    async with answering(answer, studio=True) as (service, raw):
        await service.repair_account(None, 2, USER)
        assert raw.received[0].json == {"maxJobs": 2, "user_id": USER}
        with pytest.raises(base.BadRequest):
            await service.repair_account(None, 2)
    async with answering(reply(400, {"error": "Bad cookie", "code": 400})) as (service, raw):
        with pytest.raises(base.BadRequest, match="Bad cookie"):
            await service.repair_account(Secret("sid=canary"), 6)
        assert len(raw.received) == 1


@pytest.mark.parametrize("body", [{}, [], {"maxJobs": 3}, "text"])
async def test_an_account_response_without_an_id_is_unreadable(body: Any) -> None:
    async with answering(reply(201, body)) as (service, _):
        with pytest.raises(base.Unreadable, match="without an id"):
            await service.repair_account(Secret("sid=1"), 6)


async def test_responses_of_the_wrong_shape_are_unreadable() -> None:
    async with answering(reply(200, {"error": "Down for repairs"})) as (service, _):
        with pytest.raises(base.Unreadable, match='the message "Down for repairs"'):
            await service.songs(USER)
    for body, words in ((7, "single value"), ({}, "an empty response")):
        async with answering(reply(200, body)) as (service, _):
            with pytest.raises(base.Unreadable, match=words):
                await service.songs(USER)
    async with answering(reply(200, {"a": 1})) as (service, _):
        with pytest.raises(base.Unreadable, match="instead of a list"):
            await service.songs(USER)
        with pytest.raises(base.Unreadable, match="instead of its running jobs"):
            await service.workload()
        with pytest.raises(base.Unreadable, match="instead of a list"):
            await service.scheduler()
    async with answering(reply(200, [1])) as (service, _):
        with pytest.raises(base.Unreadable, match="instead of its accounts"):
            await service.accounts()


async def test_the_built_in_studio_always_keeps_its_features() -> None:
    async with answering(reply(200, {"executing": [], "available": []}), studio=True) as (service, _):
        known = service.capabilities
        await service.workload()
        assert service.capabilities is known

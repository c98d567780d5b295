"""Polling of running jobs, with complete and incomplete reports."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from riffusion_tui.dispatch.polling.song_details import song_details
from riffusion_tui.jobs.model import FailureKind, Options, WaitCause
from riffusion_tui.jobs.status import Status
from riffusion_tui.services import base
from riffusion_tui.services.profiles import profile_of
from riffusion_tui.store import NewJob
from tests.dispatch.bench import bench
from tests.dispatch.virtual import run
from tests.dispatch.world import Slot, World


@pytest.mark.parametrize(
    ("song", "status", "trouble", "words"),
    [
        ({"error": "The GPU melted."}, Status.FAILED, FailureKind.SERVICE_FAILED, "The GPU melted."),
        ({}, Status.FAILED, FailureKind.SERVICE_FAILED, "The service failed to make it."),
        ({"flagged": True}, Status.REFUSED, FailureKind.MODERATION, "The service's moderation rejected the prompt."),
    ],
)
def test_a_song_that_fails_at_the_service_fails_its_job(
    tmp_path: Path, song: dict[str, Any], status: Status, trouble: FailureKind, words: str
) -> None:
    async def main() -> None:
        world = World(duration=lambda: 5.0)
        found = world._find

        def failed(remote_id: str) -> base.RemoteSong | None:
            one = found(remote_id)
            return replace(one, finished=False, failed=True, **song) if one and one.finished else one

        world._find = failed
        async with bench(tmp_path, world) as b:
            (job,) = b.job_commands.submit(["one"], Options())
            async with b.dispatching():
                await b.until(lambda: b.all(status))
            ended = b.store.job(job.id)
            assert (ended.trouble, ended.error) == (trouble, words)
            assert ended.ended_at is not None

    run(main())


def test_a_polling_error_on_a_job_is_cleared_once_polling_works(tmp_path: Path) -> None:
    async def main() -> None:
        world = World({"a": Slot(1)}, lambda: 600.0, faults={"poll": [base.Unreadable("It is a web page.")]})
        world.capabilities = world.capabilities._replace(schedules=False)
        async with bench(tmp_path, world) as b:
            (job,) = b.job_commands.submit(["one"], Options())
            async with b.dispatching():
                await b.until(lambda: b.store.job(job.id).error == "It is a web page.")
                await b.until(lambda: not b.store.job(job.id).error)
                assert b.store.job(job.id).status is Status.MAKING
            assert "followed again" in [event.what for event in b.store.timeline(job.id)]

    run(main())


@pytest.mark.no_cover
def test_a_stuck_song_does_not_hold_up_its_batch(tmp_path: Path) -> None:
    async def main() -> None:
        durations = iter([3 * 3600.0, *[540.0] * 20])
        world = World({"a": Slot(2)}, lambda: next(durations))
        async with bench(tmp_path, world) as b:
            stuck, *_ = b.job_commands.submit([f"prompt {n}" for n in range(20)], Options())
            async with b.dispatching():
                await b.until(lambda: len(b.jobs(Status.DONE)) == 18)
                assert b.store.job(stuck.id).status == Status.MAKING
                await b.until(lambda: b.all(Status.DONE))
            assert sum(world.calls.values()) < 1000

    run(main())


def silent(world: World, remote_ids: Sequence[str]) -> None:
    """The service doesn't report some of its jobs."""
    for one in world.made:
        if one.remote_id in remote_ids:
            one.gone = True


def test_a_job_that_the_service_does_not_report_is_lost_after_three_minutes(tmp_path: Path) -> None:
    async def main() -> None:
        world = World({"a": Slot(1)}, lambda: 4000.0)
        async with bench(tmp_path, world) as b:
            (job,) = b.job_commands.submit(["one"], Options())
            async with b.dispatching():
                await b.until(lambda: b.all(Status.MAKING))
                await asyncio.sleep(60)
                silent(world, ["r0"])
                await b.until(lambda: b.all(Status.FAILED))
                assert 240 <= b.clock.steady() <= 400
                assert b.store.job(job.id).trouble == FailureKind.STALLED
                world.made[0].gone = False
                b.job_commands.retry([job.id])
                await b.until(lambda: b.all(Status.DONE))
            assert world.per_prompt() == {"one": 1}

    run(main())


def test_a_lost_job_frees_its_slot_for_the_next(tmp_path: Path) -> None:
    async def main() -> None:
        world = World({"a": Slot(1)}, lambda: 30.0)
        async with bench(tmp_path, world) as b:
            first, second = b.job_commands.submit(["one", "two"], Options())
            async with b.dispatching():
                await b.until(lambda: b.store.job(first.id).status == Status.MAKING)
                silent(world, ["r0"])
                await b.until(lambda: b.store.job(second.id).status == Status.DONE, 400)
            lost = b.store.job(first.id)
            assert lost.trouble == FailureKind.STALLED
            assert "3 minutes" in lost.error
            assert b.job_commands.retry([first.id]).ids == (first.id,)
            assert b.store.job(first.id).status == Status.MAKING
            assert world.per_prompt() == {"one": 1, "two": 1}

    run(main())


def test_time_without_polling_does_not_count_as_silence(tmp_path: Path) -> None:
    async def main() -> None:
        world = World({"a": Slot(1)}, lambda: 9000.0)
        async with bench(tmp_path, world) as b:
            (job,) = b.job_commands.submit(["one"], Options())
            async with b.dispatching():
                await b.until(lambda: b.all(Status.MAKING))
            await asyncio.sleep(86_400)  # the machine was suspended
            world.made[0].gone = True
            async with b.dispatching():
                await asyncio.sleep(60)
                assert b.store.job(job.id).status == Status.MAKING

    run(main())


def lost(world: World, error: base.ServiceError) -> None:
    """The service reports its jobs as lost."""

    async def poll(jobs: Sequence[base.PolledJob]) -> base.PollResult:
        world.calls["poll"] += 1
        return base.PollResult(lost=tuple((job.remote_id, error) for job in jobs))

    world.poll = poll


@pytest.mark.parametrize(
    ("error", "trouble", "after"),
    [
        (base.Expired("gone"), FailureKind.EXPIRED, 0),
        (base.Forbidden("not yours"), FailureKind.FORBIDDEN, 0),
        (base.NotFound("unknown"), FailureKind.NOT_FOUND, 120),
    ],
)
def test_a_job_that_the_service_reports_as_lost_fails(
    tmp_path: Path, error: base.ServiceError, trouble: FailureKind, after: float
) -> None:
    async def main() -> None:
        world = World(duration=lambda: 1.0)
        lost(world, error)
        async with bench(tmp_path, world) as b:
            b.job_commands.submit(["one"], Options())
            async with b.dispatching():
                await b.until(lambda: b.all(Status.FAILED), 600)
            assert b.store.jobs()[0].trouble == trouble
            assert b.clock.steady() >= after

    run(main())


def test_polling_of_a_broken_account_resumes_after_its_repair(tmp_path: Path) -> None:
    async def main() -> None:
        world = World({"a": Slot(1), "b": Slot(1)}, lambda: 20.0)
        async with bench(tmp_path, world) as b:
            b.job_commands.submit(["one", "two"], Options())
            async with b.dispatching():
                await b.until(lambda: b.all(Status.MAKING))
                world.accounts_there["a"].broken = True
                await b.until(lambda: bool(b.jobs(Status.DONE)))
                await asyncio.sleep(900)
                assert len(b.jobs(Status.MAKING)) == 1
                b.job_commands.submit(["three"], Options(account="a"))
                world.accounts_there["a"].broken = False
                await b.until(lambda: b.all(Status.DONE), 1200)
            assert set(world.per_prompt().values()) == {1}

    run(main())


@pytest.mark.parametrize(
    "error", [base.NotSent("no route"), base.Unanswered("cut"), base.UpstreamLimited("429"), base.Unauthorized("401")]
)
def test_a_failed_poll_is_retried(tmp_path: Path, error: base.ServiceError) -> None:
    async def main() -> None:
        world = World(duration=lambda: 30.0)
        async with bench(tmp_path, world) as b:
            b.job_commands.submit(["one"], Options())
            async with b.dispatching():
                await b.until(lambda: b.all(Status.MAKING))
                world.faults["workload"] = [error] * 3
                world.faults["poll"] = [error] * 2
                await b.until(lambda: b.all(Status.DONE), 3600)
            assert world.per_prompt() == {"one": 1}

    run(main())


@pytest.mark.parametrize("error", [base.NotFound("no scheduler"), base.ServerFault("500")])
def test_songs_are_polled_if_the_scheduler_fails(tmp_path: Path, error: base.ServiceError) -> None:
    async def main() -> None:
        world = World(duration=lambda: 30.0)
        async with bench(tmp_path, world) as b:
            b.job_commands.submit(["one", "two", "three"], Options())
            world.faults["workload"] = [error] * 1000
            async with b.dispatching():
                await b.until(lambda: b.all(Status.DONE), 600)
            assert set(world.per_prompt().values()) == {1}

    run(main())


def test_a_job_cancelled_during_a_poll_stays_cancelled(tmp_path: Path) -> None:
    async def main() -> None:
        world = World(duration=lambda: 5.0, latency=2.0)
        async with bench(tmp_path, world) as b:
            finishing, failing = b.job_commands.submit(["one", "two"], Options())
            async with b.dispatching():
                await b.until(lambda: b.all(Status.MAKING))
                world.made[1].failed = True
                await asyncio.sleep(5)
                for job in (finishing, failing):
                    b.store.update(job.id, Status.CANCELLED)
                await asyncio.sleep(60)
            assert b.all(Status.CANCELLED)

    run(main())


def test_reports_of_unknown_jobs_are_ignored(tmp_path: Path) -> None:
    async def main() -> None:
        world = World(duration=lambda: 5.0)
        poll = world.poll

        async def more(jobs: Sequence[base.PolledJob]) -> base.PollResult:
            polled = await poll(jobs)
            stranger = base.RemoteSong("stranger", "a", True, False)
            return replace(polled, songs=(*polled.songs, stranger), lost=(("nobody", base.NotFound("no")),))

        world.poll = more
        async with bench(tmp_path, world) as b:
            b.job_commands.submit(["one"], Options())
            async with b.dispatching():
                await b.until(lambda: b.all(Status.DONE))
            assert len(b.store.jobs()) == 1

    run(main())


def test_a_known_sibling_is_not_added_again(tmp_path: Path) -> None:
    async def main() -> None:
        world = World(duration=lambda: 5.0, pairs="siblings")
        async with bench(tmp_path, world) as b:
            b.job_commands.submit(["one"], Options())
            async with b.dispatching():
                await b.until(lambda: b.all(Status.MAKING))
                b.store.add([NewJob("one", Options(), "world", "x", "b", status=Status.CANCELLED, remote_id="r0-b")])
                await b.until(lambda: bool(b.jobs(Status.DONE)))
            assert len(b.store.jobs()) == 2

    run(main())


def test_a_song_in_the_create_response_is_done_at_once(tmp_path: Path) -> None:
    async def main() -> None:
        durations = iter([200.0, 200.0, 0.0, 200.0])
        world = World(duration=lambda: next(durations), pairs="ids")
        world.capabilities = world.capabilities._replace(edits=profile_of("flowmusic").capabilities.edits)
        async with bench(tmp_path, world) as b:
            b.job_commands.submit(["one", "two"], Options())
            async with b.dispatching():
                await b.until(lambda: b.all(Status.DONE))
                usual = b.store.usual_time("world")
                (job,) = b.job_commands.again([1], options=Options(operation="extend", source="r0"))
                began = b.clock.now()
                await b.until(lambda: b.all(Status.DONE))
                assert b.clock.now() - began < 5, "both songs are done at once"
                assert b.store.siblings(job.id) == (job.id + 1,)
                (job,) = b.job_commands.again([1], options=Options(operation="extend", source="r0"))
                await b.until(lambda: b.all(Status.DONE))
            assert b.store.usual_time("world") == usual, "an edit is no measure of a song"

    run(main())


def test_song_durations_are_learned_only_from_timely_polls(tmp_path: Path) -> None:
    async def main() -> None:
        world = World(duration=lambda: 40.0)
        async with bench(tmp_path, world) as b:
            b.job_commands.submit([f"prompt {n}" for n in range(6)], Options())
            async with b.dispatching():
                await b.until(lambda: b.all(Status.DONE))
            usual = b.store.usual_time("world")
            assert usual is not None
            assert usual.median_s == pytest.approx(40, rel=0.15)
            b.job_commands.submit(["one more"], Options())
            async with b.dispatching():
                await b.until(lambda: bool(b.jobs(Status.MAKING)))
            await asyncio.sleep(3600)
            async with b.dispatching():
                await b.until(lambda: b.all(Status.DONE))
            assert b.store.usual_time("world") == usual, "a song that ended while not polled is ignored"

    run(main())


def test_only_the_probe_runs_while_the_service_is_unreachable(tmp_path: Path) -> None:
    async def main() -> None:
        world = World(duration=lambda: 600.0)
        async with bench(tmp_path, world) as b:
            b.job_commands.submit(["one"], Options())
            async with b.dispatching():
                await b.until(lambda: b.all(Status.MAKING))
                world.online = False
                await b.until(lambda: bool(b.store.gates("world")))
                before = sum(world.calls.values())
                await asyncio.sleep(3600)
                assert [gate.cause for gate in b.store.gates("world")] == [WaitCause.OFFLINE]
                assert sum(world.calls.values()) - before < 120
                world.online = True
                await b.until(lambda: b.all(Status.DONE))

    run(main())


@pytest.mark.parametrize(
    ("plan", "bpm", "key", "genre"),
    [
        ({"plan": {"bpm": 90.5, "key": "A", "mode": "minor", "genre": "lofi"}}, 90.5, "Am", "lofi"),
        ({"bpm": 90, "key": "F#", "mode": "major"}, 90, "F#", ""),
        ({"key": "D", "mode": "dorian", "genre": 7}, None, "D dorian", ""),
        ({"bpm": "fast", "mode": "minor"}, None, "", ""),
    ],
)
def test_tempo_key_and_genre_are_read_from_a_songs_plan(
    plan: dict[str, object], bpm: float | None, key: str, genre: str
) -> None:
    fields = song_details(base.RemoteSong("r", "a", True, False, plan=plan), 2)
    assert (fields["bpm"], fields["key"], fields["genre"], fields["takes"]) == (bpm, key, genre, 2)


def test_a_callback_polls_at_once(tmp_path: Path) -> None:
    async def main() -> None:
        async with bench(tmp_path, World({"a": Slot(1)}, lambda: 20.0)) as b:
            for _ in range(10):
                b.store.add_time("world", 600.0)
            (job,) = b.job_commands.submit(["one"], Options())
            async with b.dispatching() as dispatcher:
                await b.until(lambda: b.store.job(job.id).status == Status.MAKING)
                await asyncio.sleep(60)
                assert b.store.job(job.id).status == Status.MAKING, "the next poll is due when songs usually end"
                dispatcher.poll_now()
                await b.until(lambda: b.store.job(job.id).status == Status.DONE, 10)

    run(main())


def test_a_services_durations_and_concurrency_are_stored(tmp_path: Path) -> None:
    async def main() -> None:
        async with bench(tmp_path, World(duration=lambda: 90.0, concurrency=2, made_s=12.5)) as b:
            b.job_commands.submit(["one"], Options())
            async with b.dispatching():
                await b.until(lambda: b.all(Status.DONE))
            usual = b.store.usual_time("world")
            assert usual is not None
            assert (usual.median_s, usual.length_s) == (12.5, 1.0), "without the time in the service's queue"
            assert [one.concurrency for one in b.store.accounts("world")] == [2]

    run(main())

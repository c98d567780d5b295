"""Every job command, on a real store."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from riffusion_tui.dispatch import NotPossible, QueuePlace
from riffusion_tui.jobs.batch_file import BatchItem
from riffusion_tui.jobs.matrix import Prompt
from riffusion_tui.jobs.model import FailureKind, Gate, Options, WaitCause
from riffusion_tui.jobs.status import Status
from riffusion_tui.services.base import Capabilities
from riffusion_tui.store import NewJob
from tests.dispatch.bench import Bench, bench, on_a_bench
from tests.dispatch.virtual import run
from tests.dispatch.world import SOUND, Slot, World


def job_in(b: Bench, status: Status, **fields: Any) -> int:
    """Add a job with a status; return its id."""
    (job,) = b.store.add([NewJob("one", Options(), "world", "ref", "batch", status=status)])
    if fields:
        b.store.update(job.id, **fields)
    return job.id


# -- generating


def test_submitting_queues_every_take_of_a_batch(tmp_path: Path) -> None:
    async def act(b: Bench) -> None:
        prompts: list[Prompt | str] = [Prompt("first", 3), "second", Prompt("third\x1b[31m")]
        jobs = b.job_commands.submit(prompts, Options(instrumental=True), takes=2)
        assert [(job.prompt, job.take, job.takes) for job in jobs] == [
            ("first", 1, 3), ("first", 2, 3), ("first", 3, 3), ("second", 1, 2), ("second", 2, 2),
            ("third", 1, 2), ("third", 2, 2),
        ]  # fmt: skip
        assert len({job.batch for job in jobs}) == 1
        assert len({job.ref for job in jobs}) == 7
        assert all(job.options.instrumental and job.status == Status.QUEUED for job in jobs)
        assert b.store.batch(jobs[0].batch) == jobs

    on_a_bench(tmp_path, act)


def test_each_take_gets_its_own_seed(tmp_path: Path) -> None:
    async def act(b: Bench) -> None:
        jobs = b.job_commands.submit(["one"], Options(seed=40, reply_ref="mine"), takes=3)
        assert [job.options.seed for job in jobs] == [40, 41, 42]
        assert {job.ref for job in jobs} == {"mine"}

    on_a_bench(tmp_path, act)


WRONG: list[tuple[BatchItem, str]] = [
    (BatchItem("", Options()), "empty"),
    (BatchItem(" \x07\n", Options()), "empty"),
    (BatchItem("\u200d\u200e", Options()), "empty"),
    (BatchItem("\u3164\u2800 \ufe0f\u00a0", Options()), "empty"),
    (BatchItem("x" * 101, Options()), "101 characters"),
    (BatchItem("one", Options(), 0), "Takes"),
    (BatchItem("one", Options(), 101), "Takes"),
    (BatchItem("one", Options(reply_ref="x" * 1025)), "replyRef has 1,025"),
    (BatchItem("one", Options(reply_url="x" * 1025)), "replyUrl has 1,025"),
    (BatchItem("one", Options(reply_url="javascript:1")), "replyUrl must be an http:// or https:// address, not 'java"),
    (
        BatchItem("one", Options(reply_url="https://")),
        "replyUrl must be an http:// or https:// address, not 'https://'",
    ),
    (BatchItem("one", Options(max_jobs=0)), "maxJobs"),
    (BatchItem("one", Options(max_jobs=11)), "maxJobs"),
    (BatchItem("one", Options(model="FUZZ-9")), "FUZZ-9"),
    (BatchItem("one", Options(seed=-1)), "seed must be a whole number from 0 to 9, not -1"),
    (BatchItem("one", Options(seed=9), 2), "seed with 2 takes must be a whole number from 0 to 8, not 9"),
    (BatchItem("one", Options(lyrics="x" * 51)), "lyrics have 51 characters"),
    (BatchItem("one", Options(title="x" * 201)), "title has 201 characters; the service's limit is 200"),
    (BatchItem("one", Options(length_s=0)), "length"),
    (BatchItem("one", Options(length_s=float("nan"))), "length"),
]


@pytest.mark.parametrize(("requested", "words"), WRONG, ids=[words for _, words in WRONG])
def test_an_invalid_submission_queues_nothing(tmp_path: Path, requested: BatchItem, words: str) -> None:
    async def act(b: Bench) -> None:
        with pytest.raises(NotPossible, match=words):
            b.job_commands.submit_all([BatchItem("good", Options()), requested])
        assert b.store.jobs() == ()

    can = Capabilities(models=("FUZZ-0.8",), max_prompt=100, given_lyrics=True, title=True, max_lyrics=50, max_seed=9)
    on_a_bench(tmp_path, act, World(capabilities=can))


def test_submitting_no_prompt_is_refused(tmp_path: Path) -> None:
    async def act(b: Bench) -> None:
        with pytest.raises(NotPossible, match="No prompt"):
            b.job_commands.submit([], Options())

    on_a_bench(tmp_path, act)


def test_again_creates_child_jobs(tmp_path: Path) -> None:
    async def act(b: Bench) -> None:
        old = b.job_commands.submit(["one", "two"], Options(seed=1, reply_ref="mine"))
        same = b.job_commands.again([job.id for job in old])
        assert [(job.prompt, job.parent, job.options.seed, job.ref) for job in same] == [
            ("one", old[0].id, 1, "mine"),
            ("two", old[1].id, 1, "mine"),
        ]
        (edited,) = b.job_commands.again([old[0].id], prompt="three", options=Options(), other_seed=True)
        assert edited.prompt == "three"
        assert edited.options.seed is not None
        assert edited.ref not in ("mine", old[0].ref)

    on_a_bench(tmp_path, act)


def test_another_seed_is_ignored_by_a_service_without_seeds(tmp_path: Path) -> None:
    async def act(b: Bench) -> None:
        (old,) = b.job_commands.submit(["one"], Options(seed=1))
        (new,) = b.job_commands.again([old.id], other_seed=True)
        assert new.options.seed is None

    on_a_bench(tmp_path, act, World(capabilities=Capabilities()))


@pytest.mark.parametrize(
    ("status", "fields", "then"),
    [
        (Status.FAILED, {"trouble": FailureKind.DOWNLOAD, "remote_id": "r"}, Status.FETCHING),
        (Status.FAILED, {"trouble": FailureKind.STALLED, "remote_id": "r"}, Status.MAKING),
        (Status.FAILED, {"trouble": FailureKind.SERVICE_FAILED, "remote_id": "r"}, Status.QUEUED),
        (Status.FAILED, {"trouble": FailureKind.BAD_REQUEST}, Status.QUEUED),
        (Status.REFUSED, {}, Status.QUEUED),
        (Status.CANCELLED, {"remote_id": "r"}, Status.QUEUED),
        (Status.DONE, {}, None),
        (Status.MAKING, {}, None),
    ],
)
def test_retrying_depends_on_the_status(
    tmp_path: Path, status: Status, fields: dict[str, object], then: Status | None
) -> None:
    async def act(b: Bench) -> None:
        id = job_in(b, status, **fields)
        acted = b.job_commands.retry([id, 999])
        assert [b.store.job(one).status for one in acted.ids] == ([then] if then else [])
        assert [left for left, _ in acted.left] == ([] if then else [id]) + [999]
        if then == Status.QUEUED:
            assert b.store.job(id).ref != "ref"
            assert b.store.job(id).remote_id is None

    on_a_bench(tmp_path, act)


# -- the queue


@pytest.mark.parametrize("status", list(Status))
def test_cancelling_depends_on_the_status(tmp_path: Path, status: Status) -> None:
    async def act(b: Bench) -> None:
        id = job_in(b, status, remote_id="r9")
        acted = await b.job_commands.cancel([id, 999])
        cancelled = status in (
            Status.QUEUED, Status.HELD, Status.MAYBE_SENT, Status.MAKING, Status.FETCHING,
        )  # fmt: skip
        assert bool(acted.ids) == cancelled
        assert len(acted.left) == 2 - cancelled
        assert b.store.job(id).status == (Status.CANCELLED if cancelled else status)

    on_a_bench(tmp_path, act)


def test_cancelling_a_running_job_frees_its_slot(tmp_path: Path) -> None:
    async def act(b: Bench) -> None:
        first, second = b.job_commands.submit(["one", "two"], Options())
        async with b.dispatching():
            await b.until(lambda: b.store.job(first.id).status == Status.MAKING)
            acted = await b.job_commands.cancel([first.id])
            assert acted.ids == (first.id,)
            await b.until(lambda: b.store.job(second.id).status == Status.MAKING, 10)
        assert b.store.timeline(first.id)[-1].detail == "the song may still be made at the service"

    on_a_bench(tmp_path, act, World({"a": Slot(1)}, lambda: 500.0))


def test_a_cancel_that_does_not_reach_the_service_changes_nothing(tmp_path: Path) -> None:
    async def act(b: Bench) -> None:
        id = job_in(b, Status.MAKING)
        acted = await b.job_commands.cancel([id])
        assert acted.left == ((id, "No connection."),)
        assert b.store.job(id).status == Status.MAKING

    on_a_bench(tmp_path, act, World(online=False))


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (Status.SENDING, "is being sent"), (Status.MAYBE_SENT, "is maybe sent"), (Status.MAKING, "is being made"),
        (Status.FETCHING, "is being downloaded"), (Status.DONE, "is done"),
    ],
)  # fmt: skip
def test_a_job_that_cannot_be_held_is_described_in_words(tmp_path: Path, status: Status, words: str) -> None:
    async def act(b: Bench) -> None:
        id = job_in(b, status)
        assert b.job_commands.hold([id]).left == ((id, f"It {words}; only queued jobs can be held."),)
        assert b.job_commands.retry([id]).left == ((id, f"It {words}."),)

    on_a_bench(tmp_path, act)


def test_held_jobs_are_not_sent_until_released(tmp_path: Path) -> None:
    async def act(b: Bench) -> None:
        (job,) = b.job_commands.submit(["one"], Options())
        assert b.job_commands.hold([job.id]).ids == (job.id,)
        assert b.store.job(job.id).status == Status.HELD
        assert b.job_commands.hold([job.id]).left == ((job.id, "It is held; only queued jobs can be held."),)
        async with b.dispatching():
            await asyncio.sleep(60)
            assert b.world.posts == []
            assert b.job_commands.release([job.id]).ids == (job.id,)
            await b.until(lambda: b.all(Status.DONE))

    on_a_bench(tmp_path, act)


@pytest.mark.parametrize(
    ("moved", "where", "order"),
    [
        ([3], QueuePlace.TOP, "31245"),
        ([2, 4], QueuePlace.TOP, "24135"),
        ([2, 4], QueuePlace.BOTTOM, "13524"),
        ([3], QueuePlace.UP, "13245"),
        ([2, 3], QueuePlace.UP, "23145"),
        ([1, 2], QueuePlace.UP, "12345"),
        ([3], QueuePlace.DOWN, "12435"),
        ([2, 3], QueuePlace.DOWN, "14235"),
        ([5], QueuePlace.DOWN, "12345"),
        ([99], QueuePlace.TOP, "12345"),
    ],
)
def test_jobs_are_moved_within_the_queue(tmp_path: Path, moved: list[int], where: QueuePlace, order: str) -> None:
    async def act(b: Bench) -> None:
        b.job_commands.submit([f"prompt {n}" for n in range(1, 6)], Options())
        acted = b.job_commands.move(moved, where)
        assert "".join(str(job.id) for job in b.store.queue("world")) == order
        assert set(acted.ids) == set(moved) - {99}
        assert [id for id, _ in acted.left] == ([99] if 99 in moved else [])

    on_a_bench(tmp_path, act)


def test_only_queued_and_held_jobs_can_be_edited(tmp_path: Path) -> None:
    async def act(b: Bench) -> None:
        (job,) = b.job_commands.submit(["one"], Options())
        assert b.job_commands.edit_queued(job.id, "two").prompt == "two"
        assert b.job_commands.edit_queued(job.id).ref == job.ref
        edited = b.job_commands.edit_queued(job.id, options=Options(reply_ref="mine", account="a"))
        assert (edited.ref, edited.prompt) == ("mine", "two")
        assert b.store.pins("world") == ("a",)
        assert b.job_commands.edit_queued(job.id, options=Options()).ref != "mine"
        with pytest.raises(NotPossible, match="empty"):
            b.job_commands.edit_queued(job.id, " ")
        b.store.update(job.id, Status.SENDING)
        with pytest.raises(NotPossible, match="only queued and held"):
            b.job_commands.edit_queued(job.id, "three")
        (other,) = b.job_commands.submit(["one"], Options())
        b.store.delete([other.id])
        with pytest.raises(NotPossible, match="Job 2 is deleted"):
            b.job_commands.edit_queued(other.id, "two")

    on_a_bench(tmp_path, act)


def test_deleted_jobs_are_restored_by_undo(tmp_path: Path) -> None:
    async def act(b: Bench) -> None:
        jobs = b.job_commands.submit(["one", "two", "three"], Options())
        b.store.update(jobs[2].id, Status.SENDING)
        acted = b.job_commands.delete([jobs[0].id, jobs[2].id, 999])
        assert acted.ids == (jobs[0].id,)
        assert {id for id, _ in acted.left} == {jobs[2].id, 999}
        b.job_commands.delete([jobs[1].id])
        assert b.job_commands.delete([jobs[2].id]).ids == ()
        assert b.job_commands.delete([jobs[1].id]).left == ((jobs[1].id, "It is already deleted."),)
        assert b.job_commands.undo() == (jobs[1].id,)
        assert b.job_commands.undo() == (jobs[0].id,)
        assert b.job_commands.undo() == ()
        assert len(b.store.jobs()) == 3

    on_a_bench(tmp_path, act)


def test_next_now_ends_timed_waits_only(tmp_path: Path) -> None:
    async def act(b: Bench) -> None:
        assert not b.job_commands.next_now()
        now = b.clock.now()
        b.store.put_gate(Gate("world", None, WaitCause.UPSTREAM, now, now + 100, 2))
        b.store.put_gate(Gate("world", "a", WaitCause.BROKEN, now))
        assert b.job_commands.next_now()
        until = {gate.cause: gate.until for gate in b.store.gates("world")}
        assert until == {WaitCause.UPSTREAM: now, WaitCause.BROKEN: None}
        b.store.put_gate(Gate("another", None, WaitCause.OFFLINE, now, now + 100, 2))
        assert b.job_commands.next_now(), "its jobs are in the same list"
        assert b.store.gates("another")[0].until == now

    on_a_bench(tmp_path, act)


def test_a_maybe_sent_job_can_be_settled_by_the_user(tmp_path: Path) -> None:
    async def act(b: Bench) -> None:
        first, second = job_in(b, Status.MAYBE_SENT), job_in(b, Status.MAYBE_SENT)
        assert b.job_commands.settle(first, sent=True).status == Status.CANCELLED
        assert b.job_commands.settle(second, sent=False).status == Status.QUEUED
        with pytest.raises(NotPossible, match="nothing to decide"):
            b.job_commands.settle(first, sent=True)

    on_a_bench(tmp_path, act)


# -- the song


def test_takes_are_rated(tmp_path: Path) -> None:
    async def act(b: Bench) -> None:
        id = job_in(b, Status.DONE)
        for verdict in ("keep", "reject", ""):
            assert b.job_commands.judge(id, verdict).verdict == verdict
        with pytest.raises(NotPossible, match="verdict"):
            b.job_commands.judge(id, "meh")

    on_a_bench(tmp_path, act)


def test_a_batch_of_too_many_songs_is_refused(tmp_path: Path) -> None:
    async def act(b: Bench) -> None:
        with pytest.raises(NotPossible, match=r"That makes 100,100 songs; the limit is 100,000 at once\."):
            b.job_commands.submit(["one"] * 1001, Options(), takes=100)
        assert b.store.jobs() == ()

    on_a_bench(tmp_path, act)


# -- jobs of another service in the same list


def test_some_commands_need_the_jobs_own_service(tmp_path: Path) -> None:
    async def act(b: Bench) -> None:
        mine = tmp_path / "one.wav"
        mine.write_bytes(SOUND)
        made = NewJob("made", Options(), "other", "r1", "b", status=Status.DONE, remote_id="x")
        making = NewJob("making", Options(), "other", "r2", "b", status=Status.MAKING, remote_id="y")
        waiting = NewJob("waiting", Options(), "other", "r3", "b")
        ids = [job.id for job in b.store.add([made, making, waiting])]
        b.store.update(ids[0], file=str(mine))
        assert (await b.job_commands.save_as(ids[0], tmp_path / "two.wav", "wav")).read_bytes() == SOUND
        with pytest.raises(NotPossible, match="belongs to other; use"):
            await b.job_commands.save_as(ids[0], tmp_path / "three", "stems")
        with pytest.raises(NotPossible, match="belongs to other"):
            b.job_commands.edit_queued(ids[2], "else")
        acted = await b.job_commands.cancel(ids)
        assert acted.ids == (ids[2],), "a queued job is not at any service yet"
        assert "--service other" in dict(acted.left)[ids[1]]
        assert not b.world.calls, "no call for another service's jobs"

    on_a_bench(tmp_path, act)


def test_repeating_another_services_job_drops_its_account_and_model(tmp_path: Path) -> None:
    async def act(b: Bench) -> None:
        options = Options(account="far", model="theirs", instrumental=True)
        (old,) = b.store.add([NewJob("one", options, "other", "r", "b", status=Status.DONE)])
        (new,) = b.job_commands.again([old.id])
        assert (new.service, new.options, new.parent) == ("world", Options(instrumental=True), old.id)

    on_a_bench(tmp_path, act)


def test_commands_on_many_jobs_are_one_revision_and_report_progress(tmp_path: Path) -> None:
    async def main() -> None:
        async with bench(tmp_path) as b:
            reported: list[int] = []
            jobs = b.job_commands.submit_all([BatchItem(f"song {n}", Options()) for n in range(1100)], reported.append)
            ids = [job.id for job in jobs] + [9999]
            for act in (b.job_commands.hold, b.job_commands.release):
                rev = b.store.rev
                acted = act(ids, reported.append)
                assert (len(acted.ids), acted.left, b.store.rev) == (1100, ((9999, "No job 9999."),), rev + 1)
            cancelled = await b.job_commands.cancel(ids, reported.append)
            assert (len(cancelled.ids), cancelled.left) == (1100, ((9999, "No job 9999."),))
            rev = b.store.rev
            assert len(b.job_commands.retry(ids, reported.append).ids) == 1100
            assert len(b.job_commands.delete(ids, reported.append).ids) == 1100
            assert b.store.rev == rev + 2
            assert reported == [500, 1000, 1100] * 6

    run(main())

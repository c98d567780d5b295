"""Commands on many jobs: in a thread, in one transaction."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from riffusion_tui.dispatch import NotPossible
from riffusion_tui.jobs.model import Options
from riffusion_tui.jobs.status import Status
from riffusion_tui.store import StatusConflict
from tests.dispatch.bench import Bench, on_a_bench
from tests.dispatch.test_job_commands import job_in


def test_commands_in_a_thread_use_their_own_connection_and_share_undo(tmp_path: Path) -> None:
    async def act(b: Bench) -> None:
        ids = [job.id for job in b.job_commands.submit(["one", "two"], Options())]
        reported: list[int] = []
        cancelled = await asyncio.to_thread(
            b.job_commands.on_own_connection, lambda own: own.cancel_unsent([*ids, 999], reported.append)
        )
        assert cancelled.ids == tuple(ids)
        assert cancelled.left == ((999, "No job 999."),)
        assert reported == [2]
        deleted = await asyncio.to_thread(b.job_commands.on_own_connection, lambda own: own.delete(ids))
        assert deleted.ids == b.job_commands.undo() == tuple(ids)

    on_a_bench(tmp_path, act)


def test_takes_are_rated_together(tmp_path: Path) -> None:
    async def act(b: Bench) -> None:
        done, queued = job_in(b, Status.FETCHING), job_in(b, Status.QUEUED)
        b.store.update(done, Status.DONE)
        judged = b.job_commands.judge_all([done, queued], "keep")
        assert (judged.ids, b.store.job(done).verdict) == ((done,), "keep")
        assert judged.left == ((queued, "It is not finished."),)
        with pytest.raises(NotPossible, match="must be keep, reject or empty"):
            b.job_commands.judge_all([done], "love")

    on_a_bench(tmp_path, act)


def test_a_retried_job_keeps_only_a_reference_that_the_user_gave(tmp_path: Path) -> None:
    async def act(b: Bench) -> None:
        ids = [
            b.job_commands.submit([name], Options(reply_ref=ref))[0].id
            for name, ref in (("one", "mine"), ("two", None))
        ]
        before = b.store.job(ids[1]).ref
        b.job_commands.cancel_unsent(ids)
        assert b.job_commands.retry([*ids, 99]).ids == tuple(ids)
        assert b.store.job(ids[0]).ref == "mine"
        assert b.store.job(ids[1]).ref not in ("", before)
        assert b.store.timeline(ids[1])[-1].what == "queued again"

    on_a_bench(tmp_path, act)


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (Status.SENDING, "being sent"),
        (Status.MAYBE_SENT, "maybe sent"),
        (Status.MAKING, "being made"),
        (Status.FETCHING, "being downloaded"),
    ],
)
def test_errors_say_what_happens_to_a_job(tmp_path: Path, status: Status, words: str) -> None:
    async def act(b: Bench) -> None:
        id = job_in(b, status)
        with pytest.raises(NotPossible, match=f"Job {id} is {words}; only queued and held jobs"):
            b.job_commands.edit_queued(id, "other")
        with pytest.raises(NotPossible, match=f"Job {id} is {words}, so it has no song"):
            await b.job_commands.save_as(id, tmp_path)
        with pytest.raises(StatusConflict, match=f"Job {id} is {words}, and is no longer held"):
            b.store.update(id, expected=Status.HELD)

    on_a_bench(tmp_path, act)


def test_a_failed_job_is_described_by_a_verb(tmp_path: Path) -> None:
    async def act(b: Bench) -> None:
        id = job_in(b, Status.FAILED)
        assert b.job_commands.hold([id]).left == ((id, "It failed; only queued jobs can be held."),)
        with pytest.raises(NotPossible, match=f"^Job {id} failed; only queued and held jobs can be changed"):
            b.job_commands.edit_queued(id, "other")

    on_a_bench(tmp_path, act)

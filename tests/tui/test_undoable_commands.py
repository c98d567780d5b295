"""Commands on many jobs: one transaction in a thread, progress, responsive keys; and undo."""

from __future__ import annotations

import asyncio

import pytest
from textual import events

from riffusion_tui.dispatch.commands.store_commands import BulkResult
from riffusion_tui.jobs.model import Options
from riffusion_tui.jobs.status import Status
from riffusion_tui.store import NewJob
from riffusion_tui.tui import app, bulk_commands
from riffusion_tui.tui.app import RiffusionApp
from riffusion_tui.tui.screens.ask import Confirm
from riffusion_tui.tui.state import view_model
from riffusion_tui.tui.widgets.status_bar import MESSAGE_S
from tests.tui.conftest import ShowScreen
from tests.tui.stage import FIRST, Shown, Stage

NUMBER = 3000
TURNS = 4
"""How often keys and the rest get their turn while so many jobs are changed; done in the loop, it is never."""


def many(stage: Stage, number: int = NUMBER) -> None:
    stage.store.add([NewJob(f"beat {n}", Options(), "studio", f"r{n}", "b") for n in range(number)])


async def acted(shown: Shown, *keys: str) -> tuple[int, list[str]]:
    """Press keys; return how often the event loop turned until the command was done, and all messages."""
    messages: list[str] = []
    show = shown.app.show_message

    def noted(text: str, shade: str = "soft", stays_s: float = MESSAGE_S) -> None:
        messages.append(text)
        show(text, shade, stays_s)

    shown.app.show_message = noted
    await shown.press(*keys[:-1])
    shown.app.main.jobs.view.post_message(events.Key(keys[-1], keys[-1]))
    turns = 0
    while turns < 20_000 and not (messages and messages[-1].startswith("Cancelled")):
        turns += any(text.startswith("Cancelling") for text in messages)
        await asyncio.sleep(0.001)
    await shown.settle()
    return turns, messages


async def until_loaded(shown: Shown) -> None:
    for _ in range(1000):
        if len(shown.app.model.list.jobs) == NUMBER and not shown.app._bridge.due:
            return
        await shown.settle()


async def test_thousands_of_jobs_are_cancelled_in_a_thread_and_restored(show: ShowScreen, stage: Stage) -> None:
    many(stage)
    async with show(120, 36) as shown:
        await until_loaded(shown)
        rev = stage.store.rev
        turns, messages = await acted(shown, "escape", "A", "c")
        assert f"Cancelled {NUMBER:,} jobs." in messages
        assert [text for text in messages if text.startswith("Cancelling: ")] == [
            f"Cancelling: {done:,} of {NUMBER:,} jobs" for done in range(0, NUMBER + 1, 500)
        ]
        assert stage.store.rev == rev + 1, "one transaction"
        assert turns > TURNS
        await shown.press("z")
        for _ in range(2000):
            if stage.store.tally("studio").by_status == {Status.QUEUED: NUMBER}:
                break
            await shown.settle()
        await until_loaded(shown)
        assert {job.status for job in shown.app.model.list.jobs.values()} == {Status.QUEUED}


@pytest.mark.parametrize("key", ["A", "asterisk"])
async def test_jobs_that_are_not_loaded_yet_are_marked_too(
    show: ShowScreen, stage: Stage, monkeypatch: pytest.MonkeyPatch, key: str
) -> None:
    monkeypatch.setattr(RiffusionApp, "_read_older", lambda self: None)  # it has not come to them
    many(stage)
    async with show() as shown:
        assert len(shown.app.model.list.jobs) < NUMBER
        await shown.press("escape", key)
        assert len(shown.app.model.list.marks) == NUMBER


@pytest.mark.parametrize(
    ("status", "keys", "then"),
    [
        (Status.HELD, ("u",), {Status.QUEUED}),
        (Status.QUEUED, ("h",), {Status.HELD}),
        (Status.CANCELLED, ("t",), {Status.QUEUED}),
    ],
)
async def test_marked_jobs_are_changed_together(
    show: ShowScreen,
    stage: Stage,
    monkeypatch: pytest.MonkeyPatch,
    status: Status,
    keys: tuple[str, ...],
    then: set[Status],
) -> None:
    monkeypatch.setattr(bulk_commands, "THREADED_FROM", 3)
    for n in range(5):
        stage.add(f"beat {n}", status)
    async with show() as shown:
        await shown.press("escape", "A", *keys)
        await asyncio.sleep(0.1)
        await shown.settle()
        assert {job.status for job in shown.jobs} == then
        await shown.press("z")
        await asyncio.sleep(0.1)
        await shown.settle()
        back = {Status.CANCELLED} if status is Status.CANCELLED else {status}
        assert {job.status for job in shown.jobs} == back


async def test_undoing_a_cancellation_reports_the_restored_job(show: ShowScreen, stage: Stage) -> None:
    stage.add("rain")
    async with show() as shown:
        await shown.press("escape", "c", "z")
        assert shown.status() == "Restored 1 job."


async def test_a_commands_progress_is_not_shown_after_its_end(
    show: ShowScreen, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk_commands, "THREADED_FROM", 3)
    many(stage, 5)
    async with show() as shown:
        await shown.press("escape", "A", "T")
        await asyncio.sleep(0.1)
        await shown.settle()
        assert "Moving" not in shown.text()


async def test_marked_takes_are_rated_together_and_undone(show: ShowScreen, stage: Stage) -> None:
    for n in range(3):
        stage.done("rain", f"Take {n}", 60, 100, "C", "pop", verdict="reject" if n else "")
    stage.add("not yet")
    async with show() as shown:
        await shown.press("escape", "A", "plus")
        assert "Job 4 is unchanged. It is not finished. Kept 3 takes." in shown.status()
        assert [job.verdict for job in shown.jobs] == ["keep", "keep", "keep", ""]
        await shown.press("z")
        assert [job.verdict for job in shown.jobs] == ["", "reject", "reject", ""]
        assert "Undid the verdicts on 3 takes." in shown.status()


async def test_commands_are_undone_one_by_one(show: ShowScreen, stage: Stage) -> None:
    stage.done("rain", "Only", 60, 100, "C", "pop")
    async with show() as shown:
        await shown.press("escape", "plus", "r", "y", "r", "y")
        await shown.press("g", "h")
        assert sorted(job.status for job in shown.jobs) == [Status.DONE, Status.HELD, Status.QUEUED]
        await shown.press("z")
        assert sorted(job.status for job in shown.jobs) == [Status.DONE, Status.QUEUED, Status.QUEUED]
        await shown.press("z")
        assert sorted(job.status for job in shown.jobs) == [Status.CANCELLED, Status.CANCELLED, Status.DONE]
        assert shown.jobs[0].verdict == "keep"
        await shown.press("z")
        assert shown.jobs[0].verdict == ""
        await shown.press("z")
        assert "Nothing to undo." in shown.status()


async def test_queueing_a_song_can_be_undone(show: ShowScreen, stage: Stage) -> None:
    async with show() as shown:
        await shown.type("rain on a window")
        await shown.press("ctrl+j", "escape", "z")
        assert [job.status for job in shown.jobs] == [Status.CANCELLED]
        assert "Cancelled 1 job." in shown.status()


async def test_verdicts_in_a_comparison_can_be_undone(show: ShowScreen, stage: Stage) -> None:
    for n in range(2):
        stage.done("rain", f"Take {n}", 60, 100, "C", "pop")
    async with show() as shown:
        await shown.press("escape", "v", "O")
        assert [job.verdict for job in shown.jobs] == ["keep", "reject"]
        await shown.press("z")
        assert [job.verdict for job in shown.jobs] == ["", ""]


async def test_repeating_many_jobs_needs_confirmation(show: ShowScreen, stage: Stage) -> None:
    stage.service.capabilities = stage.service.capabilities._replace(repeatable=True)
    many(stage, 300)
    async with show() as shown:
        await shown.press("escape", "A", "r")
        assert "300 songs" in shown.words()
        await shown.press("n")
        assert len(shown.jobs) == 300
        await shown.press("r", "y")
        for _ in range(500):
            if len(shown.jobs) == 600:
                break
            await shown.settle()
        assert len({job.batch for job in shown.jobs}) == 2


async def test_undoing_a_large_batch_asks_before_it_cancels_the_songs(show: ShowScreen, stage: Stage) -> None:
    async with show() as shown:
        await shown.type("rain x13")
        await shown.press("ctrl+j", "y", "escape", "z")
        assert "You queued 13 songs. Cancel those that aren't done yet?" in shown.words()
        await shown.press("n")
        assert {job.status for job in shown.jobs} == {Status.QUEUED}
        await shown.press("z", "y")
        assert {job.status for job in shown.jobs} == {Status.CANCELLED}
        await shown.press("z")
        assert "Nothing to undo." in shown.status()


async def test_a_batch_that_is_not_loaded_yet_is_marked_and_undone(
    show: ShowScreen, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(view_model.ViewModel.read, "__defaults__", (5,))
    monkeypatch.setattr(app, "_BETWEEN_PAGES_S", 1e6)
    async with show() as shown:
        await shown.type("rain x50")
        await shown.press("ctrl+j", "y", "escape", "z")
        assert len(shown.app.model.list.jobs) < 50
        assert "You queued 50 songs. Cancel those that aren't done yet?" in shown.words()
        await shown.press("n", "A")
        assert len(shown.app.model.list.marks) == 50
        await shown.press("c")
        assert {job.status for job in stage.store.jobs()} == {Status.CANCELLED}


async def test_what_is_done_while_undo_asks_is_undone_next(show: ShowScreen, stage: Stage) -> None:
    async with show() as shown:
        await shown.type("rain {1|2|3|4|5} {a|b|c|d|e}")
        await shown.press("ctrl+j", "y", "escape", "z")
        assert isinstance(shown.app.screen, Confirm)
        (kept,) = stage.store.add([NewJob("kept", Options(), "studio", "r", "b2")])
        shown.app.undo_steps.note_made([kept.id])
        shown.app.show_changes()
        await shown.press("y")
        assert [job.prompt for job in shown.jobs if job.status is Status.QUEUED] == ["kept"]
        await shown.press("z")
        assert {job.status for job in shown.jobs} == {Status.CANCELLED}
        await shown.press("z")
        assert "Nothing to undo" in shown.status()


async def test_a_job_that_is_being_sent_is_cancelled_when_undo_is_repeated(show: ShowScreen, stage: Stage) -> None:
    async with show() as shown:
        await shown.type("rain")
        await shown.press("ctrl+j")
        await shown.type(" and snow")
        await shown.press("ctrl+j", "escape")
        (first, second) = shown.jobs
        stage.store.update(second.id, Status.SENDING, "sending")
        await shown.press("z")
        assert "It is being sent; try again in a second." in shown.status()
        stage.store.update(second.id, Status.MAKING, "accepted", account=FIRST, remote_id="song")
        await shown.press("z")
        assert [job.status for job in shown.jobs] == [Status.QUEUED, Status.CANCELLED]
        await shown.press("z")
        assert stage.store.job(first.id).status is Status.CANCELLED


async def test_as_many_songs_as_are_queued_without_asking_are_cancelled_without_asking(show: ShowScreen) -> None:
    async with show() as shown:
        await shown.type("rain x12")
        await shown.press("ctrl+j", "escape", "z")
        assert [job.status for job in shown.jobs] == [Status.CANCELLED] * 12


async def test_a_job_under_way_is_not_deleted_and_nobody_is_asked(show: ShowScreen, stage: Stage) -> None:
    making = stage.add("rain", Status.MAKING)
    async with show() as shown:
        await shown.press("escape", "x")
        assert f"Job {making.id} is unchanged. It is under way; cancel it first." in shown.status()
        stage.add("snow")
        shown.app.show_changes()
        await shown.settle()
        await shown.press("A", "x")
        assert "Remove 1 job from the list?" in shown.words()
        await shown.press("y")
        assert [job.prompt for job in shown.jobs] == ["rain"]
        assert "Removed 1 job" in shown.status()
        assert "Job 1 is unchanged." in shown.status()


async def test_why_jobs_are_unchanged_is_not_cut(show: ShowScreen, stage: Stage) -> None:
    async with show() as shown:
        ids, left = tuple(range(19_998)), tuple((19_998 + n, "It is under way; cancel it first.") for n in range(2))
        shown.app.bulk.report("deleted", BulkResult(ids, left))
        await shown.settle()
        why = "2 jobs are unchanged. Job 19998: It is under way; cancel it first."
        assert shown.status().startswith(f"{why} Removed")


async def test_undo_says_how_to_bring_back_a_song_that_was_being_made(show: ShowScreen, stage: Stage) -> None:
    stage.add("snow")
    stage.add("rain", Status.MAKING)
    async with show() as shown:
        await shown.press("escape", "A", "c", "y", "z")
        assert shown.status() == "Restored 1 job. 1 song was being made and stays cancelled; t retries it."
        assert [job.status for job in shown.jobs] == [Status.QUEUED, Status.CANCELLED]


async def test_undo_after_a_song_was_cancelled_leaves_earlier_commands_alone(show: ShowScreen, stage: Stage) -> None:
    stage.add("snow")
    async with show() as shown:
        await shown.press("escape", "h")
        stage.add("rain", Status.MAKING)
        shown.app.show_changes()
        await shown.press("g", "c", "y", "z")
        assert shown.status() == "1 song was being made and stays cancelled; t retries it."
        assert [job.status for job in shown.jobs] == [Status.HELD, Status.CANCELLED]
        await shown.press("z")
        assert [job.status for job in shown.jobs] == [Status.QUEUED, Status.CANCELLED]


async def test_with_nothing_to_undo_a_cancelled_job_says_how_it_is_retried(show: ShowScreen, stage: Stage) -> None:
    stage.add("rain", Status.CANCELLED)
    async with show() as shown:
        await shown.press("escape", "z")
        assert shown.status() == "Nothing to undo. t retries the cancelled job."


async def test_undo_of_a_job_that_was_replaced_restores_it_and_cancels_the_new_ones(
    show: ShowScreen, stage: Stage
) -> None:
    stage.add("snow")
    async with show() as shown:
        await shown.press("escape", "h", "e")
        await shown.type(" {1|2}")
        await shown.press("ctrl+j")
        assert "2 songs queued instead of job 1. esc z undoes that." in shown.status()
        assert [job.id for job in shown.jobs] == [2, 3]
        await shown.press("escape", "z")
        assert shown.status() == "Restored job 1, cancelled 2 new ones."
        assert [job.status for job in shown.jobs] == [Status.HELD, Status.CANCELLED, Status.CANCELLED]
        await shown.press("z")
        assert shown.jobs[0].status is Status.QUEUED, "the hold before it"


async def test_undo_of_a_job_replaced_by_many_asks(show: ShowScreen, stage: Stage) -> None:
    stage.add("snow")
    async with show() as shown:
        await shown.press("escape", "e")
        await shown.type(" x13")
        await shown.press("ctrl+j", "y", "escape", "z")
        assert "You queued 13 songs. Cancel those that aren't done yet?" in shown.words()
        await shown.press("n")
        assert len(shown.jobs) == 13
        await shown.press("z", "y")
        assert [job.status for job in shown.jobs] == [Status.QUEUED, *[Status.CANCELLED] * 13]

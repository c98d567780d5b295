"""Jobs that another process deletes while the screen asks about them."""

from __future__ import annotations

import pytest

from riffusion_tui.jobs.status import Status
from riffusion_tui.store import Store
from tests.tui.conftest import ShowScreen
from tests.tui.stage import Stage


@pytest.mark.parametrize(
    ("asks", "answers"), [(("asterisk", "c"), ("y",)), (("end", "W"), ("enter", "y")), (("asterisk", "W"), ("enter",))]
)
async def test_a_question_about_jobs_that_are_gone_can_be_answered(
    asks: tuple[str, ...], answers: tuple[str, ...], show: ShowScreen, stage: Stage
) -> None:
    stage.accounts()
    stage.add("made", Status.MAKING)
    gone = [stage.done("same", f"T{number}", 60, 100, "C", "pop").id for number in range(2)]
    gone.append(stage.add("queued").id)
    async with show() as shown:
        await shown.press("escape", *asks)
        question = shown.app.screen
        stage.store.delete(gone)
        shown.app.show_changes()
        await shown.settle()
        await shown.press(*answers)
        assert question not in shown.app.screen_stack
        assert shown.app.is_running


async def test_switching_to_a_take_that_is_gone_plays_nothing(show: ShowScreen, stage: Stage) -> None:
    first, second = (stage.done("rain", title, 60, 100, "C", "pop") for title in ("One", "Two"))
    settings = stage.deps.settings
    stage.deps.settings = settings._replace(player=settings.player._replace(command="sh -c 'sleep 20'"))
    async with show() as shown:
        await shown.press("escape", "v", "p")
        playing = shown.app.playback.job
        assert playing is not None
        stage.store.delete([one.id for one in (first, second) if one.id != playing.id])
        shown.app.show_changes()
        await shown.settle()
        await shown.press("tab")
        assert shown.app.is_running


@pytest.mark.parametrize("all_of_them", [False, True])
async def test_a_grid_of_a_job_that_was_just_deleted_is_shown(
    show: ShowScreen, stage: Stage, all_of_them: bool
) -> None:
    jobs = [stage.done("rain", f"T{number}", 60, 100, "C", "pop", batch="b") for number in range(2)]
    stage.store._run("UPDATE jobs SET batch = 'b'")
    async with show() as shown:
        await shown.press("escape", "end")
        stage.store.delete([job.id for job in jobs][: 2 if all_of_them else 1])
        shown.app.main.action_open_grid()  # before the screen knows
        await shown.settle()
        await shown.press("up", "left", "down", "enter", "p", "space", "plus", "W", "escape")
        assert shown.app.is_running


async def test_undo_of_a_change_to_a_job_that_is_gone_says_why_it_could_not(show: ShowScreen, stage: Stage) -> None:
    job = stage.add("rain")
    async with show() as shown:
        await shown.press("escape", "e")
        await shown.type(" and snow")
        await shown.press("ctrl+j", "escape")
        assert shown.status() == "Changed job 1; it keeps its place in the queue."
        with Store.open(stage.store.path, stage.clock) as other:
            other.delete([job.id])
        await shown.press("z")
        assert shown.status() == "Not undone. Job 1 is deleted; only queued and held jobs can be changed."
        assert stage.store.job(job.id).prompt == "rain and snow"

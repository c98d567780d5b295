"""What is restored at the next start; what replaces a job."""

from __future__ import annotations

import asyncio

import pytest

from riffusion_tui.config.session_state import load_session_state
from riffusion_tui.jobs.model import Options
from riffusion_tui.jobs.status import Status
from riffusion_tui.tui import autosave
from tests.tui.conftest import ShowScreen
from tests.tui.stage import Stage

# -- over a restart


async def test_a_prompt_that_was_not_made_is_there_again(show: ShowScreen) -> None:
    async with show() as shown:
        await shown.type("slow dub")
    async with show() as shown:
        assert shown.app.main.prompt.editor.text == "slow dub"
        assert shown.status() == "Restored your unsent draft."
        await shown.press("ctrl+j")
    async with show() as shown:
        assert shown.app.main.prompt.editor.text == "", "it was made, and is in the history"
        await shown.press("up")
        assert shown.app.main.prompt.editor.text == "slow dub"


async def test_a_crash_costs_no_more_than_the_last_moment(
    show: ShowScreen, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(autosave, "AFTER_S", 0.01)
    async with show() as shown:
        await shown.type("slow dub")
        async with asyncio.timeout(30):
            while load_session_state(stage.deps.paths.session_state_file).draft != "slow dub":  # noqa: ASYNC110 (a file tells nobody)
                await asyncio.sleep(0.01)


async def test_options_set_by_keys_hold_until_they_are_set_back(show: ShowScreen, stage: Stage) -> None:
    async with show() as shown:
        await shown.press("ctrl+t", "v", "t", "backspace", "3", "enter", "s", "7", "enter")
        assert shown.app.draft.options.seed == 7
    async with show() as shown:
        composing = shown.app.draft
        assert (composing.takes, composing.options) == (3, Options(instrumental=True)), "a seed is one prompt's own"
        assert "3 takes each" in shown.text()
        await shown.press("ctrl+t", "x")
    assert load_session_state(stage.deps.paths.session_state_file).options == {}
    async with show() as shown:
        assert shown.app.draft.takes == 1


async def test_options_of_a_job_that_is_edited_are_not_kept(show: ShowScreen, stage: Stage) -> None:
    stage.done("a", "A", 60, 100, "C", "pop", options=Options(instrumental=True))
    async with show() as shown:
        await shown.press("escape", "e")
        assert shown.app.draft.options.instrumental
    async with show() as shown:
        assert not shown.app.draft.options.instrumental


# -- in the place of a job


async def test_a_rewritten_refused_prompt_needs_no_attention(show: ShowScreen, stage: Stage) -> None:
    refused = stage.add("a song like that one", Status.REFUSED)
    async with show() as shown:
        await shown.press("f12", "e")
        assert f"replaces job {refused.id} " in shown.text()
        await shown.type(" 2")
        await shown.press("ctrl+j")
        (job,) = shown.jobs
        assert (job.prompt, job.parent, job.status) == ("a song like that one 2", refused.id, Status.QUEUED)
        assert f"instead of job {refused.id}" in shown.status()
        assert "needs attention" not in shown.text()
        await shown.type("!")
        assert " 1 song ·" in shown.text(), "only the first try takes its place"
        await shown.press("ctrl+j")
        assert [job.parent for job in shown.jobs] == [refused.id, job.id]
        await shown.press("escape", "z", "z")
        assert refused.id in [job.id for job in shown.jobs], "undone with the command that took its place"


async def test_what_still_waits_is_changed_where_it_is(show: ShowScreen, stage: Stage) -> None:
    first, second = stage.add("one"), stage.add("two")
    async with show() as shown:
        await shown.press("escape", "g", "e")
        assert f"edits job {first.id} ·" in shown.text()
        await shown.type(" more")
        await shown.press("ctrl+j")
        assert [job.prompt for job in stage.store.queue("studio")] == ["one more", "two"]
        assert "Changed job 1" in shown.status()
        await shown.press("escape", "G", "e", "ctrl+n")
        await shown.type("three")
        await shown.press("ctrl+j")
        assert [job.prompt for job in stage.store.queue("studio")] == ["one more", "two", "three"]
        assert stage.store.job(second.id).prompt == "two"


async def test_a_wrong_number_is_repeated_with_its_text(show: ShowScreen) -> None:
    async with show() as shown:
        await shown.press("ctrl+t", "t", "backspace")
        await shown.type("9x")
        await shown.press("enter")
        assert "from 1 to 100" in shown.words()
        assert "9x" in shown.text(), "what was typed is still there"
        await shown.press("end", "backspace", "enter")
        assert shown.app.draft.takes == 9

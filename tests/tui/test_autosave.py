"""Drafts restored at the next start, and jobs replaced by edits."""

from __future__ import annotations

from pathlib import Path

import pytest

from riffusion_tui.config.session_state import SessionState, load_session_state, save_session_state
from riffusion_tui.jobs.model import Options
from riffusion_tui.jobs.status import Status
from riffusion_tui.store import DiskFull, Store
from riffusion_tui.tui.session import autosave
from riffusion_tui.tui.session.autosave import Autosave
from riffusion_tui.tui.widgets.editor import PromptEditor
from tests.tui.conftest import ShowScreen
from tests.tui.stage import Stage
from tests.tui.test_two_screens import Full
from tests.waiting import until

# -- restarts


async def test_an_unsent_prompt_is_restored(show: ShowScreen) -> None:
    async with show() as shown:
        await shown.type("slow dub")
    async with show() as shown:
        assert shown.app.main.prompt.editor.text == "slow dub"
        assert shown.status() == "Restored your unsent draft."
        await shown.press("ctrl+j")
    async with show() as shown:
        assert shown.app.main.prompt.editor.text == "", "it was sent, and is in the history"
        await shown.press("up")
        assert shown.app.main.prompt.editor.text == "slow dub"


async def test_a_draft_that_ended_the_last_start_is_in_the_history(
    show: ShowScreen, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    save_session_state(stage.deps.paths.session_state_file, SessionState("slow dub"))

    def broken(self: PromptEditor, text: str) -> None:
        raise RuntimeError(text)

    async def start() -> None:
        async with show():
            pass

    with monkeypatch.context() as patched:
        patched.setattr(PromptEditor, "put", broken)
        with pytest.raises(RuntimeError, match="slow dub"):
            await start()
    async with show() as shown:
        assert shown.app.main.prompt.editor.text == ""
        assert shown.status() == "The last start ended while restoring your draft, now in the history: up."
        await shown.press("up")
        assert shown.app.main.prompt.editor.text == "slow dub"
    async with show() as shown:
        assert shown.status() == "Restored your unsent draft."


async def test_a_draft_that_ended_the_last_start_is_kept_even_if_the_history_is_not_writable(tmp_path: Path) -> None:
    save_session_state(tmp_path / "screen.json", SessionState("slow dub"))
    (tmp_path / "screen.restoring").touch()
    saving = Autosave(tmp_path / "screen.json", lambda before: before, Full())
    assert (saving.before.draft, saving.set_aside) == ("slow dub", False)


async def test_a_crash_loses_at_most_the_last_moments(
    show: ShowScreen, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(autosave, "DELAY_S", 0.01)
    async with show() as shown:
        await shown.type("slow dub")
        await until(lambda: load_session_state(stage.deps.paths.session_state_file).draft == "slow dub")
        await shown.press("ctrl+j")
        await until(lambda: load_session_state(stage.deps.paths.session_state_file).draft == "")
        assert shown.app.main.prompt.editor.text == "slow dub"


@pytest.mark.parametrize("source", [None, "job"])
async def test_a_prompt_that_was_sent_right_before_a_crash_is_no_draft(
    source: str | None, show: ShowScreen, stage: Stage, tmp_path: Path
) -> None:
    file = stage.deps.paths.session_state_file
    if source:
        stage.add("slow dub")
    async with show() as shown:
        await (shown.press("escape", "e") if source else shown.type("slow dub"))
        await shown.type("\n---\nfast polka" if not source else "!")
        await shown.app.remembering._write()
        saved = file.read_bytes()
        assert load_session_state(file).draft
        await shown.press("ctrl+j")
    file.write_bytes(saved)  # it was killed before it saved the state again
    async with show() as shown:
        assert (shown.app.main.prompt.editor.text, "unsent" in shown.status()) == ("", False)
        await shown.press("up")  # from the history, it is a draft again
        assert shown.app.main.prompt.editor.text
    async with show() as shown:
        assert shown.app.main.prompt.editor.text


async def test_the_history_gets_a_prompt_only_with_its_jobs(
    show: ShowScreen, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(store: Store, text: str) -> None:
        raise DiskFull("The disk is full.")

    async with show() as shown:
        await shown.type("slow dub")
        with monkeypatch.context() as patched:
            patched.setattr(Store, "remember_prompt", full)
            await shown.press("ctrl+j")
        assert (shown.jobs, "The disk is full." in shown.words()) == ([], True)


async def test_options_set_by_keys_last_until_reset(show: ShowScreen, stage: Stage) -> None:
    async with show() as shown:
        await shown.press("ctrl+t", "v", "t", "backspace", "3", "enter", "s", "7", "enter")
        assert shown.app.draft.options.seed == 7
    async with show() as shown:
        composing = shown.app.draft
        assert (composing.takes, composing.options) == (3, Options(instrumental=True)), "a seed belongs to one prompt"
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


# -- replacing a job


async def test_a_rewritten_refused_prompt_no_longer_needs_attention(show: ShowScreen, stage: Stage) -> None:
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
        assert " 1 song ·" in shown.text(), "only the first new prompt replaces it"
        await shown.press("ctrl+j")
        assert [job.parent for job in shown.jobs] == [refused.id, job.id]
        await shown.press("escape", "z", "z")
        assert refused.id in [job.id for job in shown.jobs], "restored by undoing the command that replaced it"


async def test_editing_a_queued_job_changes_it_in_place(show: ShowScreen, stage: Stage) -> None:
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


async def test_an_invalid_number_keeps_the_typed_text(show: ShowScreen) -> None:
    async with show() as shown:
        await shown.press("ctrl+t", "t", "backspace")
        await shown.type("9x")
        await shown.press("enter")
        assert "from 1 to 100" in shown.words()
        assert "9x" in shown.text(), "the typed text is kept"
        await shown.press("end", "backspace", "enter")
        assert shown.app.draft.takes == 9


async def test_no_folder_is_created_where_the_data_folder_was_moved_away(show: ShowScreen, stage: Stage) -> None:
    data = stage.deps.paths.data
    async with show() as shown:
        await shown.type("slow dub")
        data.rename(data.with_name("moved"))
    assert not data.exists()

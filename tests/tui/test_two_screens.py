"""Two screens on one data folder: each has its own draft, and none is lost."""

from __future__ import annotations

from pathlib import Path

import pytest

from riffusion_tui.config.errors import FolderError
from riffusion_tui.config.session_state import SessionState, load_session_state, save_session_state
from riffusion_tui.file_lock import FileLock
from riffusion_tui.store import StoreError
from riffusion_tui.tui.session import session_files
from riffusion_tui.tui.session.autosave import Autosave
from tests.pty.terminal import PtyTerminal
from tests.tui.conftest import ShowScreen
from tests.tui.stage import Stage


class History(list[str]):
    """The editor's history, oldest first."""

    remember_prompt = list.append

    def prompt_number(self, text: str | None = None) -> int:
        return len(self) if text is None else max((at for at, one in enumerate(self, 1) if one == text), default=0)


class Full(History):
    """A history on a full disk."""

    def remember_prompt(self, text: str) -> None:
        raise StoreError("The disk is full.")


class Screen:
    """A screen as far as its session state is concerned."""

    def __init__(self, folder: Path, options: dict[str, int] | None = None) -> None:
        self.history = History()
        self.text = ""
        self.options = {"studio": options or {}}
        self.saving = Autosave(folder / "screen.json", self._now, self.history)
        self.text = self.saving.before.draft

    def _now(self, before: SessionState) -> SessionState:
        return SessionState(self.text, self.options)

    async def quit(self) -> None:
        await self.saving.aclose()


async def test_the_draft_of_a_second_screen_is_its_own(tmp_path: Path) -> None:
    first = Screen(tmp_path)
    first.text = "slow dub"
    second = Screen(tmp_path)
    assert second.text == "", "the first screen's draft is still being written"
    second.text = "fast polka"
    await first.quit()
    await second.quit()
    restored = Screen(tmp_path)
    assert (restored.text, restored.history, restored.saving.more) == ("fast polka", ["slow dub"], 1)
    again = Screen(tmp_path)
    assert (again.text, again.history) == ("", [])


async def test_the_screen_that_quits_last_is_restored(tmp_path: Path) -> None:
    screens = [Screen(tmp_path, {"takes": number}) for number in (1, 2, 3)]
    for number in (0, 1, 2):
        screens[number].text = f"draft {number}"
        await screens[number].saving._write()  # a pause
    for number in (1, 2, 0):
        await screens[number].quit()
    restored = Screen(tmp_path)
    assert (restored.text, restored.history) == ("draft 0", ["draft 1", "draft 2"])
    assert restored.saving.before.chosen("studio") == {"takes": 1}
    assert [file.name for file in tmp_path.glob("*.json")] == ["screen.json"]


async def test_a_third_screen_leaves_the_draft_of_an_open_one(tmp_path: Path) -> None:
    first, second = Screen(tmp_path), Screen(tmp_path)
    second.text = "fast polka"
    await second.saving._write()  # a pause
    third = Screen(tmp_path)
    assert (third.text, third.history) == ("", [])
    assert load_session_state(tmp_path / "screen-2.json").draft == "fast polka"
    await first.quit()


async def test_the_file_of_a_restored_draft_can_be_used_again(tmp_path: Path) -> None:
    save_session_state(tmp_path / "screen-2.json", SessionState("fast polka"))
    first, second = Screen(tmp_path), Screen(tmp_path)
    second.text = "slow dub"
    await second.quit()
    assert first.text == "fast polka"
    assert load_session_state(tmp_path / "screen-2.json").draft == "slow dub"


async def test_a_second_screen_begins_with_the_options_of_the_first(tmp_path: Path) -> None:
    save_session_state(tmp_path / "screen.json", SessionState("slow dub", {"studio": {"takes": 3}}))
    first, second = Screen(tmp_path), Screen(tmp_path)
    assert (first.text, second.text) == ("slow dub", "")
    assert second.saving.before.chosen("studio") == {"takes": 3}


async def test_a_draft_that_cannot_be_kept_in_the_history_stays_in_its_file(tmp_path: Path) -> None:
    save_session_state(tmp_path / "screen.json", SessionState("slow dub"))
    save_session_state(tmp_path / "screen-2.json", SessionState("fast polka"))
    saving = Autosave(tmp_path / "screen.json", lambda before: before, Full())
    assert saving.before.draft == "slow dub"
    assert load_session_state(tmp_path / "screen-2.json").draft == "fast polka"


async def test_a_draft_that_cannot_be_moved_stays_in_its_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    save_session_state(tmp_path / "screen-2.json", SessionState("fast polka"))

    def full(file: Path, state: SessionState) -> None:
        raise FolderError("The disk is full.")

    with monkeypatch.context() as patched:
        patched.setattr(session_files, "save_session_state", full)
        screen = Screen(tmp_path)
    assert screen.text == ""
    await screen.quit()
    assert Screen(tmp_path).text == "fast polka"


async def test_a_folder_without_locks_has_one_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    save_session_state(tmp_path / "screen.json", SessionState("slow dub"))

    def unsupported(lock: FileLock) -> bool:
        raise OSError("No locks available")

    monkeypatch.setattr(FileLock, "acquire", unsupported)
    screen = Screen(tmp_path)
    assert screen.text == "slow dub"
    await screen.quit()


async def test_the_screen_says_that_there_are_more_drafts(show: ShowScreen, stage: Stage) -> None:
    file = stage.deps.paths.session_state_file
    save_session_state(file, SessionState("slow dub"))
    save_session_state(file.with_name("screen-2.json"), SessionState("fast polka"))
    async with show() as shown:
        assert shown.app.main.prompt.editor.text == "fast polka"
        assert shown.status() == "Restored your unsent draft; another screen's is in the history: up."
        await shown.press("up")
        assert shown.app.main.prompt.editor.text == "slow dub"


def test_two_programs_keep_both_drafts(tmp_path: Path) -> None:
    with PtyTerminal(tmp_path, 120, 24) as first, PtyTerminal(tmp_path, 120, 24) as second:
        for terminal, text in ((first, "slow dub"), (second, "fast polka")):
            terminal.until("^P palette")
            terminal.send(text)
            terminal.until(text)
        for terminal in (second, first):
            terminal.send("\x1b")
            terminal.quiet()
            terminal.send("q")
            assert terminal.wait() == 0
    with PtyTerminal(tmp_path, 120, 24) as terminal:
        terminal.until("slow dub")
        terminal.until("another screen's is in the history")
        terminal.send("\x1b[A")
        terminal.until("fast polka")

"""The settings screen: values are validated, saved and applied."""

from __future__ import annotations

from pathlib import Path

import pytest

from riffusion_tui.config.errors import FolderError
from riffusion_tui.config.settings import Spec
from riffusion_tui.config.settings_file import template
from riffusion_tui.tui.screens.ask import Ask
from riffusion_tui.tui.screens.settings import SettingsScreen
from riffusion_tui.tui.widgets.line_field import LineField
from tests.tui.conftest import ShowScreen
from tests.tui.stage import Stage


async def test_a_setting_is_changed_validated_and_saved(show: ShowScreen, stage: Stage) -> None:
    async with show() as shown:
        await shown.press("f2")
        screen = shown.app.screen
        assert isinstance(screen, SettingsScreen)
        screen.view.row = _row(screen, "batch.takes")
        await shown.press("enter", "backspace", "x", "enter")
        assert "must be a whole number" in shown.words()
        await shown.press("enter", "backspace", "4", "enter")
        assert "takes = 4" in stage.deps.paths.settings_file.read_text("utf-8")
        assert shown.app.deps.settings.batch.takes == 4
        await shown.press("x")
        assert shown.app.deps.settings.batch.takes == 1
        assert stage.deps.paths.settings_file.read_text("utf-8") == template(), "a later default applies"
        screen.view.row = _row(screen, "screen.theme")
        await shown.press("enter")
        await shown.type("day")
        await shown.press("enter")
        assert shown.app.theme == "day"
        await shown.press("j", "j", "enter")
        assert "next start" in shown.words()
        await shown.press("escape")
        assert shown.app.screen is shown.app.main


async def test_changes_of_settings_and_keys_are_undone_one_by_one(show: ShowScreen, stage: Stage) -> None:
    async with show() as shown:
        await shown.press("f2", "z")
        assert "Nothing to undo." in shown.words()
        screen = shown.app.screen
        assert isinstance(screen, SettingsScreen)
        screen.view.row = _row(screen, "batch.takes")
        await shown.press("enter", "backspace", "4", "enter")
        screen.view.row = _row(screen, "job.keep")
        await shown.press("enter", "home", "shift+end", "f", "7", "enter")
        assert shown.app.keys.shown("job.keep") == "F7"
        await shown.press("z")
        assert (shown.app.keys.shown("job.keep"), shown.app.deps.settings.batch.takes) == ("+", 4)
        await shown.press("z")
        assert shown.app.deps.settings.batch.takes == 1
        assert "takes = 4" not in stage.deps.paths.settings_file.read_text("utf-8")
        screen.view.row = _row(screen, "batch.takes")
        await shown.press("enter", "backspace", "4", "enter")
        stage.deps.paths.settings_file.write_text("[batch]\ntakes = 5\n")
        await shown.press("z")
        assert "Nothing was undone, since the file has changed" in shown.words()
        assert stage.deps.paths.settings_file.read_text("utf-8") == "[batch]\ntakes = 5\n"


async def test_a_setting_is_found_by_its_words(show: ShowScreen) -> None:
    async with show() as shown:
        await shown.press("f2")
        screen = shown.app.screen
        assert isinstance(screen, SettingsScreen)
        assert "/ find" in shown.text()
        for words, key in (("batch.tak", "batch.takes"), ("job.play_on", "job.play_on")):
            await shown.press("slash")
            await shown.type(words)
            await shown.press("enter")
            assert screen.view.row == _row(screen, key)
        assert "keys.job.play_on:" in shown.words()
        await shown.press("slash", "escape")
        assert screen.view.row == _row(screen, "job.play_on"), "escape stays there"


async def test_an_address_that_is_none_is_not_saved(show: ShowScreen, stage: Stage) -> None:
    stage.deps.callbacks.wrong_value = lambda key, text: f"{key}: {text} is no address." if text == "x" else ""
    async with show() as shown:
        await shown.press("f2")
        screen = shown.app.screen
        assert isinstance(screen, SettingsScreen)
        screen.view.row = _row(screen, "studio.cluster")
        await shown.press("enter", "x", "enter")
        assert "studio.cluster: x is no address." in shown.words()
        assert isinstance(shown.app.screen, Ask), "what was typed can be corrected"
        await shown.press("escape")
        assert not stage.deps.paths.settings_file.exists()


async def test_keys_that_are_none_are_asked_again(show: ShowScreen, stage: Stage) -> None:
    async with show(120, 40) as shown:
        await shown.press("f2")
        screen = shown.app.screen
        assert isinstance(screen, SettingsScreen)
        screen.view.row = _row(screen, "job.play")
        await shown.press("enter")
        shown.app.screen.query_one(LineField).value = "zz"
        await shown.press("enter")
        assert "keys.job.play: 'zz' is not a valid key" in shown.words()
        shown.app.screen.query_one(LineField).value = "f9"
        await shown.press("enter")
        assert shown.app.deps.settings.keys["job.play"] == "f9"


async def test_a_key_that_another_command_has_in_the_file_is_asked_again(show: ShowScreen, stage: Stage) -> None:
    keys = {"job.play": "p", "job.again": "p"}
    stage.deps.settings = stage.deps.settings._replace(keys=keys)
    async with show(120, 40) as shown:
        await shown.press("f2")
        screen = shown.app.screen
        assert isinstance(screen, SettingsScreen)
        screen.view.row = _row(screen, "job.again")
        await shown.press("enter", "enter")
        assert "keys.job.again: 'p' is taken by job.play" in shown.words()
        assert shown.app.deps.settings.keys == keys


@pytest.mark.parametrize(("key", "allowed"), [("service.url", ""), ("batch.takes", "(a whole number from 1 to 100)")])
async def test_a_description_says_what_can_be_typed(show: ShowScreen, key: str, allowed: str) -> None:
    async with show(120, 40) as shown:
        await shown.press("f2")
        screen = shown.app.screen
        assert isinstance(screen, SettingsScreen)
        screen.view.row = _row(screen, key)
        await shown.press("j", "k")
        assert f"{key}: " in shown.words()
        assert "in quotes" not in shown.words(), "only in the file"
        assert allowed in shown.words()


async def test_a_file_that_becomes_invalid_while_the_settings_are_shown_is_reported(
    show: ShowScreen, stage: Stage
) -> None:
    async with show() as shown:
        await shown.press("f2")
        stage.deps.paths.settings_file.parent.mkdir(parents=True, exist_ok=True)
        stage.deps.paths.settings_file.write_text("half writ")
        await shown.press("j")
        assert "Invalid TOML" in shown.words()
        await shown.press("escape", "f2")
        assert "Invalid TOML" in shown.words()
        stage.deps.paths.settings_file.write_text("[batch]\ntakes = 2\n")
        await shown.press("j")
        assert "Invalid TOML" not in shown.words()


@pytest.mark.parametrize("text", ["[batch]\ntakes = 2", "half writ"])
async def test_what_was_written_in_the_editor_is_kept_if_it_cannot_be_saved(
    show: ShowScreen, stage: Stage, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    given: list[str] = []

    async def edited(app: object, before: str, suffix: str) -> str:
        given.append(before)
        return text

    def full(path: Path, text: str) -> None:
        raise FolderError("No space left on device.")

    monkeypatch.setattr("riffusion_tui.tui.external_editor.edited", edited)
    async with show() as shown:
        await shown.press("f2")
        with monkeypatch.context() as disk:
            disk.setattr("riffusion_tui.tui.screens.settings.write_private", full)
            await shown.press("e")
            assert "Not saved; the editor opens it again." in shown.words()
        await shown.press("e")
        assert given[1] == text
        await shown.press("e")
        assert given[2] == ("[batch]\ntakes = 2\n" if "takes" in text else text)


def _row(screen: SettingsScreen, key: str) -> int:
    return next(
        row
        for row, entry in enumerate(screen.view.rows)
        if key == (entry.key if isinstance(entry, Spec) else getattr(entry, "id", ""))
    )

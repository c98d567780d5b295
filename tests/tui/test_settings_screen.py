"""The settings screen: values are validated, saved and applied."""

from __future__ import annotations

from riffusion_tui.config.settings import Spec
from riffusion_tui.tui.screens.settings import SettingsScreen
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
        screen.view.row = _row(screen, "screen.theme")
        await shown.press("enter")
        await shown.type("day")
        await shown.press("enter")
        assert shown.app.theme == "day"
        await shown.press("j", "j", "enter")
        assert "next start" in shown.words()
        await shown.press("escape")
        assert shown.app.screen is shown.app.main


async def test_an_address_that_is_none_is_not_saved(show: ShowScreen, stage: Stage) -> None:
    stage.deps.wrong_value = lambda key, text: f"{key}: {text} is no address." if text == "x" else ""
    async with show() as shown:
        await shown.press("f2")
        screen = shown.app.screen
        assert isinstance(screen, SettingsScreen)
        screen.view.row = _row(screen, "studio.cluster")
        await shown.press("enter", "x", "enter")
        assert "studio.cluster: x is no address." in shown.words()
        assert not stage.deps.paths.settings_file.exists()


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


def _row(screen: SettingsScreen, key: str) -> int:
    return next(row for row, entry in enumerate(screen.view.rows) if isinstance(entry, Spec) and entry.key == key)

"""Overrides of a setting or the token are reported when it is set."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from textual import events

from riffusion_tui.config.environment import Overrides
from riffusion_tui.config.settings_file import load
from riffusion_tui.dispatch.commands.account_commands import AccountCommands, SavedToken
from riffusion_tui.jobs.model import Gate, WaitCause
from riffusion_tui.secret import Secret
from riffusion_tui.tui.screens.settings import SettingsScreen
from tests.tui.conftest import ShowScreen
from tests.tui.stage import NOON, Shown, Stage

ADDRESS = "https://example.org"


async def change(shown: Shown, name: str) -> None:
    """Open the settings screen with the cursor on a setting, and change that."""
    await shown.press("f2")
    screen = shown.app.screen
    assert isinstance(screen, SettingsScreen)
    view = screen.view
    view.row = next(i for i, one in enumerate(view.rows) if getattr(one, "key", "") == name)
    await shown.press("enter")


def saves(stage: Stage, saved: SavedToken) -> None:
    """Let F11 save the token with this result."""

    async def keep(token: Secret) -> SavedToken:
        return saved

    stage.deps.service = stage.service.name = "riffusion"
    stage.deps.account_commands = AccountCommands(
        stage.store, stage.service, clock=stage.clock, rng=random.Random(1), token_setter=keep
    )
    stage.store.put_gate(Gate("riffusion", None, WaitCause.TOKEN, NOON))


@pytest.mark.parametrize(("width", "height"), [(40, 12), (80, 24), (120, 36), (200, 50)])
async def test_f11_reports_what_overrides_the_token(show: ShowScreen, stage: Stage, width: int, height: int) -> None:
    stage.accounts()
    saves(stage, SavedToken(ADDRESS, "RIFFUSION_TUI_TOKEN"))
    async with show(width, height) as shown:
        await shown.press("f11", "x", "enter")
        if width >= 80:
            assert "RIFFUSION_TUI_TOKEN overrides it: saved for https://example.org" in shown.words()
        assert "not used until you unset" in shown.words(), "complete at every size"
        assert "RIFFUSION_TUI_TOKEN and restart." in shown.words()
        assert "continue" not in shown.status()
        assert stage.store.gates("riffusion"), "the rejected token is still in use"


async def test_f11_shows_the_tokens_address(show: ShowScreen, stage: Stage) -> None:
    stage.accounts()
    saves(stage, SavedToken(ADDRESS))
    async with show() as shown:
        await shown.press("f11", "x", "enter")
        assert shown.status() == "Token saved for https://example.org. Waiting jobs continue."
        assert stage.store.gates("riffusion") == ()


async def test_no_token_is_asked_for_the_studio(show: ShowScreen) -> None:
    async with show() as shown:
        await shown.press("f11")
        assert "The studio needs no token. F2 selects another service." in shown.words()
        shown.app.post_message(events.Paste("canary-token"))
        await shown.settle()
        await shown.press("escape")
        assert shown.app.main.is_current
        assert "canary" not in shown.text(), "a token that is pasted unseen isn't in the prompt"


async def test_a_setting_overridden_by_the_environment_reports_it(
    show: ShowScreen, stage: Stage, tmp_path: Path
) -> None:
    stage.deps.overrides = Overrides({"RIFFUSION_TUI_SONGS": "/elsewhere"})
    stage.deps.settings = stage.deps.overrides.apply(stage.deps.settings)
    async with show(120, 36) as shown:
        await change(shown, "files.folder")
        await shown.type("mine")
        await shown.press("enter")
        assert "Saved: files.folder, but RIFFUSION_TUI_SONGS overrides it: /elsewhere stays in use." in shown.words()
        assert load(stage.deps.paths.settings_file).files.folder == "mine"
        assert stage.deps.settings.files.folder == "/elsewhere"
        await shown.press("down", "up")
        assert "RIFFUSION_TUI_SONGS overrides the file." in shown.words()
        await shown.press("enter")
        assert "mine" in shown.text(), "what is edited is the file's value"


async def test_an_overridden_service_is_not_opened(show: ShowScreen, stage: Stage) -> None:
    wanted: list[str] = []
    stage.deps.callbacks.switch = wanted.append
    stage.deps.overrides = Overrides({"RIFFUSION_TUI_SERVICE": "studio"}, {"RIFFUSION_TUI_SERVICE": "--service"})
    async with show(120, 36) as shown:
        await change(shown, "service.name")
        await shown.type("flow")
        await shown.press("enter")
        assert "--service overrides it: studio stays in use" in shown.words()
        assert wanted == []


async def test_no_color_prevents_a_chosen_theme(
    show: ShowScreen, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    stage.deps.overrides = Overrides({"NO_COLOR": "1"})
    async with show(120, 36) as shown:
        await change(shown, "screen.theme")
        await shown.type("contrast")
        await shown.press("enter")
        assert "NO_COLOR overrides it: mono stays in use" in shown.words()
        await shown.press("escape")
        await shown.app.run_action("app.choose_theme")
        await shown.settle()
        await shown.type("day")
        await shown.press("enter")
        assert "NO_COLOR overrides it: mono stays in use" in shown.words()
        assert shown.app.theme == "mono"
    assert load(stage.deps.paths.settings_file).screen.theme == "day"

"""Keys on every screen: ^Z suspends, F10 quits, and keys can be rebound on the settings screen."""

from __future__ import annotations

import os

import pytest
from textual.app import App

from riffusion_tui.config.settings_file import load
from riffusion_tui.tui.bindings.commands import by_id
from riffusion_tui.tui.screens.ask import Confirm
from riffusion_tui.tui.screens.settings import SettingsScreen
from tests.tui.conftest import ShowScreen
from tests.tui.stage import Stage, busy_evening


async def test_ctrl_z_suspends_from_every_screen_and_dialog(show: ShowScreen, stage: Stage) -> None:
    for n in range(2):
        stage.done("rain", f"Take {n}", 60, 100, "C", "pop")
    stage.store._run("UPDATE jobs SET batch = 'b'")
    async with show() as shown:
        suspended: list[str] = []
        shown.app.action_suspend_process = lambda: suspended.append(way)
        ways = ("v", "d", "M", "D", "slash", "y", "x", "ctrl+p")
        opened = set()
        for way in ways:
            await shown.press("escape", way)
            opened.add((type(shown.app.screen), shown.app.focused))
            await shown.press("ctrl+z")
            assert suspended[-1:] == [way]
            while shown.app.screen is not shown.app.main:
                await shown.app.pop_screen()
        assert suspended == [*ways]
        assert len(opened) == len(ways), "each is another screen or dialog"


async def test_the_settings_screen_sets_keys_and_refuses_invalid_ones(show: ShowScreen, stage: Stage) -> None:
    stage.done("rain", "Only", 60, 100, "C", "pop")
    async with show(120, 36) as shown:
        await shown.press("f2")
        screen = shown.app.screen
        assert isinstance(screen, SettingsScreen)
        screen.view.row = screen.view.rows.index(by_id()["job.play"])
        await shown.press("enter")
        await shown.type("strg+x")
        await shown.press("enter")
        assert "'strg+x' is not a valid key" in shown.words()
        assert dict(load(stage.deps.paths.settings_file).keys) == {}
        await shown.press("enter")
        await shown.type("space")
        await shown.press("enter")
        assert "Saved: keys.job.play, keys.jobs.mark" in shown.words()
        assert dict(load(stage.deps.paths.settings_file).keys) == {"job.play": "space", "jobs.mark": "p"}
        await shown.press("escape", "escape", "p")
        assert shown.app.model.list.marks, "the key works at once"
        await shown.press("f2")
        screen = shown.app.screen
        assert isinstance(screen, SettingsScreen)
        screen.view.row = screen.view.rows.index(by_id()["job.play"])
        await shown.press("x")
        assert dict(load(stage.deps.paths.settings_file).keys) == {}, "and the other command has its own key again"


async def test_a_command_can_have_no_key(show: ShowScreen, stage: Stage) -> None:
    """An empty line brought its default back."""
    stage.done("rain", "Only", 60, 100, "C", "pop")
    async with show(120, 50) as shown:
        for key in ("job.keep", "make"):
            await shown.press("f2")
            screen = shown.app.screen
            assert isinstance(screen, SettingsScreen)
            screen.view.row = screen.view.rows.index(by_id()[key])
            await shown.press("enter", "delete", "enter")
            if key == "make":
                assert "keys.make: this command needs a key" in shown.words()
                await shown.press("escape")
            await shown.press("escape")
        assert dict(load(stage.deps.paths.settings_file).keys) == {"job.keep": ""}
        await shown.press("escape", "plus")
        assert shown.jobs[0].verdict == ""
        await shown.press("f1")
        assert "(^P)" in next(line for line in shown.text().splitlines() if " keep " in line)


async def test_ctrl_z_needs_a_shell(show: ShowScreen, monkeypatch: pytest.MonkeyPatch) -> None:
    suspended: list[bool] = []
    monkeypatch.setattr(App, "action_suspend_process", lambda app: suspended.append(True))
    async with show() as shown:
        for own_group in (7, 9):
            monkeypatch.setattr(os, "getpgrp", lambda own_group=own_group: own_group)
            monkeypatch.setattr(os, "getsid", lambda pid: 7)
            await shown.press("escape", "ctrl+z")
            assert suspended == [True] * (own_group == 9)
            assert "No shell to return to" in shown.text() or suspended


@pytest.mark.parametrize("key", ["f2", "f4", "d", "D"])
@pytest.mark.parametrize("quits", ["f10", "ctrl+q"])
async def test_every_screen_can_be_quit(show: ShowScreen, stage: Stage, key: str, quits: str) -> None:
    busy_evening(stage)
    async with show(120, 36) as shown:
        await shown.press("escape", key, quits)
        assert isinstance(shown.app.screen, Confirm)
        assert "The studio is part of this" in shown.words()

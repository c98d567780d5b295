"""Help, palette and footer list the commands that apply."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from riffusion_tui.config.settings import Settings
from riffusion_tui.jobs.status import Status
from riffusion_tui.tui.app import RiffusionApp
from riffusion_tui.tui.bindings.command import CommandScope
from riffusion_tui.tui.bindings.commands import COMMANDS, by_id, in_scopes
from riffusion_tui.tui.screens.accounts import AccountsScreen
from riffusion_tui.tui.screens.app_screen import AppScreen
from riffusion_tui.tui.screens.compare import CompareScreen
from riffusion_tui.tui.screens.dashboard import DashboardScreen
from riffusion_tui.tui.screens.detail import DetailScreen
from riffusion_tui.tui.screens.grid import GridScreen
from riffusion_tui.tui.screens.picker import Picker
from riffusion_tui.tui.screens.settings import SettingsScreen
from riffusion_tui.tui.screens.sheet import SheetScreen
from riffusion_tui.tui.widgets.lines_view import LinesView
from tests.tui.conftest import ShowScreen
from tests.tui.stage import Stage, busy_evening, set_stage


async def test_help_lists_every_command_of_the_focused_pane(show: ShowScreen) -> None:
    async with show(120, 200) as shown:
        for pane in ("#editor", "#options", "#jobs-view", "#song"):
            shown.app.main.query_one(pane).focus()
            await shown.settle()
            before = shown.app.main.foot._scopes
            await shown.press("f1")
            text = shown.text()
            for command in filter(shown.app.can, in_scopes(*before)):
                assert command.label in text, (pane, command.id)
            await shown.press("escape")
            assert shown.app.screen is shown.app.main, pane


async def test_help_says_where_a_key_has_another_meaning(show: ShowScreen) -> None:
    async with show(120, 60) as shown:
        for pane in ("ctrl+t", "escape"):
            await shown.press(pane, "f1")
            assert "In the lyrics editor, ^G writes lyrics." in shown.words()
            await shown.press("escape")


async def test_the_palette_finds_and_runs_any_command(show: ShowScreen) -> None:
    async with show() as shown:
        await shown.press("ctrl+p")
        await shown.type("needs")
        await shown.press("enter")
        assert "Nothing needs attention" in shown.status()
        await shown.press("f9")
        await shown.type("qqqq")
        assert "No matches" in shown.text()
        await shown.press("enter")
        assert "No matches" in shown.text(), "what was typed can be corrected"
        await shown.press("escape")
        assert shown.app.screen is shown.app.main


@pytest.mark.parametrize("pressed", [(), ("escape",)])
@pytest.mark.parametrize(
    ("typed", "found"), [("export", "save as"), ("Download", "midi"), ("preferences", "settings"), ("exit", "quit")]
)
async def test_the_palette_finds_what_other_programs_call_a_command(
    show: ShowScreen, stage: Stage, typed: str, found: str, pressed: tuple[str, ...]
) -> None:
    stage.done("rain", "Rain", 60, 100, "C", "pop")
    async with show() as shown:
        await shown.press(*pressed, "f9")
        await shown.type(typed)
        assert f" {found} " in shown.text()


async def test_the_palette_lists_every_applicable_command(show: ShowScreen) -> None:
    async with show() as shown:
        await shown.press("ctrl+p")
        screen = shown.app.screen
        assert isinstance(screen, Picker)
        listed = [by_id()[choice.id].action for choice in screen._list._all]
        assert len(set(listed)) == len(listed), "each once"
        wanted = {
            one.action
            for one in COMMANDS
            if one.scope
            in (
                CommandScope.SCREENS,
                CommandScope.ANY,
                CommandScope.PROMPT,
                CommandScope.OPTIONS,
                CommandScope.JOB,
                CommandScope.JOBS,
            )
            and not one.id.endswith((".key", ".leave", ".fields"))  # the stage's service has no own fields
        }
        assert wanted <= set(listed)


async def test_descriptions_in_the_palette_are_aligned(show: ShowScreen) -> None:
    async with show() as shown:
        await shown.press("ctrl+p")
        lines = shown.text().split("\n")
        says = ("Generate the songs described", "Show and change the settings", "Edit the prompt in $EDITOR")
        assert len({line.index(one) for one in says for line in lines if one in line}) == 1
        await shown.type("theme")
        await shown.press("enter")
        assert "  night  " in shown.text(), "no column without descriptions"


async def test_a_dialog_hides_the_keys_below_that_do_not_work_in_it(show: ShowScreen, stage: Stage) -> None:
    stage.done("pop", "Only", 60.0, 100, "Am", "pop")
    async with show() as shown:
        for screen in ((), ("f2",), ("f4",)):
            await shown.press(*screen)
            keys = shown.text().split("\n")[-1]
            assert " help" in keys
            for dialog in ("ctrl+g",) if screen else ("f11", "ctrl+p", "f1"):
                await shown.press(dialog)
                assert " help" not in shown.text().split("\n")[-1], dialog
                await shown.press("escape")
                assert shown.text().split("\n")[-1] == keys, dialog
            if screen:
                await shown.press("escape")


@pytest.mark.parametrize("key", ["f1", "question_mark"])
async def test_many_keys_do_not_misalign_the_help(show: ShowScreen, key: str) -> None:
    async with show(100, 60) as shown:
        await shown.press("f2", key)
        lines = shown.text().split("\n")
        says = ("Change this setting", "Edit the whole file", "Back to the songs")
        assert len({line.index(one) for one in says for line in lines if one in line}) == 1


async def test_every_screen_can_be_redrawn(show: ShowScreen, monkeypatch: pytest.MonkeyPatch) -> None:
    painted: list[object] = []
    monkeypatch.setattr(RiffusionApp, "action_redraw", lambda self: painted.append(self.screen))
    async with show() as shown:
        for key in ("f2", "f4", "f1", "ctrl+p", "f11"):
            await shown.press(key)
            over = shown.app.screen
            assert over is not shown.app.main, key
            painted.clear()
            await shown.press("ctrl+l")
            assert painted == [over], key
            while shown.app.screen is not shown.app.main:
                await shown.app.pop_screen()


def _own_screen(app: RiffusionApp, scope: CommandScope) -> AppScreen[None] | None:
    """Return the screen on which commands of `scope` apply, or None for the main one."""
    made: dict[CommandScope, Callable[[], AppScreen[None]]] = {
        CommandScope.ACCOUNTS: lambda: AccountsScreen(app),
        CommandScope.SETTINGS: lambda: SettingsScreen(app),
        CommandScope.DETAIL: lambda: DetailScreen(app, 1),
        CommandScope.COMPARE: lambda: CompareScreen(app, 1, 2),
        CommandScope.DASHBOARD: lambda: DashboardScreen(app),
        CommandScope.GRID: lambda: GridScreen(app, app.deps.store.job(1)),
        CommandScope.SHEET: lambda: SheetScreen(app, 1),
    }
    return made[scope]() if scope in made else None


async def test_a_long_label_does_not_misalign_its_description(show: ShowScreen) -> None:
    async with show(120, 60) as shown:
        await shown.press("escape", "f1")
        lines = shown.text().split("\n")
        says = (
            "Generate it again: the same song if it has a seed",
            "Generate it with another service",
            "Show the song.",
        )
        assert len({line.index(one) for one in says for line in lines if one in line}) == 1


async def test_every_command_can_be_run_on_an_empty_screen(show: ShowScreen, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(RiffusionApp, "suspend", RiffusionApp.batch_update)
    async with show() as shown:
        shown.stage.deps.environ = {"EDITOR": "true", "PAGER": "true"}
        for command in COMMANDS:
            if command.id in ("quit", "quit.key"):
                continue
            screen = _own_screen(shown.app, command.scope)
            if screen is not None:
                await shown.app.push_screen(screen)
            await shown.app.run_action(command.action)
            await shown.pilot.pause()
            while shown.app.screen is not shown.app.main:
                await shown.app.pop_screen()


async def test_the_footer_shows_keys_of_the_focused_pane_and_the_keymap(tmp_path: Path) -> None:
    stage = set_stage(tmp_path, Settings()._replace(keys={"job.again": "ctrl+r"}))
    busy_evening(stage)
    app = RiffusionApp(stage.deps)
    async with app.run_test(size=(120, 30)) as pilot:
        await pilot.press("escape", "end")
        await pilot.pause()
        assert "^R again" in app.main.foot.render_line(0).text
        await pilot.press("ctrl+r")
        await pilot.pause()
        await pilot.press("y")
        await pilot.pause()
        assert len(stage.store.jobs()) == 12
        await pilot.press("r")
        await pilot.pause()
        assert len(stage.store.jobs()) == 12, "the old key does nothing"
    stage.store.close()


async def test_the_footer_offers_the_next_step_for_the_selected_job(show: ShowScreen, stage: Stage) -> None:
    needed = {
        Status.REFUSED: "e edit",
        Status.FAILED: "t retry",
        Status.MAYBE_SENT: "S settle",
        Status.HELD: "u release",
        Status.QUEUED: "c cancel",
        Status.DONE: "p play",
    }
    for status in needed:
        stage.add(status.value, status)
    async with show() as shown:
        await shown.press("escape")
        for status, words in needed.items():
            shown.app.model.list.select(next(job.id for job in shown.jobs if job.status is status))
            shown.app.show_changes()
            await shown.settle()
            foot = shown.text().split("\n")[-1]
            assert words in foot
            assert ("p play" in foot) == (status is Status.DONE)
            assert foot.endswith("? help  ^P palette")
            assert "E edit song" not in foot, "this service edits no songs"


@pytest.mark.parametrize("status", [Status.DONE, Status.QUEUED, Status.REFUSED])
async def test_the_help_says_what_edit_does_to_the_selected_job(show: ShowScreen, stage: Stage, status: Status) -> None:
    stage.add("rain", status)
    async with show(140, 60) as shown:
        await shown.press("escape", "f1")
        assert "changes a waiting job, replaces a failed one, keeps a song" in shown.words()


async def test_the_footer_leads_to_the_prompt_without_a_job(show: ShowScreen) -> None:
    async with show() as shown:
        await shown.press("escape")
        assert shown.text().split("\n")[-1].split("  ")[0] == " i write"


async def test_a_scrollbar_does_not_cover_text(show: ShowScreen, stage: Stage) -> None:
    for title in ("Far Off Signal", "Vivid Daydream"):
        stage.done("jazzy k-pop song about a distant lover", title, 154, 118, "Am", "k-pop")
    async with show(80, 16) as shown:
        await shown.press("escape", "v")
        await shown.settle()
        views = shown.app.screen.query(LinesView)
        assert any(view.show_vertical_scrollbar for view in views)
        for view in views:
            assert max(sum(len(text) for text, _ in line) for line in view._body) <= view.cells

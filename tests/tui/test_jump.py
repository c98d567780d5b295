"""Jump mode: a letter on every pane and field."""

from __future__ import annotations

from typing import Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from textual import events
from textual.geometry import Size

from riffusion_tui.config.settings import Settings
from riffusion_tui.tui.screens.jump import JumpScreen, letters
from riffusion_tui.tui.widgets.lines_view import LinesView
from tests.tui.conftest import ShowScreen
from tests.tui.stage import Stage, busy_evening


@settings(deadline=None, max_examples=50)
@given(st.lists(st.one_of(st.none(), st.sampled_from(("editor", "jobs-view", "song", "field-strength"))), max_size=30))
def test_letters_of_different_widgets_are_unique(ids: list[str | None]) -> None:
    named = {id for id in ids if id in ("editor", "jobs-view", "song")}
    once = [*named, *(id for id in ids if id not in named)]
    given = [letter for letter in letters(once) if letter]
    assert len(given) == len(set(given))
    assert all(letters(once)[:20])


@pytest.mark.parametrize(("width", "height"), [(40, 12), (80, 24), (110, 30)])
async def test_each_panes_letter_focuses_it(show: ShowScreen, stage: Stage, width: int, height: int) -> None:
    busy_evening(stage)
    async with show(width, height) as shown:
        main = shown.app.main
        panes = {"j": main.jobs.view, "p": main.prompt.editor, "o": main.prompt.options, "s": main.song}
        seen = {letter: pane for letter, pane in panes.items() if pane in main.focus_chain}
        assert {"j", "p"} <= seen.keys()
        for letter, pane in seen.items():
            await shown.press("ctrl+g")
            line = shown.text().split("\n")[pane.region.y]
            assert line[pane.region.x :].startswith(f" {letter} ")
            await shown.press(letter)
            assert main.focused is pane
        assert main.prompt.editor.text == ""


async def test_any_other_key_cancels_and_is_not_typed(show: ShowScreen) -> None:
    async with show() as shown:
        await shown.press("ctrl+g")
        assert "Press a letter to go to its pane" in shown.status()
        await shown.press("7")
        assert shown.app.screen is shown.app.main
        assert shown.app.focused is shown.app.main.prompt.editor
        assert shown.app.main.prompt.editor.text == ""
        assert shown.status() == ""


@pytest.mark.parametrize("over", ["f4", "escape"])
async def test_several_resizes_close_jump_mode_once(show: ShowScreen, over: str) -> None:
    async with show() as shown:
        await shown.press(over)
        below = shown.app.screen
        await shown.press("ctrl+g")
        for width in (70, 75):
            size = Size(width, 24)
            shown.app.screen.post_message(events.Resize(size, size))
        await shown.settle()
        assert shown.app.screen is below


async def test_the_next_key_goes_to_the_new_focus(show: ShowScreen) -> None:
    async with show() as shown:
        await shown.pilot.press("ctrl+g", "o", "v")
        await shown.settle()
        assert shown.app.draft.options.instrumental


async def test_fields_of_other_screens_have_letters(show: ShowScreen, stage: Stage) -> None:
    busy_evening(stage)
    async with show() as shown:
        await shown.press("f4", "ctrl+g")
        assert isinstance(shown.app.screen, JumpScreen)
        await shown.press("a")
        assert shown.app.focused is not None
        assert shown.app.focused.id == "accounts-view"
        await shown.press("ctrl+g", "c")
        assert shown.app.focused.id == "cookie"


async def test_its_key_is_in_the_help_and_can_be_changed(show: ShowScreen, stage: Stage) -> None:
    stage.deps.settings = Settings(keys={"jump": "f7", "prompt.library": "ctrl+g"})
    async with show() as shown:
        await shown.press("f7")
        assert isinstance(shown.app.screen, JumpScreen)
        await shown.press("escape", "f1")
        shown.app.screen.query_one(LinesView).scroll_end(animate=False)
        await shown.settle()
        assert "jump" in shown.text()


@pytest.mark.parametrize("theme", ["night", "sixteen", "mono"])
async def test_the_screen_below_stays_visible_in_every_theme(
    show: ShowScreen, stage: Stage, theme: Literal["night", "sixteen", "mono"]
) -> None:
    busy_evening(stage)
    stage.deps.settings = Settings()._replace(screen=Settings().screen._replace(theme=theme))
    async with show() as shown:
        before = shown.text().split("\n")
        for keys in [("ctrl+g",), ("f1",), ("ctrl+p",), ("a", "ctrl+t", "w")]:
            await shown.press(*keys)
            assert shown.app.screen is not shown.app.main, keys
            lines = shown.text().split("\n")
            assert (lines[0], lines[-3][0]) == (before[0], before[-3][0]), keys
            assert lines[-1] == "", "the keys of the screen below don't work now"
            await shown.press("escape", *(["y"] if "w" in keys else []))  # discard the typed text
            assert shown.app.screen is shown.app.main, keys

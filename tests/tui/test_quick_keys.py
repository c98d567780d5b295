"""Keys and clicks that arrive together, as on a slow connection."""

from __future__ import annotations

import pytest
from textual import events

from riffusion_tui.config.settings import Settings
from riffusion_tui.tui.screens.detail import DetailScreen
from riffusion_tui.tui.screens.picker import Picker
from tests.tui.conftest import ShowScreen
from tests.tui.stage import Stage


async def test_keys_that_arrive_together_are_handled_in_order(show: ShowScreen, stage: Stage) -> None:
    """These keys arrive at once, as on a slow line: `^N` must not discard text typed after it."""
    stage.accounts()
    stage.add("older")
    async with show() as shown:
        await shown.type("first")
        burst = ["ctrl+n", *"next", "ctrl+j", "escape", "g", "space", "i", *"ed"]
        for key in burst:
            shown.app.post_message(events.Key(key, key if len(key) == 1 else None))
        for _ in range(40):
            await shown.settle()
            if shown.app.main.prompt.editor.text == "nexted":
                break
        assert shown.app.main.prompt.editor.text == "nexted"
        assert [job.prompt for job in shown.jobs] == ["older", "next"]
        assert len(shown.app.model.list.marks) == 1


@pytest.mark.parametrize("behind", [[], ["escape"], ["escape", "escape"], ["enter"]])
async def test_keys_right_after_a_choice_do_not_undo_it(show: ShowScreen, stage: Stage, behind: list[str]) -> None:
    stage.store.remember_prompt("older prompt")
    async with show() as shown:
        await shown.press("ctrl+r")
        assert isinstance(shown.app.screen, Picker)
        for key in ["enter", *behind]:
            shown.app.post_message(events.Key(key, None))
        for _ in range(20):
            await shown.settle()
        assert shown.app.is_running
        assert shown.app.screen_stack == [shown.app.main]
        assert shown.app.main.prompt.editor.text.strip() == "older prompt"


async def test_a_second_click_does_not_close_the_screen_below(show: ShowScreen, stage: Stage) -> None:
    stage.store.remember_prompt("older prompt")
    async with show() as shown:
        await shown.press("ctrl+r")
        picker = shown.app.screen
        assert isinstance(picker, Picker)
        for _ in range(2):
            picker._list.post_message(picker._list.Chosen())
        for _ in range(20):
            await shown.settle()
        assert shown.app.is_running
        assert shown.app.screen_stack == [shown.app.main]
        assert shown.app.main.prompt.editor.text == "older prompt"


async def test_a_key_right_after_escape_is_two_keys(show: ShowScreen, stage: Stage) -> None:
    """A multiplexer passes both on as one, like a key pressed with alt."""
    stage.add("older")
    async with show() as shown:
        await shown.type("first")
        shown.app.post_message(events.Key("alt+d", "\x1bd"))
        shown.app.post_message(events.Key("escape", "\x1b"))
        shown.app.post_message(events.Key("alt+r", None))
        for _ in range(20):
            await shown.settle()
        assert shown.app.main.prompt.editor.text == "first"
        assert not shown.app.main.prompt.editor.has_focus
        assert shown.app.screen_stack == [shown.app.main]
        shown.app.post_message(events.Key("alt+d", "\x1bd"))
        for _ in range(20):
            await shown.settle()
        assert isinstance(shown.app.screen, DetailScreen)
        assert len(shown.jobs) == 1


@pytest.mark.parametrize("id", ["job.detail", "prompt.history"])
async def test_a_key_with_alt_that_has_a_command_is_one_key(show: ShowScreen, stage: Stage, id: str) -> None:
    """Even one that does nothing in the focused pane."""
    stage.store.remember_prompt("older prompt")
    stage.deps.settings = Settings(keys={id: "alt+d"})
    stage.add("older")
    async with show() as shown:
        shown.app.post_message(events.Key("alt+d", "\x1bd"))
        for _ in range(20):
            await shown.settle()
        assert isinstance(shown.app.screen, Picker) == (id == "prompt.history")
        assert shown.app.screen is not shown.app.main or shown.app.main.prompt.editor.has_focus


async def test_a_key_with_alt_that_has_another_binding_is_one_key(show: ShowScreen, stage: Stage) -> None:
    stage.store.remember_prompt("older prompt")
    async with show() as shown:
        shown.app.bind("alt+d", "screen.history")
        shown.app.post_message(events.Key("alt+d", "\x1bd"))
        for _ in range(20):
            await shown.settle()
        assert isinstance(shown.app.screen, Picker)

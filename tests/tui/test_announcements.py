"""Finished songs are announced, but not over the result of a command."""

from __future__ import annotations

from tests.tui.conftest import ShowScreen
from tests.tui.stage import Stage


async def test_announcements_wait_until_a_commands_result_was_shown_long_enough(show: ShowScreen, stage: Stage) -> None:
    async with show() as shown:
        await shown.press("f7")
        empty = shown.status()
        assert empty.startswith("The library is empty")
        for title in ("One", "Two"):
            stage.done("rain", title, 60, 100, "C", "pop")
        shown.app.show_changes()
        await shown.settle()
        assert shown.status() == empty
        stage.clock.at += 6
        shown.app.main.tick()
        await shown.settle()
        assert shown.status() == "Done: Two. esc p plays it."
        await shown.press("f7")
        assert shown.status() == empty
        stage.clock.at += 9
        shown.app.main.tick()
        await shown.settle()
        assert shown.status() == ""

"""An escape key that turns out to be the start of a late terminal report is undone."""

from __future__ import annotations

import pytest

from riffusion_tui.tui.input.escape_undo import EscapeTakenBack
from riffusion_tui.tui.screens.main import scopes_of_focus
from tests.tui.conftest import ShowScreen
from tests.tui.stage import Stage, busy_evening

PANES = {
    "editor": [],
    "options": ["ctrl+t"],
    "marks": ["escape", "space", "space"],
    "filter": ["escape", "slash", "s", "o", "n", "g", "enter"],
    "open filter": ["escape", "slash", "s", "o"],
    "song": ["escape", "tab"],
}


@pytest.mark.parametrize("pane", PANES)
async def test_an_escape_that_was_a_report_is_undone(show: ShowScreen, stage: Stage, pane: str) -> None:
    busy_evening(stage)
    async with show() as shown:
        await shown.press(*PANES[pane])
        jobs = shown.app.model.list
        before = (shown.app.focused, set(jobs.marks), jobs.filter, shown.text())
        await shown.press("escape")
        assert shown.text() != before[3]
        shown.app.post_message(EscapeTakenBack())
        await shown.settle()
        assert (shown.app.focused, jobs.marks, jobs.filter) == before[:3]
        assert shown.text() == before[3]


async def test_undoing_an_escape_does_not_reopen_a_screen(show: ShowScreen, stage: Stage) -> None:
    async with show() as shown:
        shown.app.post_message(EscapeTakenBack())
        await shown.settle()
        await shown.press("f4", "escape")
        shown.app.post_message(EscapeTakenBack())
        await shown.settle()
        assert scopes_of_focus(shown.app.focused) == scopes_of_focus(shown.app.main.prompt.editor)
        await shown.press("escape", "f4")
        shown.app.post_message(EscapeTakenBack())
        await shown.settle()
        assert shown.app.focused is not shown.app.main.prompt.editor

"""A click on a key in a dialog's frame does what the key does."""

from __future__ import annotations

import pytest

from riffusion_tui.jobs.status import Status
from riffusion_tui.tui.screens.ask import Ask, Confirm, Reader
from riffusion_tui.tui.screens.picker import Picker
from tests.tui.conftest import ShowScreen
from tests.tui.stage import Shown, Stage


async def click(shown: Shown, words: str, times: int = 1) -> None:
    """Click the last place that shows `words`."""
    y, line = [(y, line) for y, line in enumerate(shown.text().split("\n")) if words in line][-1]
    for _ in range(times):
        await shown.pilot.click(offset=(line.rindex(words), y))
    await shown.settle()


@pytest.mark.parametrize("glyphs", ["unicode", "ascii"])
@pytest.mark.parametrize(("words", "left"), [("y yes", []), ("yes", []), ("n no", ["rain"]), ("no ", ["rain"])])
async def test_a_question_is_answered_with_the_mouse(
    glyphs: str, words: str, left: list[str], show: ShowScreen, stage: Stage
) -> None:
    stage.deps.settings = stage.deps.settings._replace(screen=stage.deps.settings.screen._replace(glyphs=glyphs))
    stage.add("rain", Status.CANCELLED)
    async with show() as shown:
        await shown.press("escape", "x")
        assert isinstance(shown.app.screen, Confirm)
        await click(shown, words)
        assert shown.app.screen_stack == [shown.app.main]
        assert [job.prompt for job in shown.jobs] == left


async def test_a_click_beside_the_answers_or_a_second_one_does_nothing(show: ShowScreen, stage: Stage) -> None:
    stage.add("rain", Status.CANCELLED)
    async with show() as shown:
        await shown.press("escape", "x")
        question = shown.app.screen
        y, line = next((y, line) for y, line in enumerate(shown.text().split("\n")) if "y yes" in line)
        for x in (0, line.index("yes") + 4, line.index("no") + 3):
            await shown.pilot.click(offset=(x, y))
        assert shown.app.screen is question
        await click(shown, "n no", times=2)
        assert shown.app.screen_stack == [shown.app.main]
        assert shown.app.is_running


async def test_other_dialogs_are_closed_and_sent_with_the_mouse(show: ShowScreen, stage: Stage) -> None:
    async with show() as shown:
        await shown.press("ctrl+p")
        assert isinstance(shown.app.screen, Picker)
        await click(shown, "esc")
        assert shown.app.screen_stack == [shown.app.main]
        await shown.press("f1")
        assert isinstance(shown.app.screen, Reader)
        await click(shown, "esc")
        assert shown.app.screen_stack == [shown.app.main]
        await shown.press("ctrl+t", "s")
        assert isinstance(shown.app.screen, Ask)
        await shown.type("7")
        await click(shown, "enter")
        assert shown.app.screen_stack == [shown.app.main]
        assert shown.app.draft.options.seed == 7

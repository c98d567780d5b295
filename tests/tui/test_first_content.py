"""A dialog's first frame has its content, and nothing in it moves afterwards."""

from __future__ import annotations

import pytest

from riffusion_tui.tui.widgets.lines_view import LinesView
from tests.tui.conftest import ShowScreen
from tests.tui.stage import Stage


async def test_help_is_drawn_before_the_resize_event(show: ShowScreen, monkeypatch: pytest.MonkeyPatch) -> None:
    async with show() as shown:
        monkeypatch.setattr(LinesView, "on_resize", lambda self: None)
        await shown.press("f1")
        assert "Describe what you want to hear" in shown.words()
        assert "Edit the prompt in $EDITOR." in shown.words()


async def test_a_jobs_detail_is_drawn_before_the_resize_event(
    show: ShowScreen, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage.done("rain on a window", "Rain", 60, 120, "Am", "pop")
    async with show() as shown:
        monkeypatch.setattr(LinesView, "on_resize", lambda self: None)
        await shown.press("escape", "d")
        assert "rain on a window" in shown.words()


async def test_keys_in_the_palette_stay_in_their_column_while_it_is_filtered(show: ShowScreen) -> None:
    async with show() as shown:
        await shown.press("ctrl+p")
        (before,) = (row for row in shown.text().splitlines() if "Find an earlier prompt." in row)
        await shown.type("earlier")
        (after,) = (row for row in shown.text().splitlines() if "Find an earlier prompt." in row)
        assert before.index("^R") == after.index("^R")


async def test_the_first_setting_is_described_at_once(show: ShowScreen) -> None:
    async with show() as shown:
        await shown.press("f2")
        assert "service.name: What makes the songs" in shown.words()

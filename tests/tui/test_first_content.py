"""A dialog's first frame has its content, and nothing in it moves afterwards."""

from __future__ import annotations

from typing import Any

import pytest
from textual.screen import Screen

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


_SCROLLBAR = str.maketrans(dict.fromkeys("▁▂▃▄▅▆▇", " "))
"""The end of its thumb."""


@pytest.mark.usefixtures("every_frame")
async def test_the_first_frame_of_a_screen_equals_its_last(
    show: ShowScreen, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage.done("rain on a window", "Rain", 60, 120, "Am", "pop")
    frames: list[str] = []
    async with show() as shown:
        await shown.press("escape")
        main = shown.app.main

        def display(screen: Screen[Any], update: object) -> None:
            if update is not None and screen is not main:
                frames.append(shown.text().translate(_SCROLLBAR))

        monkeypatch.setattr(shown.app, "_display", display)
        for key in ("f1", "f2", "f4", "f11", "ctrl+p", "d"):
            frames.clear()
            await shown.press(key)
            assert shown.app.screen is not main, key
            assert frames[0] == shown.text().translate(_SCROLLBAR), key
            while shown.app.screen is not main:
                await shown.press("escape")


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

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


SCREENS = [("f1",), ("f2",), ("f4",), ("f11",), ("ctrl+p",), ("escape", "d")]
_SCROLLBAR = str.maketrans(dict.fromkeys("▁▂▃▄▅▆▇", " "))
"""The end of its thumb."""


@pytest.mark.usefixtures("every_frame")
@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
@pytest.mark.parametrize("keys", SCREENS)
async def test_a_screens_first_frame_is_like_its_last(
    show: ShowScreen, stage: Stage, monkeypatch: pytest.MonkeyPatch, keys: tuple[str, ...], size: tuple[int, int]
) -> None:
    stage.done("rain on a window", "Rain", 60, 120, "Am", "pop")
    frames: list[str] = []
    async with show(*size) as shown:
        await shown.press(*keys[:-1])
        below = shown.app.screen

        def display(screen: Screen[Any], update: object) -> None:
            if update is not None and screen is not below:
                frames.append(shown.text().translate(_SCROLLBAR))

        monkeypatch.setattr(shown.app, "_display", display)
        await shown.press(keys[-1])
        assert shown.app.screen is not below
        assert frames[0] == shown.text().translate(_SCROLLBAR)


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

"""Each screen looks the same after the terminal was tiny or huge."""

from __future__ import annotations

import pytest

from tests.tui.conftest import ShowScreen
from tests.tui.stage import Stage, busy_evening

SIZES = ((20, 5), (3, 2), (200, 50), (1, 1), (80, 24))


@pytest.mark.parametrize("key", ["d", "l", "D", "M", "L", "f1", "f2", "f4", "ctrl+p"])
async def test_a_screen_is_the_same_after_other_sizes(show: ShowScreen, stage: Stage, key: str) -> None:
    busy_evening(stage)
    async with show() as shown:
        await shown.press("escape", "end", key)
        before = shown.text()
        for size in SIZES:
            await shown.resize(*size)
        assert shown.text() == before


@pytest.mark.parametrize("key", ["d", "l", "D", "f1", "escape"])
async def test_a_resized_screen_is_the_same_as_one_of_that_size(show: ShowScreen, stage: Stage, key: str) -> None:
    busy_evening(stage)
    async with show(60, 30) as shown:
        await shown.press("escape", "end", key)
        expected = shown.text()
    async with show(120, 30) as shown:
        await shown.press("escape", "end", key)
        await shown.resize(60, 30)
        assert shown.text() == expected


async def test_the_jobs_title_drops_counts_that_no_longer_fit(show: ShowScreen, stage: Stage) -> None:
    busy_evening(stage)
    async with show() as shown:
        whole = "Jobs  11 · 3 making · 4 waiting · 1 needs attention"
        assert whole in shown.text()
        await shown.resize(34, 24)
        assert "Jobs  11 · 3 making ─" in shown.text()
        await shown.resize(80, 24)
        assert whole in shown.text()

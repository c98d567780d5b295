"""Emoji of several code points at the edge of a dialog or a window don't move the rest of their row."""

from __future__ import annotations

import pytest
from rich.cells import cell_len
from rich.segment import Segment
from textual.strip import Strip

from riffusion_tui.tui.display.emoji_cuts import cut_whole_emoji
from tests.tui.conftest import ShowScreen
from tests.tui.stage import Stage

HEART = "\u2764\ufe0f"
TEXTS = [
    "ab love \u2764\ufe0f song \u2764\ufe0f",
    "\u2764\ufe0f" * 5,
    "a \U0001f468\u200d\U0001f469\u200d\U0001f467 pop \U0001f1e9\U0001f1ea x",
    "\U0001f44d\U0001f3fd 1\ufe0f\u20e3 z",
    "夜の海 e\u0301 plain",
    "\u200b",
    "",
]


@pytest.mark.parametrize("text", TEXTS)
def test_both_parts_of_a_cut_keep_their_widths(text: str) -> None:
    cut_whole_emoji()
    wide = cell_len(text)
    strip = Strip([Segment("x"), Segment(text)])
    for column in range(wide + 3):
        before, after = Segment(text).split_cells(column)
        assert (before.cell_length, after.cell_length) == (min(column, wide), max(0, wide - column)), column
        if 0 < column <= wide:
            assert cell_len(strip.crop(column).text) == wide + 1 - column


@pytest.mark.parametrize("first", ["", "a"])
async def test_a_dialog_over_emoji_keeps_the_frames_aligned(show: ShowScreen, stage: Stage, first: str) -> None:
    for number in range(12):
        stage.add(f"{first}{HEART * 40} {number}")
    async with show(80, 24) as shown:
        await shown.type(first + HEART * 34)
        for keys in (("f1",), ("escape", "escape", "f1")):
            await shown.press(*keys)
            assert {cell_len(line) for line in shown.text().split("\n") if line.endswith(("│", "╮", "╯"))} == {80}

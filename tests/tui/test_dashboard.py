"""The dashboard: sums, drawing, and live updates."""

from __future__ import annotations

import time
from datetime import date

import pytest

from riffusion_tui.jobs.model import Account
from riffusion_tui.jobs.status import Status
from riffusion_tui.store.store_types import DayCount
from riffusion_tui.tui.appearance.glyphs import ASCII, UNICODE
from riffusion_tui.tui.appearance.text_cells import width
from riffusion_tui.tui.screens.dashboard import DashboardScreen
from riffusion_tui.tui.state.dashboard import Totals, dashboard_lines, last_days, sparkline, totals
from tests.tui.conftest import ShowScreen
from tests.tui.stage import FIRST, NOON, Stage
from tests.tui.waiting import until_shown

TODAY = date(2025, 3, 2)
COUNTS = (
    DayCount("2024-12-31", "old", "done", 40, 4000.0),
    DayCount("2025-02-28", "5f72c91e-2b3d", "done", 4, 480.0),
    DayCount("2025-02-28", "5f72c91e-2b3d", "limited", 2, 0.0),
    DayCount("2025-03-02", "5f72c91e-2b3d", "done", 8, 960.0),
    DayCount("2025-03-02", "5f72c91e-2b3d", "failed", 1, 0.0),
    DayCount("2025-03-02", "", "refused", 3, 0.0),
)
ACCOUNTS = (Account("s", "5f72c91e-2b3d", 3, credits=120.5), Account("s", "9ab0", 3))


def drawn(cells: int = 100, glyphs: str = "unicode") -> list[str]:
    lines = dashboard_lines(COUNTS, ACCOUNTS, TODAY, cells, ASCII if glyphs == "ascii" else UNICODE)
    return ["".join(text for text, _ in line) for line in lines]


def test_totals_count_outcomes_and_not_429s() -> None:
    assert totals(COUNTS) == Totals(52, 5440.0, 3, 1)
    assert totals(()) == Totals()


def test_days_may_cross_the_end_of_a_month() -> None:
    assert last_days(TODAY, 3) == ["2025-02-28", "2025-03-01", "2025-03-02"]


def test_a_sparkline_distinguishes_zero_from_few() -> None:
    assert sparkline([0, 1, 100, 50], UNICODE) == "·▂█▅"
    assert sparkline([1, 1], UNICODE) == "▂▂"
    assert sparkline([0, 0], ASCII) == ".."
    assert sparkline([], UNICODE) == ""
    assert "." not in sparkline([1, 50, 100], ASCII)


async def test_the_way_back_is_shown_beside_a_message_that_leaves_room(show: ShowScreen) -> None:
    async with show() as shown:
        await shown.press("escape", "D")
        for text, keys in (("Song 3 is done: Harbour Lights", "? help  esc back"), ("la " * 25, "")):
            shown.app.show_message(text.strip())
            await shown.settle()
            last = shown.text().rstrip("\n").split("\n")[-1]
            assert last.split() == f" {text} {keys}".split()


def test_totals_accounts_and_days_are_listed() -> None:
    lines = drawn()
    assert [line.split() for line in lines[:4]] == [
        ["songs", "music", "refused", "failed"],
        ["today", "8", "16:00", "3", "1"],
        ["7", "days", "12", "24:00", "3", "1"],
        ["total", "52", "1:30:40", "3", "1"],
    ]
    first = next(line for line in lines if line.startswith("5f72"))
    assert first.split() == ["5f72", "····▄·█", "13", "····█··", "2", "120.5", "credits", "left"]
    assert next(line for line in lines if line.startswith("9ab0")).split()[1:] == ["·······", "0", "·······", "0"]
    assert any(line.startswith("unknown") for line in lines)
    assert not any(line.startswith("old") for line in lines), "an account without recent songs is omitted"
    days = lines[-14:]
    assert [day.split()[0] for day in days[:3]] == ["03-02", "03-01", "02-28"]
    assert days[0].endswith(" " + "█" * 60)
    assert days[2].endswith(" " + "█" * 30)


def test_everything_is_zero_without_accounts_and_songs() -> None:
    lines = dashboard_lines((), (), TODAY, 80, UNICODE)
    text = "\n".join("".join(part for part, _ in line) for line in lines)
    assert "total      0    0:00       0      0" in text
    assert "█" not in text
    assert "429s" not in text


@pytest.mark.parametrize("glyphs", ["unicode", "ascii"])
@pytest.mark.parametrize("cells", [35, 60, 78, 196])
def test_every_line_fits_and_ascii_glyphs_are_ascii(cells: int, glyphs: str) -> None:
    lines = drawn(cells, glyphs)
    assert max(width(line) for line in lines) <= cells
    if glyphs == "ascii":
        assert all(line.isascii() for line in lines)
    assert any("120.5 credits left" in line for line in lines)


@pytest.mark.parametrize("size", [(40, 12), (80, 24), (200, 50)])
async def test_the_dashboard_opens_scrolls_and_closes(show: ShowScreen, stage: Stage, size: tuple[int, int]) -> None:
    stage.accounts()
    stage.done("rain", "Rain", 90, 100, "C", "pop", age=60.0)
    stage.add("a famous song", Status.REFUSED, age=60.0)
    async with show(*size) as shown:
        await shown.press("escape", "D")
        assert isinstance(shown.app.screen, DashboardScreen)
        await until_shown(shown, "today 1 1:30 1 0")
        assert stage.store.nicknames()[FIRST] in shown.text()
        await shown.press("end")
        assert time.strftime("%m-%d", time.localtime(NOON - 13 * 86_400)) in shown.text()
        await shown.press("question_mark", "escape", "escape")
        assert not isinstance(shown.app.screen, DashboardScreen)


async def test_the_dashboard_updates_when_a_song_is_done(
    show: ShowScreen, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("riffusion_tui.tui.screens.dashboard._RECOUNT_S", 0.05)
    async with show() as shown:
        await shown.press("escape", "D")
        await until_shown(shown, "total 0 0:00 0 0")
        stage.done("rain", "Rain", 90, 100, "C", "pop")
        shown.app.show_changes()
        await until_shown(shown, "total 1 1:30 0 0")

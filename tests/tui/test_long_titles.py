"""What a person asks for is in sight, also beside a long title."""

from __future__ import annotations

from riffusion_tui.jobs.status import Status
from tests.tui.conftest import ShowScreen
from tests.tui.stage import Stage


async def test_detail_begins_with_what_people_ask_for(show: ShowScreen, stage: Stage) -> None:
    stage.done("slow rain", "A Title That Is Much Longer Than Half Of This Window", 60, 113, "B", "pop")
    stage.store.update(1, Status.DONE, sha256="abcdef", tries=1)
    async with show() as shown:
        await shown.press("escape", "d")
        lines = shown.text().splitlines()
        for wanted in (
            "1:00",
            "113 bpm   B major",
            "slow rain",
            "file ",
            ".mp3",
            "chosen         113 bpm",
            "Half Of This Window",
        ):
            assert any(wanted in line for line in lines), wanted
        assert "replyRef" not in shown.text()
        await shown.resize(80, 80)
        assert shown.text().index("[Chorus]") < shown.text().index("Timeline") < shown.text().index("abcdef")


async def test_detail_of_a_cancelled_job_says_at_once_what_to_do(show: ShowScreen, stage: Stage) -> None:
    stage.add("slow rain", Status.CANCELLED)
    async with show() as shown:
        await shown.press("escape", "d")
        lines = [line.strip("│ ") for line in shown.text().splitlines()]
        assert lines[lines.index("Result") + 1] == "esc t retries it."


async def test_a_comparison_cuts_long_titles_visibly(show: ShowScreen, stage: Stage) -> None:
    for _ in range(2):
        stage.done("slow rain", "A Title That Is Much Longer Than Half Of This Window", 60, 113, "B", "pop")
    async with show() as shown:
        await shown.press("escape", "v")
        assert shown.text().count("A Title That Is Much Longer Than H…") == 2

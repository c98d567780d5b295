"""What plays, as the screen shows it."""

from __future__ import annotations

from tests.tui.conftest import ShowScreen
from tests.tui.stage import Stage


async def test_the_song_that_plays_stays_in_the_status_bar(show: ShowScreen, stage: Stage) -> None:
    stage.done("rain", "Only", 60, 100, "C", "pop")
    settings = stage.deps.settings
    stage.deps.settings = settings._replace(player=settings.player._replace(command="sh -c 'sleep 20'"))
    async with show() as shown:
        await shown.press("escape", "p")
        assert "0:00 / 1:00  Only" in shown.status()
        await shown.press("full_stop")
        assert "Only" not in shown.status()

"""Save a song elsewhere."""

from __future__ import annotations

from pathlib import Path

from tests.tui.conftest import ShowScreen
from tests.tui.stage import Stage


async def test_saving_a_song_never_overwrites_a_file(show: ShowScreen, stage: Stage) -> None:
    stage.done("rain", "Only", 60, 100, "C", "pop")
    async with show() as shown:
        await shown.press("escape", "w", "enter", "enter")
        await shown.app.workers.wait_for_complete()  # the file is checked in another process
        await shown.settle()
        assert "Saved" in shown.status()
        assert sorted(file.name for file in stage.songs.iterdir()) == ["Only 2.mp3", "Only.mp3"]


async def test_a_slash_at_the_end_saves_a_song_in_a_new_folder(show: ShowScreen, stage: Stage, tmp_path: Path) -> None:
    stage.done("rain", "Only", 60, 100, "C", "pop")
    async with show() as shown:
        for place in (f"{tmp_path}/a/b/", f"{tmp_path}/songs/Only.mp3/"):
            await shown.press("escape", "w", "enter", "ctrl+u")
            await shown.type(place)
            await shown.press("enter")
            await shown.app.workers.wait_for_complete()  # the file is checked in another process
            await shown.settle()
        assert [file.name for file in (tmp_path / "a" / "b").iterdir()] == ["Only.mp3"]
        assert "Can't save it: File exists" in shown.status()

"""Save a song elsewhere."""

from __future__ import annotations

import asyncio
from pathlib import Path

from tests.tui.conftest import ShowScreen
from tests.tui.stage import Shown, Stage


async def until(shown: Shown, words: str) -> None:
    """Wait until the screen shows `words`: the file is checked in another process."""
    for _ in range(500):
        if words in shown.words():
            return
        await asyncio.sleep(0.02)
        await shown.settle()
    raise AssertionError(f"{words!r} did not come:\n{shown.text()}")


async def save_as(shown: Shown, path: str) -> None:
    """Enter a path in the open dialog."""
    await shown.press("ctrl+u")
    await shown.type(path)
    await shown.press("enter")


async def test_saving_a_song_never_overwrites_a_file(show: ShowScreen, stage: Stage) -> None:
    stage.done("rain", "Only", 60, 100, "C", "pop")
    async with show() as shown:
        await shown.press("escape", "w", "enter", "enter")
        await until(shown, "Saved: ")
        assert sorted(file.name for file in stage.songs.iterdir()) == ["Only 2.mp3", "Only.mp3"]


async def test_a_slash_at_the_end_saves_a_song_in_a_new_folder(show: ShowScreen, stage: Stage, tmp_path: Path) -> None:
    stage.done("rain", "Only", 60, 100, "C", "pop")
    async with show() as shown:
        await shown.press("escape", "w", "enter")
        await save_as(shown, f"{tmp_path}/a/b/")
        await until(shown, "Saved: ")
        assert [file.name for file in (tmp_path / "a" / "b").iterdir()] == ["Only.mp3"]
        await shown.press("w", "enter")
        await save_as(shown, f"{tmp_path}/songs/Only.mp3/")
        await until(shown, "Can't save it: File exists")


async def test_a_path_that_cannot_be_used_can_be_corrected(show: ShowScreen, stage: Stage) -> None:
    stage.done("rain", "Only", 60, 100, "C", "pop")
    async with show() as shown:
        await shown.press("escape", "w", "enter")
        await save_as(shown, f"{stage.songs}/x.wav")
        await until(shown, "The file would be .mp3, not .wav: change its name, or choose another format.")
        assert "x.wav" in shown.words(), "the path is kept"
        await save_as(shown, "~no-such-user/x.mp3")
        await until(shown, "no home folder is known for that user")
        await save_as(shown, f"{stage.songs}/Only.mp3")
        await until(shown, "Only.mp3 already exists; choose another name.")
        await shown.press("escape")
        assert shown.app.screen_stack == [shown.app.main]
        assert [file.name for file in stage.songs.iterdir()] == ["Only.mp3"]

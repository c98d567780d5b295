"""Save a song elsewhere."""

from __future__ import annotations

from pathlib import Path

import pytest

from riffusion_tui.services.base import RemoteSong
from tests.tui.conftest import ShowScreen
from tests.tui.stage import FIRST, Shown, Stage, StageService
from tests.tui.waiting import until_shown

MIDI = b"MThd\0\0\0\6\0\0\0\1\0\x60MTrk\0\0\0\x0c\0\x90\x3c\x40\x60\x80\x3c\x40\0\xff\x2f\0"
"""One note."""


async def save_as(shown: Shown, path: str) -> None:
    """Enter a path in the open dialog."""
    await shown.press("ctrl+u")
    await shown.type(path)
    await shown.press("enter")


async def test_saving_a_song_never_overwrites_a_file(show: ShowScreen, stage: Stage) -> None:
    stage.done("rain", "Only", 60, 100, "C", "pop")
    async with show() as shown:
        await shown.press("escape", "w", "enter", "enter")
        await until_shown(shown, "Saved: ")
        assert sorted(file.name for file in stage.songs.iterdir()) == ["Only 2.mp3", "Only.mp3"]


async def test_a_slash_at_the_end_saves_a_song_in_a_new_folder(show: ShowScreen, stage: Stage, tmp_path: Path) -> None:
    stage.done("rain", "Only", 60, 100, "C", "pop")
    async with show() as shown:
        await shown.press("escape", "w", "enter")
        await save_as(shown, f"{tmp_path}/a/b/")
        await until_shown(shown, "Saved: ")
        assert [file.name for file in (tmp_path / "a" / "b").iterdir()] == ["Only.mp3"]
        await shown.press("w", "enter")
        await save_as(shown, f"{tmp_path}/songs/Only.mp3/")
        await until_shown(shown, "Can't save it: File exists")


async def test_a_path_that_cannot_be_used_can_be_corrected(show: ShowScreen, stage: Stage) -> None:
    stage.done("rain", "Only", 60, 100, "C", "pop")
    async with show() as shown:
        await shown.press("escape", "w", "enter")
        await save_as(shown, f"{stage.songs}/x.wav")
        await until_shown(shown, "The file would be .mp3, not .wav: change its name, or choose another format.")
        assert "x.wav" in shown.words(), "the path is kept"
        await save_as(shown, "~no-such-user/x.mp3")
        await until_shown(shown, "no home folder is known for that user")
        await save_as(shown, f"{stage.songs}/Only.mp3")
        await until_shown(shown, "Only.mp3 already exists; choose another name.")
        await shown.press("escape")
        assert shown.app.screen_stack == [shown.app.main]
        assert [file.name for file in stage.songs.iterdir()] == ["Only.mp3"]


async def test_marked_songs_are_saved_together(show: ShowScreen, stage: Stage, tmp_path: Path) -> None:
    for name in ("One", "Two"):
        stage.done("rain", name, 60, 100, "C", "pop")
    stage.add("not made yet")
    async with show() as shown:
        await shown.press("escape", "A", "w")
        assert "Save 2 songs as" in shown.words()
        await shown.press("enter")
        await save_as(shown, f"{stage.songs}/One.mp3")
        await until_shown(shown, "Can't save it: File exists")
        await save_as(shown, f"{tmp_path}/out")
        await until_shown(shown, "Saved 2 songs in ")
        assert sorted(file.name for file in (tmp_path / "out").iterdir()) == ["One.mp3", "Two.mp3"]
        await shown.press("w", "enter")
        await save_as(shown, f"{tmp_path}/out/")
        await until_shown(shown, "Saved 2 songs in ")
        assert len(list((tmp_path / "out").iterdir())) == 4, "no file is overwritten"


async def test_a_marked_song_that_cannot_be_saved_does_not_stop_the_others(
    show: ShowScreen, stage: Stage, tmp_path: Path
) -> None:
    for name in ("One", "Two"):
        stage.done("rain", name, 60, 100, "C", "pop")
    (stage.songs / "One.mp3").write_bytes(b"no music")
    async with show() as shown:
        await shown.press("escape", "A", "w", "enter")
        await save_as(shown, f"{tmp_path}/out/")
        await until_shown(shown, "Saved 1 song in ")
        assert "Job 1 was not saved: " in shown.words()
        await shown.press("escape", "escape", "x")


async def test_marks_without_a_song_save_nothing(show: ShowScreen, stage: Stage) -> None:
    stage.done("rain", "One", 60, 100, "C", "pop")
    stage.add("not made yet")
    async with show() as shown:
        await shown.press("escape", "space", "w")
        assert shown.status() == "No song yet."
        await shown.press("m")
        assert shown.status() == "No song yet."


async def test_the_midi_of_marked_songs_is_saved_next_to_them(
    show: ShowScreen, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def kept(service: StageService, account: str | None, remote_id: str) -> RemoteSong:
        return RemoteSong(remote_id, FIRST, finished=True, failed=False)

    async def download(service: StageService, song: RemoteSong, to: Path, *more: object) -> None:
        to.write_bytes(MIDI)

    for name in ("One", "Two"):
        stage.done("rain", name, 60, 100, "C", "pop")
    async with show() as shown:
        await shown.press("escape", "A", "m")
        await until_shown(shown, "2 songs were not saved. Job 2: The service no longer has the song.")
        monkeypatch.setattr(StageService, "song", kept)
        monkeypatch.setattr(StageService, "download", download)
        await shown.press("m")
        await until_shown(shown, "Saved 2 songs in ")
        assert sorted(file.name for file in stage.songs.glob("*.mid")) == ["One.mid", "Two.mid"]

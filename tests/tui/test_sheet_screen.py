"""The lead sheet on the whole screen: it opens, follows what plays, scrolls and explains what is missing."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest

from riffusion_tui.jobs.model import Job
from riffusion_tui.tui.state.song.sheet_lines import sheet_text
from tests.tui.conftest import ShowScreen
from tests.tui.player_stand_in import write_mpv
from tests.tui.stage import Shown, Stage
from tests.tui.test_playback import FOREVER, at, player
from tests.tui.test_sheet_lines import CHART, SONG, long_song
from tests.tui.waiting import until


def sung(stage: Stage, title: str = "Long") -> Job:
    """Add a song of 160 s whose sheet is longer than a screen."""
    job = stage.done("pop", title, 160.0, 100, "Am", "pop")
    stage.store.put_song(long_song(job.id))
    return job


async def seek_to_80_s(shown: Shown) -> None:
    for _ in range(17):
        await shown.press("right")
    await until(shown, lambda: at(shown) >= 80.0)


@pytest.mark.parametrize("size", [(80, 24), (200, 50)])
async def test_a_key_shows_the_sheet_on_the_whole_screen(show: ShowScreen, stage: Stage, size: tuple[int, int]) -> None:
    sung(stage)
    async with show(*size) as shown:
        await shown.press("escape")
        assert "l lead sheet" in shown.text()
        await shown.press("l")
        lines = shown.text().split("\n")
        assert "Long   2:40   100 bpm   A minor" in lines[1]
        words = [line.strip("│ ") for line in lines if line.strip("│ ").startswith("line ")]
        assert len(words) >= (size[1] - 6) // 2, "a line of chords above each line of words"
        assert "p play" in lines[-1]
        await shown.press("f1")
        assert "The chords above the words" in shown.text()
        await shown.press("escape", "l")
        assert shown.app.screen is shown.app.main


async def test_keys_scroll_the_sheet_while_nothing_plays(show: ShowScreen, stage: Stage) -> None:
    sung(stage)
    async with show() as shown:
        await shown.press("escape", "l", "pagedown")
        assert "line 0 " not in shown.text()
        assert "Long   2:40" in shown.text(), "the title stays"
        await shown.press("home", "j", "j", "j")
        assert "line 0 " not in shown.text()
        await shown.press("end")
        assert "line 39" in shown.text()


async def test_the_sheet_can_be_copied_and_the_song_saved(show: ShowScreen, stage: Stage, tmp_path: Path) -> None:
    job = sung(stage)
    async with show() as shown:
        await shown.press("escape", "l", "y")
        copied = [text for text in shown.sent if text.startswith("\x1b]52;c;")]
        assert base64.b64decode(copied[-1][7:-1]).decode() == sheet_text(long_song(job.id))
        await shown.press("w")
        assert "Save" in shown.text()
        await shown.press("enter", "enter")
        await until(shown, lambda: "Saved" in shown.text())
        assert shown.app.screen.id == "sheet"


async def test_the_sheet_follows_what_plays_and_its_keys_control_the_player(
    show: ShowScreen, stage: Stage, tmp_path: Path
) -> None:
    sung(stage)
    (command,) = write_mpv(tmp_path)
    player(stage, command)
    async with show() as shown:
        await shown.press("escape", "l", "space")
        await until(shown, lambda: at(shown) >= 3.0)
        assert "line 0 " in shown.text()
        await seek_to_80_s(shown)
        assert "line 20" in shown.text()
        assert "line 0 " not in shown.text()
        await shown.press("space")
        await until(shown, lambda: " paused " in shown.text())
        await shown.press("left_curly_bracket", "full_stop")
        assert shown.app.playback.now() is None


async def test_the_sheet_of_a_song_that_plays_opens_at_its_place(
    show: ShowScreen, stage: Stage, tmp_path: Path
) -> None:
    sung(stage)
    (command,) = write_mpv(tmp_path)
    player(stage, command)
    async with show() as shown:
        await shown.press("escape", "p")
        await until(shown, lambda: at(shown) >= 3.0)
        await seek_to_80_s(shown)
        await shown.press("p")
        await until(shown, lambda: " paused " in shown.text())
        await shown.press("l")
        assert "line 20" in shown.text()


async def test_the_next_song_that_plays_is_shown(show: ShowScreen, stage: Stage) -> None:
    first = sung(stage, "First")
    second = sung(stage, "Second")
    player(stage, FOREVER)
    async with show() as shown:
        shown.app.model.list.select(second.id)
        await shown.press("escape", "l", "p")
        assert "Second   2:40" in shown.text()
        shown.app.model.list.select(first.id)
        shown.app.player_moved()
        assert "Second   2:40" in shown.text(), "it is the player that is followed, not the selection"
        await shown.press("greater_than_sign")
        assert "First   2:40" in shown.text()
        await shown.press("full_stop")
        assert "First   2:40" in shown.text()


async def test_the_song_that_plays_is_shown_if_the_selected_job_has_none(show: ShowScreen, stage: Stage) -> None:
    song = sung(stage)
    waiting = stage.add("rain")
    player(stage, FOREVER)
    async with show() as shown:
        shown.app.model.list.select(waiting.id)
        await shown.press("escape", "l")
        assert "No song yet." in shown.status()
        shown.app.model.list.select(song.id)
        await shown.press("p")
        shown.app.model.list.select(waiting.id)
        await shown.press("l")
        assert "Long   2:40" in shown.text()


async def test_a_song_without_words_shows_its_chords_and_one_without_both_why_not(
    show: ShowScreen, stage: Stage
) -> None:
    chords = stage.done("techno", "Chords", 20.0, 130, "Am", "techno")
    stage.store.put_song(SONG._replace(job_id=chords.id, timed_lyrics=(), timed_words=(), plan={"chart": CHART}))
    nothing = stage.done("techno", "Nothing", 20.0, 130, "Am", "techno")
    stage.store.put_song(SONG._replace(job_id=nothing.id, timed_lyrics=(), timed_words=(), plan={}))
    player(stage, FOREVER)
    async with show() as shown:
        shown.app.model.list.select(nothing.id)
        await shown.press("escape", "l")
        assert "no chords and no lyrics" in shown.status()
        shown.app.model.list.select(chords.id)
        await shown.press("l")
        assert "0:08  Verse   Am7  E  Dm7  G" in shown.text()
        await shown.press("p", "less_than_sign")
        assert "no chords and no lyrics" in shown.words()


async def test_a_removed_song_says_so(show: ShowScreen, stage: Stage) -> None:
    song = sung(stage)
    async with show() as shown:
        await shown.press("escape", "l")
        stage.store.delete([song.id])
        shown.app.show_changes()
        await shown.press("space")
        assert "This job is no longer in the list." in shown.text()
        assert shown.app.playback.now() is None

"""Playback on the screen: line, row, title, next song, review, and errors."""

from __future__ import annotations

from pathlib import Path

import pytest

from riffusion_tui.jobs.model import Job, Song
from riffusion_tui.jobs.status import Status
from riffusion_tui.tui.state.song.sung_words import sung_line
from tests.tui.conftest import ShowScreen
from tests.tui.player_stand_in import write_mpv
from tests.tui.stage import Shown, Stage
from tests.tui.waiting import until

FOREVER = "sh -c 'sleep 20'"
AT_ONCE = "sh -c 'sleep 0.3'"


def player(stage: Stage, command: str) -> None:
    settings = stage.deps.settings
    stage.deps.settings = settings._replace(player=settings.player._replace(command=command))


def take(stage: Stage, title: str, length: float = 60.0, batch: str = "") -> Job:
    job = stage.done("rain", title, length, 100, "C", "pop")
    if batch:
        stage.store._run("UPDATE jobs SET batch = ? WHERE id = ?", batch, job.id)
    return job


def playing(shown: Shown) -> str:
    """Return the title of the playing song."""
    job = shown.app.playback.job
    return job.title if job is not None else ""


def at(shown: Shown) -> float:
    """Return the position in seconds."""
    now = shown.app.playback.now()
    return now[1].position_s if now is not None else -1.0


@pytest.mark.parametrize("size", [(80, 24), (120, 36), (200, 50)])
async def test_a_playing_song_is_shown_in_its_line_row_and_title(
    show: ShowScreen, stage: Stage, size: tuple[int, int]
) -> None:
    take(stage, "Only")
    player(stage, FOREVER)
    async with show(*size) as shown:
        assert "▶" not in shown.text()
        await shown.press("escape", "p")
        assert " / 1:00  Only" in shown.text()
        assert "▶ done" in shown.words()
        assert "\x1b]0;▶ Only - riffusion-tui\x07" in shown.sent
        shown.app.main.show_message("something else")
        await shown.settle()
        assert "▶ 0:0" in shown.text(), "a message doesn't replace it"
        await shown.press("p")
        assert " / 1:00 paused  Only" in shown.text()
        assert "‖ done" in shown.words()
        await shown.press("full_stop")
        assert " / 1:00" not in shown.text()
        assert "√ done" in shown.words()
        assert shown.sent[-1] == "\x1b]0;riffusion-tui\x07"


async def test_the_playing_line_is_on_other_screens(show: ShowScreen, stage: Stage) -> None:
    take(stage, "Only")
    player(stage, FOREVER)
    async with show() as shown:
        await shown.press("escape", "p", "d")
        assert " / 1:00  Only" in shown.text()
        await shown.press("escape", "D")
        assert "▶ 0:0" in shown.text()


WORDS = Song(
    1,
    timed_lyrics=((8.0, "Neon on the river,"), (12.0, "Gone"), (40.0, "Later")),
    timed_words=((8.0, "Neon"), (8.5, "on"), (9.0, "the"), (9.5, "river"), (11.9, "Gone")),
)


@pytest.mark.parametrize(
    ("at_s", "line"),
    [
        (0.0, ("", "", "")),
        (7.9, ("", "", "Neon on the river,")),
        (8.6, ("Neon", "on", "the river,")),
        (11.0, ("Neon on the", "river,", "")),
        (12.5, ("", "Gone", "")),
        (20.0, ("", "", "")),
        (41.0, ("Later", "", "")),
    ],
)
def test_lyrics_are_shown_as_they_are_sung(at_s: float, line: tuple[str, str, str]) -> None:
    assert sung_line(WORDS, at_s) == line
    assert sung_line(WORDS, at_s).text == " ".join(filter(None, line))


def test_a_song_without_lyrics_has_no_lyrics_line() -> None:
    assert sung_line(None, 3.0).text == sung_line(Song(1), 3.0).text == ""


async def test_a_song_plays_from_its_details(show: ShowScreen, stage: Stage) -> None:
    take(stage, "Only")
    stage.add("snow")
    player(stage, FOREVER)
    async with show(80, 24) as shown:
        await shown.press("escape", "g", "d", "p")
        assert "No song yet." in shown.text()
        await shown.press("escape", "G", "d")
        assert shown.text().splitlines()[-1].startswith(" p play  y copy record")
        assert shown.text().splitlines()[-1].endswith("esc back")
        await shown.press("p")
        assert playing(shown) == "Only"
        assert " / 1:00  Only" in shown.text()


async def test_the_sung_word_is_highlighted(show: ShowScreen, stage: Stage, tmp_path: Path) -> None:
    job = take(stage, "Only")
    stage.store.put_song(WORDS._replace(job_id=job.id))
    player(stage, " ".join(write_mpv(tmp_path)))  # it begins at 3 s
    async with show(120, 36) as shown:
        await shown.press("escape", "p")
        await until(shown, lambda: "0:03" in shown.text())
        await shown.press("right_square_bracket")
        await until(shown, lambda: "Neon" in shown.text())
        parts = list(shown.app.main.playing_line.parts())
        (now,) = [text for text, style in parts if style.bold]
        assert now.strip() in WORDS.timed_lyrics[0][1]


async def test_keys_play_the_next_and_previous_song(show: ShowScreen, stage: Stage) -> None:
    for title in ("One", "Two", "Three"):
        take(stage, title)
    player(stage, FOREVER)
    async with show() as shown:
        await shown.press("escape", "g", "p")
        assert playing(shown) == "Three"
        await shown.press("greater_than_sign", "greater_than_sign")
        assert playing(shown) == "One"
        assert shown.app.model.list.current is shown.app.playback.job
        await shown.press("greater_than_sign")
        assert "No more songs" in shown.status()
        assert playing(shown) == "One"
        await shown.press("less_than_sign")
        assert playing(shown) == "Two"


async def test_autoplay_continues_through_marked_songs(show: ShowScreen, stage: Stage) -> None:
    for title in ("One", "Two", "Three"):
        take(stage, title, 0.15)
    player(stage, AT_ONCE)
    async with show() as shown:
        received: list[str] = []
        moved = shown.app.player_moved

        def noted() -> None:
            received.append(playing(shown))
            moved()

        shown.app.player_moved = noted
        await shown.press("escape", "g", "space", "j", "space", "C")
        await until(shown, lambda: "No more songs" in shown.status())
        assert [title for title in dict.fromkeys(received) if title] == ["Three", "One"]
        assert not shown.app.playback.sequence.continues
        assert shown.app.playback.now() is None


async def test_autoplay_is_shown_and_ends_with_stop(show: ShowScreen, stage: Stage) -> None:
    for title in ("One", "Two"):
        take(stage, title)
    player(stage, FOREVER)
    async with show() as shown:
        await shown.press("escape", "p", "C")
        assert "1:00 autoplay  Two" in shown.text()
        await shown.press("full_stop")
        assert not shown.app.playback.sequence.continues


async def test_a_review_plays_each_new_take_until_all_are_rated(show: ShowScreen, stage: Stage) -> None:
    judged = take(stage, "Judged", batch="b")
    stage.store.update(judged.id, verdict="keep")
    first, second, third = (take(stage, title, batch="b") for title in ("One", "Two", "Three"))
    stage.done("other", "Elsewhere", 60, 100, "C", "pop")
    player(stage, FOREVER)
    async with show() as shown:
        shown.app.model.list.select(third.id)
        await shown.press("escape", "V")
        assert playing(shown) == "One"
        assert "3 left  + keep  - reject" in shown.text()
        await shown.press("plus")
        assert playing(shown) == "Two"
        await shown.press("greater_than_sign")
        assert playing(shown) == "Three"
        await shown.press("minus")
        assert "Review ended: 1 kept, 1 rejected." in shown.status()
        assert playing(shown) == ""
        assert " left  + keep" not in shown.text()
    verdicts = {job.id: job.verdict for job in stage.store.jobs()}
    assert [verdicts[job.id] for job in (first, second, third)] == ["keep", "", "reject"]


async def test_undoing_a_verdict_reviews_the_take_again(show: ShowScreen, stage: Stage) -> None:
    one = take(stage, "One", batch="b")
    take(stage, "Two", batch="b")
    player(stage, FOREVER)
    async with show(120, 36) as shown:
        shown.app.model.list.select(one.id)
        await shown.press("escape", "V", "minus")
        assert (playing(shown), "review: 1 left" in shown.text()) == ("Two", True)
        await shown.press("z")
        assert "review: 2 left" in shown.text()
        await shown.press("plus")
        assert playing(shown) == "One"


@pytest.mark.parametrize(
    ("keys", "counted"),
    [
        (("plus", "minus", "z"), "1 kept, 0 rejected"),
        (("plus", "z", "z"), "0 kept, 0 rejected"),
        (("plus", "z", "minus", "minus"), "0 kept, 2 rejected"),
    ],
)
async def test_a_review_counts_the_verdicts_at_its_end(
    show: ShowScreen, stage: Stage, keys: tuple[str, ...], counted: str
) -> None:
    one, *_ = (take(stage, title, batch="b") for title in ("One", "Two", "Three"))
    player(stage, FOREVER)
    async with show() as shown:
        shown.app.model.list.select(one.id)
        await shown.press("escape", "V", *keys, "full_stop")
        assert f"Review ended: {counted}." in shown.status()


async def test_a_review_waits_for_unfinished_takes(show: ShowScreen, stage: Stage) -> None:
    one = take(stage, "One", batch="b")
    making = stage.add("rain", Status.MAKING)
    stage.store._run("UPDATE jobs SET batch = 'b' WHERE id = ?", making.id)
    player(stage, FOREVER)
    async with show() as shown:
        shown.app.model.list.select(one.id)
        await shown.press("escape", "V", "plus")
        assert "No new take yet" in shown.status()
        stage.store.update(making.id, Status.FETCHING)
        stage.store.update(making.id, Status.DONE, title="Two", file=one.file, duration_s=60.0)
        await until(shown, lambda: playing(shown) == "Two")
        await shown.press("V")
        assert "Review ended: 1 kept, 0 rejected." in shown.status()
        assert playing(shown) == "Two", "it continues to play"


async def test_a_click_on_the_waveform_seeks(show: ShowScreen, stage: Stage, tmp_path: Path) -> None:
    take(stage, "Only", 100.0)
    player(stage, " ".join(write_mpv(tmp_path)))  # it reports 3 s more than its start
    async with show(120, 36) as shown:
        pane = shown.app.main.song
        middle = pane.size.width // 2
        await shown.pilot.click(pane, offset=(middle + 2, 2))  # below the frame and title
        await until(shown, lambda: 52 <= at(shown) < 56)
        await shown.pilot.click(pane, offset=(middle // 2 + 2, 2))
        await until(shown, lambda: 23 <= at(shown) < 30)
        await shown.pilot.click(pane, offset=(middle + 2, 1))
        await shown.settle()
        assert at(shown) < 40, "the title isn't part of the waveform"


async def test_the_volume_is_reported_and_kept(show: ShowScreen, stage: Stage, tmp_path: Path) -> None:
    take(stage, "Only")
    player(stage, " ".join(write_mpv(tmp_path)))
    async with show() as shown:
        await shown.press("escape", "9")
        assert "Volume 95 %" in shown.status()
        await shown.press("p")
        await until(shown, lambda: "0:03" in shown.text())
        assert "95 %" in shown.text()
        await shown.press("9", "9", "0")
        await until(shown, lambda: shown.app.playback.volume == 90)
        await shown.press("full_stop")
        player(stage, FOREVER)
        await shown.press("p", "0")
        assert "change the volume" in shown.status()


@pytest.mark.parametrize("size", [(80, 24), (200, 50)])
async def test_a_players_error_is_shown_in_full(show: ShowScreen, stage: Stage, size: tuple[int, int]) -> None:
    job = take(stage, "Only")
    player(stage, "sh -c 'echo ALSA lib confmisc.c: no card; echo Could not open audio device, no sound; exit 2'")
    async with show(*size) as shown:
        await shown.press("escape", "p")
        await until(shown, lambda: "sound device" in shown.words())
        output = shown.words()
        assert (
            output.index("no usable sound device") < output.index("sh can't play it") < output.index("run this there")
        )
        assert "sh can't play it: Could not open audio device, no sound." in output
        assert "run this there (sent to the clipboard): ssh " in output
        assert f" riffusion-tui cat {job.id} | mpv -" in output
        starts = [line.strip("│╭╮╰╯─ ").startswith("ssh ") for line in shown.text().splitlines()]
        assert any(starts) == (size == (80, 24)), "in the dialog, the command begins a line"
        assert any(text.startswith("\x1b]52;c;") for text in shown.sent)
        await shown.press("escape")
        assert "can't play it" not in shown.words(), "it was read"


async def test_a_song_whose_file_is_gone_can_be_saved_again(show: ShowScreen, stage: Stage) -> None:
    job = take(stage, "Only")
    Path(job.file).unlink()
    player(stage, "sh -c 'echo Failed to open it; exit 2'")
    async with show() as shown:
        await shown.press("escape", "p")
        await until(shown, lambda: "The file is gone" in shown.words())
        assert "w saves it there again" in shown.words()
        assert "run this there" not in shown.words()


async def test_playing_over_ssh_shows_a_command_for_the_local_machine(show: ShowScreen, stage: Stage) -> None:
    job = take(stage, "Only")
    stage.deps.environ = {**stage.deps.environ, "SSH_CONNECTION": "10.0.0.2 50000 10.0.0.9 22", "USER": "ann"}
    async with show() as shown:
        await shown.press("escape", "p")
        output = shown.words()
        assert "This is an SSH session" in output
        assert ("Play on another machine" in output, "Error" in output) == (True, False)
        assert f"ssh ann@10.0.0.9 riffusion-tui cat {job.id} | mpv -" in output


async def test_a_missing_program_is_reported_with_what_to_install(show: ShowScreen, stage: Stage) -> None:
    take(stage, "Only")
    player(stage, "no-such-player")
    async with show() as shown:
        await shown.press("escape", "p")
        assert "no-such-player can't play it: No such file or directory. Install mpv" in shown.words()


@pytest.mark.parametrize("command", ["", "no-such-player"])
@pytest.mark.parametrize("key", ["V", "C"])
async def test_review_and_autoplay_end_if_there_is_no_player(
    show: ShowScreen, stage: Stage, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, command: str, key: str
) -> None:
    take(stage, "Only")
    player(stage, command)
    monkeypatch.setenv("PATH", str(tmp_path))
    async with show() as shown:
        await shown.press("escape", key)
        assert "Install mpv" in shown.words()
        assert "player.command" in shown.words()
        assert (shown.app.playback.sequence.review, shown.app.playback.sequence.continues) == (None, False)
        assert " left  + keep" not in shown.text()


async def test_a_review_reports_once_that_there_is_no_sound_device(show: ShowScreen, stage: Stage) -> None:
    one, *_ = (take(stage, title, batch="b") for title in ("One", "Two", "Three"))
    player(stage, "sh -c 'echo no sound; exit 2'")
    async with show() as shown:
        shown.app.model.list.select(one.id)
        await shown.press("escape", "V")
        await until(shown, lambda: "no usable sound device" in shown.words())
        await shown.press("enter", "plus")
        await until(shown, lambda: shown.app.playback.now() is None)
        await shown.press("minus")
        await until(shown, lambda: shown.app.playback.now() is None)
        await shown.press("plus")
        assert sum(text.startswith("\x1b]52;c;") for text in shown.sent) == 1, "with each message, a command is copied"
    assert [job.verdict for job in stage.store.jobs()] == ["keep", "reject", "keep"]


async def test_a_review_over_ssh_copies_each_takes_command(show: ShowScreen, stage: Stage) -> None:
    jobs = [take(stage, title, batch="b") for title in ("One", "Two")]
    stage.deps.environ = {**stage.deps.environ, "SSH_CONNECTION": "10.0.0.2 50000 10.0.0.9 22", "USER": "ann"}
    async with show(200, 50) as shown:
        shown.app.model.list.select(jobs[0].id)
        await shown.press("escape", "V")
        assert f"riffusion-tui cat {jobs[0].id} | mpv -" in shown.words()
        await shown.press("plus")
        assert f"riffusion-tui cat {jobs[1].id} | mpv -" in shown.words()


async def test_a_blind_comparison_hides_the_playing_title(show: ShowScreen, stage: Stage) -> None:
    take(stage, "One")
    take(stage, "Two")
    player(stage, FOREVER)
    async with show() as shown:
        await shown.press("escape", "v", "b", "p")
        assert playing(shown)
        assert playing(shown) not in shown.text()
        assert not [text for text in shown.sent if "▶" in text]


async def test_a_review_without_new_takes_says_so(show: ShowScreen, stage: Stage) -> None:
    judged = take(stage, "Judged")
    stage.store.update(judged.id, verdict="keep")
    async with show() as shown:
        await shown.press("escape", "V")
        assert shown.status() == "No new takes to review."

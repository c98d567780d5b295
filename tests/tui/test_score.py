"""The score on the screen: notes and levels are read, drawn, and shown if there is room."""

from __future__ import annotations

import base64
import zlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from riffusion_tui.jobs.model import Song
from riffusion_tui.jobs.status import Status
from riffusion_tui.tui.appearance import glyphs
from riffusion_tui.tui.appearance.text_cells import width
from riffusion_tui.tui.state.song.piano_roll import (
    RollNote,
    loudness,
    notes_of,
    page_of,
    peak_at,
    roll_lines,
    spectrum_line,
    spectrum_of,
)
from riffusion_tui.tui.state.song.song_chart import chord_line, sections
from tests.tui.conftest import ShowScreen
from tests.tui.player_stand_in import write_mpv
from tests.tui.stage import Stage
from tests.tui.test_playback import FOREVER, at, player
from tests.tui.waiting import until


def packed(data: bytes) -> list[str]:
    text = base64.b64encode(zlib.compress(data)).decode()
    return [text[:5], text[5:]]


BASS = bytes((0, 4, 36, 4, 4, 43, 255, 0, 0, 10, 2, 36))
ROLL: dict[str, Any] = {
    "step_s": 0.5,
    "voices": [["bass", *packed(BASS)], ["vocal", *packed(bytes((2, 2, 60)))], ["kazoo", "x"]],
}
SPECTRUM = {"step_s": 0.25, "bands": 4, "levels": packed(bytes((0, 0, 0, 0, 8, 4, 0, 2)))}
CHART = [[0, "Intro", [[0, "Am7"], [1.2, "Dm7"], [1.3, "G"]]], [8, "Verse", [[8, "C"]]]]


def song(**plan: Any) -> Song:
    return Song(1, plan=plan)


def test_notes_are_read_in_order_of_time() -> None:
    assert notes_of(song(roll=ROLL)) == (
        RollNote(0.0, 2.0, 36, "bass"),
        RollNote(1.0, 2.0, 60, "vocal"),
        RollNote(2.0, 4.0, 43, "bass"),
        RollNote(134.5, 135.5, 36, "bass"),
    )


def test_levels_are_read_by_moment() -> None:
    spectrum = spectrum_of(song(spectrum=SPECTRUM))
    assert spectrum is not None
    assert (spectrum.at(0.1), spectrum.at(0.3), spectrum.at(9.0)) == (bytes(4), bytes((8, 4, 0, 2)), b"")
    assert spectrum_line(spectrum.at(0.3), glyphs.UNICODE, 8) == "██▄▄  ▂▂"
    assert loudness(spectrum.at(0.3)) == 14 / 32
    assert loudness(b"") == 0.0


_JUNK = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
    max_leaves=8,
)


@given(_JUNK, _JUNK, _JUNK)
def test_invalid_rows_are_left_out(one: object, two: object, three: object) -> None:
    plan = {"roll": {"step_s": one, "voices": [["bass", two], three]}, "spectrum": {"step_s": one, "bands": two}}
    assert isinstance(notes_of(song(**plan)), tuple)
    spectrum_of(song(**plan))
    assert notes_of(song(roll=one)) == ()
    assert spectrum_of(song(spectrum={**SPECTRUM, "levels": [one]})) is None
    assert notes_of(song(roll={"step_s": 0.5, "voices": [[["bass"], "x"]]})) == ()
    assert notes_of(None) == ()
    assert spectrum_of(None) is None


def test_the_roll_draws_time_to_the_right_and_pitch_upwards() -> None:
    lines = roll_lines(notes_of(song(roll=ROLL)), 1.1, page_of(1.1, 44, 200.0), 44, 5, glyphs.UNICODE)
    text = ["".join(part for part, _ in line) for line in lines]
    assert [width(line) for line in text] == [44] * 5
    assert text[0] == "C4  " + " " * 5 + "▐████" + " " * 30, "a vocal note of a second, from the first second on"
    assert text[3].strip("│ ").count("█") == 9
    assert text[4].startswith("C2  ▐████")
    assert ("▐", "strong") in lines[0], "the play position"
    assert ("│", "strong") in lines[1]
    assert roll_lines((), 0.0, (0.0, 3.2), 20, 2, glyphs.UNICODE) == [[(" " * 20, "faint")]] * 2


def test_the_roll_shows_the_page_of_the_position() -> None:
    lines = roll_lines(notes_of(song(roll=ROLL)), 134.9, page_of(134.9, 44, 200.0), 44, 3, glyphs.UNICODE)
    assert sum("█" in part for line in lines for part, _ in line)


def test_a_song_shorter_than_a_page_fills_it() -> None:
    assert page_of(15.0, 200, 15.0) == (0.0, 15.0), "it stays on its only page to the end"
    assert page_of(30.0, 104, 40.0) == (20.0, 20.0)
    lines = roll_lines((RollNote(7.5, 15.0, 60, "vocal"),), 15.0, page_of(15.0, 200, 15.0), 200, 1, glyphs.UNICODE)
    text = "".join(part for part, _ in lines[0])
    assert (text.index("▐"), width(text.rstrip())) == (102, 200)


@given(st.floats(0, 300), st.integers(1, 210), st.integers(1, 40), st.none() | st.floats(1, 300))
def test_the_roll_fills_its_cells_at_every_size(at_s: float, cells: int, rows: int, length: float | None) -> None:
    lines = roll_lines(notes_of(song(roll=ROLL)), at_s, page_of(at_s, cells, length), cells, rows, glyphs.ASCII)
    assert len(lines) == rows
    assert all(width("".join(part for part, _ in line)) >= cells for line in lines)


def test_chords_are_drawn_at_their_starts_if_there_is_room() -> None:
    (part,) = chord_line(sections(song(chart=CHART)), 0.0, 8.0, 44)
    assert part[0] == "    Am7   Dm7"
    assert chord_line(sections(song(chart=CHART)), 8.0, 8.0, 44)[0][0] == "    C"
    assert chord_line((), 0.0, 8.0, 44) == []


def test_without_levels_the_waveform_shows_the_loudness() -> None:
    loud = Song(1, waveform=(0.1, 0.9))
    assert [peak_at(loud, at_s, 10.0) for at_s in (0.0, 6.0, 99.0)] == [0.1, 0.9, 0.9]
    assert peak_at(loud, 1.0, None) == peak_at(None, 1.0, 10.0) == 0.0


def scored(stage: Stage) -> None:
    job = stage.done("rain", "Only", 40, 100, "C", "pop")
    steady = {**SPECTRUM, "levels": packed(bytes((8, 4, 0, 2)) * 160)}
    stage.store.put_song(Song(job.id, plan={"chart": CHART, "roll": ROLL, "spectrum": steady}, waveform=(0.5,) * 40))


async def test_a_large_window_shows_the_score_and_a_small_one_on_request(show: ShowScreen, stage: Stage) -> None:
    scored(stage)
    async with show(200, 50) as shown:
        await shown.settle()
        assert "Score" in shown.text()
        assert "Am7   Dm7" in shown.text()
        assert "C4  " in shown.text()
        await shown.press("escape", "B")
        assert "Score" not in shown.text()
    async with show(120, 36) as shown:
        await shown.settle()
        assert "Score" not in shown.text()
        assert shown.app.main._score is None, "it wasn't created"
        await shown.press("escape", "B")
        assert "Am7   Dm7" in shown.text()


async def test_the_legend_names_the_voices_of_the_song(show: ShowScreen, stage: Stage) -> None:
    scored(stage)
    async with show(200, 50) as shown:
        await shown.settle()
        assert "vocals · bass" in shown.text()
        instrumental = stage.done("snow", "Second", 40, 100, "C", "pop")
        stage.store.put_song(Song(instrumental.id, plan={"roll": {**ROLL, "voices": ROLL["voices"][:1]}}))
        shown.app.show_changes()
        shown.app.model.list.select(instrumental.id)
        shown.app.show_changes()
        pane = shown.app.main._score
        assert pane is not None
        await shown.settle()
        pane.show()
        assert str(pane.border_subtitle) == "bass"


async def test_jobs_stay_visible_beside_the_score_of_a_small_window(show: ShowScreen, stage: Stage) -> None:
    scored(stage)
    settings = stage.deps.settings
    stage.deps.settings = settings._replace(player=settings.player._replace(command="sh -c 'sleep 20'"))
    async with show(80, 24) as shown:
        await shown.press("escape", "B", "V", "escape")
        assert "Score" in shown.text()
        assert "review" in shown.text() or "left" in shown.text(), "the line above the status takes a row too"
        assert shown.app.main.jobs.view.size.height >= 3


@pytest.mark.parametrize(("size", "rows"), [((60, 21), 0), ((60, 22), 2), ((99, 22), 2), ((120, 22), 2)])
async def test_a_window_without_room_for_score_and_jobs_keeps_the_jobs(
    show: ShowScreen, stage: Stage, size: tuple[int, int], rows: int
) -> None:
    scored(stage)
    async with show(*size) as shown:
        await shown.press("escape", "B")
        if not rows:
            assert shown.status() == "The score needs a window of 22 lines; this one has 21."
            assert "Score" not in shown.text()
            return
        assert "Score" in shown.text()
        assert shown.app.main.jobs.view.size.height >= rows
        await shown.resize(size[0], 20)
        assert "Score" not in shown.text()
        await shown.resize(*size)
        assert "Score" in shown.text()


async def test_a_song_without_notes_has_no_score(show: ShowScreen, stage: Stage) -> None:
    stage.done("rain", "Only", 40, 100, "C", "pop")
    async with show(200, 50) as shown:
        await shown.settle()
        assert "Score" not in shown.text()
        await shown.press("escape", "B")
        assert "no notes" in shown.status()


async def test_a_click_on_the_map_plays_that_section(show: ShowScreen, stage: Stage, tmp_path: Any) -> None:
    scored(stage)
    player(stage, " ".join(write_mpv(tmp_path)))  # it reports 3 s more than its start
    async with show(200, 50) as shown:
        await shown.settle()
        pane = shown.app.main._score
        assert pane is not None
        await shown.pilot.click(pane, offset=(2 + pane.size.width // 2, 1))
        await until(shown, lambda: 22 <= at(shown) < 28)
        await shown.pilot.click(pane, offset=(2 + pane.size.width // 4, 6))
        await until(shown, lambda: 7 <= at(shown) < 16)


@pytest.mark.parametrize("size", [(120, 40), (200, 50)])
async def test_levels_move_with_the_song(show: ShowScreen, stage: Stage, size: tuple[int, int]) -> None:
    scored(stage)
    player(stage, FOREVER)
    async with show(*size) as shown:
        await shown.press("escape", "p")
        await until(shown, lambda: "███▄▄▄" in shown.text())
        assert "p pause  " in shown.text()
        await shown.press("p")
        assert "p play  " in shown.text()
        assert "███▄▄▄" not in shown.text(), "a paused song is silent"


@pytest.mark.parametrize(
    ("status", "says"),
    [(Status.MAKING, "No song yet."), (Status.DONE, "The service sent no notes for this song.")],
)
async def test_only_a_finished_song_can_lack_a_score(show: ShowScreen, stage: Stage, status: Status, says: str) -> None:
    job = stage.done("rain", "Rain", 60, 100, "C", "pop") if status is Status.DONE else stage.add("rain", status)
    stage.store.put_song(Song(job.id))
    async with show(80, 24) as shown:
        await shown.press("escape", "B")
        assert shown.status() == says

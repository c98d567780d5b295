"""Small parts: cells, glyphs, the song pane's lines, lineage, terminal output, the player."""

from __future__ import annotations

import base64
import io
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich import cells as rich_cells
from rich.style import Style

from riffusion_tui.jobs.model import FailureKind, JobEvent, Song, WaitCause
from riffusion_tui.jobs.status import Status
from riffusion_tui.jobs.wait_reason import WaitReason
from riffusion_tui.tui.appearance import glyphs, text_cells
from riffusion_tui.tui.appearance.text_cells import width
from riffusion_tui.tui.appearance.themes import has_no_colors, names, suited
from riffusion_tui.tui.bindings.commands import COMMANDS
from riffusion_tui.tui.state.job_list.job_situation import timeline
from riffusion_tui.tui.state.shaded_lines import END_OF_LABEL, Lines
from riffusion_tui.tui.state.song import song_lines
from riffusion_tui.tui.state.song.plan_lines import meaning_text
from riffusion_tui.tui.state.song.song_facts import Facts, Playing
from riffusion_tui.tui.terminal import CopyResult, Terminal
from riffusion_tui.tui.widgets.lines_view import wrapped_lines
from tests.tui.stage import NOON, Stage, busy_evening
from tests.tui.test_state import job

TEXT = st.text(st.sampled_from("ab \t\n夜🚗é[]"), max_size=60)

# -- cells


@settings(deadline=None, max_examples=150)
@given(TEXT, st.integers(1, 20))
def test_wrapping_keeps_every_letter_and_no_line_is_too_wide(text: str, wide: int) -> None:
    lines = text_cells.wrap(text, wide)
    assert all(text_cells.width(line) <= max(wide, 2) for line in lines)
    assert "".join("".join(lines).split()) == "".join(text.split())


def test_wrapping_measures_a_long_word_about_once(monkeypatch: pytest.MonkeyPatch) -> None:
    measured: list[int] = []

    def cell_len(text: str) -> int:
        measured.append(len(text))
        return rich_cells.cell_len(text)

    def set_cell_size(text: str, total: int) -> str:
        measured.append(len(text))
        return rich_cells.set_cell_size(text, total)

    monkeypatch.setattr(text_cells, "cell_len", cell_len)
    monkeypatch.setattr(text_cells, "set_cell_size", set_cell_size)
    text = "w夜" * 2000
    assert "".join(text_cells.wrap(text, 36)) == text
    assert text_cells.cut(text, 36) == text[:23] + " …"
    assert sum(measured) < 20 * len(text)


@settings(deadline=None, max_examples=150)
@given(TEXT, st.integers(0, 20))
def test_a_text_fits_its_cells_exactly(text: str, wide: int) -> None:
    assert text_cells.width(text_cells.fit(text.replace("\n", " ").replace("\t", " "), wide)) == wide


@pytest.mark.parametrize(
    ("cells", "shown"),
    [
        (25, "rainy night, fast, #1"),
        (21, "rainy night, fast, #1"),
        (16, "rainy…, fast, #1"),
        (12, "ra…, fa…, #1"),
        (9, "rainy ni…"),
    ],
)
def test_shortening_keeps_part_of_each_item(cells: int, shown: str) -> None:
    assert text_cells.cut_each("rainy night, fast, #1", cells) == shown


@pytest.mark.parametrize(
    ("cells", "shown"),
    [
        (52, "fast, furi…, bass, unde…, lond…, no, very, brass, #2"),
        (46, "fast, furious, bass, under…, london, no, …, #2"),
        (24, "fast, furi…, bass, …, #2"),
        (9, "fast, fu…"),
        (8, "fast, f…"),
    ],
)
def test_of_many_items_those_that_would_be_a_letter_are_left_out(cells: int, shown: str) -> None:
    assert text_cells.cut_each("fast, furious, bass, underground, london, no, very, brass, #2", cells) == shown


def test_a_line_of_parts_is_truncated_or_padded() -> None:
    plain = Style()
    assert text_cells.line([("ab", plain), ("cd", plain)], 3, plain).text == "abc"
    assert text_cells.line([("ab", plain)], 4, plain).text == "ab  "


def test_wrapped_lines_are_indented_by_their_lead() -> None:
    lines = wrapped_lines([[("heard ", "faint"), ("one two three four", "ink")]], 14)
    assert ["".join(text for text, _ in line).rstrip() for line in lines] == [
        "heard one two",
        "      three",
        "      four",
    ]


def test_text_after_a_label_of_several_pieces_hangs_below_itself() -> None:
    line = [("esc q ", "focus"), ("back ", "ink"), END_OF_LABEL, ("one two three", "dim")]
    wide, narrow = (["".join(text for text, _ in line) for line in wrapped_lines([line], cells)] for cells in (20, 12))
    assert wide == ["esc q back one two ", "           three"]
    assert narrow[1].startswith("      "), "the first piece alone is narrow enough"
    assert not narrow[1].startswith("       ")


def test_wrapping_parts_loses_nothing() -> None:
    parts = [("title ", "faint"), ("One More Song", "held"), (" → ", "faint"), ("夜の海と" * 6, "done"), ("", "ink")]
    for wide in (9, 14, 30, 200):
        lines = wrapped_lines([parts], wide)
        assert max(sum(width(text) for text, _ in line) for line in lines) <= wide + 1
        shown = "".join(text for line in lines for text, _ in line)
        assert "".join(shown.split()) == "".join("".join(text for text, _ in parts).split())


# -- glyphs


def test_both_glyph_sets_have_the_same_names_and_one_cell_each() -> None:
    for made in (glyphs.UNICODE, glyphs.ASCII):
        assert set(made.states) == {str(status) for status in Status} | {"waits"}
        assert {text_cells.width(sign) for sign in made.states.values()} == {1}
        assert len(made.levels) == 9
    assert all(sign.isascii() for sign in glyphs.ASCII.states.values())


@pytest.mark.parametrize(
    ("wanted", "encoding", "name"),
    [("auto", "UTF-8", "unicode"), ("auto", "utf8", "unicode"), ("auto", "ISO-8859-1", "ascii"),
     ("unicode", "ascii", "unicode"), ("ascii", "utf-8", "ascii")],
)  # fmt: skip
def test_the_locale_chooses_the_glyphs(wanted: str, encoding: str, name: str) -> None:
    assert glyphs.choose(wanted, encoding=encoding).name == name


def test_the_linux_console_whose_fonts_are_small_gets_ascii_glyphs() -> None:
    assert glyphs.choose("auto", "linux", "utf-8").name == "ascii"
    assert glyphs.choose("unicode", "linux", "utf-8").name == "unicode"
    assert glyphs.choose("auto", "xterm", "utf-8").name == "unicode"


def test_a_stream_that_is_not_utf8_gets_ascii_glyphs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "__stderr__", io.TextIOWrapper(io.BytesIO(), encoding="ascii"))
    assert glyphs.choose("auto").name == "ascii"


@pytest.mark.parametrize("made", [glyphs.UNICODE, glyphs.ASCII])
@pytest.mark.parametrize("share", [-1.0, 0.0, 0.01, 0.5, 0.99, 1.0, 7.0])
def test_a_bar_has_the_requested_width(made: glyphs.Glyphs, share: float) -> None:
    done, rest = glyphs.bar(share, 8, made)
    assert len(done + rest) == 8


def test_a_waveform_fills_its_rows() -> None:
    rows = glyphs.waveform(tuple(i / 100 for i in range(100)), 20, 2, glyphs.UNICODE)
    assert [len(row) for row in rows] == [20, 20]
    assert rows[0][0] == " "
    assert rows[0][-1] == "█"
    assert glyphs.waveform((), 5, 1, glyphs.UNICODE) == ["▁▁▁▁▁"]
    assert glyphs.waveform((0.0, 0.0), 3, 1, glyphs.ASCII) == ["..."]
    assert glyphs.waveform((0.5,), 3, 1, glyphs.UNICODE) == ["███"]


def test_the_theme_is_adapted_to_the_terminals_colors() -> None:
    assert suited("night", no_color=True, colors=256) == "mono"
    assert [has_no_colors(term) for term in ("xterm-mono", "linux-m", "vt100", "vt220-w")] == [True] * 4
    assert [has_no_colors(term) for term in ("xterm", "screen-256color", "linux", "")] == [False] * 4
    assert suited("night", no_color=False, colors=16) == "sixteen"
    assert suited("day", no_color=False, colors=16) == "day"
    assert suited("night", no_color=False, colors=256) == "night"
    assert {"night", "day", "contrast", "sixteen", "mono", "dracula"} <= set(names())


# -- the song pane's lines

KEYS = {command.id: "k" for command in COMMANDS}


def plain(lines: Lines) -> str:
    return "\n".join("".join(text for text, _ in line) for line in lines)


@pytest.mark.parametrize("status", [one for one in Status if one is not Status.DONE])
def test_every_state_has_a_status_and_advice(status: Status) -> None:
    wait = WaitReason(WaitCause.BUSY, NOON - 5, NOON + 17, 2) if status is Status.QUEUED else None
    facts = Facts(job(7, status, error="odd", account="5f72"), None, wait, None, 0, NOON)
    shown = plain(song_lines.head(facts, 40, 1, glyphs.UNICODE)) + plain(song_lines.body(facts, KEYS.__getitem__, 80))
    assert "prompt 7" in shown
    if status in (Status.REFUSED, Status.FAILED, Status.HELD, Status.CANCELLED, Status.MAYBE_SENT):
        assert "k " in shown
    if wait:
        assert "Try 2 at" in shown


def test_a_failed_download_offers_to_download_again() -> None:
    facts = Facts(job(7, Status.FAILED, trouble=FailureKind.DOWNLOAD), None, None, None, 0, NOON)
    assert "downloads it again" in plain(song_lines.body(facts, KEYS.__getitem__, 80))


def test_a_job_that_waits_for_a_token_says_how_to_set_it() -> None:
    waits = Facts(job(7, Status.QUEUED), None, WaitReason(WaitCause.TOKEN, NOON), None, 0, NOON)
    assert "`riffusion-tui token set --service studio` sets" in plain(song_lines.body(waits, KEYS.__getitem__, 80))


def test_a_playing_song_shows_where_it_is() -> None:
    song = Song(1, timed_lyrics=((8.0, "Neon"), (20.0, "Later")), waveform=(0.1, 0.9), plan={"loudness_lufs": -14.05})
    done = job(1, Status.DONE, title="T", duration_s=100.0, bpm=118.0, key="F#m", genre="pop", verdict="keep")
    lines = song_lines.head(Facts(done, song, None, Playing(10.0, False), 2, NOON), 50, 1, glyphs.UNICODE)
    shown = plain(lines)
    assert "0:10 ▶ Neon" in shown
    assert "2 takes" in shown
    assert "kept" in shown
    assert "F# minor" in shown
    assert len(lines[1][0][0]) == 5, "a tenth of the waveform is played"


@pytest.mark.parametrize(
    ("cells", "shown"),
    [
        (60, "0:10 ▶ neon 日本 in the rain   -14.0 LUFS   2 takes"),
        (45, "0:10 ▶ neon 日本 in the rain   -14.0 LUFS"),
        (31, "0:10 ▶ neon 日本 in the rain"),
        (28, "0:10 ▶ neon 日本 in the rain"),
        (27, "0:10 ▶ neon 日本 in the ra…"),
        (15, "0:10 ▶ neon 日…"),
    ],
)
def test_a_sung_line_that_does_not_fit_ends_in_an_ellipsis(cells: int, shown: str) -> None:
    song = Song(1, timed_lyrics=((8.0, "neon 日本 in the rain"),), plan={"loudness_lufs": -14.0})
    facts = Facts(job(1, Status.DONE, duration_s=100.0), song, None, Playing(10.0, False), 2, NOON)
    assert plain(song_lines.head(facts, cells, 1, glyphs.UNICODE)[-1:]).rstrip() == shown


def test_a_song_shows_who_plays() -> None:
    plan = {"loudness_lufs": -14.0, "stems": ["Drums", "Upright Bass", "Piano"], "instruments": ["piano"]}
    song = Song(1, plan=plan)
    facts = Facts(job(1, Status.DONE, duration_s=100.0), song, None, None, 2, NOON)
    assert (
        plain(song_lines.head(facts, 60, 1, glyphs.UNICODE)[-1:]) == "-14.0 LUFS   2 takes   Drums, Upright Bass, Piano"
    )
    assert plain(song_lines.head(facts, 40, 1, glyphs.UNICODE)[-1:]) == "-14.0 LUFS   2 takes   Drums, Upright B…"
    assert "band           Drums  Upright Bass  Piano" in plain(song_lines.body(facts, KEYS.__getitem__, 80))
    playing = facts._replace(playing=Playing(10.0, False))
    assert "Drums" not in plain(song_lines.head(playing, 60, 1, glyphs.UNICODE)[-1:])


def test_a_song_shows_what_pronounced_its_words_and_which_engine_made_it() -> None:
    plan = {"pronunciation": "French, spelling rules", "sounds": "a.sf2", "engine": "sketch", "engine_version": 6}
    facts = Facts(job(1, Status.DONE), Song(1, plan=plan), None, None, 0, NOON)
    shown = [line.rstrip() for line in plain(song_lines.body(facts, KEYS.__getitem__, 80)).splitlines()]
    at = shown.index("pronunciation  French, spelling rules")
    assert shown[at : at + 3] == [
        "pronunciation  French, spelling rules",
        "sounds         a.sf2",
        "engine         sketch, version 6",
    ]


@pytest.mark.parametrize(
    "plan",
    [
        {},
        {"understood": 3},
        {"understood": [1, {}, ["a"]], "chosen": [["x"], "y"], "sounds": 4},
        {"pronunciation": [], "engine": "sketch", "engine_version": "6"},
    ],
)
def test_any_plan_is_shown_without_a_crash(plan: dict[str, object]) -> None:
    facts = Facts(job(1, Status.DONE), Song(1, plan=plan), None, None, 0, NOON)
    assert song_lines.body(facts, KEYS.__getitem__, 80)


@pytest.mark.parametrize(
    ("kind", "meaning", "expected"),
    [
        ("tempo", "120", "120 bpm"),
        ("tempo", "slow", "slow"),
        ("length", "30", "0:30"),
        ("genre", "90", "90"),
        ("avoid", "drums", "no drums"),
        ("softer", "drums", "softer drums"),
        ("louder", "bass", "louder bass"),
    ],
)
def test_detected_values_have_units(kind: str, meaning: str, expected: str) -> None:
    assert meaning_text(kind, meaning) == expected


def test_musical_keys_are_spelled_out() -> None:
    spelled = [song_lines.spelled_key(key) for key in ("Am", "F", "D dorian", "")]
    assert spelled == ["A minor", "F major", "D dorian", ""]


def test_a_timeline_counts_from_the_request() -> None:
    lines = timeline([JobEvent(1, NOON + 65, "making", "slot 2")], NOON, {})
    assert "1:05" in plain(lines)
    assert "slot 2" in plain(lines)


# -- the terminal itself


def sent_by(environ: dict[str, str], text: str) -> str:
    sent: list[str] = []
    assert Terminal(environ, sent.append).copy(text) is CopyResult.SENT
    return "".join(sent)


def test_clipboard_sequences_are_wrapped_for_multiplexers() -> None:
    held = base64.b64encode("ü".encode()).decode()
    assert sent_by({}, "ü") == f"\x1b]52;c;{held}\x07"
    assert sent_by({"TMUX": "/tmp/x"}, "ü") == f"\x1b]52;c;{held}\x07", "without tmux, the outer terminal gets it"
    long = sent_by({"STY": "1.pts"}, "x" * 2000)
    assert long.count("\x1bP") == 4
    assert max(len(part) for part in long.split("\x1b\\")) <= 702
    assert Terminal({}, lambda text: None).copy("x" * 80_000) is CopyResult.TOO_LONG


def test_notifications_are_cleaned_and_wrapped() -> None:
    sent: list[str] = []
    terminal = Terminal({"TMUX": "x"}, sent.append)
    terminal.notify("Done; \x1b]0;evil\x07 song", "osc777")
    terminal.notify("Done", "osc9")
    terminal.notify("Done", "off")
    terminal.bell()
    assert sent[0] == "\x1bPtmux;\x1b\x1b]777;notify;riffusion-tui;Done, song\x07\x1b\\"
    assert sent[1] == "\x1bPtmux;\x1b\x1b]9;Done\x07\x1b\\"
    assert sent[2:] == ["\x07"]


def test_title_and_progress_are_written_on_change_and_reset(stage: Stage) -> None:
    from riffusion_tui.dispatch.queue_summary import summarize

    sent: list[str] = []
    terminal = Terminal({"WT_SESSION": "1"}, sent.append)
    terminal.show(summarize(stage.store, "studio", NOON))
    busy_evening(stage)
    summary = summarize(stage.store, "studio", NOON)
    terminal.show(summary)
    terminal.show(summary)
    terminal.reset()
    assert [text for text in sent if "]0;" in text] == [
        "\x1b]0;riffusion-tui\x07",
        "\x1b]0;(1 needs attention) 3 making, 4 waiting - riffusion-tui\x07",
        "\x1b]0;\x07",
    ]
    assert [text for text in sent if "]9;4;" in text] == ["\x1b]9;4;0;0\x07", "\x1b]9;4;2;0\x07", "\x1b]9;4;0;0\x07"]


@pytest.mark.parametrize(
    ("chosen", "shown"),
    [
        (
            {"bpm": "113", "key": "B", "mode": "minor", "meter": "4/4", "vocals": "any"},
            "113 bpm  B minor  4/4  with vocals",
        ),
        ({"meter": "4/4", "vocals": "children"}, "4/4  children's choir"),
        ({"mode": "minor", "vocals": "female", "length_s": "160"}, "minor  female vocals  2:40"),
        ({"key": "B", "genre": "house", "vocals": "none"}, "key B  house  instrumental"),
        ({"vocals": "two of them", "mood": "sad"}, "vocals two of them  mood sad"),
    ],
)
def test_what_was_chosen_is_worded_as_musicians_do(chosen: dict[str, str], shown: str) -> None:
    song = Song(1, plan={"chosen": [list(one) for one in chosen.items()]})
    lines = song_lines.body(Facts(job(1, Status.DONE), song, None, None, 0, NOON), KEYS.__getitem__, 80)
    assert f"chosen         {shown}" in plain(lines).splitlines()


def test_a_long_title_is_cut_visibly_and_leaves_room_for_tempo_and_key() -> None:
    done = job(1, Status.DONE, duration_s=160.0)._replace(
        title="The Long 日本 Way Home " * 4, bpm=113.0, key="B", genre="pop"
    )
    assert (
        plain([song_lines.title_line(done, 60, "…")]) == "The Long 日本 Way Home The Long …   2:40   113 bpm   B major"
    )
    assert plain([song_lines.title_line(done, 44, "…")]) == "The Long 日本 Wa…   2:40   113 bpm   B major"
    assert plain([song_lines.title_line(done, 30, "…")]) == "The Long 日 …   2:40   113 bpm"
    assert plain([song_lines.title_line(done, 14, "…")]) == "The Long 日本…"
    assert plain([song_lines.title_line(done._replace(title="Rain"), 31, "…")]) == "Rain   2:40   113 bpm   B major"

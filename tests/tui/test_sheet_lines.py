"""The lead sheet: chords above the words that are sung to them."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from riffusion_tui.jobs.model import Song
from riffusion_tui.jobs.status import Status
from riffusion_tui.lyric_sheets.lead_sheet import spelled
from riffusion_tui.tui.appearance.text_cells import width
from riffusion_tui.tui.state.song.sheet_lines import sheet_lines, sheet_text
from riffusion_tui.tui.state.song.song_chart import sections
from riffusion_tui.tui.state.song.song_facts import Facts, Playing
from riffusion_tui.tui.state.song.song_lines import body
from tests.tui.conftest import ShowScreen
from tests.tui.stage import NOON, Stage
from tests.tui.test_pieces import KEYS, plain
from tests.tui.test_state import job

CHART = [
    [0, "Intro", [[0, "Am7"], [4, "Dm7"]]],
    [8, "Verse", [[8, "Am7"], [10, "E"], [12, "Dm7"], [14, "G"]]],
    [16, "Ending", [[16, "Cmaj7"], [18, "Am"]]],
]
LINES = ((12.2, "The rain comes down"), (15.9, "on me"))
WORDS = ((12.2, "the"), (12.5, "rain"), (13.9, "comes"), (14.6, "down"), (15.9, "on"), (17.9, "me"))
SONG = Song(1, timed_lyrics=LINES, timed_words=WORDS, plan={"chart": CHART})

SHEET = """\
 0:00  Intro  Am7  Dm7
 0:08  Verse  Am7  E
  Dm7      G
  The rain comes down
 0:16  Ending
  Cmaj7 Am
  on me"""


def test_chords_are_above_the_words_sung_to_them() -> None:
    assert sheet_text(SONG) == SHEET


def test_a_narrow_sheet_wraps_words_and_chords_together() -> None:
    text = plain(sheet_lines(SONG, 13))
    assert "  Dm7\n  The rain\n  G\n  comes down\n" in text


def test_a_line_without_word_times_has_its_chords_at_its_start() -> None:
    assert "  Dm7 G\n  The rain comes down\n" in sheet_text(SONG._replace(timed_words=()))


def test_a_line_without_word_times_wraps_too() -> None:
    text = plain(sheet_lines(SONG._replace(timed_words=()), 10))
    assert "  Dm7 G\n  The rain\n  comes\n  down\n" in text


@pytest.mark.parametrize(
    ("line", "sung", "expected"),
    [
        ("A well-known song", "a well known song", ["A", "well-known", "song"]),
        ("24/7 & more", "24 7 more", ["24/7 &", "more"]),
        ("– 100% (oh yeah) –", "100 oh yeah", ["– 100%", "(oh", "yeah) –"]),
        ("not these words", "la la la", ["not", "these", "words"]),
        ("not these", "la la la", ["la", "la", "la"]),
        ("İstanbul by night", "istanbul by night", ["İstanbul", "by", "night"]),
        ("unsung", "", []),
    ],
)
def test_sung_words_are_spelled_as_in_their_line(line: str, sung: str, expected: list[str]) -> None:
    words = [(float(number), word) for number, word in enumerate(sung.split())]
    assert [word for _, word in spelled(line, words)] == expected


def test_a_word_sung_as_several_starts_with_the_first() -> None:
    assert spelled("so well-known now", [(1, "so"), (2, "well"), (3, "known"), (4, "now")]) == [
        (1, "so"),
        (2, "well-known"),
        (4, "now"),
    ]


def test_the_current_chord_and_line_are_highlighted() -> None:
    lines = sheet_lines(SONG, 80, 14.7)
    assert [text.strip() for line in lines for text, shade in line if shade == "focus"] == ["G"]
    assert [text.strip() for line in lines for text, shade in line if shade == "ink"] == ["The rain comes down"]
    assert not [text for line in sheet_lines(SONG, 80) for text, shade in line if shade in ("focus", "ink")]


def test_there_is_no_sheet_without_chords_or_times() -> None:
    assert sheet_lines(None, 80) == sheet_lines(SONG._replace(plan={}), 80) == []
    assert sheet_lines(SONG._replace(timed_lyrics=()), 80) == []
    shown = body(
        Facts(job(1, Status.DONE), SONG._replace(timed_lyrics=(), lyrics="La la"), None, None, 0, NOON),
        KEYS.__getitem__,
        80,
    )
    assert "Dm7  G  \n 0:16  Ending  Cmaj7  Am  \n\nLa la\n" in plain(shown)


_TIMES = st.floats(0, 30)
_TEXTS = st.text(st.characters(exclude_categories=["Cc", "Cs"]), max_size=12)


@example([(0.0, "0 0")], [], 1, None)
@given(
    st.lists(st.tuples(_TIMES, _TEXTS), max_size=6),
    st.lists(st.tuples(_TIMES, _TEXTS), max_size=12),
    st.integers(1, 60),
    st.none() | _TIMES,
)
def test_every_chord_and_word_of_any_song_is_on_the_sheet(
    lines: list[tuple[float, str]], words: list[tuple[float, str]], cells: int, at_s: float | None
) -> None:
    song = Song(1, timed_lyrics=tuple(sorted(lines)), timed_words=tuple(sorted(words)), plan={"chart": CHART})
    sheet = sheet_lines(song, cells, at_s)
    assert bool(sheet) == bool(lines)
    if sheet:
        chords = [text.strip() for line in sheet for text, shade in line if shade in ("making", "focus")]
        assert chords == [symbol for section in sections(song) for _, symbol in section.chords]
    for line in sheet:
        (text, shade), *_ = line
        words_only = shade in ("soft", "ink") and len(text.split()) > 1 and text.isascii()
        assert not words_only or width(text) <= max(cells, max(map(len, text.split())) + 2)


def long_song(job_id: int) -> Song:
    """Return a song with a line of lyrics and a chord every four seconds."""
    starts = [4.0 * number for number in range(40)]
    return Song(
        job_id,
        timed_lyrics=tuple((at, f"line {number}") for number, at in enumerate(starts)),
        plan={"chart": [[0, "Verse", [[at, "Am"] for at in starts]]]},
    )


async def test_the_pane_follows_the_song_unless_the_user_scrolls(
    show: ShowScreen, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = stage.done("pop", "Long", 160.0, 100, "Am", "pop")
    stage.store.put_song(long_song(done.id))
    async with show(120, 40) as shown:
        pane, at_s = shown.app.main.song, 0.0
        monkeypatch.setattr(shown.app.playback, "of", lambda _: Playing(at_s, paused=False))
        offsets = []
        for number in range(40):
            at_s = 4.0 * number + 0.5
            pane.show()
            offsets.append(pane.scroll_offset.y)
            assert f"line {number}" in "\n".join(pane.render_line(y).text.rstrip() for y in range(pane.size.height))
        assert offsets[0] == 0
        assert offsets == sorted(offsets)
        assert len(set(offsets)) < 35
        pane.scroll_to(y=0, animate=False)
        at_s = 150.5
        pane.show()
        assert pane.scroll_offset.y == 0

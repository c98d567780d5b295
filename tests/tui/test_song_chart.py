"""A song's chord chart: read, drawn, followed."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from riffusion_tui.jobs.model import Song
from riffusion_tui.tui.appearance.text_cells import width
from riffusion_tui.tui.state.song.song_chart import chart_lines, jump, sections, song_map, sounding

CHART = [
    [0, "Intro", [[0, "Am7"], [4.0, "Dm7"]]],
    [8, "Verse", [[8, "Am7"], [12, "G"]]],
    [24.5, "Chorus", [[24.5, "F"]]],
]
SONG = Song(1, plan={"chart": CHART})


def test_the_current_section_and_chord_are_the_last_started() -> None:
    chart = sections(SONG)
    assert sounding(chart, 0) == ("Intro", "Am7")
    assert sounding(chart, 7.99) == ("Intro", "Dm7")
    assert sounding(chart, 13) == ("Verse", "G")
    assert sounding(chart, 999) == ("Chorus", "F")
    assert sounding(chart[1:], 2) == ("", "")


def test_the_map_is_as_wide_as_the_waveform_and_labels_each_section() -> None:
    line = song_map(sections(SONG), 40.0, 40)
    text = "".join(part for part, _ in line)
    assert width(text) == 40
    assert (text.index("Intro"), text.index("Verse"), text.index("Chorus")) == (0, 8, 24)
    assert song_map(sections(SONG), 40.0, 5) == []
    assert song_map((), 40.0, 40) == []


def test_the_chart_marks_the_current_chord() -> None:
    lines = chart_lines(sections(SONG), 13.0)
    assert len(lines) == 3
    assert [text.strip() for line in lines for text, shade in line if shade == "focus"] == ["G"]
    assert not [text for line in chart_lines(sections(SONG)) for text, shade in line if shade == "focus"]


def test_a_jump_goes_to_the_start_of_a_section() -> None:
    chart = sections(SONG)
    assert jump(chart, 9.0, 1) == 24.5
    assert jump(chart, 9.0, -1) == 0
    assert jump(chart, 30.0, 1) is None
    assert jump(chart, 1.0, -1) is None


def test_a_song_without_a_chart_has_none() -> None:
    assert sections(None) == sections(Song(1)) == sections(Song(1, plan={"chart": "x"})) == ()


_JUNK = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
    max_leaves=12,
)


def test_invalid_times_are_left_out() -> None:
    odd = [[float("nan"), "NaN", []], [float("inf"), "Inf", []], [-1, "Before", []], [10**400, "Never", []]]
    assert [section.name for section in sections(Song(1, plan={"chart": [*odd, *CHART]}))] == [
        "Intro",
        "Verse",
        "Chorus",
    ]


@given(_JUNK, st.floats(0, 600), st.integers(1, 200))
def test_invalid_charts_are_left_out(junk: object, at_s: float, cells: int) -> None:
    chart = sections(Song(1, plan={"chart": [junk, *CHART]}))
    assert {"Intro", "Verse", "Chorus"} <= {section.name for section in chart}
    line = song_map(chart, 40.0, cells)
    assert not line or width("".join(text for text, _ in line)) == cells
    assert chart_lines(chart, at_s)
    sounding(chart, at_s)

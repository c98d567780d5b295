"""Lines of the user's lyrics that a song leaves out."""

from __future__ import annotations

import pytest

from riffusion_tui.jobs.own_lyrics import MAX_LENGTH_S, SungLines, line_count, sung_lines
from riffusion_tui.studio.engine.lyrics import parse_given
from riffusion_tui.studio.engine.song_plan import MAX_LENGTH_S as LONGEST_SONG_S

GIVEN = "[Verse 1]\nThe rain comes  down\n\nbridge 2:\nAnd every street\n(Chorus)\nThe rain comes down\n"


@pytest.mark.parametrize(
    ("sung", "expected"),
    [
        (("the rain comes down", "And every street", "the rain comes down"), SungLines(3)),
        (("the rain comes down", "And every street"), SungLines(2, ("The rain comes down",))),
        (("And every street",), SungLines(1, ("The rain comes  down", "The rain comes down"))),
        ((), SungLines(0, ("The rain comes  down", "And every street", "The rain comes down"))),
    ],
)
def test_unsung_lines_are_listed_without_headings(sung: tuple[str, ...], expected: SungLines) -> None:
    assert sung_lines(GIVEN, sung) == expected
    assert expected.complete == (expected.sung == 3)


@pytest.mark.parametrize(("lyrics", "lines"), [(GIVEN, 3), ("[Verse]\n\n---\n", 0), ("la la", 1), ("", 0)])
def test_only_words_to_sing_count_as_lines(lyrics: str, lines: int) -> None:
    assert line_count(lyrics) == lines


@pytest.mark.parametrize(
    ("given", "sung", "expected"),
    [
        ("come home\nthe rain\ncome home", ["come home", "the rain", "come home", "come home"], SungLines(3)),
        ("come home\n" * 4, ["come home"] * 3, SungLines(3, ("come home",))),
        ("la la\nla la", ["la la la", "la"], SungLines(2)),
        ("down and down we go\n" * 2, ["down and down", "we go"] * 2, SungLines(2)),
        ("down and down we go\n" * 2, ["down and down", "we go"], SungLines(1, ("down and down we go",))),
        ("rain\nrain", ["rain", "the rain comes"], SungLines(2)),
    ],
)
def test_a_repeated_line_is_sung_as_often_as_it_is_given(given: str, sung: list[str], expected: SungLines) -> None:
    assert sung_lines(given, sung) == expected


@pytest.mark.parametrize("line", ["🎶", "---", "...", "<3", "♪ ♪ ♪", "***", "_", "(…)", "[Verse]"])
def test_a_line_without_words_is_not_missing(line: str) -> None:
    assert sung_lines(f"Hello world\n{line}\nGoodbye", ["Hello world", "Goodbye"]) == SungLines(2)
    assert parse_given(line).sections == ()


@pytest.mark.parametrize("line", ["I <3 you", "1", "♪ la ♪", "夏"])
def test_a_line_with_a_word_among_signs_counts(line: str) -> None:
    assert sung_lines(line, []) == SungLines(0, (line,))
    assert [sung.text for section in parse_given(line).sections for sung in section.lines] == [line]


def test_a_word_that_is_sung_as_several_is_sung() -> None:
    given = "/".join(["la"] * 40)
    sung = [line.text for section in parse_given(given).sections for line in section.lines]
    assert len(sung) > 1
    assert sung_lines(given, sung) == SungLines(1)
    assert sung_lines(given, sung[:1]) == SungLines(0, (given,))


def test_a_line_in_parentheses_counts_if_it_is_sung() -> None:
    assert sung_lines("(oh yeah)\n(Chorus)\nVerse 2\none", ["(oh yeah)"]) == SungLines(1, ("one",))


@pytest.mark.parametrize("line", ["(oh) and on (yeah)", "{oh} yeah {oh}", "she said:", "chorus of angels", "Anna 2:"])
def test_a_line_that_the_studio_sings_is_not_taken_for_a_heading(line: str) -> None:
    assert [sung.text for section in parse_given(line).sections for sung in section.lines] == [line]
    assert sung_lines(line, []) == SungLines(0, (line,))


@pytest.mark.parametrize("line", ["[Verse 2]", "[oh]", "(Chorus x2)", "Pre-Chorus 1 (soft):", "{c: quietly}", "HOOK"])
def test_a_line_that_the_studio_takes_for_a_heading_is_not_missing(line: str) -> None:
    assert parse_given(line).sections == ()
    assert sung_lines(line, []) == SungLines(0)


def test_lines_are_compared_without_timestamps_and_chords() -> None:
    given = "{start_of_verse}\n[Am]The [G]rain\n[00:11.65]comes down\n{eov}"
    assert sung_lines(given, ["The rain", "comes down"]) == SungLines(2)


@pytest.mark.parametrize(
    ("given", "sung"),
    [
        ("the rain comes down and down", ["the rain comes", "down and down"]),
        ("cafe\u0301", ["café"]),
        ("[00:10.00]<00:10.00>the <00:11.00>rain", ["the rain"]),
        ("**Chorus (x2):**\nthe rain", ["the rain"]),
        ("{t: Rain}\n# by me\nthe [Am]rain", ["the rain"]),
    ],
)
def test_lines_that_are_sung_in_another_form_are_sung(given: str, sung: list[str]) -> None:
    assert sung_lines(given, sung) == SungLines(1)


def test_the_longest_song_is_the_studios() -> None:
    assert MAX_LENGTH_S == LONGEST_SONG_S

"""Lines of the user's lyrics that a song leaves out."""

from __future__ import annotations

import pytest

from riffusion_tui.jobs.own_lyrics import MAX_LENGTH_S, SungLines, sung_lines
from riffusion_tui.studio.engine.lyrics import parse_given
from riffusion_tui.studio.engine.understand import limits

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


@pytest.mark.parametrize(
    ("lines", "length_s"),
    [
        (SungLines(1, ("a",)), 40),
        (SungLines(3, ("a",)), 30),
        (SungLines(0, ("a", "b")), 40),
        (SungLines(1, ("a",) * 29), 600),
        (SungLines(1, ("a",) * 30), None),
    ],
)
def test_the_length_for_all_lines_is_extrapolated_from_the_sung_ones(lines: SungLines, length_s: int | None) -> None:
    assert lines.length_for_all(20) == length_s


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
    assert MAX_LENGTH_S == limits.MAX_LENGTH_S

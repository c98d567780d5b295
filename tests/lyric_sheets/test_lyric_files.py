"""Words of LRC and ChordPro files, and of lyrics with chords."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from riffusion_tui.lyric_sheets.lyric_files import chords_in, sung_text, title_in
from riffusion_tui.lyric_sheets.lyrics_in_prompt import divided

LRC = "[ti:Rain]\n[00:30.00]third\n[00:20.50][01:00]again\n[Verse]\n[00:05]first\n[99:99.99]last\nend"
ENHANCED = "[00:10.00]<00:10.00>The <00:10.50>rain <00:11.00>comes<00:11.20>ing"
ABOVE = "Am        F#m7  |\nThe rain comes down\nC/G  N.C.\nA day\nA\nB C"
SHEET = " 0:00  Intro  Am7  Dm7\n 0:08  Last Chorus  Am7  E\n  Dm7      G\n  The rain comes down\n 0:16  Ending"
CHORDPRO = (
    '{title: Rain}\n# mine\n{start_of_verse label="Verse 1"}\n[Am]The [F]rain\n{end_of_verse}\n{comment: Solo}\n{c}\n'
    "{sot}\ne|--0--|\n{eot}\n{start_of_bridge}\n{capo: 2}\ncomes\n{eob}\ndown"
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (LRC, ["[Verse]", "first", "again", "[ti:Rain]", "third", "again", "last", "end"]),
        (ENHANCED, ["The rain comesing"]),
        (ABOVE, ["The rain comes down", "A day"]),
        (SHEET, ["[Intro]", "[Last Chorus]", "  The rain comes down", "[Ending]"]),
        (CHORDPRO, ["[verse]", "The rain", "{comment: Solo}", "[bridge]", "comes", "down"]),
        ("[C]Love me [G]do\n[Verse 2]\n[Am]", ["Love me do", "[Verse 2]"]),
        ("[C] [G] [Am]", []),
        ("the [my] door [A]", ["the [my] door [A]"]),
        ("A B C\nD E F G\nH I J", ["A B C", "D E F G", "H I J"]),
        ("G          C\nOld oak by the river\nD\nTell me", ["Old oak by the river", "Tell me"]),
        ("G C D\nOld oak", ["Old oak"]),
        ("A B C\nEasy as one", ["A B C", "Easy as one"]),
        ("G C\n[Verse]\nA\nOld oak", ["G C", "[Verse]", "A", "Old oak"]),
        ("[Verse]\n(key of G)\nOld oak\n(oh yeah)", ["[Verse]", "Old oak", "(oh yeah)"]),
        ("Chorus\n(oh, my)\n(key of G)", ["Chorus", "(oh, my)", "(key of G)"]),
        ("[Bridge] no drums\nOh my", ["[Bridge]", "Oh my"]),
        ("[Chorus] Drop the beat\n[Outro] fade out", ["[Chorus]", "Drop the beat", "[Outro]"]),
        ("[Bridge] I hear the drums\nOh my", ["[Bridge]", "I hear the drums", "Oh my"]),
        ("at 5:30  I woke\n5:30  in  the  morning", ["at 5:30  I woke", "5:30  in  the  morning"]),
        ("## Chorus\n**Verse 1:**\n *la la* \n__[Bridge]__", ["Chorus", "Verse 1:", "la la", "[Bridge]"]),
        ("#1 fan\n*\n* la *la\n**a", ["#1 fan", "*", "* la *la", "**a"]),
        (f"[{'9' * 5000}:00]never\n[00:01]now", [f"[{'9' * 5000}:00]never", "now"]),
        ("{smiles}\nGo Go Go\n|", ["{smiles}", "Go Go Go", "|"]),
    ],
)
def test_only_words_and_headings_are_left(text: str, expected: list[str]) -> None:
    assert [line for line in sung_text(text) if line.strip()] == expected


@pytest.mark.parametrize(
    ("text", "title"),
    [
        (LRC, "Rain"),
        (CHORDPRO, "Rain"),
        ("{T:a}", "a"),
        ("[TI: b ]", "b"),
        ("{title}", ""),
        ("[title: b]", ""),
        ("", ""),
    ],
)
def test_the_title_of_a_file(text: str, title: str) -> None:
    assert title_in(text) == title


@pytest.mark.parametrize(
    ("text", "chords"),
    [
        (ABOVE, "Am F#m7 C/G A B C"),
        (SHEET, "Am7 Dm7 Am7 E Dm7 G"),
        (CHORDPRO, "Am F"),
        ("[G]I walk a[C]lone to[D]night", "G C D"),
        ("[Verse]\nA day\nI walk alone", ""),
        (LRC, ""),
        ("", ""),
    ],
)
def test_the_chords_of_lyrics(text: str, chords: str) -> None:
    assert chords_in(text) == chords.split()


_MARKS = st.sampled_from(
    ["[00:10.00]", "[Am]", "{soc}", "{t: x}", "<00:01>", "Am", "F", "[", "}", "{", "\n", " ", "rain"]
)


@given(st.lists(_MARKS | st.text(max_size=4), max_size=30).map("".join))
def test_each_sung_line_is_what_is_left_of_a_given_one(text: str) -> None:
    for sung in sung_text(text):
        is_heading = sung.startswith(("[", "{comment: "))
        assert is_heading or any(_is_left_of(line, sung) for line in text.split("\n"))
    assert title_in(text) in text


def _is_left_of(line: str, sung: str) -> bool:
    characters = iter(line)
    return all(one in characters for one in sung)


@pytest.mark.parametrize(
    "piece",
    ["[", "{a", "[Am", "{a: ", " ", "\n", "<0:00", "[0:00]", "[0:00.0]\n", "{soc}\n", "0:00  a", "Am ", "* ", "# ",
     "lyrics\nabout a\n"],
)  # fmt: skip
def test_long_texts_are_read_in_linear_time(piece: str) -> None:
    def seconds(characters: int) -> float:
        text = (piece * characters)[:characters]
        begun = time.process_time()
        sung_text(text)
        title_in(text)
        chords_in(text)
        divided(text)
        return time.process_time() - begun

    assert seconds(80_000) < 8 * seconds(20_000) + 0.2

"""ChordPro files of the studio's songs."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from riffusion_tui.cli.printing.output import length
from riffusion_tui.studio.engine.output.chordpro import chordpro
from riffusion_tui.studio.engine.score import Chord, LyricLine, Note, Score, Section, Track
from riffusion_tui.studio.engine.sketch_engine import SketchEngine
from tests.studio.engine import handmade

EXPECTED = """\
{title: Small Song}
{artist: riffusion-tui studio}
{key: Am}
{tempo: 120}
{time: 4/4}
{duration: 0:17}

{comment: Intro}
[C] [G]

{start_of_verse: Verse 1}
[Am]Sometimes [F]we sing,
[C]Again, again
{end_of_verse}

{comment: Last Chorus}
[G]
"""


def sung(last: str = "Again, again") -> Score:
    """Return a song with a verse of two lines, and no timed words in the second."""
    notes = tuple(Note(8.0 + i, 0.9, 60, 0.8, text) for i, text in enumerate(["Some-", "times", "we", "sing"]))
    score = handmade.song((Track("Vocal", "vocal", "vocals", 53, notes),))
    sections = (("Intro", 0.0), ("Verse 1", 8.0), ("Last Chorus", 24.0))
    chords = ((0.0, "C"), (4.0, "G"), (8.0, "Am"), (10.0, "F"), (16.0, "C"), (24.0, "G"))
    return replace(
        score,
        sections=tuple(Section(name, name.lower(), start, 2, 0.5) for name, start in sections),
        chords=tuple(Chord(start, 2.0, symbol, 0, (60,)) for start, symbol in chords),
        lyric_lines=(LyricLine(8.0, 12.0, "Sometimes we sing,"), LyricLine(16.0, 18.0, last)),
    )


def test_each_chord_is_before_the_word_that_it_falls_on(tmp_path: Path) -> None:
    made = SketchEngine().render(sung(), tmp_path / "song.cho", "chordpro", lambda *_: None, lambda: False)
    assert made.file.read_text("utf-8") == chordpro(sung()) == EXPECTED


@pytest.mark.parametrize("beats", [31.0, 31.5, 32.0, 33.9])
def test_the_length_is_the_one_that_is_printed(beats: float) -> None:
    score = replace(sung(), beats=beats)
    assert f"{{duration: {length(score.duration_s)}}}" in chordpro(score)


def test_lyrics_cannot_contain_directives_chords_or_comments() -> None:
    lines = chordpro(sung("# {title: x} [Am]")).splitlines()
    assert "[C]# (title: x) (Am)" in lines
    score = sung("#hash [x]")
    assert " #hash (x)" in chordpro(replace(score, chords=score.chords[:4])).splitlines()

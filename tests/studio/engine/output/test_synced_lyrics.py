from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from riffusion_tui.studio.engine.output.encode import tags_of
from riffusion_tui.studio.engine.output.mp3 import id3
from riffusion_tui.studio.engine.output.synced_lyrics import TimedWord, lrc, timed_lines
from riffusion_tui.studio.engine.score import LyricLine, Note, Score, Track
from riffusion_tui.studio.engine.sketch_engine import SketchEngine
from tests.studio.engine import handmade


def sung() -> Score:
    syllables = ["Some-", "times", "", "we", "sing", "A-", "gain"]
    notes = tuple(Note(i + 0.5 * (i > 4), 0.5, 60, 0.8, text) for i, text in enumerate(syllables))
    score = handmade.song((Track("Vocal", "vocal", "vocals", 53, notes),), beats=150.0)
    lines = (LyricLine(0.0, 5.0, "Sometimes we sing,"), LyricLine(5.5, 7.0, "Again"), LyricLine(130.0, 132.0, "Ooh"))
    return Score(score.plan, score.title, score.sections, (), score.tracks, score.lyrics, lines, score.beats)


def test_words_are_timed_by_their_notes() -> None:
    first, second, unsung = timed_lines(sung())
    assert first.words == (TimedWord(0.0, 0.75, "Sometimes"), TimedWord(1.5, 1.75, "we"), TimedWord(2.0, 2.25, "sing"))
    assert (second.start, second.words) == (2.75, (TimedWord(2.75, 3.5, "Again"),))
    assert (unsung.start, unsung.words) == (65.0, ())


def test_an_lrc_file_has_a_timestamp_before_each_line() -> None:
    assert lrc(sung()).splitlines() == [
        *("[ti:Small Song]", "[ar:riffusion-tui studio]", "[length:01:16.50]", ""),
        *("[00:00.00]Sometimes we sing,", "[00:02.75]Again", "[01:05.00]Ooh"),
    ]


def test_the_engine_writes_an_lrc_file(tmp_path: Path) -> None:
    made = SketchEngine().render(sung(), tmp_path / "song.lrc", "lrc", lambda *_: None, lambda: False)
    assert made.file.read_text("utf-8") == lrc(sung())
    assert made.words[0] == ((0.0, "Sometimes"), (1.5, "we"), (2.0, "sing"))


def test_an_mp3_tag_has_the_time_of_each_word() -> None:
    tag = id3({}, timed_lines(sung()))
    body = tag[tag.index(b"SYLT") + 10 :]
    assert body.startswith(b"\x03eng\x02\x01\x00\nSometimes\x00\x00\x00\x00\x00 we\x00\x00\x00\x05\xdc")
    assert b"\nAgain\x00" + (2750).to_bytes(4, "big") in body
    assert body.endswith(b"\nOoh\x00" + (65_000).to_bytes(4, "big"))


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("[Verse]\nI wait for you in the rain", b"eng"),
        ("[Verse]\nJe t'attends dans la nuit", b"fra"),
        ("[Verse]\n雨が降る", b"XXX"),
    ],
)
def test_an_mp3_tag_has_the_language_of_the_lyrics(words: str, code: bytes) -> None:
    tag = id3(tags_of(replace(sung(), lyrics=words)), timed_lines(sung()))
    assert b"\x03" + code + b"\x00[Verse]" in tag
    assert b"\x03" + code + b"\x02\x01\x00\nSometimes" in tag
    assert b'\x03eng\x00{"prompt"' in tag

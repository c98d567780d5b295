"""Lyrics that are pasted into the prompt are sung, and say nothing about the sound."""

from __future__ import annotations

import pytest

from riffusion_tui.studio.engine.compose import compose
from riffusion_tui.studio.engine.prompt import plan
from riffusion_tui.studio.engine.song_request import Locks, Request

_WORDS = """\
[Verse 1]
I walk along the river bank alone
The metal moon is high and far from home

[Chorus]
Oh river carry me
Oh river carry me home"""
_PROMPT = f"folk song, acoustic guitar, no drums\n\n{_WORDS}\n"


def test_lyrics_after_a_heading_are_sung() -> None:
    request = Request(_PROMPT, 1)
    score = compose(plan(request), lyrics=request.lyrics, lyrics_strength=request.lyrics_strength)
    assert request.lyrics == _WORDS
    assert score.title == "Oh river carry me"
    sung = {line for line in score.lyrics.split("\n") if line and not line.startswith("[")}
    assert sung == {line for line in _WORDS.split("\n") if line and not line.startswith("[")}


def test_the_words_of_the_lyrics_are_not_read_as_music() -> None:
    made, plain = plan(Request(_PROMPT, 1)), plan(Request("folk song, acoustic guitar, no drums", 1))
    assert (made.genre, made.blend, made.instruments) == (plain.genre, plain.blend, plain.instruments)
    assert (made.scenes, made.ignored, made.structure) == ((), (), plain.structure)


def test_given_lyrics_replace_those_of_the_prompt() -> None:
    assert Request(_PROMPT, lyrics="La la").lyrics == "La la"
    assert plan(Request(_PROMPT, instrumental=True)).vocals == "none"


def test_a_seed_is_kept_with_the_whole_prompt() -> None:
    first = plan(Request(_PROMPT, 7))
    again = plan(Request("folk song, acoustic guitar", 7, locks=Locks(like=_PROMPT)))
    assert (again.bpm, again.key, again.mode) == (first.bpm, first.key, first.mode)


@pytest.mark.parametrize("line", ["Lyrics:", "lyrics :", "Letra:", "Songtext:"])
def test_lyrics_can_follow_a_line_that_says_so(line: str) -> None:
    request = Request(f"slow folk song\n{line}\nI walk alone\nThe moon is high\n")
    assert request.lyrics == "I walk alone\nThe moon is high"
    assert plan(request).scenes == ()
    assert Request("pop, lyrics: about a dog").lyrics is None


def test_a_description_can_follow_the_lyrics() -> None:
    made = plan(Request(f"{_WORDS}\n\nindie rock, driving drums, male vocals"))
    assert (made.genre, made.vocals, made.scenes) == ("indie rock", "male", ())
    assert Request(f"{_WORDS}\n\nindie rock").lyrics == _WORDS
    assert Request(_WORDS).lyrics == _WORDS


@pytest.mark.parametrize(
    "prompt",
    ["rock [intro: guitar] and verses", "pop\n[Verse]\n\n[Chorus]\n", "jazz\n[loud]\nand fast", "a song\nVerse\nmore"],
)
def test_other_brackets_are_part_of_the_description(prompt: str) -> None:
    assert Request(prompt).lyrics is None


@pytest.mark.parametrize(
    "heading", ["[Verse]", "[verse 2: Anna]", "[Pre-Chorus]", "[Refrain]", "[Estribillo]", " [Hook x2] "]
)
def test_common_headings_begin_lyrics(heading: str) -> None:
    assert Request(f"pop\n{heading}\nla la la").lyrics == f"{heading}\nla la la".strip()

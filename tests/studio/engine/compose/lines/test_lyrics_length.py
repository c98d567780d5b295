"""How long a song has to be to sing all of the given lyrics."""

from __future__ import annotations

import random
import time

import pytest

from riffusion_tui.jobs.own_lyrics import SungLines, sung_lines
from riffusion_tui.studio.engine.compose import compose
from riffusion_tui.studio.engine.prompt import plan
from riffusion_tui.studio.engine.score import Score
from riffusion_tui.studio.engine.song_request import Request

_WORDS = (
    "love",
    "rain",
    "the",
    "a",
    "fire",
    "running",
    "down",
    "into",
    "my",
    "heart",
    "forever",
    "tomorrow",
    "1999",
    "la",
)


def song(prompt: str, lyrics: str, length_s: float, seed: int = 1) -> Score:
    return compose(plan(Request(prompt, seed=seed, lyrics=lyrics, length_s=length_s)), lyrics=lyrics)


def sung(score: Score, lyrics: str) -> SungLines:
    return sung_lines(lyrics, [line.text for line in score.lyric_lines])


def lyrics_of(seed: int) -> str:
    draw = random.Random(seed)
    lines = [" ".join(draw.choices(_WORDS, k=draw.randint(1, 14))) for _ in range(draw.choice([3, 8, 20, 40]))]
    chorus = ["[Chorus]", "la la", "oh la", "---", "🎶", "[Verse]", "some more of it", "[Chorus]", "la la", "oh la"]
    return "\n".join(["[Verse]", *lines, *chorus] if draw.random() < 0.5 else lines)


@pytest.mark.parametrize("prompt", ["pop", "hip hop", "slow jazz", "plainchant", "one man sings a cappella"])
@pytest.mark.parametrize("seed", range(4))
def test_a_song_of_the_length_for_all_lines_sings_all_lines(prompt: str, seed: int) -> None:
    lyrics = lyrics_of(seed)
    short = song(prompt, lyrics, 20.0, seed)
    needed = short.plan.lyrics_length_s
    assert (needed is None) == sung(short, lyrics).complete
    if needed:
        assert sung(song(prompt, lyrics, needed, seed), lyrics).complete


def test_a_song_too_short_for_any_line_has_a_length_for_all() -> None:
    score = song("slow ballad", "Hello my love", 5.0)
    assert not score.lyric_lines
    assert sung(song("slow ballad", "Hello my love", score.plan.lyrics_length_s or 0.0), "Hello my love").complete


@pytest.mark.parametrize("length_s", [30.0, 600.0])
def test_no_length_is_enough_for_endless_lyrics(length_s: float) -> None:
    lyrics = " ".join(random.Random(1).choices(_WORDS, k=9000))
    score = song("pop", lyrics, length_s)
    assert (sung(score, lyrics).complete, score.plan.lyrics_length_s) == (False, 0.0)


def test_thousands_of_lines_are_composed_in_seconds() -> None:
    lyrics = "\n".join(f"a{number % 10}" for number in range(2000))
    began = time.process_time()
    assert song("pop", lyrics, 30.0).plan.lyrics_length_s == 0.0
    assert time.process_time() - began < 15


def test_the_length_is_unknown_if_the_form_is_locked_or_nothing_is_left_out() -> None:
    lyrics = lyrics_of(2)
    short = song("pop", lyrics, 20.0)
    request = Request("pop", lyrics=lyrics, length_s=20.0, locks=short.plan.locks.__class__(form=short.form))
    assert compose(plan(request), lyrics=lyrics).plan.lyrics_length_s is None
    assert song("pop", "la la", 60.0).plan.lyrics_length_s is None
    assert song("techno, no vocals", "la la", 60.0).plan.lyrics_length_s is None


def test_lines_that_separate_sections_begin_a_new_one() -> None:
    score = song("pop", "one\n---\ntwo\n🎶\nthree", 60.0)
    assert "---" not in score.lyrics
    assert "🎶" not in score.lyrics
    assert sung(score, "one\n---\ntwo\n🎶\nthree") == SungLines(3)


@pytest.mark.parametrize("seed", [15, 32, 39])
def test_a_long_ballad_has_time_for_long_lines(seed: int) -> None:
    draw = random.Random(seed)
    lyrics = "\n".join(" ".join(draw.choices(_WORDS, k=draw.randint(1, 14))) for _ in range(8))
    assert sung(song("rock ballad", f"[Verse]\n{lyrics}", 300.0, seed), lyrics).complete

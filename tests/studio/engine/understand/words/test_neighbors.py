"""Words right before and after a place in a prompt."""

from __future__ import annotations

import pytest

from riffusion_tui.studio.engine.understand.words.neighbors import after_all, before_all, follows, precedes
from riffusion_tui.studio.engine.understand.words.tokens import tokenize

_ARTICLES = ("a", "the")


@pytest.mark.parametrize(
    ("prompt", "at", "there"), [("pop song", 1, True), ("pop, song", 1, False), ("pop", 1, False), ("a pop", 1, False)]
)
def test_a_word_follows_without_a_comma(prompt: str, at: int, there: bool) -> None:
    assert follows(tokenize(prompt), at, {"song"}) is there


@pytest.mark.parametrize(
    ("prompt", "at", "there"),
    [("the song", 1, True), ("the, song", 1, False), ("the song", 0, False), ("the", 1, False)],
)
def test_a_word_precedes_without_a_comma(prompt: str, at: int, there: bool) -> None:
    assert precedes(tokenize(prompt), at, _ARTICLES) is there


@pytest.mark.parametrize(("prompt", "at"), [("in the a song", 3), ("in the", 2), ("in song", 1), ("in the, a song", 2)])
def test_words_are_skipped_up_to_a_comma(prompt: str, at: int) -> None:
    assert after_all(tokenize(prompt), 1, _ARTICLES) == at


@pytest.mark.parametrize(
    ("prompt", "at"), [("the a song", 0), ("in the a song", 1), ("the, a song", 1), ("in song", 1)]
)
def test_words_are_skipped_back_to_a_comma(prompt: str, at: int) -> None:
    tokens = tokenize(prompt)
    assert before_all(tokens, len(tokens) - 1, _ARTICLES) == at

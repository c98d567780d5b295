"""Typing errors are corrected to musical words; ordinary words are not."""

from __future__ import annotations

import pytest

from riffusion_tui.studio.engine.prompt import plan, recognize
from riffusion_tui.studio.engine.pronunciation.pronouncing_dictionary import words
from riffusion_tui.studio.engine.song_request import Request
from riffusion_tui.studio.engine.understand.words.lexicon import lexicon
from riffusion_tui.studio.engine.understand.words.spelling import correct

_ORDINARY = """
worthless wireless paper piers anyway continuous Virginia Dante Columbia worlds Walter walker satin raven handle
collapse Saxon progressing washing Claus broke filled homes gravely clement batteries coeur canada
"""
_ABROAD = """
luces luzes cielo tierra silla sangre lunes corriendo tejado tinta domar cuarto quartier leute finestra treno letto
grido lampada noite operario trovão preto
"""


@pytest.mark.parametrize("word", _ORDINARY.split())
def test_an_ordinary_word_or_name_means_nothing_musical(word: str) -> None:
    kinds = {"genre", "instrument", "vocal", "tempo"}
    assert [term.meaning for term in recognize(f"the {word} in my town, pop") if term.kind in kinds] == ["pop"]


def test_no_word_of_the_dictionary_becomes_another() -> None:
    known = lexicon().known
    changed = {word: correct(word) for word in words() if word.isalpha() and word not in known}
    for word, musical in changed.items():
        same = not musical or _single(word) == _single(musical)
        assert same or musical in (f"{word}n", f"{word}an", f"{word}i"), (word, musical)
    assert sum(1 for musical in changed.values() if musical) < 120


def _single(word: str) -> str:
    return "".join(letter for at, letter in enumerate(word) if word[at - 1 : at] != letter)


@pytest.mark.parametrize("word", _ABROAD.split())
def test_an_everyday_word_of_another_language_is_not_corrected(word: str) -> None:
    assert [term.meaning for term in recognize(f"{word}, pop")] == ["pop"]


@pytest.mark.parametrize(
    ("typed", "meaning"),
    [
        ("gitar", "acoustic guitar"),
        ("vioin", "violin"),
        ("volin", "violin"),
        ("paino", "piano"),
        ("metall", "metal"),
        ("techo", "techno"),
        ("fidler", "fiddle"),
    ],
)
def test_a_typing_error_is_corrected_even_if_it_is_a_surname(typed: str, meaning: str) -> None:
    assert meaning in [term.meaning for term in recognize(typed)]


@pytest.mark.parametrize(
    ("text", "genre"),
    [
        ("music from Bulgaria", "balkan"),
        ("music from Pakistan", "bollywood"),
        ("music from Kenya", "african"),
        ("musica italiana", "folk"),
    ],
)
def test_a_place_stands_for_its_music(text: str, genre: str) -> None:
    assert plan(Request(text, seed=1)).genre == genre


@pytest.mark.parametrize("text", ["a worthless promise, pop", "our wireless life, pop"])
def test_such_a_word_does_not_silence_the_singer(text: str) -> None:
    assert plan(Request(text, seed=1)).vocals != "none"

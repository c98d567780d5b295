"""Negations other than `no drums`: exceptions from everything, affixes, `not only`."""

from __future__ import annotations

import pytest

from riffusion_tui.studio.engine.prompt import plan
from riffusion_tui.studio.engine.song_request import Request
from riffusion_tui.studio.engine.types import Plan


def _made(text: str) -> Plan:
    return plan(Request(text, seed=1))


@pytest.mark.parametrize(
    ("text", "players"),
    [
        ("pop, no instruments except piano and drums", {"piano", "drums"}),
        ("no instruments except piano", {"piano"}),
        ("without any instruments except a cello", {"cello"}),
        ("no instruments besides strings, waltz", {"strings"}),
        ("no other instruments except piano", {"piano"}),
        ("no instrument other than a harp, folk", {"harp"}),
        ("no instruments but a drum, chant", {"drums", "choir"}),
        ("male singer, no instruments except a guitar", {"electric guitar"}),
    ],
)
def test_what_is_excepted_from_the_excluded_instruments_plays_alone(text: str, players: set[str]) -> None:
    assert set(_made(text).cast) == players


@pytest.mark.parametrize("text", ["pop, no instruments", "a man sings without instruments, except in the chorus"])
def test_without_an_exception_nobody_plays(text: str) -> None:
    assert set(_made(text).cast) <= {"vocals", "vocal choir"}


@pytest.mark.parametrize(
    ("text", "genre", "avoided"),
    [
        ("guitar-less rock", "rock", "guitar"),
        ("piano-less ballad", "ballad", "piano"),
        ("guitar-less and drum-less indie pop", "indie pop", "drums"),
        ("a bass-less trio, jazz", "jazz", "bass"),
        ("vocal-less house", "house", "vocals"),
        ("non-vocal trance", "trance", "vocals"),
    ],
)
def test_what_a_hyphen_joins_to_less_is_excluded(text: str, genre: str, avoided: str) -> None:
    made = _made(text)
    assert made.genre == genre
    assert avoided in made.avoided or (avoided, made.vocals) == ("vocals", "none")


@pytest.mark.parametrize(
    ("text", "genre"),
    [("non-electronic pop", "pop"), ("non-stop techno", "techno"), ("allegro ma non troppo, techno", "techno")],
)
def test_non_negates_the_next_word_alone(text: str, genre: str) -> None:
    assert _made(text).genre == genre


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("rock, not only guitars", {"electric guitar"}),
        ("not just drums, also percussion and claps, afrobeat", {"drums", "percussion", "claps"}),
        ("not only piano but also strings, pop", {"piano", "strings"}),
        ("nicht nur Klavier, sondern auch Streicher, Pop", {"piano", "strings"}),
    ],
)
def test_not_only_excludes_nobody(text: str, wanted: set[str]) -> None:
    made = _made(text)
    assert wanted <= set(made.instruments)
    assert (made.cast, made.vocals) == ((), "any")

"""Prompts as people write them, of which a part was lost or misread."""

from __future__ import annotations

import pytest

from riffusion_tui.studio.engine.prompt import plan
from riffusion_tui.studio.engine.song_request import Request
from riffusion_tui.studio.engine.types import Plan


def _plan(prompt: str, seed: int = 1) -> Plan:
    return plan(Request(prompt, seed=seed))


@pytest.mark.parametrize(
    ("prompt", "instrument"),
    [
        ("rock and roll, piano like Jerry Lee Lewis", "piano"),
        ("blues, guitar like Hendrix", "electric guitar"),
        ("country, a guitar like in a western", "electric guitar"),
        ("jazz, organ like the old masters", "organ"),
    ],
)
def test_an_instrument_that_is_compared_to_a_players_is_one(prompt: str, instrument: str) -> None:
    names = _plan(prompt).instruments
    assert len(names) == 1
    assert instrument in names or "guitar" in names[0]


def test_an_adjective_of_an_instrument_is_none() -> None:
    assert _plan("ambient, bell-like tones").instruments == ()
    assert _plan("techno with guitar-like textures").instruments == ()


@pytest.mark.parametrize(
    ("prompt", "tempo"),
    [
        ("drum and bass at 174 with a female MC", 174),
        ("techno at 128 and a dark bassline", 128),
        ("house at 124 for running", 124),
        ("metal at 200, fast", 200),
    ],
)
def test_a_tempo_after_at_needs_no_unit(prompt: str, tempo: float) -> None:
    made = _plan(prompt)
    assert made.pulse == tempo
    assert made.ignored == ()


@pytest.mark.parametrize("prompt", ["a song about grandma at 80 with a cane", "pop about a party at 110 Main Street"])
def test_other_numbers_after_at_are_no_tempo(prompt: str) -> None:
    assert "bpm" in dict(_plan(prompt).chosen)


@pytest.mark.parametrize(
    ("prompt", "production"),
    [
        ("ska punk about skipping school", ()),
        ("pop song about living underwater", ()),
        ("folk song about a crowd in a distant city, live recording", ("live",)),
        ("rock about a lost love with lots of reverb", ("reverberant",)),
    ],
)
def test_words_of_the_subject_say_nothing_of_the_sound(prompt: str, production: tuple[str, ...]) -> None:
    assert _plan(prompt).production == production


@pytest.mark.parametrize(
    ("prompt", "limit"),
    [
        ("progressive rock in 7/8 with changing meters", "The studio keeps one meter throughout a song."),
        ("math rock, meter changes", "The studio keeps one meter throughout a song."),
        ("prog, changing time signatures", "The studio keeps one meter throughout a song."),
        ("grunge, whispered verses, screamed choruses", "The singer keeps one manner of singing throughout a song."),
        ("metal, growled verses and clean choruses", "The singer keeps one manner of singing throughout a song."),
        ("mongolian throat singing", "The studio can't sing overtones; an ordinary voice takes their place."),
        ("khoomei with a drum", "The studio can't sing overtones; an ordinary voice takes their place."),
    ],
)
def test_what_cannot_be_kept_is_said(prompt: str, limit: str) -> None:
    assert limit in _plan(prompt).limits


@pytest.mark.parametrize(
    "prompt",
    ["metal, growled and screamed vocals", "rock, raspy voice", "math rock in 7/8, no meter changes", "mongolian folk"],
)
def test_what_is_kept_is_no_limit(prompt: str) -> None:
    assert _plan(prompt).limits == ()


@pytest.mark.parametrize("prompt", ["a villain's theme, bassoon, sneaky", "the hero's theme", "opening theme, brass"])
def test_a_theme_of_somebody_is_film_music(prompt: str) -> None:
    for seed in range(4):
        made = _plan(prompt, seed)
        assert made.genre == "cinematic"
        assert made.vocals == "none"


def test_half_the_tempo_is_slow() -> None:
    assert max(_plan("ragtime, half tempo", seed).pulse for seed in range(6)) <= 90

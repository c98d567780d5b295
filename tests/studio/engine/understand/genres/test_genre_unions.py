"""Two genres that a prompt names together may make a third."""

from __future__ import annotations

import pytest

from riffusion_tui.studio.engine.prompt import plan
from riffusion_tui.studio.engine.song_request import Request


@pytest.mark.parametrize(
    ("prompt", "genre"),
    [
        ("rock and blues", "blues rock"),
        ("blues and rock", "blues rock"),
        ("bluesy hard rock from 1970", "blues rock"),
        ("rock, country", "folk rock"),
        ("latin and jazz", "latin jazz"),
        ("swing + house", "electro swing"),
        ("punk and pop", "pop punk"),
        ("prog rock meets metal", "progressive metal"),
        ("metal with symphony orchestra", "symphonic metal"),
        ("rock", "rock"),
        ("blues and jazz", "blues"),
    ],
)
def test_two_genres_that_make_a_third_are_that_one(prompt: str, genre: str) -> None:
    made = plan(Request(prompt, seed=1))
    assert made.genre == genre
    assert made.blend != genre


@pytest.mark.parametrize("seed", range(1, 9))
def test_a_loud_blues_keeps_the_modes_of_a_blues(seed: int) -> None:
    assert plan(Request("a loud, aggressive blues", seed=seed)).mode in ("blues", "mixolydian")


@pytest.mark.parametrize(
    ("prompt", "genre"),
    [
        ("trap beat with gospel choir", "trap"),
        ("90s house anthem, big soul diva vocal", "house"),
        ("techno with opera singer", "techno"),
        ("drum and bass with a jazz singer", "drum and bass"),
        ("jazz singer with a piano trio", "jazz"),
        ("gospel choir", "gospel"),
        ("opera singer with symphony orchestra", "opera"),
    ],
)
def test_a_genre_that_only_says_how_somebody_sings_is_not_the_band_s(prompt: str, genre: str) -> None:
    made = plan(Request(prompt, seed=1))
    assert made.genre == genre
    assert made.blend is None
    assert made.vocals != "none"


def test_an_instrumental_of_a_genre_is_of_that_genre() -> None:
    assert (
        plan(Request("surf guitar instrumental, 1963, twangy spring reverb, quick drums", seed=1)).genre == "surf rock"
    )


@pytest.mark.parametrize("prompt", ["synth pop", "synth pop, 80s", "piano house"])
def test_a_genre_that_is_named_after_an_instrument_is_sung(prompt: str) -> None:
    assert plan(Request(prompt, seed=1)).vocals == "any"


@pytest.mark.parametrize(
    ("prompt", "genre"),
    [
        ("Klassischer Heavy Metal, Sängerin mit Reibeisenstimme, zwei Gitarren", "metal"),
        ("klassischer Jazz", "jazz"),
        ("klassischer Rock 'n' Roll", "rock and roll"),
        ("un rock clásico", "classic rock"),
        ("klassische Musik", "classical"),
        ("ein klassisches Stück", "classical"),
        ("harpsichord concerto, busy string band, D minor, first movement, quick", "classical"),
        ("violin concerto with string band", "classical"),
        ("old-time string band", "bluegrass"),
        ("morna caboverdiana", "fado"),
    ],
)
def test_what_only_says_of_which_kind_music_or_a_band_is_adds_no_genre(prompt: str, genre: str) -> None:
    for seed in range(4):
        made = plan(Request(prompt, seed=seed))
        assert (made.genre, made.blend) == (genre, None)

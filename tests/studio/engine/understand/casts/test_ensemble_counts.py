"""Numbers of players beside the name of an ensemble, and ensembles without one of their players."""

from __future__ import annotations

from collections import Counter

import pytest

from riffusion_tui.studio.engine.compose import compose
from riffusion_tui.studio.engine.prompt import plan
from riffusion_tui.studio.engine.song_request import Request


@pytest.mark.parametrize(
    ("prompt", "players"),
    [
        ("quintet of 2 violins, 2 violas and a cello", {"violin": 2, "viola": 2, "cello": 1}),
        ("trio of two violins and piano", {"violin": 2, "piano": 1}),
        ("sextet with 2 flutes, 2 oboes and 2 bassoons", {"flute": 2, "oboe": 2, "bassoon": 2}),
        ("jazz quartet, 2 saxophones, bass, drums", {"sax": 2, "upright bass": 1, "drums": 1}),
        ("jazz quintet with two saxophones", {"sax": 2, "piano": 1, "upright bass": 1, "drums": 1}),
        ("rock quartet, two guitars, bass and drums", {"electric guitar": 2, "bass": 1, "drums": 1}),
        ("string quartet with two cellos and no viola", {"violin": 2, "cello": 2}),
        ("string quartet with two violas", {"violin": 1, "viola": 2, "cello": 1}),
        ("saxophone quartet with four altos", {"sax": 4}),
        ("orchestra of 12 flutes", {"flute": 12}),
        ("band of 3 violins and 2 cellos", {"violin": 3, "cello": 2}),
        ("4 clarinets and a bass clarinet", {"clarinet": 5}),
    ],
)
def test_an_ensemble_has_the_players_that_are_counted(prompt: str, players: dict[str, int]) -> None:
    made = plan(Request(prompt, seed=1))
    assert Counter(made.cast) == players
    assert made.vocals == "none"


def test_a_string_quartet_in_a_band_is_no_band_of_four() -> None:
    assert not plan(Request("a song with a string quartet, two guitars, bass and drums")).cast


@pytest.mark.parametrize(
    ("prompt", "limit"),
    [
        ("a jazz trio with 4 players", "A trio has 3 players, not 4."),
        ("an octet of six musicians", "An octet has 8 players, not 6."),
    ],
)
def test_another_number_of_players_than_the_name_says_is_a_limit(prompt: str, limit: str) -> None:
    assert plan(Request(prompt)).limits == (limit,)


def test_the_usual_number_of_players_is_no_limit() -> None:
    assert not plan(Request("a jazz trio with three players")).limits


@pytest.mark.parametrize("prompt", ["brass band without trumpets", "brass quintet without trumpets"])
def test_trombones_play_instead_of_a_brass_ensembles_trumpets(prompt: str) -> None:
    made = plan(Request(prompt, seed=1))
    assert "trumpet" not in made.cast
    assert len(made.cast) == len(plan(Request(prompt.split(" without")[0], seed=1)).cast)


@pytest.mark.parametrize(
    "prompt", ["salsa with no trumpets", "funk with a brass section, no trumpets", "ska, no trumpet"]
)
def test_a_brass_section_does_not_play_excluded_trumpets(prompt: str) -> None:
    for seed in range(4):
        played = {track.instrument for track in compose(plan(Request(prompt, seed))).tracks}
        assert not played & {"brass", "trumpet", "muted trumpet"}
    assert "trombone" in played

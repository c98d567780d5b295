"""Numbers of players in a band, and casts that a prompt lists after its genre."""

from __future__ import annotations

from collections import Counter

import pytest

from riffusion_tui.studio.engine.prompt import plan
from riffusion_tui.studio.engine.song_request import Request
from tests.studio.engine.scores import composed


@pytest.mark.parametrize(
    ("prompt", "players"),
    [
        ("funk with 3 saxophones", {"sax": 1, "tenor sax": 1, "baritone sax": 1}),
        ("jazz with two saxophones", {"sax": 1, "tenor sax": 1}),
        ("mariachi with three trumpets", {"trumpet": 3}),
        ("ska with two trumpets and a trombone", {"trumpet": 2, "trombone": 1}),
        ("country song with three fiddles", {"fiddle": 3}),
        ("latin jazz with two flutes", {"flute": 2}),
    ],
)
def test_as_many_play_in_a_band_as_the_prompt_says(prompt: str, players: dict[str, int]) -> None:
    for seed in (1, 2, 3):
        score = composed(prompt, seed)
        assert score.plan.cast == ()
        assert "bass" in {track.role for track in score.tracks}
        tracks = Counter(track.instrument for track in score.tracks)
        assert {name: tracks[name] for name in players} == players
        assert len({track.name for track in score.tracks if track.instrument in players}) == sum(players.values())
        assert score.plan.limits == ()


def test_one_player_has_no_number() -> None:
    assert "Trumpet" in {track.name for track in composed("mariachi with a trumpet").tracks}


def test_more_players_of_an_instrument_than_a_band_has_are_a_limit() -> None:
    limit = "A band has at most 4 players of an instrument."
    assert limit in plan(Request("big band with 7 saxophones")).limits
    assert limit not in plan(Request("big band with 4 saxophones")).limits
    assert limit not in plan(Request("12 cellos")).limits
    assert plan(Request("big band with 5 saxophones")).ignored == ()


@pytest.mark.parametrize("prompt", ["2-step drums", "8-bit drums", "8-string djent", "2 step garage drums"])
def test_a_figure_of_an_adjective_counts_no_players(prompt: str) -> None:
    made = plan(Request(prompt))
    assert made.limits == ()
    assert made.cast == ()


@pytest.mark.parametrize(
    ("prompt", "cast"),
    [
        ("gypsy jazz, violin and two guitars", ("violin", "acoustic guitar", "acoustic guitar")),
        ("bluegrass, two fiddles and banjo", ("fiddle", "fiddle", "banjo")),
        ("small ensemble for children's choir and bells", ("choir", "bells")),
        ("music for children's choir and glockenspiel", ("choir", "glockenspiel")),
        ("ensemble for choir and bells", ("choir", "bells")),
        ("cool jazz, no drums, guitar and bass", ("jazz guitar", "bass")),
        ("only strings, 5 players", ("violin", "violin", "viola", "viola", "cello")),
        ("just flutes, three players", ("flute", "flute", "flute")),
        ("church bells and wind only", ("bells", "nature sounds")),
        ("only rain and piano", ("nature sounds", "piano")),
        ("only bells, rain", ("bells", "nature sounds")),
    ],
)
def test_a_list_of_players_is_everyone(prompt: str, cast: tuple[str, ...]) -> None:
    made = plan(Request(prompt, seed=1))
    assert made.cast == cast
    assert made.ignored == ()


@pytest.mark.parametrize("prompt", ["rock, two guitars and drums", "funk, three saxophones and drums", "jazz, piano"])
def test_a_band_of_another_genre_is_not_only_whom_the_prompt_names(prompt: str) -> None:
    assert plan(Request(prompt)).cast == ()


def test_a_childrens_choir_is_one_of_children() -> None:
    assert plan(Request("small ensemble for children's choir and bells")).vocals == "children"
    assert plan(Request("music for children, choir and bells")).genre == "children's"


@pytest.mark.parametrize(
    ("prompt", "genre"),
    [
        ("iron maiden worship", "metal"),
        ("black sabbath worship", "doom metal"),
        ("stoner metal, Kyuss worship", "doom metal"),
        ("Contemporary worship, acoustic", "worship"),
        ("hillsong worship", "worship"),
        ("praise and worship", "worship"),
        ("sunday morning worship song", "worship"),
    ],
)
def test_worship_of_a_metal_band_is_not_in_church(prompt: str, genre: str) -> None:
    assert plan(Request(prompt)).genre == genre


@pytest.mark.parametrize(
    ("prompt", "genre"),
    [
        ("experimental, electronics", "experimental"),
        ("experimental music with electronics", "experimental"),
        ("noise music with electronics", "noise music"),
        ("violin and electronics", "experimental"),
        ("experimental electronics", "experimental"),
        ("electronics", "electronic"),
    ],
)
def test_electronics_beside_others_are_an_instrument(prompt: str, genre: str) -> None:
    for seed in range(4):
        made = plan(Request(prompt, seed=seed))
        assert made.genre == genre
        assert made.blend is None
        assert "electronic noises" in made.instruments


def test_a_hurdy_gurdy_has_a_stand_in() -> None:
    limit = "The studio has no hurdy-gurdy; a fiddle takes its place."
    assert plan(Request("medieval dance with hurdy-gurdy")).limits == (limit,)
    assert plan(Request("medieval dance")).limits == ()


def test_as_many_percussionists_play_as_the_prompt_says() -> None:
    for seed in range(4):
        made = plan(Request("only percussion, 5 players", seed))
        assert len(set(made.cast)) == 5
        assert made.ignored == ()

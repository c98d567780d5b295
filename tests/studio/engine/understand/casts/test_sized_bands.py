"""Bands of which a prompt gives the size: at most so many play, and they sing as their genre does."""

from __future__ import annotations

import pytest

from riffusion_tui.studio.engine.compose import compose
from riffusion_tui.studio.engine.prompt import plan
from riffusion_tui.studio.engine.song_request import Request


@pytest.mark.parametrize(
    ("prompt", "players", "vocals"),
    [
        (
            "raw two-piece garage rock, fuzzed out guitar, crashing drums, guy shouting",
            "overdriven guitar, drums",
            "male",
        ),
        ("two-piece punk", "distorted guitar, drums", "male"),
        ("three-piece punk band", "distorted guitar, bass, drums", "male"),
        ("3 piece blues band, male vocals", "electric guitar, bass, drums", "male"),
        ("three-piece rock with an organ", "organ, bass, drums", "any"),
        ("four-piece indie band, female singer", "electric guitar, electric guitar, bass, drums", "female"),
        ("5-piece rock band, two guitars, organ", "electric guitar, electric guitar, organ, bass, drums", "any"),
        ("3-piece surf band", "electric guitar, bass, drums", "none"),
        ("surf rock four piece, instrumental", "electric guitar, electric guitar, bass, drums", "none"),
        ("seven piece ska band with horns, male singer", "brass, bass, drums, electric guitar, organ", "male"),
        ("three-piece punk band, no bass", "distorted guitar, drums", "male"),
        ("one man band, harmonica, guitar, foot stomp", "harmonica, acoustic guitar, stomps", "male"),
        ("three-piece punk girl band", "distorted guitar, bass, drums", "female"),
        ("one woman band, blues", "acoustic guitar, harmonica, stomps", "female"),
    ],
)
def test_at_most_so_many_play(prompt: str, players: str, vocals: str) -> None:
    for seed in range(2):
        made = plan(Request(prompt, seed=seed))
        assert (sorted(made.cast), made.vocals) == (sorted(players.split(", ")), vocals)
        playing = {track.instrument for track in compose(made).tracks if track.role != "vocal"}
        assert playing <= {*made.cast}


@pytest.mark.parametrize("prompt", ["power trio with a singer", "power trio", "power trio, loud vocals"])
def test_a_power_trio_plays_rock(prompt: str) -> None:
    made = [plan(Request(prompt, seed=seed)) for seed in range(6)]
    assert {one.genre for one in made} == {"rock"}
    assert {one.cast for one in made} == {("electric guitar", "bass", "drums")}


@pytest.mark.parametrize("prompt", ["jazz in a three piece suit", "rock, a one-piece", "pop, a piece for four"])
def test_other_pieces_have_no_size(prompt: str) -> None:
    assert plan(Request(prompt)).cast == ()

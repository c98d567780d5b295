"""Concert instruments that are everyone: counted ones, and those listed in a phrase of their own."""

from __future__ import annotations

import pytest

from riffusion_tui.studio.engine.compose import compose
from riffusion_tui.studio.engine.prompt import plan
from riffusion_tui.studio.engine.song_request import Request


@pytest.mark.parametrize(
    ("prompt", "cast"),
    [
        ("two flutes chasing each other, cheerful, court of Frederick", ("flute",) * 2),
        ("three cellos chasing each other, cheerful", ("cello",) * 3),
        ("four horns at dawn in the forest", ("french horn",) * 4),
        ("anime ost, she remembers her burned village, violin w piano, tears", ("violin", "piano")),
        ("an old man forgets his name, cello and piano, very slow", ("cello", "piano")),
        ("prepared piano w/ screws and erasers in the strings, john cage", ("prepared piano",)),
        ("solo piano, a drowned bell tower under calm water, parallel chords", ("piano",)),
    ],
)
def test_nobody_else_plays(prompt: str, cast: tuple[str, ...]) -> None:
    for seed in (1, 2, 3):
        made = plan(Request(prompt, seed=seed))
        assert made.cast == cast
        assert made.vocals == "none"


@pytest.mark.parametrize(
    "prompt",
    [
        "rock with two violins",
        "symphony orchestra with four horns",
        "starts with two cellos, then a full band",
        "disco, three trumpets",
        "epic trailer, violin and piano",
        "experimental rock, prepared piano",
    ],
)
def test_a_larger_group_has_more_players(prompt: str) -> None:
    assert plan(Request(prompt, seed=1)).cast == ()


def test_strings_of_an_instrument_are_no_section() -> None:
    assert plan(Request("a piano with screws in the strings, ambient")).instruments == ("piano",)
    assert plan(Request("ambient, piano and strings")).instruments == ("piano", "strings")
    assert plan(Request("ambient, a melody in the strings over a piano")).instruments == ("strings", "piano")


@pytest.mark.parametrize(
    ("prompt", "player"),
    [
        ("hardingfele, solo, village dance, drone strings ringing", "fiddle"),
        ("violin and sympathetic strings, norwegian dance", "violin"),
        ("hurdy-gurdy with drone strings, medieval", "hurdy-gurdy"),
        ("solo fiddle with drone strings, dance tune", "fiddle"),
    ],
)
def test_drone_strings_are_those_of_the_player(prompt: str, player: str) -> None:
    made = plan(Request(prompt, seed=1))
    assert player in made.instruments
    assert "strings" not in made.instruments
    assert "drone" not in (made.genre, made.blend)


def test_strings_that_drone_beside_other_players_are_a_section() -> None:
    made = plan(Request("dark drone strings, synth pads", seed=1))
    assert "strings" in made.instruments


@pytest.mark.parametrize(
    ("prompt", "beginner"),
    [
        ("alternative rock, fuzz guitar, bass starts alone, a woman sings", "bass"),
        ("indie rock, bass guitar begins alone, drums crash in", "bass"),
        ("punk, the drums open alone, shouted vocals", "drums"),
        ("soul, a piano starts alone, man sings", "piano"),
    ],
)
def test_who_starts_alone_is_joined_by_the_band(prompt: str, beginner: str) -> None:
    made = plan(Request(prompt, seed=1))
    assert "only these" not in made.structure
    assert f"solo {beginner} intro" in made.structure
    assert len(compose(made).tracks) > 4

"""Negations of a story or a comparison exclude nobody; those about the music do."""

from __future__ import annotations

import pytest

from riffusion_tui.studio.engine.understand.reading.read_prompt import read
from tests.studio.engine.scores import planned


@pytest.mark.parametrize(
    ("text", "genre"),
    [
        ("no one sings like my mother, soul", "soul"),
        ("nobody plays the drums like you, rock", "rock"),
        ("nobody can sing the blues like she does, blues", "blues"),
        ("you never sang it as I did, no one sings like him, pop", "pop"),
        ("nobody knows the piano player, soul", "soul"),
        ("I never learned the guitar, sad folk", "folk"),
        ("not a day goes by without a guitar, country", "country"),
        ("life without music is nothing, pop", "pop"),
        ("a world without music, pop", "pop"),
        ("a song about a girl who never sings, pop", "pop"),
        ("a ballad about a girl who hates singing", "ballad"),
        ("a girl who hates singing, pop", "pop"),
        ("the boy who really hated the drums, soul", "soul"),
    ],
)
def test_a_negation_in_a_story_excludes_nobody(text: str, genre: str) -> None:
    made = planned(text)
    assert (made.genre, made.avoided, made.cast) == (genre, (), ())
    assert made.vocals != "none"


@pytest.mark.parametrize(
    ("text", "players", "avoided"),
    [
        ("a song about a drummer who hates bass", set(), set()),
        ("a song about a man who has no guitar", set(), set()),
        ("song about a man without a guitar", set(), set()),
        ("song about the day the drums stopped, no piano", set(), {"piano"}),
        ("song about a singer whose guitar is gone", set(), set()),
        ("song about a girl who never plays drums", set(), set()),
        ("song about a boy who sold his old guitar", set(), set()),
        ("song about a girl who lost everything acoustic guitar", {"acoustic guitar"}, set()),
        ("song about a girl who left no drums", set(), {"drums"}),
        ("song about love without the drums", set(), {"drums"}),
        ("song about love on the piano", {"piano"}, set()),
        ("song about a man who hates the blues and bass", set(), set()),
        ("folk song about a man who loves techno and the drums", set(), set()),
        ("song about a man who hates the drums and a piano", {"piano"}, set()),
        ("song about a man who hates jazz and acoustic guitar solo", {"acoustic guitar"}, set()),
        ("lullaby for a girl who hates drums", set(), {"drums"}),
        ("a band who hates synths, rock", set(), {"synth"}),
    ],
)
def test_the_story_of_a_subject_neither_asks_for_nor_excludes_players(
    text: str, players: set[str], avoided: set[str]
) -> None:
    found = read(text)
    assert {one.meaning for one in found.positive("instrument")} == players
    assert {one.meaning for one in found.negative("instrument")} == avoided


@pytest.mark.parametrize(
    "text",
    [
        "song about a girl who never listens to jazz",
        "song about a girl who hates jazz",
        "song about a boy who grew up on jazz",
    ],
)
def test_a_genre_in_the_story_of_a_subject_does_not_decide(text: str) -> None:
    assert {planned(text, seed).genre for seed in range(4)} != {"jazz"}
    assert planned(f"jazz {text.replace('a boy', 'a girl')}").genre == "jazz"


def test_a_genre_after_the_story_of_a_subject_suggests_it() -> None:
    assert {planned("song about a girl who left jazz song", seed).genre for seed in range(4)} == {"jazz"}


def test_batteries_are_no_drums() -> None:
    assert "drums" not in planned("batteries not included, ambient").avoided


@pytest.mark.parametrize(
    ("text", "avoided"),
    [
        ("nobody sings, pop", "vocals"),
        ("nobody is singing, pop", "vocals"),
        ("ambient, I can't hear any voices", "vocals"),
        ("there is nobody who plays the drums, rock", "drums"),
        ("no one plays drums, jazz", "drums"),
        ("I don't want drums, pop", "drums"),
        ("we never use a guitar, rock", "guitar"),
        ("no drums like in the old days, folk", "drums"),
        ("a song about love without drums, pop", "drums"),
        ("no vocals and no drums, not without a guitar, rock", "drums"),
    ],
)
def test_a_negation_about_the_music_excludes(text: str, avoided: str) -> None:
    assert avoided in planned(text).avoided


@pytest.mark.parametrize("text", ["a song without music, folk", "we sing without music, gospel", "rap without music"])
def test_songs_without_music_are_sung_alone(text: str) -> None:
    assert set(planned(text).cast) <= {"vocals", "vocal choir"}
    assert planned(text).cast

"""Words that are about a story, a manner or a pace, and not about who plays."""

from __future__ import annotations

import pytest

from riffusion_tui.studio.engine.prompt import recognize
from tests.studio.engine.scores import planned


@pytest.mark.parametrize(
    "prompt",
    ["punk, shouted, not sung", "punk, shouted not sung", "jazz, spoken not sung", "hip hop, rapped, not sung"],
)
def test_words_that_are_not_sung_but_said_are_heard(prompt: str) -> None:
    assert planned(prompt).vocals != "none"


def test_an_instrument_beside_a_lonely_person_has_its_band() -> None:
    made = planned("honky tonk, pedal steel, he drinks alone cuz she left")
    assert (made.cast, made.vocals) == ((), "any")
    assert planned("piano, she plays alone in the dark").cast == ("piano",)
    assert planned("cello alone").cast == ("cello",)


@pytest.mark.parametrize("prompt", ["boy trebles singing in Latin, unaccompanied", "boy sopranos, a cappella"])
def test_several_trebles_are_a_choir(prompt: str) -> None:
    assert planned(prompt).vocals == "children"


def test_one_treble_is_a_child() -> None:
    assert planned("boy treble, unaccompanied").vocals == "child"


@pytest.mark.parametrize(
    ("prompt", "bpm"), [("techno, relentless 140, sweaty", 140), ("techno, steady 120, dark", 120)]
)
def test_a_figure_after_a_drive_is_the_tempo(prompt: str, bpm: float) -> None:
    assert planned(prompt).bpm == bpm


def test_reels_of_a_trad_session_are_played() -> None:
    made = planned("trad session at the pub: wooden flute & fiddle reels")
    assert (made.genre, made.vocals) == ("celtic", "none")


@pytest.mark.parametrize(
    ("prompt", "detected"),
    [
        ("duet for two flutes", ["flute"]),
        ("sad duet between a sax and a trumpet", ["sad", "sax", "trumpet"]),
        ("flute duet", ["flute"]),
        ("duet for voice and guitar", ["voice", "voice", "electric guitar"]),
        ("duet for the end of the day", ["voice", "sunset"]),
        ("kinda chill but not too sleepy", ["calm"]),
        ("happy, not cheerful", ["happy"]),
        ("no autotune", ["autotune"]),
        ("pop without reverb", ["pop", "reverb"]),
        ("not sad", ["sad"]),
    ],
)
def test_what_is_detected_does_not_contradict_the_prompt(prompt: str, detected: list[str]) -> None:
    assert [term.meaning for term in recognize(prompt)] == detected


@pytest.mark.parametrize(
    ("prompt", "genres"),
    [
        ("cinco de mayo", {"mariachi", "latin pop"}),
        ("bar mitzvah", {"klezmer"}),
        ("diwali", {"bollywood", "bhangra"}),
        ("lunar new year", {"chinese traditional"}),
        ("mardi gras", {"dixieland", "zydeco"}),
        ("st patrick's day", {"celtic"}),
        ("fashion runway", {"deep house", "house"}),
        ("perfume ad", {"corporate"}),
    ],
)
def test_a_feast_or_a_show_has_its_music(prompt: str, genres: set[str]) -> None:
    assert {planned(prompt, seed).genre for seed in range(8)} <= genres

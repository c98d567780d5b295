"""Whether tens with an `s` are seconds or a decade."""

from __future__ import annotations

import pytest

from riffusion_tui.studio.engine.prompt import plan
from riffusion_tui.studio.engine.song_request import Request


@pytest.mark.parametrize(
    ("prompt", "seconds"),
    [
        ("lofi piano 30s", 30),
        ("lofi piano, 30s", 30),
        ("30s lofi beat", 30),
        ("happy ukulele 30s please", 30),
        ("30s of rain and piano", 30),
        ("techno, 10s", 10),
        ("20s clip of epic music", 20),
        ("blues, 30s", 30),
        ("lofi 30s no vocals", 30),
        ("sad piano 60s", 60),
        ("ambient 60s", 60),
        ("60s techno", 60),
        ("techno for 60s", 60),
        ("60s loop of funk", 60),
        ("90s long trance", 90),
        ("ambient, 90s", 90),
        ("epic trailer, 90s version", 90),
        ("40s jingle for a bakery", 40),
    ],
)
def test_tens_that_are_a_length(prompt: str, seconds: float) -> None:
    made = plan(Request(prompt, seed=1))
    assert (made.length_s, made.era) == (seconds, None)


@pytest.mark.parametrize(
    ("prompt", "era"),
    [
        ("30s swing", "1930s"),
        ("1930s jazz", "1930s"),
        ("20s jazz with clarinet", "1920s"),
        ("swing 30s", "1930s"),
        ("40s big band", "1940s"),
        ("roaring 20s party", "1920s"),
        ("music of the 30s", "1930s"),
        ("30s cartoon music", "1930s"),
        ("30s old radio crooner", "1930s"),
        ("60s soul", "1960s"),
        ("surf rock 60s", "1960s"),
        ("a 60s song", "1960s"),
        ("rap over 60s soul samples", "1960s"),
        ("garage rock in the style of the 60s", "1960s"),
        ("rock, 80s", "1980s"),
        ("90s rock", "1990s"),
        ("balada rock en español de los 80", "1980s"),
        ("hip hop 90s", "1990s"),
        ("sad 90s trance", "1990s"),
        ("80s and 90s pop mix", "1980s"),
        ("60s/70s folk", "1960s"),
        ("vaporwave: slowed down 80s sample, electric piano", "1980s"),
    ],
)
def test_tens_that_are_a_decade(prompt: str, era: str) -> None:
    made = plan(Request(prompt, seed=1))
    assert made.era == era
    assert "length_s" in dict(made.chosen)


def test_a_decade_stands_beside_a_length() -> None:
    made = plan(Request("808s and 60s organ, 20s", seed=1))
    assert (made.era, made.length_s) == ("1960s", 20)
    made = plan(Request("15 seconds 50s rock and roll", seed=1))
    assert (made.era, made.length_s) == ("1950s", 15)
    assert plan(Request("pop, 1 minute 30s", seed=1)).length_s == 90


@pytest.mark.parametrize(
    ("prompt", "era"),
    [
        ("disco, 98", "1990s"),
        ("90s, 98", "1990s"),
        ("nineties hip hop, 95", "1990s"),
        ("punk, 77", "1970s"),
        ("techno, 98, dark", "1990s"),
    ],
)
def test_a_figure_alone_is_a_year_if_it_is_no_tempo_of_the_genre(prompt: str, era: str) -> None:
    made = plan(Request(prompt, seed=1))
    assert made.era == era
    assert "bpm" in dict(made.chosen)
    assert not made.ignored


@pytest.mark.parametrize(
    ("prompt", "tempo"),
    [
        ("house, 124", 124), ("jazz, 85", 85), ("pop, 85", 85), ("trap, 70", 70), ("drum and bass, 87", 87),
        ("hip hop, 90", 90), ("90s, 124", 124), ("sad piano, 72", 72), ("lo-fi, 75", 75),
    ],
)  # fmt: skip
def test_a_figure_alone_is_a_tempo_otherwise(prompt: str, tempo: float) -> None:
    assert plan(Request(prompt, seed=1)).pulse == tempo


@pytest.mark.parametrize(
    ("prompt", "later"), [("80s training montage", {"edm", "trap", "hip hop"}), ("90s workout", {"edm", "trap"})]
)
def test_music_for_something_is_of_its_decade(prompt: str, later: set[str]) -> None:
    assert later.isdisjoint({plan(Request(prompt, seed=seed)).genre for seed in range(8)})


@pytest.mark.parametrize("prompt", ["80s party anthem", "summer anthem", "workout anthem"])
def test_an_anthem_for_something_is_no_march(prompt: str) -> None:
    assert "march" not in {plan(Request(prompt, seed=seed)).genre for seed in range(8)}


@pytest.mark.parametrize(
    "prompt",
    [
        "indie pop, party on 12.12.2026",
        "song for our wedding on 12/06/2027",
        "rock. 2026-11-30",
        "On 3 Feb 2025 at 14:05 we want a swing tune",
        "March 3rd, 2027: a waltz",
    ],
)
def test_a_date_is_no_era_and_not_ignored(prompt: str) -> None:
    made = plan(Request(prompt))
    assert made.era is None
    assert dict(made.chosen).keys() >= {"bpm", "meter", "length_s"} - ({"meter"} if "waltz" in prompt else set())
    assert not any(word[0].isdigit() and word not in ("14", "05") for word in made.ignored)


@pytest.mark.parametrize(
    "prompt",
    [
        "Sure! Here's a song about a lost dog:",
        "Hi, could you please make a happy song for my mum's birthday? Thanks!",
        "Hallo, könntest du bitte ein fröhliches Lied über den Sommer machen? Danke!",
        "omg pls make a banger, thx!!!",
        "rock song about trains. Best regards",
    ],
)
def test_courtesies_say_nothing(prompt: str) -> None:
    made = plan(Request(prompt))
    assert (made.ignored, made.genre == "arabic") == ((), False)


@pytest.mark.parametrize("prompt", ["pop, sung by a woman in her sixties", "a man in his 50s sings the blues"])
def test_the_age_of_a_singer_is_no_decade(prompt: str) -> None:
    made = plan(Request(prompt, seed=1))
    assert made.era is None
    assert made.vocals in ("female", "male")


@pytest.mark.parametrize(
    ("prompt", "later"),
    [("1970s lagos party", "afrobeats"), ("1960s log drum", "amapiano"), ("1930s party", "motown")],
)
def test_a_decade_suggests_no_genre_that_began_later(prompt: str, later: str) -> None:
    suggested = {plan(Request(prompt, seed=seed)).genre for seed in range(8)}
    assert later not in suggested

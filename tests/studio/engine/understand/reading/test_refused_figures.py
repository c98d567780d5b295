"""Keys, modes, tempos, meters and lengths that a prompt refuses: `not in C major`."""

from __future__ import annotations

import pytest

from riffusion_tui.studio.engine.compose import compose
from riffusion_tui.studio.engine.prompt import plan
from riffusion_tui.studio.engine.song_plan import Plan
from riffusion_tui.studio.engine.song_request import Request

_SEEDS = range(6)


def _made(text: str) -> list[Plan]:
    return [plan(Request(text, seed=seed)) for seed in _SEEDS]


@pytest.mark.parametrize("text", ["pop, not in C major", "pop that isn't in C major", "nicht in C-Dur, Pop"])
def test_a_refused_key_is_not_drawn(text: str) -> None:
    assert "C" not in {made.key for made in _made(text)}
    assert [(one.kind, one.meaning) for one in _made(text)[0].understood] in (
        [("genre", "pop"), ("avoid", "key C")],
        [("avoid", "key C"), ("genre", "pop")],
    )


def test_the_key_after_a_refused_one_is_used() -> None:
    assert {made.key for made in _made("not in C but in D")} == {"D"}


@pytest.mark.parametrize(
    ("text", "modes"),
    [
        ("pop, not in a minor key", {"major", "lydian", "mixolydian", "pentatonic"}),
        ("metal, not in a minor key", {"major"}),
        ("pop, not major", {"minor", "dorian", "phrygian"}),
    ],
)
def test_a_refused_mode_is_not_drawn(text: str, modes: set[str]) -> None:
    assert {made.mode for made in _made(text)} <= modes


@pytest.mark.parametrize(
    "text", ["techno, not 130 bpm", "techno, not at 130 bpm or 120 bpm", "not a 130 bpm techno track"]
)
def test_a_refused_tempo_is_not_drawn(text: str) -> None:
    assert min(abs(made.pulse - 130) for made in _made(text)) >= 5
    assert {made.genre for made in _made(text)} == {"techno"}


@pytest.mark.parametrize(
    ("text", "meter"),
    [
        ("techno, not 4/4", (3, 4)),
        ("house, not 4/4 or 3/4", (6, 8)),
        ("a waltz that is not in 3/4", (4, 4)),
        ("jazz, 5/4 instead of 4/4", (5, 4)),
        ("it's not 4/4, it's 7/8, prog rock", (7, 8)),
    ],
)
def test_a_refused_meter_is_not_used(text: str, meter: tuple[int, int]) -> None:
    assert {made.meter for made in _made(text)} == {meter}
    score = compose(_made(text)[0])
    assert score.plan.limits == ()
    assert score.tracks


@pytest.mark.parametrize(
    ("text", "length_s"),
    [("not 3 minutes, but 2 minutes", 120.0), ("don't make it 3 minutes, make it 90 seconds", 90.0)],
)
def test_the_length_after_a_refused_one_is_used(text: str, length_s: float) -> None:
    assert {made.length_s for made in _made(text)} == {length_s}


def test_a_refused_length_is_not_drawn() -> None:
    assert all(abs(made.length_s - 180) >= 18 for made in _made("pop, not 3 minutes"))


@pytest.mark.parametrize(
    "text", ["pop, no longer than 3 minutes", "pop, no more than 3 minutes", "pop, not only 3 minutes"]
)
def test_a_length_at_most_is_a_wish(text: str) -> None:
    assert {made.length_s for made in _made(text)} == {180.0}


def test_other_lyrics_than_english_have_to_be_given() -> None:
    (limit,) = _made("pop, not in English")[0].limits
    assert limit == "The studio writes lyrics in English only; give other lyrics to have them sung."


def test_if_every_key_and_meter_is_refused_the_song_has_one_anyway() -> None:
    keys = ", ".join(
        f"not in {key}"
        for key in ["C", "C#", "Db", "D", "D#", "Eb", "E", "F", "F#", "Gb", "G", "G#", "Ab", "A", "A#", "Bb", "B"]
    )
    meters = ", ".join(f"not {meter}" for meter in ("4/4", "3/4", "6/8", "5/4"))
    made = _made(f"techno, {keys}, {meters}, not minor, not major")[0]
    assert (made.genre, made.meter) == ("techno", (4, 4))
    assert made.key


@pytest.mark.parametrize(
    ("prompt", "kept"),
    [
        ("I-vi-IV-V doo-wop, a minor... no wait, C major", ("doo-wop", "C", "major")),
        ("rock in E minor, scratch that, in G major", ("rock", "G", "major")),
        ("jazz, no wait, funk in D dorian", ("funk", "D", "dorian")),
        ("techno in A minor or rather house in A minor", ("house", "A", "minor")),
        ("pop in C minor... actually no, F major please", ("pop", "F", "major")),
    ],
)
def test_what_is_taken_back_is_not_kept(prompt: str, kept: tuple[str, str, str]) -> None:
    made = plan(Request(prompt, seed=1))
    assert (made.genre, made.key, made.mode) == kept
    assert (made.blend, made.ignored) == (None, ())


def test_a_tempo_or_a_player_can_be_taken_back() -> None:
    made = plan(Request("house, 120 bpm, no wait, 124 bpm", seed=1))
    assert (made.bpm, made.limits) == (124, ())
    assert plan(Request("sad violin, scratch that, cello", seed=1)).instruments == ("cello",)
    assert plan(Request("rock, wait no more for me", seed=1)).genre == "rock"

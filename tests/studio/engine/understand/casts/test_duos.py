"""Two of a kind: twin guitars, singers in turn, and a soloist with one accompanist."""

from __future__ import annotations

import pytest

from riffusion_tui.studio.engine.compose import compose
from riffusion_tui.studio.engine.prompt import plan
from riffusion_tui.studio.engine.song_request import Request

_LIMIT = "The studio has one singer or a choir; it can't sing duets."


@pytest.mark.parametrize(
    "prompt",
    [
        "heavy metal, twin lead guitars",
        "rock, guitar harmonies",
        "twin lead guitars",
        "jam band, twin guitar leads, organ",
    ],
)
def test_twin_guitars_play_the_tune_in_harmony(prompt: str) -> None:
    for seed in range(3):
        score = compose(plan(Request(f"{prompt}, instrumental", seed=seed)))
        guitars = {one.role: one for one in score.tracks if "guitar" in one.instrument}
        tune = {round(note.start, 1): note.pitch for note in guitars["lead"].notes}
        second = [(round(note.start, 1), note.pitch) for note in guitars["counter"].notes]
        together = [tune[at] - pitch for at, pitch in second if at in tune]
        assert len(together) >= len(second) / 3
        assert sum(by % 12 in (3, 4, 5, 7, 8, 9) for by in together) >= 0.8 * len(together)


@pytest.mark.parametrize(
    "prompt",
    [
        "two singers",
        "two rappers",
        "three rappers",
        "call and response singers",
        "two sopranos and piano",
        "2 vocalists",
    ],
)
def test_singers_in_turn_are_a_limit(prompt: str) -> None:
    assert _LIMIT in plan(Request(prompt, seed=1)).limits


@pytest.mark.parametrize(
    "prompt", ["gospel choir, call and response", "a singer", "rap", "three singers", "no singers"]
)
def test_one_singer_or_a_choir_is_none(prompt: str) -> None:
    assert _LIMIT not in plan(Request(prompt, seed=1)).limits


@pytest.mark.parametrize(
    ("prompt", "cast"),
    [
        ("trumpet solo with drums", ("trumpet", "drums")),
        ("theremin solo with organ", ("theremin", "organ")),
        ("a long sax solo over piano", ("sax", "piano")),
        ("guitar solo with drums and bass", ("electric guitar", "drums", "bass")),
        ("jazz with a trumpet solo and drums", ()),
        ("sax solo over a beat", ()),
        ("trumpet solo, drums, rock song", ()),
    ],
)
def test_a_soloist_and_an_accompanist_are_everyone(prompt: str, cast: tuple[str, ...]) -> None:
    for seed in range(3):
        assert plan(Request(prompt, seed=seed)).cast == cast


@pytest.mark.parametrize(
    "prompt",
    [
        "love song for guitar and voice, fingerpicked",
        "ballad, guitar and female vocals, fingerpicking",
        "pop, voice and guitar, Travis picking",
        "love song for guitar and voice, Travis style",
    ],
)
def test_a_way_of_plucking_is_no_second_guitar(prompt: str) -> None:
    for seed in range(3):
        made = plan(Request(prompt, seed=seed))
        assert (made.cast, made.ignored) == (("acoustic guitar",), ())


@pytest.mark.parametrize(
    "prompt",
    [
        "r&b slow jam duet, him and her, wind chimes intro, sexy",
        "pop, him and her, piano",
        "pop, female vocals and piano intro",
    ],
)
def test_who_is_beside_a_singer_in_the_intro_or_after_a_comma_is_not_the_whole_band(prompt: str) -> None:
    assert plan(Request(prompt, seed=1)).cast == ()

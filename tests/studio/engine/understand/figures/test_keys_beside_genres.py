"""Keys as musicians write them: `G blues`, `blues, E`, `bossa in d`."""

from __future__ import annotations

import pytest

from riffusion_tui.studio.engine.prompt import plan
from riffusion_tui.studio.engine.song_request import Request
from riffusion_tui.studio.engine.understand.figures.read_stated import read_stated


def _stated(text: str, kind: str) -> list[str]:
    return [one.value for one in read_stated(text) if one.kind == kind]


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("G blues", "G"),
        ("Eb funk, 100 bpm", "Eb"),
        ("E flat jazz", "Eb"),
        ("slow F# blues about rain", "F#"),
        ("slow A blues", "A"),
        ("A blues, slow", "A"),
        ("12-bar blues E, slow", "E"),
        ("blues, E", "E"),
        ("waltz, G, 120 bpm", "G"),
        ("bluegrass, A, 140 bpm", "A"),
        ("blues in e", "E"),
        ("bossa in d", "D"),
        ("slow blues in g, 12 bars", "G"),
        ("jazz in bb", "Bb"),
        ("blues in b flat with piano", "Bb"),
        ("blues in a", "A"),
    ],
)
def test_a_key_beside_a_genre_is_read(text: str, key: str) -> None:
    assert _stated(text, "key") == [key]


@pytest.mark.parametrize(
    "text",
    [
        "a blues",
        "A blues about trains",
        "A waltz, slow",
        "A FUNK TRACK",
        "Make Me A Rock Song",
        "G funk beat",
        "D beat punk",
        "C-pop",
        "A-ha style synthpop",
        "Mel C pop",
        "Plan B rock",
        "Samba E Bossa Nova",
        "Rock E Roll",
        "samba e bossa",
        "blues, A, B",
        "pop in a bar",
        "blues in a 1950s style",
        "blues in a 6/8",
    ],
)
def test_an_article_or_a_name_beside_a_genre_is_no_key(text: str) -> None:
    assert _stated(text, "key") == []


def test_letters_alone_that_give_no_key_are_ignored() -> None:
    assert plan(Request("blues, A, E")).ignored == ("A", "E")


@pytest.mark.parametrize(
    ("text", "mode"),
    [
        ("minor waltz", "minor"),
        ("minor swing, gypsy jazz, two guitars and violin, 200 bpm", "minor"),
        ("Minor Jazz at 120 bpm", "minor"),
        ("a minor waltz with piano", "minor"),
        ("minor folk song about rain", "minor"),
        ("minor lofi", "minor"),
        ("major swing", "major"),
        ("harmonic minor metal", "harmonic minor"),
    ],
)
def test_a_mode_before_a_genre_is_read(text: str, mode: str) -> None:
    assert _stated(text, "mode") == [mode]


@pytest.mark.parametrize(
    "text", ["a major rock anthem", "a major rock festival", "minor league rock", "major pop star", "rock, minor hit"]
)
def test_a_great_or_small_thing_before_a_genre_has_no_mode(text: str) -> None:
    assert _stated(text, "mode") == []

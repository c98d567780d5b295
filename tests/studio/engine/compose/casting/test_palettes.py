"""The instruments that a genre's palettes add to its band."""

from __future__ import annotations

import pytest

from riffusion_tui.studio.engine.compose import compose
from riffusion_tui.studio.engine.prompt import plan
from riffusion_tui.studio.engine.song_request import Request
from tests.studio.engine.scores import composed


@pytest.mark.parametrize(
    ("genre", "foreign"),
    [
        ("bluegrass", {"drums", "organ", "electric guitar"}),
        ("flamenco", {"drums", "trumpet", "trombone", "electric guitar"}),
        ("indie pop", {"drum machine", "synth lead", "brass", "vocal chops"}),
        ("boom bap", {"theremin"}),
        ("thrash metal", {"strings", "choir", "church organ"}),
        ("death metal", {"strings", "choir", "church organ"}),
        ("grunge", {"organ", "strings"}),
        ("surf rock", {"strings", "distorted guitar"}),
        ("hardstyle", {"flute", "violin", "congas"}),
        ("eurodance", {"flute", "kalimba", "congas"}),
        ("bass house", {"flute", "vibraphone", "kalimba", "marimba"}),
        ("industrial", {"kalimba", "music box", "electric piano"}),
        ("chinese traditional", {"koto", "shamisen", "shakuhachi", "taiko"}),
        ("japanese traditional", {"synth pad"}),
        ("arabic", {"synth bass", "synth pad", "bass"}),
        ("andean", {"drums", "trombone", "bass"}),
        ("medieval", {"bass"}),
        ("valse musette", {"drums", "strings", "piano", "cello"}),
        ("80s rap", {"drums", "strings", "trumpet", "piano", "harp", "flute"}),
        ("csardas", {"drums", "tuba", "accordion", "acoustic guitar", "brass"}),
        ("fantasy", {"bass"}),
        ("march", {"harp"}),
        ("doo-wop", {"clavinet", "french horn", "congas"}),
        ("spaghetti western", {"taiko", "synth", "synth bass"}),
        ("spy", {"taiko", "synth", "synth pad"}),
    ],
)
@pytest.mark.parametrize("seed", range(1, 9))
def test_a_genre_has_no_instruments_of_others_of_its_family(genre: str, foreign: set[str], seed: int) -> None:
    assert not foreign & {track.instrument for track in compose(plan(Request(genre, seed=seed, length_s=60))).tracks}


@pytest.mark.parametrize("seed", range(6))
def test_a_celtic_tune_has_no_cello(seed: int) -> None:
    score = composed("Irish jig with fiddle, whistle and bodhran", seed)
    assert "cello" not in {track.instrument for track in score.tracks}

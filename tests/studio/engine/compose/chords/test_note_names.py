"""Chords are spelled in their key, as on a lead sheet."""

from __future__ import annotations

import re

import pytest

from riffusion_tui.studio.engine.compose import compose
from riffusion_tui.studio.engine.compose.chords import theory
from riffusion_tui.studio.engine.prompt import plan
from riffusion_tui.studio.engine.song_request import Request


def _root(symbol: str) -> str:
    found = re.match("[A-G][#b]?", symbol)
    assert found is not None, symbol
    return found[0]


def _roots(prompt: str) -> set[str]:
    scores = [compose(plan(Request(prompt, seed))) for seed in range(8)]
    return {_root(chord.symbol) for score in scores for chord in score.chords if chord.symbol[0] != "N"}


@pytest.mark.parametrize(
    ("prompt", "right", "wrong"),
    [
        ("metal in A phrygian, no key change", "Bb", "A#"),
        ("pop in Eb minor, no key change", "Cb", "B"),
        ("jazz in C major, no key change", "Bb", "A#"),
        ("ballad in D major, no key change", "Bb", "A#"),
        ("metal in F minor, no key change", "Ab", "G#"),
        ("ballad in E major, no key change", "C#", "Db"),
        ("ballad in F# minor, no key change", "C#", "Db"),
    ],
)
def test_a_chord_is_spelled_by_its_degree(prompt: str, right: str, wrong: str) -> None:
    found = _roots(prompt)
    assert right in found
    assert wrong not in found


def test_a_name_is_the_chords_root() -> None:
    for seed in range(20):
        for chord in compose(plan(Request("jazz, key change", seed))).chords:
            assert theory.tonic(_root(chord.symbol)) == chord.root

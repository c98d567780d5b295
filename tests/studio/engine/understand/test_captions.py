"""Scores of captions: named instruments play, excluded ones don't."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from riffusion_tui.studio.engine.compose import compose
from riffusion_tui.studio.engine.prompt import plan
from riffusion_tui.studio.engine.score import Score
from riffusion_tui.studio.engine.song_request import Request
from riffusion_tui.studio.engine.understand.words import tables

_FILES = [Path(__file__).parent / "prompts" / f"captions{number}.toml" for number in range(4, 9)]
_CASES = [case for file in _FILES for case in tomllib.loads(file.read_text("utf-8"))["case"]]
_STRUCK = ("drums", "percussion")


def _score(prompt: str, seed: int = 5, length_s: float = 20.0) -> Score:
    return compose(plan(Request(prompt, seed, length_s=length_s)))


def _families(score: Score) -> set[str]:
    table = tables.instruments()
    return {table[track.instrument].family for track in score.tracks if track.instrument in table and track.notes}


@pytest.mark.parametrize("case", _CASES[::18], ids=lambda case: str(case["p"])[:40])
def test_a_score_follows_its_caption(case: dict[str, Any]) -> None:
    score = _score(case["p"])
    played = {track.instrument for track in score.tracks if track.notes}
    assert all(set(one.split("|")) & played for one in case.get("has", ()))
    if "drums" in case:
        assert bool(_families(score) & set(_STRUCK)) == case["drums"]
    sung = any(track.role == "vocal" for track in score.tracks)
    assert sung == (score.plan.vocals != "none")
    if case.get("vocals") == "none":
        assert "voice" not in _families(score)


@pytest.mark.parametrize("prompt", ["epic trailer, no vocals", "gospel, instrumental", "trap without any vocals"])
def test_an_instrumental_has_no_voice_of_any_kind(prompt: str) -> None:
    for seed in range(4):
        assert "voice" not in _families(_score(prompt, seed))


def test_an_abrupt_ending_is_loud_and_short() -> None:
    faded, cut = _score("rock", 3, 60.0), _score("rock that ends abruptly", 3, 60.0)
    assert cut.sections[-1].energy > faded.sections[-1].energy
    last = [note for track in cut.tracks for note in track.notes if note.start > cut.beats - 6]
    closing = max(note.start for note in last)
    assert all(note.length <= 0.4 for note in last if note.start >= closing - 0.1)


def test_a_medley_moves_through_keys_and_tunes() -> None:
    score = _score("pop song, a medley", 3, 120.0)
    lifts = list(dict.fromkeys(section.lift for section in score.sections))
    assert lifts == [0, 5, 2]


def test_requested_verses_are_in_the_form() -> None:
    for seed in range(3):
        assert any(section.name.startswith("Verse") for section in _score("techno with verses", seed, 90.0).sections)


@pytest.mark.parametrize(
    ("prompt", "opener"),
    [("rock with electric guitar, starts with solo piano", "piano"), ("pop with guitar, sax intro", "sax")],
)
def test_the_requested_instrument_opens_the_song(prompt: str, opener: str) -> None:
    score = _score(prompt, 3, 100.0)
    assert score.sections[0].kind == "intro"
    starts = {track.instrument: track.notes[0].start for track in score.tracks if track.notes}
    assert starts[opener] < 4
    if "solo" in prompt:
        assert all(start > 3 for name, start in starts.items() if name != opener)


def test_a_solo_is_played_by_the_requested_player() -> None:
    score = _score("jazz with sax and a piano solo", 3, 100.0)
    solo = next(section for section in score.sections if section.kind == "solo")
    end = solo.start + solo.bars * 4
    leads = {track.instrument: track for track in score.tracks if track.role == "lead"}
    inside = {name: sum(solo.start <= note.start < end - 1 for note in track.notes) for name, track in leads.items()}
    assert inside["piano"] > inside.get("sax", 0)


@pytest.mark.parametrize("prompt", ["heavy metal without guitar solos", "bluegrass, no solos"])
def test_excluded_solos_leave_the_guitars_and_the_riffs(prompt: str) -> None:
    for seed in range(3):
        score = _score(prompt, seed, 150.0)
        assert not [section.name for section in score.sections if section.name.startswith("Solo")]
        assert "guitar" in _families(score)
    assert any(section.name.startswith("Riff") for section in _score("metal, no solos", 5, 150.0).sections)

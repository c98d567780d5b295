"""Swing: everybody's offbeats fall together, and in 12/8 none is late."""

from __future__ import annotations

from statistics import median

import pytest

from riffusion_tui.studio.engine.compose import compose
from riffusion_tui.studio.engine.prompt import plan
from riffusion_tui.studio.engine.score import Score
from riffusion_tui.studio.engine.song_request import Request

_SEEDS = range(4)
_LATE = 0.06
"""Beats by which a player may be late or early."""


def _song(prompt: str, seed: int) -> Score:
    return compose(plan(Request(prompt, seed=seed, length_s=60.0)))


def _offbeats(score: Score) -> dict[str, float]:
    """Return where the players' offbeats fall, in beats, of those who have some."""
    found = {}
    for track in score.tracks:
        places = [note.start % 1 for note in track.notes if 0.46 < note.start % 1 < 0.77]
        if track.role != "fx" and len(places) >= 12:
            found[track.name] = median(places)
    return found


@pytest.mark.parametrize("seed", _SEEDS)
@pytest.mark.parametrize("prompt", ["blues shuffle in 12/8", "doo-wop in 12/8", "gospel in 6/8", "jazz in 12/8"])
def test_eighths_in_threes_do_not_swing(prompt: str, seed: int) -> None:
    score = _song(prompt, seed)
    drums = [n for track in score.tracks if track.role in ("drums", "percussion", "bass") for n in track.notes]
    late = [note.start for note in drums if abs(note.start * 4 - round(note.start * 4)) > 4 * _LATE]
    assert len(late) < 0.03 * len(drums)
    assert score.plan.swing == 0


@pytest.mark.parametrize("seed", _SEEDS)
@pytest.mark.parametrize(
    "prompt", ["slow blues", "blues shuffle", "doo-wop in 4/4", "zydeco", "rock and roll", "country"]
)
def test_the_offbeats_of_all_players_fall_together(prompt: str, seed: int) -> None:
    places = _offbeats(_song(prompt, seed)).values()
    assert max(places) - min(places) < _LATE


def test_a_shuffle_is_in_triplets_unless_the_prompt_says_how_much_it_swings() -> None:
    shuffles = [score for seed in range(6) if (score := _song("slow blues in 4/4", seed)).plan.swing == 1]
    assert shuffles
    for score in shuffles:
        assert all(abs(place - 2 / 3) < _LATE / 2 for place in _offbeats(score).values())
        stated = _song("slow blues in 4/4, swing 58%", score.plan.seed)
        assert stated.plan.swing == pytest.approx(plan(Request("blues, swing 58%")).swing)


@pytest.mark.parametrize("seed", _SEEDS)
def test_nobody_plays_triplets_to_straight_drums(seed: int) -> None:
    for track in _song("soul in 4/4", seed).tracks:
        thirds = [n for n in track.notes if abs(abs(n.start % 1 - 0.5) - 1 / 6) < 0.03]
        assert len(thirds) < 0.1 * len(track.notes), track.name

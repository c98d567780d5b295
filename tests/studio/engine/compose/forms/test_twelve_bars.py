"""A blues in twelve bars: its form, its chords and its mode."""

from __future__ import annotations

import pytest

from riffusion_tui.studio.engine.compose import compose
from riffusion_tui.studio.engine.compose.chords.theory import tonic
from riffusion_tui.studio.engine.prompt import plan
from riffusion_tui.studio.engine.score import Score
from riffusion_tui.studio.engine.song_request import Request

_PROMPTS = (
    "slow 12-bar blues in E, weeping electric guitar, smoky male vocal",
    "twelve bar blues",
    "a 12 bar rock and roll song",
    "jazz, 12-bar blues, piano trio",
    "sad twelve-bar blues in A minor",
)


def _score(prompt: str, seed: int) -> Score:
    return compose(plan(Request(prompt, seed=seed, length_s=120.0)))


def _roots(score: Score) -> list[int]:
    """Return the root of each bar of the first verse, in semitones above the tonic."""
    verse = next(section for section in score.sections if section.kind == "verse")
    bar = score.plan.meter[0] * 4 / score.plan.meter[1]
    starts = [verse.start + number * bar for number in range(verse.bars)]
    sounding = ([c for c in score.chords if c.start <= start + 0.01][-1] for start in starts)
    return [(chord.root - tonic(score.plan.key)) % 12 for chord in sounding]


@pytest.mark.parametrize("seed", range(1, 5))
@pytest.mark.parametrize("prompt", _PROMPTS)
def test_the_verses_of_a_twelve_bar_blues_have_its_twelve_bars(prompt: str, seed: int) -> None:
    roots = _roots(_score(prompt, seed))
    assert len(roots) in (11, 12)  # the last one may be the song's last chord
    assert roots[0] == 0
    assert roots[4] == 5
    assert roots[6] == 0
    assert roots[8] != 0


@pytest.mark.parametrize("seed", range(1, 7))
def test_a_sad_blues_has_the_blues_mode_and_a_minor_one_minor(seed: int) -> None:
    assert plan(Request("sad, lonely blues", seed=seed)).mode == "blues"
    assert plan(Request("happy blues", seed=seed)).mode in ("blues", "mixolydian")
    assert plan(Request("sad blues in A minor", seed=seed)).mode == "minor"

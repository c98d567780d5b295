"""A canon: the other voices play the tune some bars later, over chords that return as often."""

from __future__ import annotations

import pytest

from riffusion_tui.studio.engine.compose import compose
from riffusion_tui.studio.engine.prompt import plan
from riffusion_tui.studio.engine.score import Score, Track
from riffusion_tui.studio.engine.song_request import Request
from tests.studio.engine.scores import bar_of

_LIMIT = "A canon needs two melody instruments that play without a band."
_PROMPTS = (
    "two flutes chasing each other, canon, cheerful, court of Frederick",
    "two violins and a cello, canon in D",
    "canon for three violins, sad",
)


def _voices(score: Score) -> list[Track]:
    return sorted((one for one in score.tracks if one.role in ("lead", "counter")), key=lambda one: one.role != "lead")


@pytest.mark.parametrize("prompt", _PROMPTS)
@pytest.mark.parametrize("seed", range(3))
def test_the_second_voice_imitates_the_first(prompt: str, seed: int) -> None:
    score = compose(plan(Request(prompt, seed=seed)))
    leader, follower = _voices(score)[:2]
    later = follower.notes[0].start - leader.notes[0].start
    bars = round(later / bar_of(score))
    assert bars in (2, 4)
    last = score.sections[-1]
    closing = last.start + (last.bars - 1) * bar_of(score)
    led = [note for note in leader.notes if note.start + bars * bar_of(score) < closing - 0.3]
    copied = follower.notes[: len(led)]
    assert [one.pitch % 12 for one in copied] == [one.pitch % 12 for one in led]
    assert all(abs(b.start - a.start - bars * bar_of(score)) < 0.1 for a, b in zip(led, copied, strict=True))


@pytest.mark.parametrize("seed", range(3))
def test_the_chords_return_with_each_voice(seed: int) -> None:
    score = compose(plan(Request(_PROMPTS[0], seed=seed)))
    later = _voices(score)[1].notes[0].start - _voices(score)[0].notes[0].start
    period = round(later / bar_of(score)) * bar_of(score)
    at = {round(chord.start, 3): chord.root for chord in score.chords}
    last = score.sections[-1]
    closing = last.start + (last.bars - 1) * bar_of(score)
    pairs = [(root, at.get(round(beat + period, 3))) for beat, root in at.items() if beat + period < closing - 0.1]
    assert len(pairs) > 8
    assert all(root == again for root, again in pairs)
    assert len(set(at.values())) >= 3


def test_a_band_plays_no_canon_and_says_so() -> None:
    assert _LIMIT in plan(Request("pop, canon", seed=1)).limits
    assert _LIMIT not in plan(Request("two flutes, canon", seed=1)).limits
    assert _LIMIT not in plan(Request("punk about dogs chasing each other", seed=1)).limits
    assert _LIMIT not in plan(Request("two flutes", seed=1)).limits

"""A drummer varies a groove that goes on; a machine does not."""

from __future__ import annotations

import pytest

from riffusion_tui.studio.engine.compose import compose
from riffusion_tui.studio.engine.prompt import plan
from riffusion_tui.studio.engine.song_request import Request


def _longest_run(prompt: str, seed: int) -> int:
    """Return how many bars in a row the drums play the same."""
    score = compose(plan(Request(prompt, seed=seed, length_s=150.0)))
    bar = score.plan.meter[0] * 4 / score.plan.meter[1]
    bars: dict[int, list[tuple[int, int]]] = {}
    for track in score.tracks:
        for note in track.notes if track.role == "drums" else ():
            number = int((note.start + 0.1) / bar)
            bars.setdefault(number, []).append((round(8 * (note.start - number * bar)), note.pitch))
    run = longest = 1
    for number in range(1, max(bars, default=0)):
        same = number in bars and sorted(bars[number]) == sorted(bars.get(number - 1, []))
        run = run + 1 if same else 1
        longest = max(longest, run)
    return longest


@pytest.mark.parametrize("prompt", ["bebop", "jazz", "bossa nova", "americana", "indie folk", "country", "rock"])
def test_no_drummer_plays_the_same_bar_over_and_over(prompt: str) -> None:
    assert max(_longest_run(prompt, seed) for seed in range(1, 7)) <= 8


def test_a_drum_machine_does() -> None:
    assert max(_longest_run("minimal techno", seed) for seed in range(1, 7)) >= 6

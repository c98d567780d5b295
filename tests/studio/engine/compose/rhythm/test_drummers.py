"""A drummer varies a groove that goes on, and fills; a machine does not vary it."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

import pytest

from riffusion_tui.studio.engine.compose import compose
from riffusion_tui.studio.engine.prompt import plan
from riffusion_tui.studio.engine.score import Score
from riffusion_tui.studio.engine.song_request import Request

_Strokes = frozenset[tuple[int, int]]


def _song(prompt: str, seed: int) -> Score:
    return compose(plan(Request(prompt, seed=seed, length_s=150.0)))


def _bars(score: Score) -> dict[int, _Strokes]:
    """Return the strokes of each bar: eighths of a beat, and pitches."""
    bar = score.plan.meter[0] * 4 / score.plan.meter[1]
    bars: dict[int, set[tuple[int, int]]] = {}
    for track in score.tracks:
        for note in track.notes if track.role == "drums" else ():
            number = int((note.start + 0.1) / bar)
            bars.setdefault(number, set()).add((round(8 * (note.start - number * bar)), note.pitch))
    return {number: frozenset(strokes) for number, strokes in bars.items()}


def _longest_run(prompt: str, seed: int) -> int:
    """Return how many bars in a row the drums play the same."""
    bars = _bars(_song(prompt, seed))
    run = longest = 1
    for number in range(1, max(bars, default=0)):
        run = run + 1 if number in bars and bars[number] == bars.get(number - 1) else 1
        longest = max(longest, run)
    return longest


@pytest.mark.parametrize("prompt", ["bebop", "jazz", "bossa nova", "americana", "indie folk", "country", "rock"])
def test_no_drummer_plays_the_same_bar_over_and_over(prompt: str) -> None:
    assert max(_longest_run(prompt, seed) for seed in range(1, 7)) <= 8


def test_a_drum_machine_does() -> None:
    assert max(_longest_run("minimal techno", seed) for seed in range(1, 7)) >= 6


def _last_beats(score: Score) -> tuple[list[_Strokes], list[bool]]:
    """Return what drummers play at the ends of sections in which it isn't the groove, and whether phrases end so."""
    bars, length = _bars(score), score.plan.meter[0] * 4 / score.plan.meter[1]
    fills, marked = [], []
    for section in score.sections[:-1]:
        first = round(section.start / length)
        last = [
            frozenset(stroke for stroke in bars.get(number, ()) if stroke[0] >= 8 * (length - 1))
            for number in range(first, first + section.bars)
        ]
        [(groove, _)] = Counter(last).most_common(1)
        fills += [last[-1]] if last[-1] not in (groove, frozenset()) else []
        marked += [last[at] != groove for at in range(7, section.bars - 1, 8) if groove]
    return fills, marked


@pytest.mark.parametrize("prompt", ["bebop", "punk", "rock", "country", "hard rock", "klezmer", "soul"])
def test_two_fills_in_a_row_differ(prompt: str) -> None:
    found = [_last_beats(_song(prompt, seed))[0] for seed in range(1, 9)]
    pairs = [pair for fills in found for pair in pairwise(fills)]
    assert sum(one == other for one, other in pairs) <= 0.15 * len(pairs)


def test_the_phrases_of_long_sections_end_with_short_fills() -> None:
    """Of a section with sixteen bars, only the last one had a fill."""
    songs = [_song(prompt, seed) for prompt in ("bebop", "punk", "klezmer", "hard rock") for seed in range(1, 9)]
    marked = [ends for score in songs for ends in _last_beats(score)[1]]
    assert len(marked) > 50
    assert sum(marked) >= 0.75 * len(marked)

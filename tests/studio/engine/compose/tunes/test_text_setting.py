"""Words are set to a tune as a singer would: stresses on strong beats, no syllable gabbled or cut, no word broken."""

from __future__ import annotations

from functools import cache
from itertools import pairwise
from statistics import mean

import pytest

from riffusion_tui.studio.engine.compose import compose
from riffusion_tui.studio.engine.compose.rhythm.steps import strong_beats
from riffusion_tui.studio.engine.compose.tunes.motif import Motif
from riffusion_tui.studio.engine.compose.tunes.text_setting import Setting, set_words, weakness
from riffusion_tui.studio.engine.lyrics.syllables import sing
from riffusion_tui.studio.engine.prompt import plan
from riffusion_tui.studio.engine.score import Note, Score
from riffusion_tui.studio.engine.song_request import Request

_PROMPTS = (
    "pop ballad, female singer, piano", "country song, male singer", "rock anthem, male vocals",
    "folk song, female voice", "jazz ballad, female singer", "lullaby sung by a woman", "waltz song, female vocals",
    "gospel song, female lead",
    "musical theatre song, female", "bossa nova, female singer", "blues, man sings", "soul ballad, 12/8, male singer",
)  # fmt: skip


@cache
def _scores() -> tuple[Score, ...]:
    return tuple(compose(plan(Request(prompt, seed=seed, length_s=60.0))) for prompt in _PROMPTS for seed in range(3))


def _lines(score: Score) -> list[list[Note]]:
    notes = sorted((n for t in score.tracks if t.role == "vocal" for n in t.notes), key=lambda note: note.start)
    starts = [line.start for line in score.lyric_lines] + [score.beats]
    return [[note for note in notes if begin - 0.2 <= note.start < end - 0.2] for begin, end in pairwise(starts)]


def test_few_syllables_are_gabbled() -> None:
    """Of the lines of slow songs, half had syllables of a seventh of a second, and then one that was held."""
    short = [
        min((b.start - a.start) * 60 / score.plan.bpm for a, b in pairwise(line)) < 0.15
        for score in _scores()
        for line in _lines(score)
        if len(line) > 1
    ]
    assert mean(short) < 0.1


def test_the_last_syllable_of_a_line_is_not_cut() -> None:
    ends = [line[-1].length * 60 / score.plan.bpm for score in _scores() for line in _lines(score)]
    assert mean(end < 0.3 for end in ends) < 0.06


def test_no_breath_is_taken_within_a_word() -> None:
    gaps = [
        (b.start - a.start - a.length) * 60 / score.plan.bpm
        for score in _scores()
        for line in _lines(score)
        for a, b in pairwise(line)
        if a.syllable.endswith("-")
    ]
    assert mean(gap > 0.2 for gap in gaps) < 0.005


def test_stressed_syllables_are_on_much_stronger_beats_than_the_others() -> None:
    strong: list[int] = []
    weak: list[int] = []
    for score in _scores():
        for line, text in zip(_lines(score), score.lyric_lines, strict=True):
            for note, syllable in zip(line, sing(text.text).syllables, strict=True):
                found = weakness(score.plan.meter, round(note.start * 4) / 4)
                (strong if syllable.stressed else weak).append(found)
    assert mean(strong) + 0.8 < mean(weak)


def test_a_line_of_many_syllables_is_not_sung_on_two_notes() -> None:
    lines = [line for score in _scores() for line in _lines(score) if len(line) >= 7]
    assert mean(len({note.pitch for note in line}) <= 2 for line in lines) < 0.05


_TUNE = Motif(((0.0, 1.0), (1.0, 1.0), (2.0, 2.0), (4.0, 1.0), (5.0, 2.0)), (0, 2, 4, 2, 0))


@pytest.mark.parametrize("meter", [(4, 4), (3, 4), (6, 8), (12, 8), (7, 8), (5, 4)])
@pytest.mark.parametrize(
    "words", ["Go", "la la la la la", "The kettle sings at seven in the morning", "never, ever " * 5, "o " * 32]
)
def test_each_syllable_has_a_note_in_order_within_the_span(meter: tuple[int, int], words: str) -> None:
    line = sing(words)
    found = set_words(line, Setting(_TUNE, meter, 7.5, 7.7, 0.5))
    assert len(found.times) == len(found.contour) == len(line.syllables)
    for (at, length), (after, _) in pairwise(found.times):
        assert at < after
        assert 0 < length <= after - at + 1e-9
    assert found.times[0][0] >= 0
    assert found.times[-1][0] + found.times[-1][1] <= 7.7


def test_words_that_fit_a_tune_keep_its_rhythm() -> None:
    found = set_words(sing("Hold the line to night"), Setting(_TUNE, (4, 4), 7.5, 7.7, 0.5))
    assert [at for at, _ in found.times] == [at for at, _ in _TUNE.times]


def test_an_upbeat_comes_before_the_strong_beat() -> None:
    tune = Motif(((0.0, 1.0), (1.0, 1.0), (2.0, 1.0), (3.0, 1.0)), (0, 1, 2, 1))
    line = sing("The garden is a desert")
    found = set_words(line, Setting(tune, (4, 4), 7.5, 7.7, 0.5))
    on = [weakness((4, 4), at) for (at, _), one in zip(found.times, line.syllables, strict=True) if one.stressed]
    assert max(on) <= 1


@pytest.mark.parametrize("meter", [(4, 4), (3, 4), (6, 8), (12, 8), (7, 8)])
def test_weakness_is_0_on_strong_beats_and_grows(meter: tuple[int, int]) -> None:
    assert all(weakness(meter, beat) == 0 for beat in strong_beats(meter))
    assert weakness(meter, 0.25) >= 3
    assert weakness(meter, 0.3) == 4
    assert weakness(meter, meter[0] * 4 / meter[1]) == 0


@pytest.mark.parametrize("seed", range(3))
def test_recited_lines_have_the_pace_of_speech(seed: int) -> None:
    score = compose(plan(Request("spoken word over ambient pads, a woman speaks", seed=seed, length_s=60.0)))
    lines = [line for line in _lines(score) if len(line) > 3]
    assert len(lines) > 3
    gaps = [(b.start - a.start) * 60 / score.plan.bpm for line in lines for a, b in pairwise(line)]
    assert 0.15 < mean(gaps) < 0.3
    waits = [
        (b.start - a.start - a.length) * 60 / score.plan.bpm
        for line in lines
        for a, b in pairwise(line)
        if a.syllable.endswith("-")
    ]
    assert max(waits) < 0.12

"""Singable melodies: mostly steps, few repeated tones, leaps that turn back, a recurring hook."""

from __future__ import annotations

from collections import Counter
from functools import cache
from itertools import combinations, pairwise
from statistics import mean

import pytest

from riffusion_tui.studio.engine.compose import compose
from riffusion_tui.studio.engine.compose.tunes import contour
from riffusion_tui.studio.engine.prompt import plan
from riffusion_tui.studio.engine.score import Note, Score
from riffusion_tui.studio.engine.song_request import Request
from tests.studio.engine.scores import bar_of, distance, tune

_PROMPTS = (
    "pop song about summer",
    "rock anthem",
    "country ballad about home",
    "jazz ballad, saxophone",
    "blues shuffle",
    "lo-fi hip hop",
    "reggae",
    "waltz for strings",
    "flute solo",
    "epic orchestral",
    "lullaby",
    "punk rock",
    "salsa",
    "bluegrass",
)
_SCALE = frozenset({0, 2, 4, 5, 7, 9, 11})
_TRIAD = frozenset({0, 4, 7})


@cache
def _song(prompt: str, seed: int = 0) -> Score:
    return compose(plan(Request(prompt, seed=seed, length_s=100.0)))


def _line(score: Score) -> list[Note]:
    track = tune(score)
    assert track is not None
    return sorted(track.notes, key=lambda note: note.start)


def _moves(notes: list[Note]) -> list[int]:
    return [b.pitch - a.pitch for a, b in pairwise(notes) if b.start - a.start < 4]


def _share(moves: list[int], low: int, high: int) -> float:
    return sum(low <= abs(move) <= high for move in moves) / len(moves)


def test_melodies_move_mostly_in_steps() -> None:
    moves = [_moves(_line(_song(prompt))) for prompt in _PROMPTS]
    assert mean(_share(one, 0, 0) for one in moves) <= 0.25
    assert mean(_share(one, 1, 2) for one in moves) >= 0.45
    assert mean(_share(one, 3, 12) for one in moves) >= 0.12
    assert mean(_share(one, 13, 99) for one in moves) <= 0.01


def test_melodies_turn_back_after_a_leap() -> None:
    pairs = [pair for prompt in _PROMPTS for pair in pairwise(_moves(_line(_song(prompt)))) if abs(pair[0]) >= 5]
    assert len(pairs) > 40
    assert mean(a * b < 0 for a, b in pairs) >= 0.6


def test_choruses_repeat_a_figure_of_four_notes() -> None:
    found = []
    for prompt in _PROMPTS:
        score = _song(prompt)
        for section in score.sections:
            end = section.start + section.bars * bar_of(score)
            inside = [n for n in _line(score) if section.start - 0.2 <= n.start < end - 0.2]
            if section.kind in ("chorus", "drop") and section.bars >= 8 and len(inside) >= 12:
                steps = [(b.pitch - a.pitch, round(4 * (b.start - a.start))) for a, b in pairwise(inside)]
                figures = Counter(zip(steps, steps[1:], steps[2:], strict=False))
                found.append(sum(count for count in figures.values() if count > 1) / sum(figures.values()))
    assert len(found) > 10
    assert mean(found) >= 0.4


def test_a_repeated_chorus_has_the_same_tune() -> None:
    score = _song("pop song about summer")
    choruses = [section for section in score.sections if section.kind == "chorus"]
    assert len(choruses) > 1
    tunes = []
    for section in choruses:
        end = section.start + section.bars * bar_of(score)
        inside = [n for n in _line(score) if section.start - 0.2 <= n.start < end - 0.2]
        tunes.append([(round(4 * (n.start - section.start)), n.pitch - section.lift) for n in inside])
    assert all(one == tunes[0] for one in tunes)


def test_seeds_of_a_prompt_differ_nearly_as_much_as_prompts() -> None:
    chosen = _PROMPTS[::2]
    seeds = mean(distance(_song(prompt), _song(prompt, 1)) for prompt in chosen)
    prompts = mean(distance(_song(one), _song(other)) for one, other in combinations(chosen, 2))
    assert seeds >= 0.6 * prompts


def _slots(wished: list[int], held: bool = False) -> list[contour.Slot]:
    return [contour.Slot(_SCALE, pitch, _TRIAD, held) for pitch in wished]


def test_a_line_stays_in_its_scale_and_range() -> None:
    line = contour.sung(_slots([61, 63, 66, 68, 90, 30]), (), 55, 79)
    assert all(pitch % 12 in _SCALE and 55 <= pitch <= 79 for pitch in line)


def test_a_held_note_is_a_chord_tone() -> None:
    assert contour.sung(_slots([62], held=True), (60,), 55, 79)[0] % 12 in _TRIAD
    assert contour.sung(_slots([62]), (60,), 55, 79) == [62]


def test_a_line_does_not_repeat_one_tone_unless_it_chants() -> None:
    still = _slots([64] * 8)
    assert len(set(contour.sung(still, (), 55, 79))) > 1
    assert contour.sung(still, (), 55, 79, chants=True) == [64] * 8


@pytest.mark.parametrize("up", [True, False])
def test_a_leap_turns_back_even_across_lines(up: bool) -> None:
    before = (55, 67) if up else (79, 67)
    (first,) = contour.sung(_slots([67]), before, 48, 86)
    assert (first < 67) if up else (first > 67)


def test_a_figure_repeats_its_pitches_if_the_chord_allows() -> None:
    slots = [contour.Slot(_SCALE, 65, _TRIAD, earlier=pitch) for pitch in (67, 69, 71, 72)]
    assert contour.sung(slots, (), 55, 79) == [67, 69, 71, 72]
    other = contour.Slot(_SCALE, 67, frozenset({5, 9, 0}), held=True, earlier=64)
    assert contour.sung([other], (), 55, 79) != [64]


def test_a_phrase_ends_on_its_closing_tones() -> None:
    end = contour.Slot(_SCALE, 64, _TRIAD, held=True, close=frozenset({2, 7}))
    assert contour.sung([*_slots([64, 65]), end], (), 55, 79)[-1] % 12 in (2, 7)


def _sung_height(score: Score, kind: str) -> float:
    """Return the mean pitch of what is sung in a kind of section, in the song's own key."""
    bar = bar_of(score)
    sung = [
        (note, section.lift)
        for section in score.sections
        if section.kind == kind
        for note in _line(score)
        if section.start - 0.1 <= note.start < section.start + section.bars * bar - 0.1
    ]
    return sum((note.pitch - lift) * note.length for note, lift in sung) / sum(note.length for note, _ in sung)


@pytest.mark.parametrize("prompt", ["soul", "power ballad"])
def test_choruses_are_not_lower_than_verses(prompt: str) -> None:
    """One in thirteen was, by up to a major third."""
    songs = [compose(plan(Request(prompt, seed=seed, length_s=120.0))) for seed in range(1, 9)]
    assert sum(_sung_height(song, "chorus") < _sung_height(song, "verse") - 0.3 for song in songs) == 0


def test_tune_and_bass_rarely_move_in_octaves() -> None:
    """They did in an eighth of all changes of the chord, as often as by chance."""
    moves = parallel = 0
    for prompt in ("baroque", "waltz, instrumental", "string quartet", "romantic piano", "classical", "pop", "country"):
        for seed in range(4):
            score, before = _song(prompt, seed), None
            tune = {round(note.start, 1): note.pitch for note in _line(score)}
            for last, chord in pairwise(score.chords):
                pitch = tune.get(round(chord.start, 1))
                if chord.root == last.root:
                    continue
                if pitch is not None and before is not None and pitch != before[0]:
                    moves += 1
                    parallel += pitch % 12 == chord.root and before[0] % 12 == before[1] == last.root
                before = None if pitch is None else (pitch, chord.root)
    assert moves > 400
    assert parallel <= 0.08 * moves

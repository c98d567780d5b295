"""Plainchant is one line of men, in free rhythm, in Latin; what others sing or play beside it is in the prompt."""

from __future__ import annotations

from itertools import pairwise
from statistics import mean

import pytest

from riffusion_tui.studio.engine.compose import compose
from riffusion_tui.studio.engine.compose.chords.theory import scale_of, tonic
from riffusion_tui.studio.engine.mix.performance import singer_of
from riffusion_tui.studio.engine.prompt import plan
from riffusion_tui.studio.engine.score import Note, Score
from riffusion_tui.studio.engine.singing.delivery import language_of
from riffusion_tui.studio.engine.song_request import Request

_CHANTS = (
    "gregorian chant", "plainchant", "plainsong", "monks chanting", "medieval monks chanting in a cathedral",
    "A Gregorian chant sung by monks; echoey, slow.", "gregorian choir", "solo monk chanting",
)  # fmt: skip
_GIVEN = "[Verse]\nThe harbor sleeps below the hill\nAnd every boat is standing still"


def _score(prompt: str, seed: int = 1, lyrics: str | None = None) -> Score:
    return compose(plan(Request(prompt, seed=seed, length_s=50.0, lyrics=lyrics)), lyrics=lyrics)


def _sung(score: Score) -> list[Note]:
    return sorted((n for t in score.tracks if t.role == "vocal" for n in t.notes), key=lambda note: note.start)


@pytest.mark.parametrize("prompt", _CHANTS)
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_only_one_line_is_heard(prompt: str, seed: int) -> None:
    score = _score(prompt, seed)
    assert [track.role for track in score.tracks] == ["vocal"]
    assert all(later.start >= note.start + note.length - 0.12 for note, later in pairwise(_sung(score)))


@pytest.mark.parametrize("prompt", _CHANTS)
def test_men_sing_it_in_the_range_of_all_of_them(prompt: str) -> None:
    for seed in range(6):
        score = _score(prompt, seed)
        pitches = [note.pitch for note in _sung(score)]
        assert singer_of(score.plan, score.tracks[0]) == "male choir"
        assert min(pitches) >= 40
        assert max(pitches) <= 65
        assert max(pitches) - min(pitches) <= 14


@pytest.mark.parametrize(
    ("prompt", "singer", "low"),
    [
        ("nuns singing gregorian chant", "female choir", 53),
        ("gregorian chant, women's choir", "female choir", 53),
        ("gregorian chant sung by a boys' choir", "children", 56),
    ],
)
def test_others_sing_it_if_the_prompt_says_so(prompt: str, singer: str, low: int) -> None:
    score = _score(prompt)
    assert singer_of(score.plan, score.tracks[-1]) == singer
    assert min(note.pitch for note in _sung(score)) >= low


@pytest.mark.parametrize("seed", range(6))
def test_its_notes_are_those_of_the_mode_and_it_ends_on_the_final(seed: int) -> None:
    score = _score("gregorian chant", seed)
    scale = {(tonic(score.plan.key) + step) % 12 for step in scale_of(score.plan.mode)}
    assert {note.pitch % 12 for note in _sung(score)} <= scale
    assert score.plan.mode in ("dorian", "phrygian", "lydian", "mixolydian")
    assert _sung(score)[-1].pitch % 12 == tonic(score.plan.key)


@pytest.mark.parametrize("seed", range(6))
def test_it_moves_in_steps_and_its_rhythm_is_that_of_speech(seed: int) -> None:
    score = _score("gregorian chant", seed)
    notes, beat = _sung(score), 60 / score.plan.bpm
    starts = {line.start for line in score.lyric_lines}
    moves = [abs(b.pitch - a.pitch) for a, b in pairwise(notes) if b.start not in starts]
    assert mean(move <= 4 for move in moves) > 0.8
    inner = [note.length * beat for note, after in pairwise(notes) if after.start - note.start < note.length * 1.2]
    assert min(inner) > 0.15
    assert max(inner) < 1.4
    # In most bars of a song, a note begins with the bar; here, few do.
    bars = score.beats / 4
    on_bars = sum(any(abs(note.start - 4 * bar) < 0.02 for note in notes) for bar in range(int(bars)))
    assert on_bars < 0.6 * bars


@pytest.mark.parametrize("seed", range(4))
def test_it_has_no_long_silences(seed: int) -> None:
    score = _score("gregorian chant", seed)
    notes, beat = _sung(score), 60 / score.plan.bpm
    assert notes[0].start * beat < 1
    assert max((b.start - a.start - a.length) * beat for a, b in pairwise(notes)) < 3
    assert (score.beats - notes[-1].start - notes[-1].length) * beat < 2.5


def test_its_words_are_those_of_the_liturgy_in_latin() -> None:
    for seed in range(40):
        score = _score("gregorian chant", seed)
        assert language_of(score) == "la", score.lyrics
        assert score.plan.limits == ()


def test_given_words_are_chanted() -> None:
    score = _score("gregorian chant", lyrics=_GIVEN)
    assert "".join(note.syllable for note in _sung(score)).startswith("Thehar-bor")
    assert language_of(score) == "en"


def test_a_subject_has_english_words() -> None:
    assert language_of(_score("gregorian chant about pizza")) == "en"


@pytest.mark.parametrize(
    ("prompt", "title"), [("kyrie for choir in latin", "Kyrie"), ("ave maria, gregorian chant", "Ave Maria")]
)
def test_a_refrain_that_the_prompt_names_is_sung(prompt: str, title: str) -> None:
    assert {_score(prompt, seed).title for seed in range(4)} == {title}


def test_a_motet_in_latin_has_latin_words() -> None:
    score = _score("motet for choir in latin")
    assert language_of(score) == "la"
    assert score.plan.limits == ()


@pytest.mark.parametrize("seed", range(4))
def test_an_organum_has_a_second_line_that_is_never_above_nor_below_the_final(seed: int) -> None:
    score = _score("gregorian chant with organum", seed)
    (second,) = (track for track in score.tracks if track.role != "vocal")
    sung = _sung(score)
    assert len(second.notes) == len(sung)
    apart = [
        note.pitch - other.pitch for note, other in zip(sung, sorted(second.notes, key=lambda n: n.start), strict=True)
    ]
    assert min(apart) >= 0
    assert max(apart) <= 6
    assert mean(move in (0, 5) for move in apart) > 0.3


def test_a_drone_is_the_final() -> None:
    score = _score("gregorian chant over a drone")
    (drone,) = (track for track in score.tracks if track.role != "vocal")
    assert {note.pitch % 12 for note in drone.notes} == {tonic(score.plan.key)}
    assert max(note.pitch for note in drone.notes) <= min(note.pitch for note in _sung(score)) + 7


def test_an_organ_accompanies_it_if_the_prompt_says_so() -> None:
    assert {track.instrument for track in _score("gregorian chant with organ").tracks} == {"choir", "church organ"}


def test_with_a_beat_it_is_a_song() -> None:
    score = _score("Gregorian chant + trance beat")
    assert len(score.tracks) > 4


@pytest.mark.parametrize("prompt", ["a choir sings in unison, a hymn", "male choir in unison, a cappella"])
def test_any_choir_can_sing_in_unison(prompt: str) -> None:
    score = _score(prompt)
    assert [track.role for track in score.tracks] == ["vocal"]


def test_the_tempo_that_was_chosen_is_that_of_the_song() -> None:
    made = [_score("plainchant", seed).plan for seed in (1, 2, 3)]
    assert [dict(one.chosen)["bpm"] for one in made] == [f"{one.pulse:g}" for one in made]


@pytest.mark.parametrize(
    "prompt",
    [
        "Gregorian chant, male choir, in latin, 30 seconds",
        "plainsong, exactly 20 seconds",
        "Gregorian chant, 30 seconds, 70 bpm",
        "Gregorian chant, 10 seconds",
        "Gregorian chant, 55 bpm, 45 seconds",
        "nuns singing gregorian chant, 90 bpm, 90 seconds",
        "solo monk chanting, 2 minutes",
    ],
)
def test_it_is_as_long_as_requested(prompt: str) -> None:
    for seed in range(5):
        made = plan(Request(prompt, seed=seed))
        score = compose(made)
        beat = 60 / score.plan.bpm
        assert abs(score.plan.length_s - made.length_s) < 0.5, seed
        assert abs(score.beats * beat + 1.5 - made.length_s) < 0.5, seed
        assert ("bpm" in prompt) <= (score.plan.bpm == made.bpm)
        notes = _sung(score)
        assert -0.1 < (score.beats - notes[-1].start - notes[-1].length) * beat < 3, seed
        # A line every seven seconds, at least.
        assert len(score.lyric_lines) * 7 > made.length_s - 3, seed

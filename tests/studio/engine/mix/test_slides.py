"""Slides, bends and vibrato: where a note's pitch begins, where it ends, and which notes have them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from riffusion_tui.studio.engine.cache import Signal
from riffusion_tui.studio.engine.compose import catalog
from riffusion_tui.studio.engine.datafiles import read_data
from riffusion_tui.studio.engine.mix.slides import Reached, Slides, reached, slid, slides_of
from riffusion_tui.studio.engine.score import Note
from riffusion_tui.studio.engine.synth.tones import SAMPLE_RATE
from riffusion_tui.studio.engine.synth.voice import NoteSound

_HZ = 440.0


def _sine(seconds: float, rows: int = 1) -> Signal:
    wave = np.sin(2 * np.pi * _HZ * np.arange(round(seconds * SAMPLE_RATE)) / SAMPLE_RATE).astype(np.float32)
    return wave if rows == 1 else np.stack([wave] * rows)


def _hertz(sound: Signal, begin_s: float, end_s: float) -> float:
    """Return the frequency between two times, by zero crossings."""
    piece = np.atleast_2d(sound)[0, round(begin_s * SAMPLE_RATE) : round(end_s * SAMPLE_RATE)]
    crossings = np.flatnonzero(np.diff(np.signbit(piece)))
    return float(0.5 * (len(crossings) - 1) * SAMPLE_RATE / (crossings[-1] - crossings[0]))


@pytest.mark.parametrize("semitones", [-7, -2, -1, 2, 5, 12])
@pytest.mark.parametrize("rows", [1, 2])
@pytest.mark.parametrize("vibrato", [0.0, 0.3])
def test_a_note_begins_where_it_slides_from_and_ends_on_its_pitch(semitones: int, rows: int, vibrato: float) -> None:
    sound = slid(NoteSound(_sine(1.0, rows)), Reached(semitones, 0.2, vibrato)).body
    first, last = _hertz(sound, 0.0, 0.03), _hertz(sound, 0.3, 0.85)
    assert 12 * np.log2(first / _HZ) == pytest.approx(semitones, abs=0.6)
    assert last == pytest.approx(_HZ, rel=0.003 if vibrato else 0.001)


def test_vibrato_goes_up_and_down_around_the_pitch() -> None:
    sound = slid(NoteSound(_sine(2.0)), Reached(0, 0.1, 0.3)).body
    heard = [12 * np.log2(_hertz(sound, at, at + 0.03) / _HZ) for at in np.arange(0.6, 1.8, 0.01)]
    assert max(heard) == pytest.approx(0.3, abs=0.1)
    assert min(heard) == pytest.approx(-0.3, abs=0.1)
    assert 12 * np.log2(_hertz(sound, 0.0, 0.15) / _HZ) == pytest.approx(0.0, abs=0.05)


@settings(deadline=None)
@given(
    frames=st.integers(0, 5000),
    semitones=st.integers(-12, 12),
    seconds=st.floats(0.0, 0.5),
    vibrato=st.sampled_from([0.0, 0.3]),
    rows=st.sampled_from([1, 2]),
)
def test_any_sound_stays_about_as_long_and_has_no_step(
    frames: int, semitones: int, seconds: float, vibrato: float, rows: int
) -> None:
    sound = slid(NoteSound(_sine(frames / SAMPLE_RATE, rows), 0.5), Reached(semitones, seconds, vibrato))
    assert sound.gain == 0.5
    assert np.isfinite(sound.body).all()
    assert frames / 2 <= sound.body.shape[-1] <= frames * 1.5
    steps = np.abs(np.diff(np.atleast_2d(sound.body)[0]))
    assert not steps.size or steps.max() <= 2.2 * 2 * np.pi * _HZ / SAMPLE_RATE


def _ways(slides: Slides, *notes: Note) -> list[Reached | None]:
    return list(reached(slides, notes, 0.5))


def test_a_slide_begins_at_the_note_before_if_it_is_near_and_there_is_no_rest() -> None:
    slides = Slides(reach=4, seconds=0.1)
    near = _ways(slides, Note(0.0, 1.0, 60, 0.8), Note(1.0, 1.0, 63, 0.8))
    assert near == [None, Reached(-3, 0.1, 0.0)]
    assert _ways(slides, Note(0.0, 1.0, 60, 0.8), Note(1.0, 1.0, 67, 0.8))[1] is None
    assert _ways(slides, Note(0.0, 1.0, 60, 0.8), Note(2.0, 1.0, 63, 0.8))[1] is None
    assert _ways(slides, Note(0.0, 1.0, 60, 0.8), Note(0.0, 1.0, 63, 0.8))[1] is None


def test_about_as_many_long_notes_are_bent_as_the_table_says_and_no_short_ones() -> None:
    slides = Slides(bends=0.4, by=2)
    long = _ways(slides, *(Note(float(2 * i), 1.0, 60 + i % 12, 0.8) for i in range(400)))
    assert 0.3 <= sum(how is not None for how in long) / 400 <= 0.5
    assert {how.semitones for how in long if how} == {-2}
    assert _ways(slides, *(Note(float(2 * i), 0.25, 60 + i % 12, 0.8) for i in range(100))) == [None] * 100


def test_a_short_note_is_on_its_pitch_for_most_of_its_length() -> None:
    (_, how) = _ways(Slides(reach=4, seconds=0.2), Note(0.0, 0.3, 60, 0.8), Note(0.3, 0.3, 62, 0.8))
    assert how is not None
    assert how.seconds == pytest.approx(0.05)


def test_each_name_in_the_table_is_an_instrument() -> None:
    assert [name for name in read_data("slides.toml") if not catalog.instrument(name)] == []


def test_only_tunes_and_answers_slide() -> None:
    assert slides_of("slide guitar", "lead")
    assert slides_of("slide guitar", "chords") is None
    assert slides_of("piano", "lead") is None

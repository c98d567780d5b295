"""Soft songs stay soft, and well-recorded samples are unchanged."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from riffusion_tui.studio.engine.compose import compose
from riffusion_tui.studio.engine.mixing import mixing_for
from riffusion_tui.studio.engine.prompt import plan
from riffusion_tui.studio.engine.sketch_engine import SketchEngine
from riffusion_tui.studio.engine.song_request import Request
from riffusion_tui.studio.engine.spectral_balance import toned


@pytest.mark.parametrize("prompt", ["a quiet lullaby", "lullaby", "intimate acoustic song", "quiet ambient"])
def test_a_quiet_prompt_has_a_softer_master(prompt: str) -> None:
    assert mixing_for(plan(Request(prompt))).loudness == -20


@pytest.mark.parametrize("prompt", ["harp solo, gentle", "soft piano and flute", "calm string quartet"])
def test_a_soft_soloist_or_ensemble_has_a_softer_master(prompt: str) -> None:
    assert mixing_for(plan(Request(prompt))).loudness == -18


@pytest.mark.parametrize("prompt", ["piano sonata", "baroque concerto", "sitar raga", "soul, 1970s"])
def test_classical_music_and_old_records_have_a_softer_master(prompt: str) -> None:
    assert mixing_for(plan(Request(prompt))).loudness == -18


@pytest.mark.parametrize(
    "prompt",
    [
        "pop",
        "loud string quartet",
        "very loud rock, 1970s",
        "soft rock",
        "calm ambient",
        "loud piano solo",
        "ambient",
        "quiet verse, loud chorus, rock",
        "not quiet at all, loud rock",
        "jazz, quiet ending",
    ],
)
def test_every_other_song_has_the_default_loudness(prompt: str) -> None:
    assert mixing_for(plan(Request(prompt))).loudness == -14


def test_a_quiet_songs_file_is_quiet(tmp_path: Path) -> None:
    request = Request("quiet solo piano", length_s=12.0, instrumental=True)
    made = SketchEngine("synthesized").make(request, tmp_path / "a.wav", "wav", lambda *_: None, lambda: False)
    assert made.loudness_lufs == pytest.approx(-20, abs=0.5)


@pytest.mark.parametrize("prompt", ["romantic piano", "piano ballad", "ambient", "lullaby"])
def test_acoustic_genres_are_not_equalized(prompt: str) -> None:
    mixing = mixing_for(plan(Request(prompt)))
    assert toned(mixing, [np.array([1.0, 9.0, 1.0, 0.1, 0.01])]).tone == mixing.tone


def test_ambient_songs_have_notes_between_bass_and_pads() -> None:
    shares = []
    for seed in (1, 2, 3):
        score = compose(plan(Request("ambient drone, slow", seed=seed, length_s=60.0, instrumental=True)))
        notes = [n for track in score.tracks if track.role in ("pad", "chords", "bass") for n in track.notes]
        # The octave around 125 Hz (88 to 177 Hz) is pitches 41 to 53.
        low = sum(note.length for note in notes if 41 <= note.pitch <= 53)
        shares.append(low / sum(note.length for note in notes))
    assert np.mean(shares) > 0.12

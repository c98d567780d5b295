"""Soft songs stay soft, and well-recorded samples are unchanged."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from riffusion_tui.studio.engine.compose import catalog, compose
from riffusion_tui.studio.engine.compose.song_context import sparser
from riffusion_tui.studio.engine.mix.mixing import mixing_for
from riffusion_tui.studio.engine.mix.spectral_balance import toned
from riffusion_tui.studio.engine.prompt import plan
from riffusion_tui.studio.engine.sketch_engine import SketchEngine
from riffusion_tui.studio.engine.song_request import Request


@pytest.mark.parametrize(
    "prompt",
    ["a quiet lullaby", "lullaby", "intimate acoustic song", "quiet ambient", "folk, girl singing very quietly"],
)
def test_a_quiet_prompt_has_a_softer_master(prompt: str) -> None:
    assert mixing_for(plan(Request(prompt))).loudness == -23


@pytest.mark.parametrize("prompt", ["harp solo, gentle", "soft piano and flute", "calm string quartet"])
def test_a_soft_soloist_or_ensemble_has_a_softer_master(prompt: str) -> None:
    assert mixing_for(plan(Request(prompt))).loudness == -20


@pytest.mark.parametrize(
    "prompt",
    [
        "baroque concerto",
        "sitar raga",
        "soul, 1970s",
        "ambient",
        "calm ambient",
        "soft ballad, female singer",
        "film score with choir",
    ],
)
def test_classical_and_calm_music_and_old_records_have_a_softer_master(prompt: str) -> None:
    assert mixing_for(plan(Request(prompt))).loudness == -18


@pytest.mark.parametrize("prompt", ["piano sonata", "string quartet", "classical guitar"])
def test_soloists_and_chamber_music_are_softer_than_an_orchestra(prompt: str) -> None:
    assert mixing_for(plan(Request(prompt))).loudness == -20


@pytest.mark.parametrize(
    ("prompt", "louder"), [("quiet harp solo", "harp solo"), ("soft piano and flute", "piano and flute")]
)
def test_a_quiet_song_is_played_with_softer_notes(prompt: str, louder: str) -> None:
    """Quiet music was played mezzo-forte and turned down."""

    def velocity(prompt: str) -> float:
        score = compose(plan(Request(prompt, seed=1, length_s=45.0, instrumental=True)))
        return float(np.mean([note.velocity for track in score.tracks for note in track.notes]))

    assert velocity(prompt) < 0.5
    assert velocity(prompt) < velocity(louder)


def test_the_drums_of_a_soft_song_are_in_the_back() -> None:
    soft, usual = (mixing_for(plan(Request(prompt))) for prompt in ("soft ballad", "ballad"))
    assert soft.levels["drums"] < usual.levels["drums"]
    assert soft.levels["vocal"] == usual.levels["vocal"]


def test_a_mellow_song_has_a_sparse_beat() -> None:
    """Easy listening had ten drum strokes a second."""
    rates = []
    for seed in range(6):
        score = compose(plan(Request("mellow easy listening with drums", seed=seed, length_s=45.0, instrumental=True)))
        rates.append(sum(len(track.notes) for track in score.tracks if track.role == "drums") / 45)
    assert np.mean(rates) < 7.5, rates


def test_calm_songs_have_the_sparser_patterns_of_their_genre() -> None:
    """A quiet string ensemble repeated its chord five times a second."""
    entries = catalog.serving("patterns.toml", "comp", "ballad", catalog.family_of("ballad"))
    kept = sparser(entries, 0.3)
    assert 0 < len(kept) < len(entries)
    assert sparser(entries[:2], 0.3) == entries[:2]
    scores = [compose(plan(Request("soft strings, very quiet", seed=seed))) for seed in range(8)]
    strokes = [
        len({round(note.start, 2) for track in score.tracks if track.role == "chords" for note in track.notes})
        / score.plan.length_s
        for score in scores
    ]
    assert np.mean(strokes) < 3.8


@pytest.mark.parametrize("prompt", ["jazz lullaby", "celtic harp lullaby, instrumental", "country lullaby"])
def test_a_lullaby_of_another_genre_is_slow_and_calm(prompt: str) -> None:
    """A Celtic lullaby was a dance at 107 beats a minute."""
    for seed in range(4):
        found = plan(Request(prompt, seed=seed))
        assert found.genre != "lullaby"
        assert found.tempo == "slow"
        assert found.energy < 0.35
        assert mixing_for(found).loudness == -23


@pytest.mark.parametrize(
    "prompt",
    [
        "pop",
        "loud string quartet",
        "very loud rock, 1970s",
        "soft rock",
        "loud piano solo",
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
    assert made.loudness_lufs == pytest.approx(-23, abs=0.5)


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

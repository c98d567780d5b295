from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from riffusion_tui.studio.engine import genre_files
from riffusion_tui.studio.engine.mix.mixing import Mixing, mixing_for
from riffusion_tui.studio.engine.mix.performance import Performance
from riffusion_tui.studio.engine.mix.spectral_balance import EDGES, narrow_powers, relative, toned, wide
from riffusion_tui.studio.engine.score import Note, Track
from riffusion_tui.studio.engine.soundfonts.sounds import SYNTHESIZED
from riffusion_tui.studio.engine.synth.tones import SAMPLE_RATE
from tests.studio.engine import handmade

CURVE = (6.0, 4.0, 0.0, -3.0, -7.0)


def powers(*decibels: float) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    return np.asarray(10 ** (np.array(decibels) / 10), dtype=np.float64)


def test_dull_and_boomy_songs_are_corrected_by_at_most_five_db() -> None:
    mixing = Mixing(curve=CURVE)
    dull = toned(mixing, [powers(6, 4, 0, -9, -19)]).tone
    boomy = toned(mixing, [powers(16, 4, 0, -3, -7)]).tone
    assert dull[4] > dull[3] > 0
    assert boomy[0] < -3
    assert max(map(abs, (*dull, *boomy))) <= 5.0


def test_songs_on_the_curve_or_without_one_are_unchanged() -> None:
    assert toned(Mixing(curve=CURVE, tone=(1.0, 0.0, 0.0, 0.0, 2.0)), [powers(*CURVE)]).tone == (
        1.0,
        0.0,
        0.0,
        0.0,
        2.0,
    )
    assert toned(Mixing(), [powers(0, 0, 0, 0, -40)]) == Mixing()
    assert toned(Mixing(curve=CURVE), []) == Mixing(curve=CURVE)


@pytest.mark.parametrize("band", range(5))
def test_a_tone_is_counted_in_its_band(band: int) -> None:
    hertz = (EDGES[band] * EDGES[band + 1]) ** 0.5
    sound = np.sin(2 * np.pi * hertz * np.arange(SAMPLE_RATE) / SAMPLE_RATE).astype(np.float32)
    assert int(np.argmax(relative(wide(narrow_powers(np.stack([sound, sound])))))) == band


def test_curves_have_a_level_per_band_and_a_mean_near_zero() -> None:
    tables = [*genre_files.families().items(), *genre_files.genres().items()]
    curves = [(name, table["mix"]["curve"]) for name, table in tables if "curve" in table.get("mix", {})]
    assert len(curves) >= 20
    for name, curve in curves:
        assert len(curve) == len(EDGES) - 1, name
        assert abs(float(np.mean(curve))) < 1.5, name


def test_a_song_is_mixed_with_the_correction_for_its_parts() -> None:
    low = Track("Bass", "bass", "synth bass", 38, (Note(0.0, 4.0, 33, 0.9), Note(4.0, 4.0, 33, 0.9)))
    score = handmade.song((low,), genre="pop")
    plain = mixing_for(score.plan)
    tone = Performance(score, SYNTHESIZED).mixing.tone
    assert tone[4] > plain.tone[4] + 2
    assert tone[0] < plain.tone[0]
    assert replace(Performance(score, SYNTHESIZED).mixing, tone=plain.tone) == plain

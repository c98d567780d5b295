"""The wah pedal: a resonance that opens with a stroke and closes after it."""

from __future__ import annotations

import numpy as np
import pytest

from riffusion_tui.studio.engine.cache import Signal
from riffusion_tui.studio.engine.compose import compose
from riffusion_tui.studio.engine.mix.player import BLOCK, build_effect
from riffusion_tui.studio.engine.mix.wah import Wah
from riffusion_tui.studio.engine.prompt import plan
from riffusion_tui.studio.engine.song_request import Request

_RATE = 44_100


def _stroke(blocks: int = 4) -> Signal:
    """Return noise that falls by about 9 dB each quarter of a second."""
    t = np.arange(blocks * BLOCK) / _RATE
    noise = np.random.default_rng(1).standard_normal(len(t)) * np.exp(-4 * t)
    return np.stack([noise, noise]).astype(np.float32)


def _passed(sound: Signal, block: int) -> Signal:
    pedal = Wah()
    return np.concatenate([pedal(sound[:, at : at + block]) for at in range(0, sound.shape[1], block)], axis=1)


def _center(sound: Signal) -> float:
    """Return the mean frequency of a sound, by its power from 300 Hz to 3 kHz."""
    power = np.abs(np.fft.rfft(sound[0])) ** 2
    hertz = np.fft.rfftfreq(sound.shape[1], 1 / _RATE)
    inside = (hertz > 300) & (hertz < 3000)
    return float((hertz[inside] * power[inside]).sum() / power[inside].sum())


def test_the_resonance_falls_after_a_stroke() -> None:
    sound = _passed(_stroke(), BLOCK)
    early, late = sound[:, 1000 : _RATE // 10], sound[:, -_RATE // 4 :]
    assert _center(early) > 1.2 * _center(late)


def test_a_stroke_sounds_the_same_in_blocks_of_any_size() -> None:
    whole, pieces = (_passed(_stroke(), size) for size in (4 * BLOCK, BLOCK))
    assert np.abs(whole - pieces).max() < 1e-3 * np.abs(whole).max()


def test_silence_stays_silent() -> None:
    assert not Wah()(np.zeros((2, BLOCK), dtype=np.float32)).any()


@pytest.mark.parametrize("prompt", ["funk with wah guitar", "psychedelic rock with a wah-wah guitar solo"])
def test_a_prompt_gets_its_wah_guitar(prompt: str) -> None:
    score = compose(plan(Request(prompt, seed=1, length_s=30.0)))
    assert "wah guitar" in {track.instrument for track in score.tracks}
    assert isinstance(build_effect("wah", 0), Wah)

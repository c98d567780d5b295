"""The sources of a voice: glottal pulses, breath, and noise at the teeth."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from riffusion_tui.studio.engine.cache import Signal
from riffusion_tui.studio.engine.singing.mouth import RATE, STEP, Mouth
from riffusion_tui.studio.engine.synth.tones import lines, read_loop

_TABLE = 4096
_SOFT_HZ = 1500.0
"""Hertz above which breath is attenuated by 6 dB per octave."""


def sources(mouth: Mouth, frames: int, effort: float, seed: int) -> tuple[Signal, Signal]:
    """Return the source at the glottis, and the one at the teeth."""
    turns = np.cumsum(lines(mouth.hertz, STEP), dtype=np.float64) / RATE
    index = (turns * _TABLE).astype(np.intp)
    index &= _TABLE - 1
    breath = read_loop(_aspiration(), seed * 7919, frames) * lines(mouth.breath, STEP)
    # Breath is modulated by the voice.
    breath *= _swells().take(index, mode="clip")
    level = np.clip(np.floor(2 * np.log2(mouth.hertz / 55.0)), 0, _LEVELS - 1).astype(np.intp)
    index += np.repeat(level[:-1], STEP) * _TABLE
    buzz = _buzzes(round(effort * 4)).ravel().take(index, mode="clip")
    buzz *= lines(mouth.voice, STEP)
    buzz += breath
    return buzz, read_loop(_white(), seed * 7919, frames) * lines(mouth.hiss, STEP)


_LEVELS = 10
"""Tables of the glottal pulse, half an octave apart, from 55 Hz."""


@lru_cache(maxsize=8)
def _buzzes(effort: int) -> Signal:
    """Return one band-limited cycle of the glottal pulse for each half octave; more effort is brighter."""
    tables = np.zeros((_LEVELS, _TABLE), dtype=np.float32)
    for i in range(_LEVELS):
        f0 = 55.0 * 2 ** ((i + 1) / 2)
        k = np.arange(1, max(2, int(0.47 * RATE / f0)) + 1)
        freqs = k * f0 / 1.19
        corner = 1800.0 + 900.0 * effort
        amps = 1 / k / np.sqrt(1 + (freqs / corner) ** 2) ** 0.7
        spectrum = np.zeros(_TABLE // 2 + 1, dtype=np.complex128)
        # Closing is abrupt: the phases of a pulse, not of a saw.
        spectrum[1 : len(k) + 1] = amps * np.exp(-0.5j * np.pi)
        table = np.fft.irfft(spectrum, _TABLE)
        tables[i] = table / np.sqrt(np.mean(table**2))
    return tables


@lru_cache(maxsize=1)
def _swells() -> Signal:
    """Return the loudness of the breath over a cycle of the voice."""
    return (1 + 0.6 * np.cos(2 * np.pi * np.arange(_TABLE) / _TABLE)).astype(np.float32)


@lru_cache(maxsize=1)
def _white() -> Signal:
    return np.random.default_rng(41).standard_normal(1 << 17).astype(np.float32)


@lru_cache(maxsize=1)
def _aspiration() -> Signal:
    """Return noise made in the throat: attenuated above `_SOFT_HZ`."""
    rng = np.random.default_rng(43)
    hertz = np.fft.rfftfreq(1 << 17, 1 / RATE)
    found = np.fft.irfft(np.fft.rfft(rng.standard_normal(1 << 17)) / np.sqrt(1 + (hertz / _SOFT_HZ) ** 2))
    return np.asarray(found / found.std(), dtype=np.float32)

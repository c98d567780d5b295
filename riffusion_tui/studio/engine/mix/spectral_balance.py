"""Spectral balance: the mix's filter is set so that the sum of the tracks comes near the genre's usual curve.

It works like an equalizer on the master, but is part of the mix's own filter and costs nothing. Boomy songs lose lows
and dull ones gain highs, by a few dB, and stems get the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np

from riffusion_tui.studio.engine.cache import Signal
from riffusion_tui.studio.engine.mix.mixing import Mixing
from riffusion_tui.studio.engine.synth.tones import SAMPLE_RATE, Floats, spectrum_of

EDGES = (30.0, 120.0, 500.0, 2000.0, 7000.0, 16_000.0)
"""Hertz between the bands; `tone` and `curve` of `styles/mixing.toml` have a value for each band."""

_SIZE = 4096
_MAX_DB = 5.0
_FINE = 4
"""Narrow bands in each band."""


def wide(powers: Floats) -> Floats:
    """Return the power in each band from that in each narrow band."""
    return np.asarray(powers.reshape(-1, _FINE).sum(axis=1), dtype=np.float64)


def narrow_powers(sound: Signal) -> Floats:
    """Return the power of a short stereo sound in each narrow band, of half an octave or less, from the lowest on."""
    pieces = sound.shape[1] // _SIZE
    middle = sound[:, : pieces * _SIZE].sum(axis=0).reshape(pieces, _SIZE) * np.hanning(_SIZE).astype(np.float32)
    spectrum = spectrum_of(middle, _SIZE)
    power = (spectrum.real**2 + spectrum.imag**2).sum(axis=0)
    hertz = np.fft.rfftfreq(_SIZE, 1 / SAMPLE_RATE)
    inner = [low * (high / low) ** (step / _FINE) for low, high in pairwise(EDGES) for step in range(_FINE)]
    starts = np.searchsorted(hertz, [*inner, EDGES[-1]])
    return np.asarray(np.add.reduceat(power, starts)[:-1], dtype=np.float64)


def silent_powers() -> Floats:
    """Return the powers of silence in the narrow bands."""
    return np.zeros(_FINE * (len(EDGES) - 1))


def relative(powers: Floats) -> Floats:
    """Return the bands in dB relative to their mean."""
    levels = 10 * np.log10(powers + 1e-9)
    return np.asarray(levels - levels.mean(), dtype=np.float64)


def toned(mixing: Mixing, parts: Sequence[Floats]) -> Mixing:
    """Return the mix with the tone that brings tracks of these band powers near the genre's curve."""
    if not mixing.curve or not len(parts):
        return mixing
    off = np.array(mixing.curve) - relative(np.sum(parts, axis=0))
    off -= off.mean()
    pulled = np.clip(mixing.pull * off, -_MAX_DB, _MAX_DB)
    return replace(mixing, tone=tuple(round(float(a + b), 1) for a, b in zip(mixing.tone, pulled, strict=True)))

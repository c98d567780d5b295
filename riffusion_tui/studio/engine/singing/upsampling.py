"""From the frame rate of voices to that of songs."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from riffusion_tui.studio.engine.cache import Signal
from riffusion_tui.studio.engine.synth.tones import from_pieces, pieces_spectrum, response_spectrum


def doubled(signal: Signal) -> Signal:
    """Return a mono signal of `RATE` at `SAMPLE_RATE`, upsampled by a windowed sinc."""
    out = np.empty((len(signal), 2), dtype=np.float32)
    out[:, 0] = signal
    spectra = pieces_spectrum(signal)
    spectra *= _between()
    out[:, 1] = from_pieces(spectra, signal.shape)[_NEIGHBORS : _NEIGHBORS + len(signal)]
    return out.ravel()


_NEIGHBORS = 16
"""Frames to each side that a frame between two is interpolated from."""


@lru_cache(maxsize=1)
def _between() -> NDArray[np.complex64]:
    at = np.arange(-_NEIGHBORS, _NEIGHBORS) + 0.5
    taps = np.sinc(at) * np.hanning(2 * _NEIGHBORS + 2)[1:-1]
    return response_spectrum(np.asarray(taps / taps.sum(), dtype=np.float32))

"""The vocal tract: glottal pulses, breath and noise through moving formants, computed for a whole phrase at once.

A cascade of resonators, as in Klatt's synthesizer (JASA 67, 1980), but without a loop over samples: the sources are cut
into overlapping windows, and each window's spectrum is multiplied by the tract's response at that moment.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from riffusion_tui.studio.engine.cache import Signal
from riffusion_tui.studio.engine.singing.glottis import sources
from riffusion_tui.studio.engine.singing.mouth import EVERY, HOP, STEP, Mouth
from riffusion_tui.studio.engine.singing.resonances import SIZE, lower_bins, noise_shapes, tract_response
from riffusion_tui.studio.engine.synth.tones import Floats

_WINDOW = 2 * HOP
_CHUNK = 96
"""Windows processed at once, so that they fit into the processor's cache."""


def sound_of(
    mouth: Mouth, effort: float, scale: float, seed: int, *, forward: bool, lower: tuple[float, ...] = ()
) -> Signal:
    """Return the sound of the tracks at `RATE`: (voices, frames).

    Args:
        mouth: the tracks, with as many points as `points` returns.
        effort: 0 soft to 1 loud: the brightness of the glottal pulses.
        scale: factor on the formants above the fourth; 1 is male.
        seed: of breath and noise.
        forward: equalize the voice so that its words are understood beside a band.
        lower: further voices that sing the same: each with formants lower by this factor.
    """
    frames = (len(mouth.hertz) - 1) * STEP
    buzz, hiss = sources(mouth, frames, effort, seed)
    windows, hissing = _windows(buzz), _windows(hiss)
    loudest = _loudest(mouth.hiss)
    hissed = mouth.hiss[loudest] > 1e-4
    out = np.zeros((1 + len(lower), len(windows) + SIZE // HOP, HOP), dtype=np.float32)
    for start in range(0, len(windows), _CHUNK):
        part = slice(start, min(start + _CHUNK, len(windows)))
        source = _spectra(windows[part])
        tract = tract_response(mouth, part, (round(scale, 2), forward))
        tracts = [tract, *(tract.take(lower_bins(factor), axis=1) for factor in lower)]
        rows = np.flatnonzero(hissed[part])
        teeth = _spectra(hissing[part][rows]) * noise_shapes(forward)[mouth.noise[loudest[part][rows]]]
        for voice, spectra in zip(out, tracts, strict=True):
            spectra *= source
            spectra[rows] += teeth
            pieces = np.fft.irfft(spectra, SIZE).reshape(len(spectra), -1, HOP)
            for i in range(pieces.shape[1]):
                voice[start + i : start + i + len(pieces)] += pieces[:, i]
    return out.reshape(len(out), -1)[:, HOP : HOP + frames]


def _loudest(track: Floats) -> NDArray[np.intp]:
    """Return, for each window, the point at which a track is loudest in it: a burst is shorter than a window."""
    padded = np.zeros(len(track) - 1 + 2 * EVERY)
    padded[EVERY:-EVERY] = track[:-1]
    faded = np.lib.stride_tricks.sliding_window_view(padded, 2 * EVERY)[::EVERY] * np.hanning(2 * EVERY + 2)[1:-1]
    found = faded.argmax(axis=1) + EVERY * np.arange(-1, len(faded) - 1)
    return np.asarray(np.clip(found, 0, len(track) - 1), dtype=np.intp)


def _windows(signal: Signal) -> Signal:
    """Return the overlapping windows, the first centered on the first frame, without their fades."""
    padded = np.zeros(len(signal) + 2 * HOP, dtype=np.float32)
    padded[HOP:-HOP] = signal
    return np.lib.stride_tricks.sliding_window_view(padded, _WINDOW)[::HOP]


def _spectra(windows: Signal) -> NDArray[np.complex64]:
    # Scaled forward: numpy computes an unscaled single-precision transform in double. `resonances` undoes it.
    rows = np.zeros((len(windows), SIZE), dtype=np.float32)
    np.multiply(windows, _hann(), out=rows[:, :_WINDOW])
    return np.asarray(np.fft.rfft(rows, norm="forward"), dtype=np.complex64)


@lru_cache(maxsize=1)
def _hann() -> Signal:
    return (0.5 - 0.5 * np.cos(2 * np.pi * np.arange(_WINDOW) / _WINDOW)).astype(np.float32)

"""Loudness by ITU-R BS.1770-4, measured block by block (https://www.itu.int/rec/R-REC-BS.1770).

K-weighting is applied to the power spectrum of short pieces. Four of 100 ms make one of the standard's 400 ms blocks
with 75 % overlap. No filter has to run over the song, and the result is within 0.1 LU of one that does. A mix has
these spectra already, since its filter is applied to them.
"""

from __future__ import annotations

from functools import cache, lru_cache

import numpy as np
from numpy.typing import NDArray

from riffusion_tui.studio.engine.cache import Signal
from riffusion_tui.studio.engine.synth.tones import CONVOLVED, SAMPLE_RATE, TAPS, Floats

CHUNK = SAMPLE_RATE // 10
"""Frames per piece: 100 ms."""


@cache
def _k_power() -> Signal:
    """Return |H|² of the standard's two filters (its coefficients at 48 kHz give these analogue corners).

    Two equal values for each frequency: for the real and the imaginary component of a spectrum.
    """
    weights = _weighting(CHUNK)
    weights[1:-1] *= 2
    return np.repeat(weights, 2).astype(np.float32)


def _weighting(size: int) -> Floats:
    """Return |H|² at each bin of a transform of `size` frames."""
    z = np.exp(2j * np.pi * np.fft.rfftfreq(size))
    gain, power = np.tan(np.pi * 1681.974450955533 / SAMPLE_RATE), 10 ** (3.999843853973347 / 20)
    quality, half = 0.7071752369554196, power**0.4996667741545416
    bottom = 1 + gain / quality + gain**2
    b = [(power + half * gain / quality + gain**2) / bottom, 2 * (gain**2 - power) / bottom,
         (power - half * gain / quality + gain**2) / bottom]  # fmt: skip
    a = [1.0, 2 * (gain**2 - 1) / bottom, (1 - gain / quality + gain**2) / bottom]
    shelf = np.polyval(b, z) / np.polyval(a, z)
    gain, quality = np.tan(np.pi * 38.13547087602444 / SAMPLE_RATE), 0.5003270373238773
    bottom = 1 + gain / quality + gain**2
    high = np.polyval([1, -2, 1], z) / np.polyval(
        [1.0, 2 * (gain**2 - 1) / bottom, (1 - gain / quality + gain**2) / bottom], z
    )
    return np.asarray(np.abs(shelf * high) ** 2, dtype=np.float64)


class Meter:
    """Collects the weighted power of each 100 ms piece, both channels summed."""

    def __init__(self) -> None:
        self._weights = _k_power()
        self._rest = np.zeros((2, 0), dtype=np.float32)
        self._powers: list[Floats] = []

    def add(self, block: Signal) -> None:
        """Add the next frames, shape (2, n)."""
        line = np.concatenate([self._rest, block], axis=1)
        # An even number: four rows are transformed at once, and each that is left over takes as long.
        pieces = line.shape[1] // CHUNK & ~1
        self._measure(line, pieces)

    def _measure(self, line: Signal, pieces: int) -> None:
        used = line[:, : pieces * CHUNK].reshape(2, pieces, CHUNK)
        self._rest = line[:, pieces * CHUNK :]
        # Scaled forward: the sum of squares is then the mean power.
        spectrum = np.fft.rfft(used, norm="forward").view(np.float32)
        power = np.square(spectrum, out=spectrum) @ self._weights
        self._powers.append(power.sum(axis=0).astype(np.float64))

    def powers(self) -> Floats:
        """Return the weighted power of each 100 ms so far."""
        self._measure(self._rest, self._rest.shape[1] // CHUNK)
        return np.concatenate(self._powers) if self._powers else np.zeros(0)


class MixMeter:
    """Collects the weighted powers of a mix from its spectra, for any width that it gets later."""

    def __init__(self) -> None:
        self._middle: list[Signal] = []
        self._side: list[Signal] = []

    def add(self, spectra: NDArray[np.complex64] | None, pieces: int, softness: float = 0.0) -> None:
        """Add the next `pieces` pieces of left and right, as in `Blend.spectra`; None is silence.

        They then lose highs by `Soften` with `softness`.
        """
        if spectra is None:
            self._middle.append(np.zeros(pieces, dtype=np.float32))
            self._side.append(self._middle[-1])
            return
        weights = _mix_weights(round(softness, 2))
        left, right = spectra.view(np.float32)
        shared = 2 * ((left * right) @ weights)
        both = np.square(left) @ weights + np.square(right) @ weights
        self._middle.append((both + shared) / 2)
        self._side.append((both - shared) / 2)

    def powers(self, side: float) -> Floats:
        """Return the weighted power of each `CONVOLVED` frames, if the side signal gets the gain `side`."""
        return np.asarray(np.concatenate(self._middle).astype(np.float64) + side**2 * np.concatenate(self._side))


def in_pieces(powers: Floats, frames: int) -> Floats:
    """Return the power of each whole 100 ms of `frames`, from that of each `CONVOLVED` frames."""
    total = np.concatenate([[0.0], np.cumsum(powers * CONVOLVED)])
    edges = np.arange(frames // CHUNK + 1) * CHUNK
    return np.asarray(np.diff(np.interp(edges, np.arange(len(total)) * CONVOLVED, total)) / CHUNK)


@lru_cache(maxsize=64)
def _mix_weights(softness: float) -> Signal:
    """Return |H|² for `Blend.spectra`, two equal values for each frequency; scaled to the mean power of a piece."""
    size = CONVOLVED + TAPS
    weights = _weighting(size) * (1 - softness / 2 * (1 - np.cos(2 * np.pi * np.fft.rfftfreq(size)))) ** 2
    weights[1:-1] *= 2
    return np.repeat(weights / (size * CONVOLVED), 2).astype(np.float32)


def integrated(powers: Floats) -> float:
    """Return the gated loudness in LUFS of a song whose 100 ms pieces have these powers; -70 for silence."""
    if len(powers) < 4:
        powers = np.pad(powers, (0, 4 - len(powers)))
    blocks = np.convolve(powers, np.full(4, 0.25), "valid")
    loud = blocks[blocks > 10 ** ((-70 + 0.691) / 10)]
    if not len(loud):
        return -70.0
    kept = loud[loud > loud.mean() * 0.1]
    return float(-0.691 + 10 * np.log10(kept.mean()))


def loudness_of(signal: Signal) -> float:
    """Return the ungated loudness in LUFS of a note, shape (2, n): the louder of its first 0.4 s and all of it.

    -70 for silence.
    """
    return max(mean_loudness(signal[:, : 4 * CHUNK]), mean_loudness(signal))


def mean_loudness(signal: Signal) -> float:
    """Return the ungated loudness in LUFS of a short signal, shape (2, n); -70 for silence."""
    meter = Meter()
    meter.add(np.pad(signal, ((0, 0), (0, CHUNK))))
    power = meter.powers().sum() * CHUNK / max(1, signal.shape[1])
    return float(max(-70.0, -0.691 + 10 * np.log10(max(power, 1e-12))))

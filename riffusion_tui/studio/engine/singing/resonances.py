"""The responses of the vocal and nasal tract, which moves, and of the equalizer of a voice, at each bin of a window."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from riffusion_tui.studio.engine.cache import Signal
from riffusion_tui.studio.engine.datafiles import read_data
from riffusion_tui.studio.engine.singing.mouth import EVERY, NOISES, RATE, Mouth
from riffusion_tui.studio.engine.synth.tones import Curve, Floats, drawn_db, minimum_phase

SIZE = 1280
"""Size of a transform: a window and 35 ms for the formants to ring."""
_BINS = SIZE // 2 + 1
_UPPER = ((4600.0, 400.0), (5600.0, 600.0), (6600.0, 800.0), (7600.0, 1000.0), (8600.0, 1200.0), (9600.0, 1400.0))
"""The fixed formants above the fourth: (hertz, bandwidth)."""
_RING_HZ, _RING = 2900.0, 0.6
"""The singer's formant: a trained voice's third to fifth formants cluster here. `_RING` is the gain; 1 doubles."""
_LOW_CUT: Curve = ((30, -14), (60, -10), (90, -6), (140, -2), (250, -1), (500, 0), (11_000, 0))
"""How each voice is equalized, so that it leaves the lows to the band."""
_DESK: Curve = (
    (30, -23), (60, -19), (90, -6), (140, -2.7), (250, -2.7), (300, -2.8), (500, -1.5), (800, -1), (2000, 3),
    (4000, 5), (8000, 6), (11_000, 6),
)  # fmt: skip
"""How a single voice is equalized: more presence too, so that words are understood beside a band."""
_NOSE_HZ, _NOSE_WIDTH = 280.0, 90.0
"""The nasal pole, in hertz."""
Fixed = tuple[float, bool]
"""What does not move: the scale of the formants above the fourth, and whether the voice is equalized."""


@lru_cache(maxsize=4)
def lower_bins(factor: float) -> NDArray[np.intp]:
    """Return the bins at which a tract's response is read for one that is longer by `factor`."""
    return np.minimum(np.round(np.arange(_BINS) * factor), _BINS - 1).astype(np.intp)


@lru_cache(maxsize=16)
def _turns(fixed: Fixed | None = None) -> Signal:
    """Return z^-k at each bin, k = 0 to 4, real and imaginary components in turn; divided by `_upper(fixed)`."""
    turns = np.exp(np.outer(np.arange(5), np.arange(_BINS)) * (-2j * np.pi / SIZE))
    found = turns if fixed is None else turns / _upper(*fixed)
    return np.asarray(found.astype(np.complex64).view(np.float32))


def _at_bins(polynomials: Floats, fixed: Fixed | None = None) -> NDArray[np.complex64]:
    """Return polynomials in z^-1 at each bin, divided by `_upper(fixed)`: (rows, degree + 1) → (rows, bins)."""
    rows = polynomials.astype(np.float32)
    return np.asarray((rows @ _turns(fixed)[: rows.shape[1]]).view(np.complex64))


def _resonator(hertz: Floats, width: Floats) -> Floats:
    """Return 1, -b, -c of a resonator a / (1 - b z^-1 - c z^-2): (rows, 3)."""
    r = np.exp(-np.pi * width / RATE)
    return np.stack([np.ones_like(r), -2 * r * np.cos(2 * np.pi * hertz / RATE), r * r], axis=1)


def _times(first: Floats, second: Floats) -> Floats:
    out = np.zeros((len(first), first.shape[1] + second.shape[1] - 1))
    for i in range(first.shape[1]):
        out[:, i : i + second.shape[1]] += first[:, i : i + 1] * second
    return out


def tract_response(mouth: Mouth, part: slice, fixed: Fixed) -> NDArray[np.complex64]:
    """Return the response of the vocal and nasal tract at the times of some windows."""
    f = np.minimum(mouth.formants[part], 0.46 * RATE)
    w = mouth.widths[part]
    poles = [_resonator(f[:, i], w[:, i]) for i in range(4)]
    low, high = _times(poles[0], poles[3]), _times(poles[1], poles[2])
    # Each resonator has unity gain at 0 Hz.
    low /= low.sum(axis=1, keepdims=True)
    high /= high.sum(axis=1, keepdims=True)
    found = _at_bins(low)
    found *= _at_bins(high, fixed)
    _invert(found)
    nose, zero = mouth.nose[::EVERY][part], mouth.zero[::EVERY][part]
    rows = np.flatnonzero(nose > 0.01)
    if len(rows):
        found[rows] *= _nose(nose[rows], zero[rows])
    return found


def _invert(values: NDArray[np.complex64]) -> None:
    """Replace each value by its reciprocal: numpy's division takes three times as long."""
    square = values.real**2
    square += values.imag**2
    np.reciprocal(square, out=square)
    values.real *= square
    values.imag *= np.negative(square, out=square)


def _nose(open_: Floats, zero: Floats) -> NDArray[np.complex64]:
    """Return the nasal pole and zero, which cancel if the nose is closed."""
    away = _resonator(_NOSE_HZ + open_ * (zero - _NOSE_HZ), _NOSE_WIDTH + 60 * open_)
    away /= away.sum(axis=1, keepdims=True)
    return np.asarray(_at_bins(away) * _nasal_pole(), dtype=np.complex64)


@lru_cache(maxsize=1)
def _nasal_pole() -> NDArray[np.complex64]:
    pole = _resonator(np.array([_NOSE_HZ]), np.array([_NOSE_WIDTH]))
    return np.asarray(pole.sum() / _at_bins(pole)[0], dtype=np.complex64)


@lru_cache(maxsize=16)
def _upper(scale: float, forward: bool) -> NDArray[np.complex64]:
    found = np.ones(_BINS, dtype=np.complex128)
    for hertz, width in _UPPER:
        if hertz * scale < 0.48 * RATE:
            row = _resonator(np.array([hertz * scale]), np.array([width]))
            found *= row.sum() / _at_bins(row)[0]
    octaves = np.log2((np.arange(_BINS) + 0.5) * RATE / SIZE / _RING_HZ)
    found *= 1 + _RING * np.exp(-0.5 * (octaves / 0.6) ** 2)
    return np.asarray(found * _desk(forward) * SIZE, dtype=np.complex64)


def _desk(forward: bool) -> Floats:
    """Return the equalizer's gain at each bin."""
    hertz = np.fft.rfftfreq(SIZE, 1 / RATE) + 1e-3
    return np.asarray(10 ** (drawn_db(hertz, _DESK if forward else _LOW_CUT) / 20), dtype=np.float64)


@lru_cache(maxsize=2)
def noise_shapes(forward: bool) -> NDArray[np.complex64]:
    """Return the spectra of `NOISES`, equalized like the voice: (noises, bins)."""
    curves = read_data("phones.toml")["noises"]
    f = np.fft.rfftfreq(SIZE, 1 / RATE) + 1e-3
    found = np.zeros((len(NOISES), _BINS), dtype=np.complex64)
    for i, name in enumerate(NOISES):
        response = minimum_phase(drawn_db(f, curves[name]) * (np.log(10) / 20), SIZE)
        shape = np.fft.rfft(response)
        found[i] = SIZE * shape / np.sqrt(np.mean(np.abs(shape) ** 2))
    return found * _desk(forward).astype(np.float32)

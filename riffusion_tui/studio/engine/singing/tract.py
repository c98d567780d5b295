"""The vocal tract: glottal pulses, breath and noise through moving formants, computed for a whole phrase at once.

A cascade of resonators, as in Klatt's synthesizer (JASA 67, 1980), but without a loop over samples: the sources are cut
into overlapping windows, and each window's spectrum is multiplied by the tract's response at that moment.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from riffusion_tui.studio.engine.cache import Signal
from riffusion_tui.studio.engine.datafiles import read_data
from riffusion_tui.studio.engine.synth.tones import (
    SAMPLE_RATE,
    Curve,
    Floats,
    drawn_db,
    from_pieces,
    lines,
    minimum_phase,
    pieces_spectrum,
    read_loop,
    response_spectrum,
)

RATE = SAMPLE_RATE // 2
"""Internal frames per second: a voice has nothing above 11 kHz."""

STEP = 64
"""Frames at `RATE` between the points of a track: 2.9 ms."""

EVERY = 4
"""Track points per window."""
_HOP = EVERY * STEP
_WINDOW = 2 * _HOP
_SIZE = 1280
"""Size of a transform: a window and 35 ms for the formants to ring."""
_CHUNK = 96
"""Windows processed at once, so that they fit into the processor's cache."""
_BINS = _SIZE // 2 + 1
_TABLE = 4096
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
_SOFT_HZ = 1500.0
"""Hertz above which breath is attenuated by 6 dB per octave."""
_NOISES = ("S", "SH", "F", "TH", "P", "T", "K")


@dataclass(frozen=True, slots=True)
class Mouth:
    """The control tracks: one value per `STEP` frames, except for `formants` and `widths`."""

    hertz: Floats
    """The voice's pitch."""
    voice: Floats
    breath: Floats
    hiss: Floats
    """Levels of the glottal pulses, of breath, and of noise at the teeth; 1 is that of an open vowel."""
    noise: NDArray[np.intp]
    """Index of the noise in `_NOISES`."""
    formants: Floats
    """(windows, 4) in hertz: one row per `EVERY` points."""
    widths: Floats
    """(windows, 4) in hertz."""
    nose: Floats
    """0 to 1: how far the nose is open."""
    zero: Floats
    """Antiformant of a nasal sound, in hertz."""


def noise_number(name: str) -> int:
    """Return the index of a curve of `[noises]`, for `Mouth.noise`."""
    return _NOISES.index(name)


def points(seconds: float) -> int:
    """Return the points of tracks of at least `seconds`: whole windows."""
    return EVERY * int(-(-seconds * RATE // _HOP)) + 1


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
    buzz, hiss = _sources(mouth, frames, effort, seed)
    windows, hissing = _windows(buzz), _windows(hiss)
    loudest = _loudest(mouth.hiss)
    hissed = mouth.hiss[loudest] > 1e-4
    out = np.zeros((1 + len(lower), len(windows) + _SIZE // _HOP, _HOP), dtype=np.float32)
    for start in range(0, len(windows), _CHUNK):
        part = slice(start, min(start + _CHUNK, len(windows)))
        source = _spectra(windows[part])
        tract = _tract(mouth, part, (round(scale, 2), forward))
        tracts = [tract, *(tract.take(_lower_bins(factor), axis=1) for factor in lower)]
        rows = np.flatnonzero(hissed[part])
        teeth = _spectra(hissing[part][rows]) * _noise_shapes(forward)[mouth.noise[loudest[part][rows]]]
        for voice, spectra in zip(out, tracts, strict=True):
            spectra *= source
            spectra[rows] += teeth
            pieces = np.fft.irfft(spectra, _SIZE).reshape(len(spectra), -1, _HOP)
            for i in range(pieces.shape[1]):
                voice[start + i : start + i + len(pieces)] += pieces[:, i]
    return out.reshape(len(out), -1)[:, _HOP : _HOP + frames]


@lru_cache(maxsize=4)
def _lower_bins(factor: float) -> NDArray[np.intp]:
    """Return the bins at which a tract's response is read for one that is longer by `factor`."""
    return np.minimum(np.round(np.arange(_BINS) * factor), _BINS - 1).astype(np.intp)


def _loudest(track: Floats) -> NDArray[np.intp]:
    """Return, for each window, the point at which a track is loudest in it: a burst is shorter than a window."""
    padded = np.zeros(len(track) - 1 + 2 * EVERY)
    padded[EVERY:-EVERY] = track[:-1]
    faded = np.lib.stride_tricks.sliding_window_view(padded, 2 * EVERY)[::EVERY] * np.hanning(2 * EVERY + 2)[1:-1]
    found = faded.argmax(axis=1) + EVERY * np.arange(-1, len(faded) - 1)
    return np.asarray(np.clip(found, 0, len(track) - 1), dtype=np.intp)


def _sources(mouth: Mouth, frames: int, effort: float, seed: int) -> tuple[Signal, Signal]:
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


def _windows(signal: Signal) -> Signal:
    """Return the overlapping windows, the first centered on the first frame, without their fades."""
    padded = np.zeros(len(signal) + 2 * _HOP, dtype=np.float32)
    padded[_HOP:-_HOP] = signal
    return np.lib.stride_tricks.sliding_window_view(padded, _WINDOW)[::_HOP]


def _spectra(windows: Signal) -> NDArray[np.complex64]:
    # Scaled forward: numpy computes an unscaled single-precision transform in double. `_upper` and the shapes undo it.
    rows = np.zeros((len(windows), _SIZE), dtype=np.float32)
    np.multiply(windows, _hann(), out=rows[:, :_WINDOW])
    return np.asarray(np.fft.rfft(rows, norm="forward"), dtype=np.complex64)


@lru_cache(maxsize=1)
def _hann() -> Signal:
    return (0.5 - 0.5 * np.cos(2 * np.pi * np.arange(_WINDOW) / _WINDOW)).astype(np.float32)


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


@lru_cache(maxsize=16)
def _turns(fixed: Fixed | None = None) -> Signal:
    """Return z^-k at each bin, k = 0 to 4, real and imaginary components in turn; divided by `_upper(fixed)`."""
    turns = np.exp(np.outer(np.arange(5), np.arange(_BINS)) * (-2j * np.pi / _SIZE))
    found = turns if fixed is None else turns / _upper(*fixed)
    return np.asarray(found.astype(np.complex64).view(np.float32))


def _at_bins(polynomials: Floats, fixed: Fixed | None = None) -> NDArray[np.complex64]:
    """Return polynomials in z^-1 at each bin, divided by `_upper(fixed)`: (rows, degree + 1) -> (rows, bins)."""
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


def _tract(mouth: Mouth, part: slice, fixed: Fixed) -> NDArray[np.complex64]:
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
    octaves = np.log2((np.arange(_BINS) + 0.5) * RATE / _SIZE / _RING_HZ)
    found *= 1 + _RING * np.exp(-0.5 * (octaves / 0.6) ** 2)
    return np.asarray(found * _desk(forward) * _SIZE, dtype=np.complex64)


def _desk(forward: bool) -> Floats:
    """Return the equalizer's gain at each bin."""
    hertz = np.fft.rfftfreq(_SIZE, 1 / RATE) + 1e-3
    return np.asarray(10 ** (drawn_db(hertz, _DESK if forward else _LOW_CUT) / 20), dtype=np.float64)


@lru_cache(maxsize=2)
def _noise_shapes(forward: bool) -> NDArray[np.complex64]:
    curves = read_data("phones.toml")["noises"]
    f = np.fft.rfftfreq(_SIZE, 1 / RATE) + 1e-3
    found = np.zeros((len(_NOISES), _BINS), dtype=np.complex64)
    for i, name in enumerate(_NOISES):
        response = minimum_phase(drawn_db(f, curves[name]) * (np.log(10) / 20), _SIZE)
        shape = np.fft.rfft(response)
        found[i] = _SIZE * shape / np.sqrt(np.mean(np.abs(shape) ** 2))
    return found * _desk(forward).astype(np.float32)

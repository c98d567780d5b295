"""The primitives that all voices are made of. They work on whole notes; none loops over samples.

Frequencies are in hertz, times in seconds, decays as rates in 1/s (amplitude falls by e in 1/decay seconds).
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike, NDArray

from riffusion_tui.studio.engine.cache import Signal

SAMPLE_RATE = 44_100
"""Frames per second, everywhere in the engine."""

NYQUIST = 0.45 * SAMPLE_RATE
"""Highest partial in hertz: the last tenth of the band is left to the converters."""

CURVE_HOP = 64
"""Frames between the points of a slow curve: 1.5 ms."""

TAPS = 512
"""Taps of a short filter."""

_BATCH = 4
CONVOLVED = 4096
"""Frames of a signal that a short filter transforms at once."""

Curve = tuple[tuple[float, float], ...]
"""(hertz, dB) points of a filter."""

RELEASED = 0.8
"""Share of its release after which a tone is silent: it is 42 dB softer then, besides what it has decayed by itself."""

_PHASES = 1 << 17
_APART = 40_503

_HOP = 256
_FINE = 16
_SILENT = np.float32(1e-12)
"""Smaller amplitudes are taken for zero: from 1e-38 on, the processor takes ten times as long."""

Floats = NDArray[np.float64]


def hertz(pitch: float) -> float:
    """Return the equal-tempered frequency of MIDI `pitch`, A4 = 69 = 440 Hz."""
    return float(440.0 * 2.0 ** ((pitch - 69.0) / 12.0))


def damped(freqs: ArrayLike, amps: ArrayLike, decays: ArrayLike, phases: ArrayLike, frames: int) -> Signal:
    """Return the sum of damped sinusoids, as one matrix product.

    exp(i w (hop*a + b)) = exp(i w hop a) * exp(i w b), and the damping factors likewise, so `frames` samples of K
    partials are a (frames/hop, 2K) by (2K, hop) product: 1 ms in BLAS instead of 30 ms of sines.
    """
    w = np.asarray(freqs, dtype=np.float64) * (2 * np.pi / SAMPLE_RATE)
    decay = np.asarray(decays, dtype=np.float64) / SAMPLE_RATE
    rows = -(-frames // _HOP)
    step: NDArray[np.complex128] = np.asarray(1j * w - decay, dtype=np.complex128)
    first = np.exp(1j * np.asarray(phases, dtype=np.float64)) * np.asarray(amps, dtype=np.float64)
    starts = _powers(step * np.float64(_HOP), rows) * first
    inner = _powers(step, _HOP)
    left = np.concatenate([starts.imag, starts.real], axis=1).astype(np.float32)
    left[np.abs(left) < _SILENT] = 0
    right = np.concatenate([inner.real, inner.imag], axis=1).astype(np.float32)
    return np.asarray((left @ right.T).reshape(-1)[:frames], dtype=np.float32)


def _powers(step: NDArray[np.complex128], count: int) -> NDArray[np.complex128]:
    """Return exp(step * n) for n from 0 to `count` - 1, one row for each n.

    Few exponentials: exp(step * (16 a + b)) = exp(step * 16 a) * exp(step * b).
    """
    coarse = np.exp(np.outer(np.arange(0, count, _FINE), step))
    fine = np.exp(np.outer(np.arange(_FINE), step))
    return np.asarray((coarse[:, None] * fine).reshape(-1, len(step))[:count], dtype=np.complex128)


def spectrum_of(signal: Signal, size: int) -> NDArray[np.complex64]:
    """Return the spectrum of a single-precision signal, padded with zeros to `size` frames.

    numpy computes an unscaled single-precision `rfft` in double, at four times the cost of a scaled one, and pads one
    row at a time, at twice the cost of rows that have the right length already.
    """
    found = np.fft.rfft(padded(signal, size), norm="forward")
    found *= np.float32(size)
    return np.asarray(found, dtype=np.complex64)


def padded(signal: Signal, size: int) -> Signal:
    """Return the signal with zeros after it, `size` frames long."""
    frames = signal.shape[-1]
    if frames == size:
        return signal
    out = np.empty((*signal.shape[:-1], size), dtype=np.float32)
    out[..., :frames] = signal[..., :size]
    out[..., frames:] = 0
    return out


def edged(track: Floats, count: int) -> Floats:
    """Return the track with its first and last value repeated `count` times: numpy's `pad` takes ten times as long."""
    return np.concatenate([np.full(count, track[0]), track, np.full(count, track[-1])])


def noise(frames: int, seed: int, low: float = 0.0, high: float = 20_000.0, slope: float = 1.0) -> Signal:
    """Return noise between `low` and `high` hertz, RMS 0.2; `slope` is the order of both edges."""
    size = 1 << max(8, int(frames - 1).bit_length())
    f = np.fft.rfftfreq(size, 1 / SAMPLE_RATE) + 1e-3
    gain = 1 / np.sqrt(1 + (f / high) ** (4 * slope))
    if low > 0:
        gain /= np.sqrt(1 + (low / f) ** (4 * slope))
    # Far apart, since noise whose phases are those of the next bins sounds much the same.
    out = np.fft.irfft(gain.astype(np.float32) * random_phases(len(f), seed * _APART), size)[:frames]
    return np.asarray(out * (0.2 / max(1e-9, float(np.sqrt(np.mean(out**2))))), dtype=np.float32)


def random_phases(count: int, first: int) -> NDArray[np.complex64]:
    """Return `count` random numbers of modulus 1, the same for the same `first`. Longer than `_PHASES`, they repeat."""
    found = _phases()[first % _PHASES :]
    return found[:count] if len(found) >= count else np.resize(found, count)


@lru_cache(maxsize=1)
def _phases() -> NDArray[np.complex64]:
    turns = np.random.default_rng(23).uniform(0, 2 * np.pi, 2 * _PHASES).astype(np.float32)
    found = np.empty(2 * _PHASES, dtype=np.complex64)
    np.cos(turns, out=found.real)
    np.sin(turns, out=found.imag)
    return found


def response_spectrum(response: Signal) -> NDArray[np.complex64]:
    """Return the spectrum of at most `TAPS` taps, to multiply with `pieces_spectrum`."""
    return spectrum_of(response, CONVOLVED + TAPS)[..., None, :] * np.float32(CONVOLVED + TAPS)


def pieces_spectrum(signal: Signal) -> NDArray[np.complex64]:
    """Return the spectra of a signal's pieces: many small transforms that fit into the processor's cache.

    There are silent ones at the end: four are transformed at once, and each that is left over takes as long.
    """
    frames = signal.shape[-1]
    whole, rest = divmod(frames, CONVOLVED)
    count = -(-(whole + (rest > 0)) // _BATCH) * _BATCH
    line = np.empty((*signal.shape[:-1], count, CONVOLVED + TAPS), dtype=np.float32)
    line[..., :whole, :CONVOLVED] = signal[..., : whole * CONVOLVED].reshape(*signal.shape[:-1], whole, CONVOLVED)
    line[..., CONVOLVED:] = 0
    line[..., whole:, :] = 0
    if rest:
        line[..., whole, :rest] = signal[..., whole * CONVOLVED :]
    # Scaled forward, see `spectrum_of`; the response compensates.
    found = np.fft.rfft(line, norm="forward")
    return np.asarray(found, dtype=np.complex64)


def from_pieces(spectra: NDArray[np.complex64], shape: tuple[int, ...]) -> Signal:
    """Return the sound of the pieces' spectra, `TAPS` frames longer than the signal of `shape` that they came from."""
    full = np.fft.irfft(spectra, CONVOLVED + TAPS)
    out = np.empty((*shape[:-1], spectra.shape[-2] + 1, CONVOLVED), dtype=np.float32)
    out[..., :-1, :] = full[..., :CONVOLVED]
    out[..., -1, :] = 0
    out[..., 1:, :TAPS] += full[..., CONVOLVED:]
    return out.reshape(*shape[:-1], -1)[..., : shape[-1] + TAPS]


def minimum_phase(log_gain: Floats, size: int) -> Signal:
    """Return the minimum-phase impulse response with this log magnitude (by the real cepstrum)."""
    cepstrum = np.fft.irfft(log_gain, size)
    cepstrum[1 : size // 2] *= 2
    cepstrum[size // 2 + 1 :] = 0
    return np.asarray(np.fft.irfft(np.exp(np.fft.rfft(cepstrum)), size), dtype=np.float32)


def drawn_db(f: NDArray[np.floating], points: Curve) -> Floats:
    """Return the dB of a curve of (hertz, dB) points at the frequencies `f`, linear in log frequency."""
    hertz = [hz for hz, _ in points]
    db = [level for _, level in points]
    return np.asarray(np.interp(np.log(f), np.log(hertz), db), dtype=np.float64)


@lru_cache(maxsize=128)
def _drawn_spectrum(points: tuple[tuple[float, float], ...]) -> NDArray[np.complex64]:
    return response_spectrum(drawn_filter(points))


@lru_cache(maxsize=128)
def drawn_filter(points: Curve) -> Signal:
    """Return the `TAPS` taps of a filter given by (hertz, dB) points, linear in log frequency."""
    size = 8 * TAPS
    f = np.fft.rfftfreq(size, 1 / SAMPLE_RATE) + 1e-3
    out = minimum_phase(drawn_db(f, points) * (np.log(10) / 20), size)[:TAPS].copy()
    out[-TAPS // 4 :] *= np.linspace(1, 0, TAPS // 4, dtype=np.float32)
    return out


def filtered(signal: Signal, points: Curve) -> Signal:
    """Return `signal` through a filter given by (hertz, dB) points."""
    spectra = pieces_spectrum(signal)
    spectra *= _drawn_spectrum(points)
    return from_pieces(spectra, signal.shape)[..., : signal.shape[-1]]


def decay_curve(frames: int, seconds: float) -> Signal:
    """Return an exponential that falls by 60 dB in `seconds`."""
    return falling(frames, 6.9078 / seconds)


def falling(frames: int, rate: float) -> Signal:
    """Return an exponential that falls by e in 1/`rate` seconds, to almost zero."""
    power = np.arange(frames, dtype=np.float32)
    power *= np.float32(-rate / SAMPLE_RATE)
    np.maximum(power, np.log(_SILENT), out=power)
    return np.asarray(np.exp(power, out=power), dtype=np.float32)


def lines(points: Floats, hop: int) -> Signal:
    """Return linear interpolation between `points` that are `hop` frames apart."""
    return slopes(points[:-1], np.diff(points), hop)


def slopes(first: Floats, rises: Floats, hop: int) -> Signal:
    """Return straight pieces of `hop` frames, one after the other: each from `first` on, rising by `rises`.

    A matrix product takes a quarter of the time of an outer product and a sum.
    """
    ends = np.empty((len(first), 2), dtype=np.float32)
    ends[:, 0] = rises
    ends[:, 1] = first
    return np.asarray((ends @ _ramp(hop)).reshape(-1), dtype=np.float32)


@lru_cache(maxsize=8)
def _ramp(hop: int) -> Signal:
    return np.stack([np.arange(hop, dtype=np.float32) / np.float32(hop), np.ones(hop, dtype=np.float32)])


def moments(frames: int) -> Floats:
    """Return the times in seconds of every `CURVE_HOP` frames, for curves that `lines` interpolates."""
    return np.arange(0, frames + 2 * CURVE_HOP, CURVE_HOP) / SAMPLE_RATE


@lru_cache(maxsize=16)
def noise_loop(low: float, high: float) -> Signal:
    """Return a seamless second and a half of noise between `low` and `high` hertz: breath and bows."""
    return noise(1 << 16, 97, low, high)


def read_loop(loop: Signal, start: int, frames: int) -> Signal:
    """Return `frames` of an endless loop from frame `start` on."""
    out = np.empty(frames, dtype=np.float32)
    at, done = start % len(loop), 0
    while done < frames:
        piece = loop[at : at + frames - done]
        out[done : done + len(piece)] = piece
        at, done = 0, done + len(piece)
    return out


def attack(signal: Signal, seconds: float) -> Signal:
    """Fade `signal` in over `seconds`, in place, by a raised cosine; return it."""
    n = min(signal.shape[-1], max(8, int(seconds * SAMPLE_RATE)))
    signal[..., :n] *= (0.5 - 0.5 * np.cos(np.pi * np.arange(n) / n)).astype(np.float32)
    return signal


@lru_cache(maxsize=64)
def release_curve(frames: int) -> Signal:
    """Return the first `RELEASED` of an exponential curve from 1 to 0, which ends exactly at 0 too."""
    x = np.arange(frames + 1, dtype=np.float32) * np.float32(RELEASED / max(1, frames))
    curve = np.exp(-4.0 * x) * (1 - x)
    return np.asarray((curve[:-1] - curve[-1]) / (1 - curve[-1]), dtype=np.float32)

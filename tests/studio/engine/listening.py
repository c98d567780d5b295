"""Measures audio: loudness, sections, width, silence, clicks, tempo, key, timbre."""

from __future__ import annotations

import sys
from functools import cache
from importlib import import_module
from itertools import pairwise
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

RATE = 44_100
Floats = NDArray[np.float64]

# Krumhansl and Kessler's key profiles (Cognitive Foundations of Musical Pitch, 1990).
_MAJOR = np.array([6.35, 2.23, 3.48, 2.33, 4.38, 4.09, 2.52, 5.19, 2.39, 3.66, 2.29, 2.88])
_MINOR = np.array([6.33, 2.68, 3.52, 5.38, 2.60, 3.53, 2.54, 4.75, 3.98, 2.69, 3.34, 3.17])
NAMES = ("C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B")


def read(path: Path) -> Floats:
    """Read a file as (frames, 2)."""
    import soundfile

    sound, rate = soundfile.read(str(path), dtype="float32", always_2d=True)
    assert rate == RATE
    return np.asarray(sound, dtype=np.float64)


def loudness(sound: Floats) -> float:
    """Integrated LUFS by pyloudnorm."""
    return float(_pyloudnorm().Meter(RATE).integrated_loudness(sound))


@cache
def _pyloudnorm() -> Any:
    """Import pyloudnorm with the one function of scipy.signal that it calls: all of that package takes 1.9 s of CPU."""
    folder = import_module("scipy").__path__[0]
    signal: Any = ModuleType("scipy.signal")
    signal.__path__ = [f"{folder}/signal"]
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(sys.modules, "scipy.signal", signal)
        filtered = import_module("scipy.signal._sigtools")._linear_filter
        filters: Any = import_module("pyloudnorm.iirfilter")
    filters.scipy = SimpleNamespace(signal=signal)
    signal.lfilter = lambda b, a, samples: filtered(b, a, samples, -1)
    return import_module("pyloudnorm")


def rms_db(sound: Floats) -> float:
    return float(10 * np.log10(np.mean(sound**2) + 1e-12))


def span_db(sound: Floats, spans: list[tuple[float, float]]) -> float:
    """dB between the loudest and the quietest of `spans` (seconds)."""
    levels = [rms_db(sound[int(a * RATE) : int(b * RATE)]) for a, b in spans]
    return max(levels) - min(levels)


def correlation(sound: Floats) -> float:
    left, right = sound[:, 0], sound[:, 1]
    return float(np.dot(left, right) / np.sqrt(np.dot(left, left) * np.dot(right, right) + 1e-20))


def longest_silence(sound: Floats, below_db: float = -60.0) -> float:
    """Seconds of the longest silence, the last second and a half left out."""
    pieces = np.abs(sound[: len(sound) - int(1.5 * RATE)]).max(axis=1)
    pieces = pieces[: len(pieces) // 441 * 441].reshape(-1, 441).max(axis=1)
    quiet = pieces < 10 ** (below_db / 20)
    edges = np.flatnonzero(np.diff(np.concatenate([[0], quiet.astype(int), [0]])))
    return float(max(np.diff(edges)[::2], default=0) * 0.01)


def clicks(sound: Floats, at: list[int]) -> list[int]:
    """Return which of the frames `at` are clicks: their second difference is far above the surrounding ones."""
    mono = sound.mean(axis=1)
    second = np.abs(np.diff(mono, 2))
    found = []
    for frame in at:
        near = second[max(0, frame - 2000) : frame + 2000]
        here = second[max(0, frame - 3) : frame + 3]
        if len(here) and len(near) > 100 and here.max() > 0.02 and here.max() > 8 * np.percentile(near, 99):
            found.append(frame)
    return found


def spectra(sound: Floats, size: int, hop: int) -> Floats:
    """Magnitudes of windowed pieces, (pieces, size / 2 + 1)."""
    mono = sound.mean(axis=1)
    starts = np.arange(0, len(mono) - size, hop)
    window = np.hanning(size)
    return np.asarray(np.abs(np.stack([np.fft.rfft(mono[s : s + size] * window) for s in starts])))


def tempo(sound: Floats, low: float = 50.0, high: float = 220.0) -> float:
    """Beats a minute by the autocorrelation of spectral flux, sharpened over several beats."""
    flux = onset_strength(sound)
    flux = flux - np.convolve(flux, np.full(87, 1 / 87), "same")
    size = 1 << int(2 * len(flux)).bit_length()
    spectrum = np.fft.rfft(flux, size)
    auto = np.fft.irfft(np.abs(spectrum) ** 2)[: len(flux)]
    bpms = np.exp(np.arange(np.log(low), np.log(high), 0.0015))
    lags = 60.0 / bpms * RATE / 512

    def at(lag: Floats) -> Floats:
        return np.interp(lag, np.arange(len(auto)), auto)

    score = sum((at(lags * k) / k**0.3 for k in (1, 2, 4, 8)), np.zeros(len(lags)))
    score = score * np.exp(-0.5 * (np.log2(bpms / 115) / 1.1) ** 2)
    return float(bpms[int(np.argmax(score))])


def onset_strength(sound: Floats) -> Floats:
    magnitude = np.log1p(30 * spectra(sound, 1024, 512))
    return np.asarray(np.maximum(0, np.diff(magnitude, axis=0)).sum(axis=1))


def folded_error(found: float, requested: float) -> float:
    """Relative error of a tempo when octaves and triplets are folded."""
    return min(abs(found * f / requested - 1) for f in (1, 2, 0.5, 4, 0.25, 1.5, 2 / 3, 3, 1 / 3, 0.75, 4 / 3))


def chroma(sound: Floats) -> Floats:
    """Energy of the twelve pitch classes between 60 Hz and 2 kHz."""
    magnitude = spectra(sound, 8192, 8192)
    f = np.fft.rfftfreq(8192, 1 / RATE)
    used = (f > 60) & (f < 2000)
    pitch = 12 * np.log2(f[used] / 440) + 69
    total = (magnitude[:, used] ** 1.0).mean(axis=0) * np.exp(-((pitch - np.round(pitch)) ** 2) / 0.08)
    return np.asarray(np.bincount(np.round(pitch).astype(int) % 12, weights=total, minlength=12))


def keys(sound: Floats) -> list[tuple[str, str]]:
    """All 24 keys, the likeliest first."""
    heard = chroma(sound)
    scores = []
    for tonic in range(12):
        for mode, profile in (("major", _MAJOR), ("minor", _MINOR)):
            fit = float(np.corrcoef(heard, np.roll(profile, tonic))[0, 1])
            scores.append((fit, NAMES[tonic], mode))
    return [(name, mode) for _, name, mode in sorted(scores, reverse=True)]


def fingerprint(sound: Floats) -> Floats:
    """Timbre, tempo, and the pulse of lows, mids and highs: features that distinguish genres and songs."""
    magnitude = spectra(sound, 2048, 1024)
    f = np.fft.rfftfreq(2048, 1 / RATE)
    edges = np.geomspace(40, 16_000, 21)
    bands = np.stack([(magnitude[:, (f >= a) & (f < b)] ** 2).sum(axis=1) for a, b in pairwise(edges)])
    levels = 10 * np.log10(bands + 1e-6)
    mean = levels.mean(axis=1)
    flux = onset_strength(sound)
    strength = [np.log2(tempo(sound) / 100) * 3, flux.std() / (flux.mean() + 1e-9) * 3, np.log2(flux.mean() + 1e-9)]
    return np.concatenate([(mean - mean.mean()) / 6.0, _pulses(levels), strength])


def _pulses(levels: Floats) -> Floats:
    """Modulation of lows, mids and highs at eight rates between 0.5 and 16 Hz."""
    speeds = np.geomspace(0.5, 16, 9)
    hertz = np.fft.rfftfreq(levels.shape[1], 1024 / RATE)
    found = []
    for low, high in ((0, 5), (7, 13), (15, 20)):
        line = np.clip(levels[low:high].mean(axis=0), -30, None)
        sway = np.abs(np.fft.rfft(line - line.mean())) ** 2
        total = sway.sum() + 1e-9
        found += [np.sqrt(sway[(hertz >= a) & (hertz < b)].sum() / total) for a, b in pairwise(speeds)]
    return np.array(found)

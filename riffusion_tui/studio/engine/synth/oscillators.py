"""Oscillators: cycles in tables, the phases at which they are read, and loops of whole ensembles."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike, NDArray

from riffusion_tui.studio.engine.cache import Signal
from riffusion_tui.studio.engine.synth.tones import CURVE_HOP, SAMPLE_RATE, Floats, lines, random_phases

_INAUDIBLE_SHARE = 1e-4
"""Share of a table below which it is left out."""
_CHUNK = 1 << 13
"""Frames of a long note computed at once: as many as fit into the processor's cache."""
_TURN = 1 << 32
"""A cycle: what 32 bits hold, so that phases wrap by themselves."""
_TABLE = 4096
_PAD_TABLE = 1 << 17

# Drawbar harmonics relative to the sub-octave: the first is the 16-foot stop.
_REGISTERS = {
    "drawbars": {1: 0.9, 2: 0.75, 3: 0.62, 4: 0.3, 6: 0.16, 8: 0.22, 10: 0.06, 12: 0.06, 16: 0.05},
    "principal": {1: 1.0, 2: 0.8, 3: 0.35, 4: 0.5, 6: 0.2, 8: 0.3, 12: 0.12, 16: 0.14, 24: 0.05},
}


def harmonic_amps(kind: str, count: int) -> Floats:
    """Return the amplitudes of the first `count` harmonics of a wave.

    `kind` is saw, square, triangle, pulse, sine, drawbars (a tonewheel organ) or principal (an organ's pipes).
    """
    k = np.arange(1, count + 1, dtype=np.float64)
    if kind in _REGISTERS:
        return np.array([_REGISTERS[kind].get(i, 0.0) for i in range(1, count + 1)])
    if kind == "saw":
        return 1 / k
    if kind == "square":
        return np.where(k % 2 == 1, 1 / k, 0.0)
    if kind == "triangle":
        return np.where(k % 2 == 1, 1 / k**2, 0.0)
    if kind == "pulse":
        return np.abs(np.sin(np.pi * k * 0.25)) / k
    return np.where(k == 1, 1.0, 0.0)


def lowpass(freqs: ArrayLike, cutoff: float, order: float = 2.0, peak: float = 0.0) -> Floats:
    """Return the gain of a low-pass filter at `freqs`, with a resonance of `peak` at the corner."""
    ratio = np.asarray(freqs, dtype=np.float64) / cutoff
    gain = 1 / np.sqrt(1 + ratio ** (2 * order))
    return np.asarray(gain * (1 + peak * np.exp(-0.5 * ((ratio - 1) / 0.18) ** 2)), dtype=np.float64)


@lru_cache(maxsize=512)
def wave_table(kind: str, harmonics: int, cutoff_harmonic: float, peak: float) -> Signal:
    """Return one band-limited cycle of a basic wave through a low-pass at `cutoff_harmonic` times the pitch."""
    k = np.arange(1, harmonics + 1, dtype=np.float64)
    return cycle(harmonic_amps(kind, harmonics) * lowpass(k, cutoff_harmonic, 2.0, peak))


def cycle(amps: Floats) -> Signal:
    """Return one cycle with these harmonics, all sines, scaled so that a full saw peaks near 1."""
    spectrum = np.zeros(_TABLE // 2 + 1, dtype=np.complex64)
    count = min(len(amps), _TABLE // 2 - 1)
    spectrum[1 : count + 1] = -1j * amps[:count] * (_TABLE / 2 * 0.6)
    return np.fft.irfft(spectrum, _TABLE).astype(np.float32)


def read_table(table: Signal, turns: Floats | Steady) -> Signal:
    """Return the table at the phases `turns` (in cycles): the nearest of 4096 points, with noise at -72 dB."""
    return faded_tables(table, None, turns, None)


def faded_tables(
    first: Signal, second: Signal | None, turns: Floats | Steady, fade: Signal | None, out: Signal | None = None
) -> Signal:
    """Return a cross-fade from one table to another at the same phases, in `out` if that is given.

    `fade` is the second one's share.
    """
    out = np.empty(len(turns), dtype=np.float32) if out is None else out
    rise = None if second is None else second - first
    until = 0 if fade is None else len(fade) - int(np.argmax(fade[::-1] > _INAUDIBLE_SHARE))
    for start in range(0, len(turns), _CHUNK):
        if isinstance(turns, Steady):
            index = turns.places(start, min(start + _CHUNK, len(turns)), len(first))
        else:
            index = (turns[start : start + _CHUNK] * len(first)).astype(np.intp)
            index &= len(first) - 1
        piece = first.take(index, mode="clip", out=out[start : start + _CHUNK])
        if rise is not None and fade is not None and start < until:
            other = rise.take(index, mode="clip")
            other *= fade[start : start + _CHUNK]
            piece += other
    return out


@dataclass(frozen=True, slots=True)
class Steady:
    """The phase of a steady oscillator, computed a piece at a time in whole numbers, which takes half the time."""

    freq: float
    frames: int
    start: float = 0.0
    """Phase of the first frame, in cycles."""

    def __len__(self) -> int:
        return self.frames

    def places(self, first: int, end: int, points: int) -> NDArray[np.intp]:
        """Return the nearest of a cycle's `points`, a power of two, for the frames from `first` to `end`."""
        step, begin = round(self.freq / SAMPLE_RATE * _TURN), round(self.start * _TURN)
        phase = _counts()[: end - first] * np.uint32(step % _TURN)
        phase += np.uint32((begin + first * step) % _TURN)
        phase >>= np.uint32(32 - (points - 1).bit_length())
        return phase.astype(np.intp)


@lru_cache(maxsize=1)
def _counts() -> NDArray[np.uint32]:
    return np.arange(_CHUNK, dtype=np.uint32)


def swaying_turns(freqs: Floats, frames: int, start: float = 0.0) -> Floats:
    """Return the phase in cycles of an oscillator whose frequency is given at the `moments`."""
    return start + np.cumsum(lines(freqs, CURVE_HOP)[:frames], dtype=np.float64) / SAMPLE_RATE


def pad_table(freq: float, amps: Floats, width_cents: float, seed: int, size: int = _PAD_TABLE) -> Signal:
    """Return a seamless loop in which each harmonic is a narrow band of noise: an ensemble.

    After Paul Nasca's PADsynth (https://zynaddsubfx.sourceforge.io/doc/PADsynth/PADsynth.htm). RMS is 0.2.
    """
    power = np.zeros(size // 2 + 1, dtype=np.float32)
    spread = 2.0 ** (width_cents / 1200.0) - 1.0
    for k, amp in enumerate(amps, start=1):
        center = freq * k * size / SAMPLE_RATE
        sigma = max(0.8, 0.5 * spread * center)
        low, high = int(center - 3 * sigma), int(center + 3 * sigma) + 2
        if high >= len(power):
            break
        first = max(low, 1)
        away = np.arange(first - center, high - center, dtype=np.float32)[: high - first]
        away *= np.float32(np.sqrt(0.5) / sigma)
        np.square(away, out=away)
        np.negative(away, out=away)
        power[first:high] += np.exp(away, out=away) * np.float32(amp / np.sqrt(sigma))
    bands = power * random_phases(len(power), seed)
    table = np.asarray(np.fft.irfft(bands, size), dtype=np.float32)
    table *= np.float32(0.2 / max(1e-9, float(np.sqrt(np.dot(table, table) / size))))
    return table

"""Struck and plucked instruments: piano, guitars, harp, bells, mallets, basses.

A plucked string is a sum of damped modes: their amplitudes depend on where it is plucked, stiffness stretches the
partials, and damping grows with frequency. A Karplus-Strong loop approximates the same.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from riffusion_tui.studio.engine.cache import Signal, SignalCache
from riffusion_tui.studio.engine.synth.tones import (
    NYQUIST,
    SAMPLE_RATE,
    Floats,
    attack,
    damped,
    decay_curve,
    filtered,
    hertz,
    noise,
)
from riffusion_tui.studio.engine.synth.voice import ToneVoice, seed_of

_MAX_PARTIALS = 48


@dataclass(frozen=True, slots=True)
class Struck:
    """How a string or bar sounds. Times in seconds, at A3 (220 Hz) where they depend on pitch."""

    ring: float = 4.0
    """Seconds until the first partial has decayed by 60 dB."""
    ring_slope: float = 0.6
    """How much shorter higher notes ring: the exponent of 220 / frequency."""
    damping: float = 1.0
    """How much faster high partials die: 0 bars and synths, 1 steel strings, 3 nylon and gut."""
    stiffness: float = 0.0004
    """Inharmonicity B: partial k is at k * sqrt(1 + B k²)."""
    place: float = 0.14
    """Where it is plucked or struck, as a share of the string."""
    tilt: float = 1.0
    """Partials fall as 1 / k ** tilt, before hardness."""
    soft: float = 1.2
    """How much darker a soft note is: added to the tilt at hardness 0."""
    stray: float = 0.0
    """Cents by which a key may be out of tune; each has its own."""
    detune: float = 0.0
    """Cents between the two strings of a note; 0 for one string."""
    ratios: tuple[float, ...] = ()
    """Partials of a bar or bell, instead of a string's."""
    amps: tuple[float, ...] = ()
    """Their amplitudes."""
    knock: float = 0.0
    """Level of the noise of the hammer, plectrum or finger."""
    knock_band: tuple[float, float] = (200.0, 3000.0)
    body: tuple[tuple[float, float], ...] = ()
    """(frequency, gain) points of the body's filter."""
    rise: float = 0.001
    release: float = 0.12
    level: float = 1.0
    buzz: float = 0.0
    """A buzzing bridge (sitar, koto): lifts high partials and lets them ring."""
    tremolo: tuple[float, float] = (0.0, 0.0)
    """(hertz, depth): the fans of a vibraphone, the tremolo of an electric piano."""
    drive: float = 0.0
    """Saturation, as of an electric pick-up."""
    extra: tuple[tuple[float, float, float], ...] = field(default=())
    """(ratio, amplitude, seconds): short modes of the attack, such as an electric piano's tine."""


class StruckVoice(ToneVoice):
    """Plays a `Struck` sound."""

    def __init__(self, name: str, cache: SignalCache, sound: Struck) -> None:
        super().__init__(name, cache, release=sound.release, level=sound.level)
        self.sound = sound

    def longest(self, pitch: int) -> int:
        """Return the frames until the tone has decayed by 66 dB."""
        return int(1.1 * self._ring(pitch) * SAMPLE_RATE) + 2048

    def tone(self, pitch: int, hardness: float, frames: int) -> Signal:
        """See `ToneVoice.tone`."""
        s = self.sound
        freqs, amps, decays = self._modes(pitch, hardness)
        rng = np.random.default_rng(seed_of(self.name, pitch))
        phases = rng.uniform(-0.4, 0.4, len(freqs))
        out = damped(freqs, amps, decays, phases, frames)
        if s.knock > 0:
            n = min(frames, int(0.08 * SAMPLE_RATE))
            tap = noise(n, seed_of(self.name, pitch), *s.knock_band) * decay_curve(n, 0.06)
            out[:n] += tap * np.float32(s.knock * (0.4 + 0.9 * hardness))
        if s.body:
            out = filtered(out, tuple((f, 20 * float(np.log10(g))) for f, g in s.body))
        if s.drive > 0:
            push = np.float32(s.drive * (0.5 + hardness))
            out = np.tanh(out * (1 + push) + 0.15 * push) - np.tanh(0.15 * push)
        if s.tremolo[1] > 0:
            t = np.arange(frames, dtype=np.float32) / SAMPLE_RATE
            out *= 1 - np.float32(s.tremolo[1]) * (0.5 + 0.5 * np.sin(2 * np.pi * np.float32(s.tremolo[0]) * t))
        return attack(out, s.rise)

    def _ring(self, pitch: int) -> float:
        return float(self.sound.ring * (220.0 / hertz(pitch)) ** self.sound.ring_slope)

    def _modes(self, pitch: int, hardness: float) -> tuple[Floats, Floats, Floats]:
        """Return frequencies, amplitudes and decay rates of all partials."""
        s = self.sound
        f0 = hertz(pitch + s.stray / 100 * (seed_of(self.name, pitch) % 201 / 100 - 1)) if s.stray else hertz(pitch)
        if s.ratios:
            ratio = np.asarray(s.ratios)
            amps = np.asarray(s.amps) * ratio ** (-s.soft * (1 - hardness) * 0.5)
        else:
            k = np.arange(1, min(_MAX_PARTIALS, int(NYQUIST / f0)) + 1, dtype=np.float64)
            ratio = k * np.sqrt(1 + s.stiffness * k**2)
            amps = np.abs(np.sin(np.pi * k * s.place)) * k ** -(s.tilt + s.soft * (1 - hardness))
            amps *= 1 + s.buzz * np.exp(-0.5 * ((k - 9) / 5) ** 2) * 3
            amps *= 0.7 / max(1e-6, float(np.sqrt(np.sum(amps**2))))
        decay = 6.9078 / self._ring(pitch) * (1 + s.damping * 0.12 * (ratio - 1) * (1 - 0.7 * s.buzz))
        freqs = f0 * ratio
        if s.detune > 0:
            apart = 2 ** (s.detune / 2400)
            freqs = np.concatenate([freqs * apart, freqs / apart])
            amps = np.concatenate([amps * 0.6, amps * 0.4])
            decay = np.concatenate([decay * 1.6, decay * 0.7])
        for r, a, seconds in s.extra:
            freqs, amps = np.append(freqs, f0 * r), np.append(amps, a * (0.3 + hardness))
            decay = np.append(decay, 6.9078 / seconds)
        kept = freqs < NYQUIST
        return freqs[kept], amps[kept], decay[kept]


class PreparedVoice(ToneVoice):
    """A piano with screws, rubber and paper between its strings: each key has one of several sounds."""

    def __init__(self, name: str, cache: SignalCache, sounds: tuple[Struck, ...], level: float) -> None:
        super().__init__(name, cache, release=max(sound.release for sound in sounds), level=level)
        self._strings = tuple(StruckVoice(f"{name} {i}", cache, sound) for i, sound in enumerate(sounds))

    def longest(self, pitch: int) -> int:
        """See `ToneVoice.longest`."""
        return self._string(pitch).longest(pitch)

    def tone(self, pitch: int, hardness: float, frames: int) -> Signal:
        """See `ToneVoice.tone`."""
        string = self._string(pitch)
        return string.tone(pitch, hardness, frames) * np.float32(string.level)

    def _string(self, pitch: int) -> StruckVoice:
        return self._strings[seed_of(self.name, pitch) % len(self._strings)]

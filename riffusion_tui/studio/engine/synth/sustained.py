"""Sustained instruments: pads and ensembles, subtractive synthesizers, winds, bowed strings, organ."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from riffusion_tui.studio.engine.cache import Signal, SignalCache
from riffusion_tui.studio.engine.synth.oscillators import (
    Steady,
    cycle,
    faded_tables,
    harmonic_amps,
    lowpass,
    pad_table,
    read_table,
    swaying_turns,
    wave_table,
)
from riffusion_tui.studio.engine.synth.tones import (
    CURVE_HOP,
    NYQUIST,
    Floats,
    attack,
    falling,
    hertz,
    lines,
    moments,
    noise_loop,
    read_loop,
)
from riffusion_tui.studio.engine.synth.voice import ToneVoice, seed_of

_MAX_HARMONICS = 160
_LOWEST_SUB = 38.0
"""Hertz."""
_SIDE_OFFSET = 41_011
"""Frames between the two places at which a pad's loop is read, for mid and side."""


@dataclass(frozen=True, slots=True)
class Pad:
    """Many players on one note, spread over the stereo picture."""

    wave: str = "saw"
    width_cents: float = 30.0
    cutoff: float = 2500.0
    """Hertz, at hardness 1; half of it at 0."""
    order: float = 1.0
    formants: tuple[tuple[float, float, float], ...] = ()
    """(hertz, width in hertz, gain): vowels of a choir, body of a section of strings."""
    rise: float = 0.3
    release: float = 0.5
    spread: float = 0.7
    """Level of the side relative to the mid."""
    level: float = 1.0
    air: float = 0.0
    """Level of breath or bow noise."""


class PadVoice(ToneVoice):
    """Plays a `Pad`: one seamless loop per pitch, read at two places."""

    channels = 2

    def __init__(self, name: str, cache: SignalCache, sound: Pad) -> None:
        super().__init__(name, cache, release=sound.release, level=sound.level)
        self.sound = sound

    def tone(self, pitch: int, hardness: float, frames: int) -> Signal:
        """See `ToneVoice.tone`."""
        s = self.sound
        loop = self._loop(pitch, hardness)
        seed = seed_of(self.name, pitch)
        middle, side = read_loop(loop, seed, frames), read_loop(loop, seed + _SIDE_OFFSET, frames)
        side *= np.float32(s.spread)
        out = np.empty((2, frames), dtype=np.float32)
        np.add(middle, side, out=out[0])
        np.subtract(middle, side, out=out[1])
        if s.air > 0:
            hiss = noise_loop(1500.0, 9000.0) * np.float32(s.air)
            out[0] += read_loop(hiss, 0, frames)
            out[1] += read_loop(hiss, _SIDE_OFFSET, frames)
        return attack(out, s.rise)

    def _loop(self, pitch: int, hardness: float) -> Signal:
        key = (self.name, "loop", pitch, int(hardness * 2))
        kept = self.cache.get(key)
        if kept is not None:
            return kept
        s, f0 = self.sound, hertz(pitch)
        freqs = f0 * np.arange(1, min(_MAX_HARMONICS, int(NYQUIST / f0)) + 1, dtype=np.float64)
        amps = harmonic_amps(s.wave, len(freqs)) * lowpass(freqs, s.cutoff * (0.6 + 0.4 * hardness), s.order)
        amps = amps * _formant_gain(freqs, s.formants)
        return self.cache.put(key, pad_table(f0, amps, s.width_cents, seed_of(self.name, pitch)))


@dataclass(frozen=True, slots=True)
class Osc:
    """A subtractive synthesizer: unison oscillators and a filter that closes after the attack."""

    wave: str = "saw"
    unison: int = 1
    detune: float = 12.0
    """Cents from the middle to the outermost oscillator."""
    spread: float = 0.8
    """Stereo width of the unison; 0 makes a mono voice."""
    open: float = 24.0
    """The filter's corner at the attack, in harmonics of the note, at hardness 1."""
    closed: float = 4.0
    """The corner after the fall, in harmonics."""
    fall: float = 0.4
    """Seconds of that fall."""
    peak: float = 0.3
    sub: float = 0.0
    """Level of a sine an octave below."""
    rise: float = 0.003
    release: float = 0.08
    level: float = 1.0
    decay: float = 0.0
    """Seconds to fall by 60 dB while held; 0 holds the level."""
    vibrato: float = 0.0
    """Cents."""
    punch: float = 0.0
    """Semitones above the pitch at the start, falling in the first 40 ms."""
    drive: float = 0.0
    wobble: float = 0.0
    """LFO frequency of the filter in hertz, instead of the single fall."""


class OscVoice(ToneVoice):
    """Plays an `Osc`. The filter's fall is a cross-fade between an open and a closed cycle."""

    def __init__(self, name: str, cache: SignalCache, sound: Osc) -> None:
        super().__init__(name, cache, release=sound.release, level=sound.level)
        self.sound = sound
        self.channels = 2 if sound.unison > 1 and sound.spread > 0 else 1

    def tone(self, pitch: int, hardness: float, frames: int) -> Signal:
        """See `ToneVoice.tone`."""
        s, f0 = self.sound, hertz(pitch)
        count = max(1, int(NYQUIST / (f0 * 1.03)))
        wide, narrow = s.open * (0.45 + 0.55 * hardness), s.closed * (0.7 + 0.3 * hardness)
        bright = wave_table(s.wave, min(count, 700), _grid(wide), s.peak)
        dark = wave_table(s.wave, min(count, 700), _grid(narrow), s.peak)
        fade = self._opening(frames)
        rng = np.random.default_rng(seed_of(self.name, pitch))
        places = np.zeros(1) if s.unison == 1 else np.linspace(-1, 1, s.unison)
        voices = np.empty((s.unison, frames), dtype=np.float32)
        for place, voice in zip(places, voices, strict=True):
            turns = self._turns(f0 * 2 ** (place * s.detune / 1200), frames, rng.random() if s.unison > 1 else 0.0)
            faded_tables(dark, bright, turns, fade, voice)
        sides = [[_side_gain(at * s.spread, c, self.channels) for at in places] for c in range(self.channels)]
        out = np.asarray(np.array(sides, dtype=np.float32) / np.float32(np.sqrt(s.unison)) @ voices, dtype=np.float32)
        return self._finish(out, f0, frames)

    def _opening(self, frames: int) -> Signal:
        """Return how far the filter is open at each frame, 0 to 1."""
        s = self.sound
        if s.wobble > 0:
            t = moments(frames)
            return lines((0.5 + 0.5 * np.cos(2 * np.pi * s.wobble * t)) ** 1.5, CURVE_HOP)[:frames]
        return falling(frames, 3.0 / s.fall)

    def _turns(self, freq: float, frames: int, start: float) -> Floats | Steady:
        s = self.sound
        if s.vibrato == 0 and s.punch == 0:
            return Steady(freq, frames, start)
        t = moments(frames)
        cents = s.vibrato * np.sin(2 * np.pi * 5.2 * t) * np.clip((t - 0.2) / 0.4, 0, 1)
        cents = cents + 100 * s.punch * np.exp(-t / 0.012)
        return swaying_turns(freq * 2 ** (cents / 1200), frames, start)

    def _finish(self, out: Signal, f0: float, frames: int) -> Signal:
        s = self.sound
        if s.sub > 0:
            # Below this nothing is audible: the sub-octave of a low note is the note itself.
            low = f0 / 2 if f0 / 2 >= _LOWEST_SUB else f0
            out += np.float32(s.sub / 0.6) * read_table(wave_table("sine", 1, 1e9, 0.0), Steady(low, frames))
        if s.decay > 0:
            out *= falling(frames, 6.9 / s.decay)
        if s.drive > 0:
            out = np.tanh(out * np.float32(1 + s.drive)) * np.float32(1 / np.sqrt(1 + s.drive))
        attack(out, s.rise)
        return np.asarray(out if self.channels == 2 else out[0], dtype=np.float32)


@dataclass(frozen=True, slots=True)
class Blown:
    """A wind or bowed instrument: a tone that gets brighter as it swells, delayed vibrato, noise."""

    wave: str = "saw"
    cutoff: float = 3000.0
    """Hertz at full swell and hardness 1."""
    formants: tuple[tuple[float, float, float], ...] = ()
    rise: float = 0.06
    release: float = 0.12
    vibrato: float = 14.0
    """Cents, when it is full."""
    rate: float = 5.3
    late: float = 0.35
    """Seconds until the vibrato is full."""
    air: float = 0.02
    air_band: tuple[float, float] = (1200.0, 8000.0)
    scoop: float = 20.0
    """Cents below the pitch at which the note begins."""
    level: float = 1.0
    growl: float = 0.0


class BlownVoice(ToneVoice):
    """Plays a `Blown` sound: cross-fades from a dull cycle to a bright one along the swell."""

    def __init__(self, name: str, cache: SignalCache, sound: Blown) -> None:
        super().__init__(name, cache, release=sound.release, level=sound.level)
        self.sound = sound

    def tone(self, pitch: int, hardness: float, frames: int) -> Signal:
        """See `ToneVoice.tone`."""
        s, f0 = self.sound, hertz(pitch)
        freqs = f0 * np.arange(1, max(2, min(_MAX_HARMONICS, int(NYQUIST / f0))), dtype=np.float64)
        amps = harmonic_amps(s.wave, len(freqs)) * _formant_gain(freqs, s.formants)
        full = s.cutoff * (0.45 + 0.55 * hardness)
        bright, dull = (_even(amps * lowpass(freqs, c, 1.2)) for c in (full, max(f0 * 1.2, full * 0.35)))
        t = moments(frames)
        sway = np.sin(2 * np.pi * s.rate * t) * np.clip((t - s.late * 0.4) / s.late, 0, 1)
        cents = s.vibrato * sway - s.scoop * np.exp(-t / 0.035)
        turns = swaying_turns(f0 * 2 ** (cents / 1200), frames)
        swell = 1 - 0.75 * np.exp(-t / max(0.02, s.rise)) + 0.08 * sway
        loud = (0.9 + 0.1 * swell) * (1 + s.growl * np.sin(2 * np.pi * 33 * t))
        out = faded_tables(dull, bright, turns, lines(swell, CURVE_HOP)[:frames])
        out *= lines(loud, CURVE_HOP)[:frames]
        if s.air > 0:
            hiss = read_loop(noise_loop(*s.air_band), seed_of(self.name, pitch) % 40_000, frames)
            out += hiss * lines((1.6 - swell) * 3 * s.air, CURVE_HOP)[:frames]
        return attack(np.asarray(out, dtype=np.float32), s.rise)


def _formant_gain(freqs: Floats, formants: tuple[tuple[float, float, float], ...]) -> Floats:
    """Return the gain of resonances (hertz, width, gain) at `freqs`; 1 everywhere when there are none."""
    if not formants:
        return np.ones(len(freqs))
    gain = np.full(len(freqs), 0.06)
    for center, width, level in formants:
        gain += level / (1 + ((freqs - center) / (width / 2)) ** 2)
    return gain


def _even(amps: Floats) -> Signal:
    """Return one cycle with these harmonics, normalized to an RMS of 0.25."""
    table = cycle(amps)
    return np.asarray(table * (0.25 / max(1e-9, float(np.sqrt(np.mean(table**2))))), dtype=np.float32)


def _side_gain(at: float, channel: int, channels: int) -> float:
    if channels == 1:
        return 1.0
    angle = (at + 1) * np.pi / 4
    return float(np.cos(angle) if channel == 0 else np.sin(angle)) * 1.2


def _grid(value: float) -> float:
    """Round to a tenth of an octave, so that cached cycles are reused."""
    return float(2 ** (round(np.log2(value) * 10) / 10))

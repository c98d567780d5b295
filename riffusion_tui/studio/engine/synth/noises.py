"""Found sounds and electronic noises: scraped and bowed metal, creaks, reversed tape, static, ring modulation."""

from __future__ import annotations

from types import MappingProxyType

import numpy as np

from riffusion_tui.studio.engine.cache import Signal, SignalCache
from riffusion_tui.studio.engine.synth.oscillators import swaying_turns
from riffusion_tui.studio.engine.synth.tones import (
    CURVE_HOP,
    NYQUIST,
    SAMPLE_RATE,
    Floats,
    attack,
    damped,
    filtered,
    hertz,
    lines,
    moments,
    noise,
    padded,
    spectrum_of,
)
from riffusion_tui.studio.engine.synth.voice import NoteSound, seed_of

_SHORT, _LONG = SAMPLE_RATE // 16, SAMPLE_RATE // 4
"""Sounds up to a second, and longer ones, are made in whole numbers of these frames."""
_PIECE = 1 << 13
"""Frames convolved at once."""
_LONGEST = 15 * SAMPLE_RATE
_LOUD = 0.2
"""Their root mean square where they are loudest, over a sixteenth of a second."""
_RELEASE = 1200
"""Frames in which a sound that is cut ends."""


class NoiseVoice:
    """Plays noises: the pitch decides which one, and how high it is."""

    channels = 2

    def __init__(self, name: str, cache: SignalCache, sounds: tuple[str, ...]) -> None:
        """`sounds` are names of `NOISES`; pitches that follow each other have different ones."""
        self.name = name
        self.cache = cache
        self.sounds = sounds

    def note(self, pitch: int, velocity: float, held: int) -> NoteSound:
        """See `Voice.note`: each sound has its own place between the sides."""
        unit = _SHORT if held <= SAMPLE_RATE else _LONG
        frames = min(_LONGEST, -(-held // unit) * unit)
        key = (self.name, pitch, frames)
        kept = self.cache.get(key)
        if kept is None:
            kept = self.cache.put(key, self._made(pitch, frames))
        seed = seed_of(self.name, pitch)
        angle = (0.15 + 0.7 * (seed % 997) / 996) * np.pi / 2
        out = kept[: min(held, len(kept))].copy()
        fade = min(_RELEASE, len(out))
        out[-fade:] *= np.linspace(1, 0, fade, dtype=np.float32)
        return NoteSound(out, velocity**1.4, sides=(float(np.cos(angle)), float(np.sin(angle))))

    def _made(self, pitch: int, frames: int) -> Signal:
        chance = np.random.default_rng(seed_of(self.name, pitch))
        sound = NOISES[self.sounds[pitch % len(self.sounds)]](frames, hertz(pitch), chance)
        pieces = sound[: len(sound) // _SHORT * _SHORT].reshape(-1, _SHORT)
        loudest = float(np.sqrt((pieces**2).mean(axis=1).max()))
        # As on a tape: single clicks are much louder than the rest.
        return attack(np.asarray(np.tanh(sound * np.float32(_LOUD / max(1e-6, loudest))), dtype=np.float32), 0.003)


def _glide(frames: int, chance: np.random.Generator, low: float, high: float, points: int) -> Floats:
    """Return a curve at the `moments`, through random points between `low` and `high`, evenly in pitch."""
    t = moments(frames)
    levels = np.exp(chance.uniform(np.log(low), np.log(high), points + 1))
    return np.asarray(np.interp(t, np.linspace(0, t[-1], points + 1), levels), dtype=np.float64)


def _hump(frames: int, rise: float) -> Signal:
    """Return an envelope that rises in a share of the sound, then falls."""
    turn = max(1, int(rise * frames))
    x = np.arange(frames, dtype=np.float32)
    return np.asarray(np.minimum(x / turn, (frames - x) / max(1, frames - turn)) ** 0.7, dtype=np.float32)


def _sine(freqs: Floats, frames: int) -> Signal:
    return _sine_of(swaying_turns(freqs, frames))


def _sine_of(turns: Floats) -> Signal:
    """Return a sine at the phases `turns`, in cycles: single precision takes a quarter of the time."""
    turns -= np.floor(turns)
    out = turns.astype(np.float32)
    out *= np.float32(2 * np.pi)
    return np.sin(out, out=out)


def _metal(hz: float, chance: np.random.Generator, count: int) -> Floats:
    """Return the modes of a piece of metal whose lowest is at `hz`: no two are in tune."""
    found = hz * np.cumprod(np.concatenate([[1.0], 1 + chance.uniform(0.08, 0.5, count - 1)]))
    return np.asarray(found[found < NYQUIST], dtype=np.float64)


def _rubbed(frames: int, chance: np.random.Generator, rates: tuple[float, float], modes: Floats, ring: float) -> Signal:
    """Return stick and slip: clicks whose rate wanders between `rates`, which excite a body's `modes`."""
    rate = lines(_glide(frames, chance, *rates, 2 + frames // SAMPLE_RATE), CURVE_HOP)[:frames]
    count = np.floor(np.cumsum(rate / SAMPLE_RATE, dtype=np.float64))
    at = np.flatnonzero(np.diff(count) > 0)
    clicks = np.zeros(frames, dtype=np.float32)
    clicks[at] = chance.uniform(0.25, 1.0, len(at))
    taps = min(_PIECE, int(1.2 * ring * SAMPLE_RATE))
    body = damped(modes, chance.uniform(0.4, 1.0, len(modes)), np.full(len(modes), 6.9 / ring), modes * 0, taps)
    return _through(clicks, body)


def _through(signal: Signal, body: Signal) -> Signal:
    """Return `signal` convolved with at most `_PIECE` taps, in pieces that fit into the processor's cache."""
    count = -(-len(signal) // _PIECE)
    pieces = padded(padded(signal, count * _PIECE).reshape(count, _PIECE), 2 * _PIECE)
    spectra = np.fft.rfft(pieces, norm="forward") * (spectrum_of(body, 2 * _PIECE) * np.float32(2 * _PIECE))
    full = np.fft.irfft(spectra.astype(np.complex64), 2 * _PIECE)
    out = np.zeros((count + 1, _PIECE), dtype=np.float32)
    out[:-1] = full[:, :_PIECE]
    out[1:] += full[:, _PIECE:]
    return out.reshape(-1)[: len(signal)]


def scrape(frames: int, hz: float, chance: np.random.Generator) -> Signal:
    """A piece of metal that is drawn over another."""
    out = _rubbed(frames, chance, (25.0, 160.0), _metal(2.5 * hz, chance, 7), 0.12) * _hump(frames, 0.4)
    return np.asarray(out, dtype=np.float32)


def creak(frames: int, hz: float, chance: np.random.Generator) -> Signal:
    """A door or a floor."""
    out = _rubbed(frames, chance, (7.0, 60.0), _metal(0.8 * hz, chance, 6), 0.05) * _hump(frames, 0.3)
    return np.asarray(out, dtype=np.float32)


def clank(frames: int, hz: float, chance: np.random.Generator) -> Signal:
    """A sheet, pipe or pan that is struck."""
    modes = _metal(0.7 * hz, chance, 16)
    decays = 6.9 / (chance.uniform(0.3, 3.0, len(modes)) * (hz / modes) ** 0.4)
    out = damped(modes, chance.uniform(0.2, 1.0, len(modes)), decays, chance.uniform(0, 6, len(modes)), frames)
    knock = min(frames, 3000)
    out[:knock] += noise(knock, int(hz), 300, 6000) * np.linspace(1, 0, knock, dtype=np.float32) ** 6
    return out


def reversed_tape(frames: int, hz: float, chance: np.random.Generator) -> Signal:
    """A struck sound in a large room, played backwards: it swells and is cut off."""
    hall = noise(frames, int(hz) + 5, 0.6 * hz, min(9000.0, 9 * hz)) * np.exp(
        np.linspace(0, -5, frames, dtype=np.float32)
    )
    return np.asarray((clank(frames, hz, chance) + hall)[::-1], dtype=np.float32)


def bowed_metal(frames: int, hz: float, chance: np.random.Generator) -> Signal:
    """A cymbal or a saw blade under a bow: its modes come and go."""
    modes = _metal(1.2 * hz, chance, 8)
    out = np.zeros(frames, dtype=np.float32)
    for mode in modes:
        sway = _glide(frames, chance, 0.995, 1.005, 3 + frames // SAMPLE_RATE) * mode
        out += (
            _sine(sway, frames)
            * lines(_glide(frames, chance, 0.01, 1.0, 2 + frames // SAMPLE_RATE), CURVE_HOP)[:frames]
        )
    out += noise(frames, int(hz) + 9, 2 * hz, 8000) * np.float32(0.25)
    return np.asarray(out * _hump(frames, 0.5), dtype=np.float32)


def rumble(frames: int, hz: float, chance: np.random.Generator) -> Signal:
    """A train or machine far away."""
    out = noise(frames, int(chance.integers(1 << 16)), 25, 60 + 0.6 * hz, 2.0)
    return out * lines(_glide(frames, chance, 0.3, 1.0, 2 + 2 * frames // SAMPLE_RATE), CURVE_HOP)[:frames]


def wind(frames: int, hz: float, chance: np.random.Generator) -> Signal:
    """Breath through a tube: noise with a few wandering resonances."""
    tones = [_sine(_glide(frames, chance, hz, 5 * hz, 2 + frames // SAMPLE_RATE), frames) for _ in range(3)]
    rough = noise(frames, int(chance.integers(1 << 16)), 5, 90)
    out = sum(tones, np.zeros(1, dtype=np.float32)) * rough
    return np.asarray(out + noise(frames, int(hz) + 3, hz, 6 * hz) * np.float32(0.3), dtype=np.float32)


def static(frames: int, hz: float, chance: np.random.Generator) -> Signal:
    """A radio between stations: noise that is cut in and out, and a whistle."""
    steps = -(-frames // 1024) + 1
    gate = np.repeat(chance.choice([0.03, 0.3, 1.0], steps, p=[0.25, 0.35, 0.4]), 1024)[:frames]
    out = noise(frames, int(chance.integers(1 << 16)), 300, 3000 + 8 * hz) * gate.astype(np.float32)
    return out + np.float32(0.06) * _sine(_glide(frames, chance, 4 * hz, 9 * hz, 2), frames)


def ring_modulated(frames: int, hz: float, chance: np.random.Generator) -> Signal:
    """Two tones multiplied: only their sums and differences are left."""
    tone = _sine(_glide(frames, chance, hz, 2 * hz, 2), frames)
    tone += np.float32(0.5) * _sine(_glide(frames, chance, 2.9 * hz, 3.1 * hz, 2), frames)
    return tone * _sine(_glide(frames, chance, 0.37 * hz, 3.7 * hz, 3), frames) * _hump(frames, 0.1)


def squelch(frames: int, hz: float, chance: np.random.Generator) -> Signal:
    """Frequency modulation whose ratio and depth wander."""
    depth = lines(_glide(frames, chance, 0.3, 9.0, 3 + 3 * frames // SAMPLE_RATE), CURVE_HOP)[:frames]
    inner = depth * _sine(_glide(frames, chance, 0.11 * hz, 1.9 * hz, 2), frames)
    turns = swaying_turns(_glide(frames, chance, 0.5 * hz, 2 * hz, 3), frames)
    return np.asarray(np.sin(2 * np.pi * turns + inner) * _hump(frames, 0.15), dtype=np.float32)


def bleeps(frames: int, hz: float, chance: np.random.Generator) -> Signal:
    """A computer of the 1950s: a random tone every few hundredths of a second."""
    t = moments(frames)
    places = np.floor(t / chance.uniform(0.035, 0.12)).astype(np.intp)
    freqs = hz * 2 ** chance.uniform(-1.0, 2.5, int(places[-1]) + 1)
    levels = (chance.random(int(places[-1]) + 1) < 0.7).astype(np.float64)
    levels[0] = 1.0
    return _sine(freqs[places], frames) * lines(levels[places], CURVE_HOP)[:frames]


def hum(frames: int, hz: float, chance: np.random.Generator) -> Signal:
    """A transformer: low harmonics that beat, and a buzz."""
    low = 45.0 * (hz / 45.0) ** 0.3
    freqs = np.concatenate([low * np.arange(1, 9) * (1 + chance.uniform(-0.004, 0.004, 8)), low * np.arange(1, 9)])
    amps = np.tile(1 / np.arange(1, 9) ** 0.8, 2)
    out = damped(freqs, amps, freqs * 0, chance.uniform(0, 6, 16), frames)
    return np.asarray(np.tanh(out) * _hump(frames, 0.3), dtype=np.float32)


def grains(frames: int, hz: float, chance: np.random.Generator) -> Signal:
    """A disc that skips: clicks and the shortest of tones, in bursts."""
    out = _rubbed(frames, chance, (3.0, 120.0), _metal(4.0 * hz, chance, 5), 0.02)
    steps = -(-frames // 4096) + 1
    gate = np.repeat(chance.choice([0.0, 1.0], steps, p=[0.3, 0.7]), 4096)[:frames]
    return np.asarray(out * gate, dtype=np.float32)


def tape_squeal(frames: int, hz: float, chance: np.random.Generator) -> Signal:
    """A tape that is wound past the head: a chord that rushes up and down."""
    speed = _glide(frames, chance, 0.5, 5.0, 2 + 3 * frames // SAMPLE_RATE)
    out = np.zeros(frames, dtype=np.float32)
    for ratio in (1.0, 1.26, 1.41, 1.89, 2.3, 3.1):
        out += _sine(hz * ratio * speed, frames)
    out = filtered(np.tanh(out), ((60.0, -12.0), (400.0, 0.0), (3000.0, 0.0), (9000.0, -18.0)))
    return np.asarray(out * _hump(frames, 0.3), dtype=np.float32)


NOISES = MappingProxyType(
    {
        "scrape": scrape, "creak": creak, "clank": clank, "reversed tape": reversed_tape, "bowed metal": bowed_metal,
        "rumble": rumble, "wind": wind, "static": static, "ring": ring_modulated, "squelch": squelch,
        "bleeps": bleeps, "grains": grains, "hum": hum, "tape squeal": tape_squeal,
    }
)  # fmt: skip
"""The noises that a voice of `styles/voices.toml` can have."""

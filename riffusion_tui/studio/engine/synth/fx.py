"""Sound effects: risers, impacts, scratches, and beds of vinyl crackle and nature sounds."""

from __future__ import annotations

import numpy as np

from riffusion_tui.studio.engine.cache import Signal, SignalCache
from riffusion_tui.studio.engine.synth.nature import LOOPS
from riffusion_tui.studio.engine.synth.oscillators import read_table, swaying_turns, wave_table
from riffusion_tui.studio.engine.synth.tones import (
    CURVE_HOP,
    SAMPLE_RATE,
    attack,
    decay_curve,
    filtered,
    hertz,
    lines,
    moments,
    noise,
    random_phases,
)
from riffusion_tui.studio.engine.synth.voice import NoteSound, seed_of

_GRAIN = 2048
_GRAINS = 8
"""Grains transformed at once: four rows take as long as one."""


class FxVoice:
    """Risers and impacts: a long note is a riser, a short one an impact. Higher pitches are brighter."""

    channels = 2

    def __init__(self, name: str, cache: SignalCache) -> None:
        self.name = name
        self.cache = cache

    def note(self, pitch: int, velocity: float, held: int) -> NoteSound:
        """See `Voice.note`."""
        rises = held > SAMPLE_RATE
        key = (self.name, pitch, held // 4410 if rises else 0)
        kept = self.cache.get(key)
        if kept is None:
            kept = self.cache.put(key, riser(held, pitch) if rises else impact(pitch))
        return NoteSound(kept, velocity**1.4)


def riser(frames: int, pitch: int) -> Signal:
    """Return stereo noise whose filter opens over `frames` and which stops at its loudest within 60 ms."""
    tail = int(0.06 * SAMPLE_RATE)
    total = frames + tail
    rows = -(-total // _GRAIN) + 1
    rng = np.random.default_rng(seed_of("riser", pitch))
    f = np.fft.rfftfreq(2 * _GRAIN, 1 / SAMPLE_RATE) + 1e-3
    window = np.hanning(2 * _GRAIN).astype(np.float32)
    out = np.zeros((2, (rows + 1) * _GRAIN), dtype=np.float32)
    for first in range(0, rows, _GRAINS):
        shares = np.minimum(1.0, np.arange(first, min(first + _GRAINS, rows)) * _GRAIN / max(1, frames))[:, None, None]
        gains = np.exp(-0.5 * ((np.log2(f / 250.0) - 5.0 * shares) / 0.7) ** 2).astype(np.float32)
        places = rng.integers(1 << 17, size=2 * len(shares)).tolist()
        hiss = np.stack([random_phases(len(f), place) for place in places]).reshape(len(shares), 2, -1)
        grains = np.fft.irfft(gains * hiss)
        grains *= window * (0.1 + 0.9 * shares**2).astype(np.float32)
        for i, grain in enumerate(grains, start=first):
            out[:, i * _GRAIN : (i + 2) * _GRAIN] += grain
    out = out[:, :total] * np.float32(0.25 / (1e-6 + float(np.sqrt(np.mean(out[:, frames // 2 : frames] ** 2)))))
    out[:, frames:] *= np.linspace(1, 0, tail, dtype=np.float32)
    return np.asarray(out * 0.5, dtype=np.float32)


def impact(pitch: int) -> Signal:
    """Return a deep stereo hit with a long dark tail."""
    frames = int(2.4 * SAMPLE_RATE)
    low = np.sin(2 * np.pi * swaying_turns(36.0 + 70.0 * np.exp(-moments(frames) / 0.06), frames)).astype(np.float32)
    low *= decay_curve(frames, 1.6)
    hiss = np.stack([noise(frames, seed_of(f"impact {c}", pitch), 120, 3500) for c in "lr"])
    out = 0.7 * np.tanh(low * 1.5) + hiss * decay_curve(frames, 2.0) * np.float32(0.9)
    return attack(np.asarray(out, dtype=np.float32), 0.002)


class ScratchVoice:
    """Record scratches, for the length of the note."""

    channels = 1

    def __init__(self, name: str, cache: SignalCache) -> None:
        self.name = name
        self.cache = cache

    def note(self, pitch: int, velocity: float, held: int) -> NoteSound:
        """See `Voice.note`; the pitch is that of the record's sound."""
        frames = max(2048, min(held, 2 * SAMPLE_RATE))
        t = moments(frames)
        pushes = max(1, round(frames / SAMPLE_RATE * 5))
        speed = np.sin(np.pi * pushes * t / (frames / SAMPLE_RATE)) * (1.2 + 0.5 * np.cos(2 * np.pi * 1.7 * t))
        table = wave_table("saw", 60, 14.0, 1.5)
        out = read_table(table, swaying_turns(hertz(pitch) * 2.2 * speed, frames)) * np.float32(0.5)
        out += noise(frames, seed_of(self.name, pitch), 1200, 6000) * np.float32(0.9)
        out *= lines(np.minimum(1.0, 1.6 * np.abs(speed)), CURVE_HOP)[:frames]
        out[-512:] *= np.linspace(1, 0, 512, dtype=np.float32)
        return NoteSound(attack(np.asarray(out, dtype=np.float32), 0.004), velocity)


class BedVoice:
    """Vinyl crackle or nature sounds for the length of the note; a name such as `waves and birds` plays both."""

    channels = 2

    def __init__(self, name: str, cache: SignalCache) -> None:
        self.name = name
        self.cache = cache

    def note(self, pitch: int, velocity: float, held: int) -> NoteSound:
        """See `Voice.note`: it fades in over half a second, and out over half a second after the note."""
        fade = min(held, SAMPLE_RATE // 2)
        frames = held + fade
        names = self.name.split(" and ")
        out = sum((np.resize(self._loop(name).T, (frames, 2)).T for name in names), np.zeros((2, 1), dtype=np.float32))
        out = out * np.float32(velocity / np.sqrt(len(names)))
        ramp = np.linspace(0, 1, fade, dtype=np.float32)
        out[:, :fade] *= ramp
        out[:, held:] *= ramp[::-1]
        return NoteSound(np.asarray(out, dtype=np.float32))

    def _loop(self, name: str) -> Signal:
        kept = self.cache.get((name, "loop"))
        return self.cache.put((name, "loop"), LOOPS.get(name, crackle)()) if kept is None else kept


_WORN = ((20.0, -20.0), (300.0, -4.0), (1500.0, 0.0), (7000.0, -3.0), (16_000.0, -20.0))


def crackle(seconds: float = 7.3, seed: int = 33) -> Signal:
    """Return a loop of vinyl crackle: clicks of many sizes over a soft hiss."""
    rng = np.random.default_rng(seed)
    frames = int(seconds * SAMPLE_RATE)
    out = np.zeros((2, frames), dtype=np.float32)
    at = rng.integers(0, frames - 64, int(seconds * 26))
    size = (rng.pareto(2.2, len(at)) * 0.12).clip(0, 1.2)
    side = rng.integers(0, 2, len(at))
    for i, level, channel in zip(at, size, side, strict=True):
        shape = rng.standard_normal(40).astype(np.float32) * np.exp(-np.arange(40, dtype=np.float32) / 7)
        out[channel, i : i + 40] += shape * np.float32(level)
        out[1 - channel, i : i + 40] += shape * np.float32(level * 0.35)
    hiss = np.stack([noise(frames, seed + c, 600, 7000) for c in range(2)])
    return np.asarray(filtered(out, _WORN) + hiss * 0.03, np.float32)

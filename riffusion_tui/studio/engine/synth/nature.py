"""Synthesized nature sounds: loops of rain, waves, wind, a stream, birds, crickets, fire and thunder.

Each returns shape (2, frames) at about the same loudness. Continuous sounds (hiss, wind) come from short loops of
noise, shaped by slow curves that are continuous at the loop's end.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np

from riffusion_tui.studio.engine.cache import Signal
from riffusion_tui.studio.engine.synth.tones import CURVE_HOP, SAMPLE_RATE, Floats, decay_curve, lines, noise_loop

_RMS = 0.07
_PEAK = 0.6


def rain(seconds: float = 9.1, seed: int = 71) -> Signal:
    """Return rain: many small drops over a broad, slowly varying hiss."""
    rng = np.random.default_rng(seed)
    frames = int(seconds * SAMPLE_RATE)
    out = _shaped(_hiss(frames, 900, 9000, seed), lambda t: 1 + 0.25 * _wave(2 * t) + 0.15 * _wave(5 * t + 0.2))
    out *= np.float32(0.32)
    for _ in range(int(seconds * 90)):
        _drop(out, rng, rng.uniform(1500, 5500), 0.0, 300, rng.uniform(0.02, 0.14))
    return out


def stream(seconds: float = 11.3, seed: int = 72) -> Signal:
    """Return a brook: bubbles whose pitch rises as they close, over soft water."""
    rng = np.random.default_rng(seed)
    frames = int(seconds * SAMPLE_RATE)
    out = _shaped(_hiss(frames, 300, 2500, seed), lambda t: 1 + 0.3 * _wave(3 * t) + 0.2 * _wave(7 * t + 0.4))
    out *= np.float32(0.16)
    for _ in range(int(seconds * 55)):
        _drop(out, rng, rng.uniform(350, 1900), rng.uniform(0.1, 0.9), 2400, rng.uniform(0.02, 0.13))
    return _levelled(out)


def waves(seconds: float = 23.0, seed: int = 73) -> Signal:
    """Return a shore: each wave swells, breaks bright, and draws back over the shingle."""
    frames = int(seconds * SAMPLE_RATE)
    # Where each wave breaks, as a share of the loop, and how large it is.
    breaks = ((0.14, 0.8), (0.44, 1.0), (0.76, 0.65))

    def swell(t: Floats, rise: float, fall: float) -> Floats:
        total = np.zeros_like(t)
        for at, size in breaks:
            since = ((t - at + 0.5) % 1 - 0.5) * seconds
            total += size * np.where(since < 0, np.exp(since / rise), np.exp(-since / fall))
        return total

    body = _shaped(_hiss(frames, 90, 900, seed), lambda t: 0.22 + swell(t, 1.3, 1.4))
    surf = _shaped(_hiss(frames, 500, 5000, seed + 1), lambda t: 0.06 + 0.8 * swell(t, 0.5, 1.7))
    foam = _shaped(_hiss(frames, 2500, 12_000, seed + 2), lambda t: 0.05 + 0.5 * swell(t - 0.02, 0.35, 2.6))
    return _levelled(body + surf + foam)


def wind(seconds: float = 19.0, seed: int = 74) -> Signal:
    """Return wind: gusts, and a whistle that rises with them."""
    frames = int(seconds * SAMPLE_RATE)

    def gust(t: Floats) -> Floats:
        return np.asarray((0.5 + 0.28 * _wave(2 * t) + 0.22 * _wave(5 * t + 0.3)) ** 2)

    def whistled(t: Floats, nearest: float) -> Floats:
        return np.asarray(0.5 * np.exp(-(((gust(t) - nearest) / 0.16) ** 2)))

    out = _shaped(_hiss(frames, 80, 500, seed), lambda t: 0.3 + gust(t))
    out += _shaped(_hiss(frames, 400, 1400, seed + 1), lambda t: 0.8 * gust(t))
    for i, hz in enumerate((620, 780, 960)):
        band = _hiss(frames, hz * 0.96, hz * 1.04, seed + 2 + i)
        out += _shaped(band, partial(whistled, nearest=0.3 + 0.3 * i))
    return _levelled(out)


def birds(seconds: float = 21.0, seed: int = 75) -> Signal:
    """Return birdsong: a few birds, each with its own phrase, pan and distance."""
    rng = np.random.default_rng(seed)
    frames = int(seconds * SAMPLE_RATE)
    out = _hiss(frames, 500, 6000, seed) * np.float32(0.025)
    for bird in range(7):
        calls = int(rng.integers(2, 6))
        phrase = [(rng.uniform(-0.35, 0.35), rng.uniform(0.04, 0.16), rng.uniform(0, 40)) for _ in range(calls)]
        hz, side, near = rng.uniform(2300, 5200), rng.uniform(0.1, 0.9), rng.uniform(0.12, 0.5)
        for turn in range(3):
            at = ((0.37 * bird + turn / 3 + rng.uniform(0, 0.2)) % 1) * (seconds - 3.0)
            for bend, length, trill in phrase * int(rng.integers(1, 4)):
                _lay(out, int(at * SAMPLE_RATE), _whistle(hz, bend, length, trill) * np.float32(near), side)
                at += length + 0.05
    return _levelled(out)


def crickets(seconds: float = 12.7, seed: int = 76) -> Signal:
    """Return crickets, each chirping at its own pace."""
    rng = np.random.default_rng(seed)
    frames = int(seconds * SAMPLE_RATE)
    out = _hiss(frames, 200, 3000, seed) * np.float32(0.03)
    for hz, pace, side in ((4350, 0.46, 0.15), (4820, 0.39, 0.85), (4100, 0.61, 0.5), (5300, 0.33, 0.7)):
        level = np.float32(rng.uniform(0.12, 0.3))
        pulse = np.concatenate([_whistle(hz, 0.0, 0.016, 0.0), np.zeros(int(0.012 * SAMPLE_RATE), dtype=np.float32)])
        chirp = np.tile(pulse, 4) * level
        at = rng.uniform(0, pace)
        while at < seconds - 0.2:
            _lay(out, int(at * SAMPLE_RATE), chirp, side)
            at += pace * rng.uniform(0.96, 1.04)
    return _levelled(out)


def fire(seconds: float = 13.9, seed: int = 77) -> Signal:
    """Return a camp fire: fluttering flames and cracking twigs."""
    rng = np.random.default_rng(seed)
    frames = int(seconds * SAMPLE_RATE)
    out = _shaped(_hiss(frames, 40, 350, seed), lambda t: 0.5 + 0.2 * _wave(31 * t) + 0.2 * _wave(83 * t))
    out += _hiss(frames, 1500, 9000, seed + 1) * np.float32(0.04)
    snaps = noise_loop(700.0, 9000.0)
    for at in rng.uniform(0, seconds - 0.1, int(seconds * 16)):
        n = int(rng.uniform(80, 900))
        size = min(1.0, 0.05 * (1 + rng.pareto(1.6)))
        start = int(rng.integers(0, len(snaps) - n))
        snap = snaps[start : start + n] * decay_curve(n, n / SAMPLE_RATE) * np.float32(2 * size)
        _lay(out, int(at * SAMPLE_RATE), snap, rng.uniform(0.2, 0.8))
    return _levelled(out)


def thunder(seconds: float = 29.0, seed: int = 78) -> Signal:
    """Return two distant thunderclaps that roll away."""
    rng = np.random.default_rng(seed)
    frames = int(seconds * SAMPLE_RATE)
    rolls = [(at + late, size) for at in (0.05, 0.57) for late, size in zip(
        np.cumsum(rng.uniform(0.008, 0.045, 7)), (1.0, 0.7, 0.8, 0.5, 0.35, 0.3, 0.2), strict=True)]  # fmt: skip

    def rolling(t: Floats) -> Floats:
        since = [(t - at) * seconds for at, _ in rolls]
        return np.asarray(sum(
            size * np.where(s < 0, 0.0, np.minimum(1, s / 0.05) * np.exp(-np.maximum(s, 0) / 1.1))
            for s, (_, size) in zip(since, rolls, strict=True)
        ))  # fmt: skip

    out = _shaped(_hiss(frames, 28, 150, seed), lambda t: 2.2 * rolling(t))
    out += _shaped(_hiss(frames, 120, 900, seed + 1), lambda t: 0.5 * rolling(t) ** 2)
    return _levelled(out + np.resize(rain(), (2, frames)) * np.float32(0.25))


def _wave(turns: Floats) -> Floats:
    return np.sin(2 * np.pi * turns)


def _shaped(sound: Signal, shape: Callable[[Floats], Floats]) -> Signal:
    """Return `sound` with the loudness of `shape` over the loop, with time from 0 to 1."""
    frames = sound.shape[1]
    return sound * lines(shape(np.arange(0, frames + 2 * CURVE_HOP, CURVE_HOP) / frames), CURVE_HOP)[:frames]


def _hiss(frames: int, low: float, high: float, seed: int) -> Signal:
    """Return wide noise of RMS 0.2: the sides read the same loop at places far apart."""
    loop = noise_loop(float(low), float(high))
    at = seed * 7919 % len(loop)
    return np.stack([np.resize(np.roll(loop, -at - side * 30_011), frames) for side in (0, 1)])


def _whistle(hz: float, bend: float, seconds: float, trill: float) -> Signal:
    """Return a whistle that bends by `bend` octaves, with `trill` oscillations per second."""
    frames = int(seconds * SAMPLE_RATE)
    t = np.arange(frames) / frames
    octaves = bend * (t - 0.5) + (0.06 * _wave(trill * seconds * t) if trill > 12 else 0.0)
    wave = np.sin(2 * np.pi * np.cumsum(hz * 2**octaves) / SAMPLE_RATE)
    return np.asarray(wave * np.sin(np.pi * t) ** 1.3, dtype=np.float32)


def _drop(out: Signal, rng: np.random.Generator, hz: float, rise: float, frames: int, level: float) -> None:
    """Add a drop that rings at `hz`, its pitch rising by `rise` octaves."""
    t = np.arange(frames)
    turns = np.cumsum(hz * 2 ** (rise * t / frames)) / SAMPLE_RATE
    ring = np.sin(2 * np.pi * turns) * np.exp(-t / (frames * 0.18)) * np.minimum(1, t / 20)
    at = int(rng.integers(0, out.shape[1] - frames))
    out[rng.integers(2), at : at + frames] += (ring * level).astype(np.float32)


def _lay(out: Signal, at: int, sound: Signal, side: float) -> None:
    end = min(out.shape[1], at + len(sound))
    out[0, at:end] += sound[: end - at] * np.float32(np.cos(side * np.pi / 2))
    out[1, at:end] += sound[: end - at] * np.float32(np.sin(side * np.pi / 2))


def _levelled(out: Signal) -> Signal:
    """Return the loop at the common loudness, or as near as its peaks allow."""
    rms, peak = float(np.sqrt(np.mean(out**2))), float(np.abs(out).max())
    return np.asarray(out * np.float32(min(_RMS / rms, _PEAK / peak)), dtype=np.float32)


LOOPS: dict[str, Callable[[], Signal]] = {
    "rain": rain, "stream": stream, "waves": waves, "wind": wind,
    "birds": birds, "crickets": crickets, "fire": fire, "thunder": thunder,
}  # fmt: skip

"""Mastering: the raw mix gets its width, loudness and peaks, in bounded memory.

The raw mix is written to a temporary file while it is rendered, and its loudness is measured. A second pass measures
the peaks of every 64 frames; the gain curve is computed from these alone; a third pass applies it. At each moment the
gain is the same for all channels and stems, so stems can be mastered like the mix.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import BufferedIOBase
from itertools import pairwise

import numpy as np

from riffusion_tui.studio.engine.cache import Signal
from riffusion_tui.studio.engine.loudness import CHUNK, MixMeter, in_pieces, integrated
from riffusion_tui.studio.engine.mix.mixing import Mixing
from riffusion_tui.studio.engine.synth.tones import CONVOLVED, SAMPLE_RATE, Floats, lines, padded

_USUAL = Mixing()
CEILING = 0.8
"""Highest sample of the finished mix. Lossy formats overshoot it a little; the promise is 0.9."""

_FAR_DB = 9.0
_NEAR_DB = 5.0

HOP = 64
_POINTS = 200
"""Peaks of the waveform that is shown."""
_AHEAD = 6
"""The limiter's look-ahead in hops: 8.7 ms."""
_RELEASE_DB = 60.0
"""The limiter's release, dB per second."""
_GLUE_RELEASE_DB = 40.0
"""The bus compressor's release, dB per second."""
_AROUND = int(0.75 * SAMPLE_RATE / HOP)
"""Hops before and after a moment that count as its surroundings."""


_NARROW, _WIDE = 0.42, 0.62
"""Correlations of left and right between which the width stays as it is."""


@dataclass(frozen=True, slots=True)
class Mastering:
    """The settings of the master, the same for every stem."""

    side: float
    """Gain of the side signal (left minus right) against the middle."""
    gains: Floats
    """A gain for the start of every 64 frames, linear in between."""
    frames: int
    lufs: float
    waveform: tuple[float, ...]

    def apply(self, block: Signal, start: int) -> Signal:
        """Return the finished frames of `block`, which begins at frame `start` (a multiple of 64)."""
        first = start // HOP
        hops = -(-block.shape[1] // HOP)
        gain = lines(self.gains[first : first + hops + 1], HOP)[: block.shape[1]]
        wide = widened(block, self.side)
        wide *= gain
        return wide


def widened(block: Signal, side: float) -> Signal:
    """Return `block` with its side signal multiplied by `side`."""
    if side == 1.0:
        return block.copy()
    near, far = (1 + side) / 2, (1 - side) / 2
    return np.asarray(np.array([[near, far], [far, near]], dtype=np.float32) @ block)


class RawMix:
    """The raw mix on disk: 32-bit floats, in blocks of `block` frames (the last may be shorter), left before right."""

    def __init__(self, file: BufferedIOBase, block: int) -> None:
        self._file = file
        self._block = block
        self.frames = 0
        self._middle = self._sides = 0.0

    def write(self, block: Signal) -> None:
        """Append `block`, shape (2, n)."""
        left, right = block
        both, shared = float(np.dot(left, left)) + float(np.dot(right, right)), 2 * float(np.dot(left, right))
        self._middle += both + shared
        self._sides += both - shared
        self._file.write(np.ascontiguousarray(block).data)
        self.frames += block.shape[1]

    def blocks(self) -> Iterator[tuple[int, Signal]]:
        """Yield (first frame, block) from the start. The block is overwritten by the next one."""
        self._file.seek(0)
        data = np.empty(2 * self._block, dtype=np.float32)
        for start in range(0, self.frames, self._block):
            block = data[: 2 * min(self._block, self.frames - start)]
            self._file.readinto(block.data)
            yield start, block.reshape(2, -1)

    def side_gain(self) -> float:
        """Return the side gain that brings the correlation of left and right into range."""
        if self._middle <= 0 or self._sides <= 0:
            return 1.0
        ratio = self._sides / self._middle
        correlation = (1 - ratio) / (1 + ratio)
        wanted = float(np.clip(correlation, _NARROW, _WIDE))
        # Rounded, like the gain below: the last bits of a sum differ between machines, and songs should not.
        return round(float(np.clip(np.sqrt((1 - wanted) / (1 + wanted) / ratio), 0.3, 3.0)), 3)


def measure(
    raw: RawMix,
    meter: MixMeter,
    frames: int,
    step: Callable[[float], None],
    starts: tuple[int, ...] = (0,),
    mixing: Mixing = _USUAL,
) -> Mastering:
    """Return the mastering of `raw`.

    Args:
        raw: the whole mix.
        meter: its loudness.
        frames: how many of its frames are the song.
        step: called with the share read, 0 to 1.
        starts: the first frame of each section; quiet sections are lifted (see `lifts`).
        mixing: how the genre is mixed: its `glue`, `loudness` and `width` concern mastering.
    """
    side = round(raw.side_gain() * mixing.width, 3)
    peaks: list[Signal] = []
    for start, block in raw.blocks():
        peaks.append(_peaks(widened(block, side)))
        step((start + block.shape[1]) / raw.frames)
    peak = np.concatenate(peaks).astype(np.float64)
    powers = meter.powers(side)
    lift = _lift_curve(lifts(in_pieces(powers, raw.frames), starts, frames), starts, len(peak) + 1)
    if mixing.glue > 0:
        lift *= glued(peak, mixing.glue)
    lifted = powers * _mean_gains(lift, peak, len(powers)) ** 2
    gains, lufs = _levelled(peak * lift[:-1], lifted, raw.frames, mixing.loudness)
    gains *= lift
    _fade_out(gains, frames)
    shown = peak[: frames // HOP] * gains[: frames // HOP]
    return Mastering(side, gains, frames, lufs, _picture(shown))


def _peaks(block: Signal) -> Signal:
    """Return the peak of both sides in each hop. Overwrites the block."""
    louder = np.abs(block, out=block)
    np.maximum(louder[0], louder[1], out=louder[0])
    hops = -(-block.shape[1] // HOP)
    return np.asarray(padded(louder[0], hops * HOP).reshape(hops, HOP).max(axis=1), dtype=np.float32)


def _levelled(peak: Floats, powers: Floats, frames: int, target: float) -> tuple[Floats, float]:
    """Return the gain curve that brings the song to the target, limiter included, and the resulting loudness.

    `powers` are those of each `CONVOLVED` of its `frames`: in other pieces, a hit would get the gain beside it.
    """
    gain_db = min(80.0, target - integrated(in_pieces(powers, frames)))
    for _ in range(4):
        gain = 10 ** (round(gain_db, 2) / 20)
        curve = gain * limit(peak * gain)
        limited = powers * _mean_gains(curve, peak, len(powers)) ** 2
        lufs = integrated(in_pieces(limited, frames))
        gain_db += float(np.clip(target - lufs, -6, 6))
    return curve, lufs


def _mean_gains(curve: Floats, peak: Floats, count: int) -> Floats:
    """Return the RMS gain over each `CONVOLVED` frames, weighted by level, since compressors act on what is loud."""
    weight = peak**2 + 1e-12
    at = np.arange(count + 1) * CONVOLVED / HOP
    hops = np.arange(len(peak) + 1)
    gained = np.interp(at, hops, np.concatenate([[0.0], np.cumsum(weight * curve[:-1] ** 2)]))
    whole = np.interp(at, hops, np.concatenate([[0.0], np.cumsum(weight)]))
    return np.asarray(np.sqrt(np.diff(gained) / np.maximum(np.diff(whole), 1e-12)), dtype=np.float64)


def lifts(powers: Floats, starts: tuple[int, ...], frames: int) -> list[float]:
    """Return the gain in dB of each section: quiet ones are lifted, and a range that is too small is widened.

    Sections up to 9 dB below the loudest stay; beyond that, a third of the difference remains. If the quietest is less
    than 5 dB below, the differences are stretched until it is.
    """
    edges = [*(s // CHUNK for s in starts), max(frames // CHUNK, starts[-1] // CHUNK + 1)]
    levels = [10 * np.log10(powers[a : max(b, a + 1)].mean() + 1e-12) for a, b in pairwise(edges)]
    below = np.maximum(0.0, max(levels) - np.array(levels))
    wanted = np.where(below > _FAR_DB, _FAR_DB + (below - _FAR_DB) / 3, below)
    if 0.5 < wanted.max() < _NEAR_DB:
        wanted = wanted * min(2.5, _NEAR_DB / wanted.max())
    return [round(float(g), 1) for g in np.clip(below - wanted, -_NEAR_DB, 24)]


def _lift_curve(gains: list[float], starts: tuple[int, ...], hops: int) -> Floats:
    """Return the sections' gains at each hop, each reached over the half second before its section."""
    at, db = [0.0], [gains[0]]
    for start, before, gain in zip(starts[1:], gains, gains[1:], strict=False):
        at += [max(at[-1], (start - SAMPLE_RATE / 2) / HOP), start / HOP]
        db += [before, gain]
    return np.asarray(10 ** (np.interp(np.arange(hops), at, db) / 20), dtype=np.float64)


def limit(peak: Floats) -> Floats:
    """Return the limiter's gain at the start of each hop (and the end of the last), for hops with these peaks."""
    wanted = np.minimum(0.0, 20 * np.log10(CEILING / np.maximum(peak, 1e-9)))
    return _followed(wanted, _RELEASE_DB)


def glued(peak: Floats, glue: float) -> Floats:
    """Return the bus compressor's gain at the start of each hop (and the end of the last), for hops with these peaks.

    It reduces what stands out from the second and a half around it, so that sections keep their contrast and a hit sits
    in the music instead of on top of it.
    """
    power = np.concatenate([[0.0], np.cumsum(peak**2)])
    at = np.arange(len(peak))
    first, last = np.maximum(at - _AROUND, 0), np.minimum(at + _AROUND, len(peak))
    around = np.sqrt((power[last] - power[first]) / np.maximum(1, last - first))
    above = 20 * np.log10(np.maximum(peak, 1e-6) / np.maximum(around, 1e-6))
    return _followed(-glue / 10 * np.clip(above, 0.0, 20.0), _GLUE_RELEASE_DB)


def _followed(wanted: Floats, release: float) -> Floats:
    """Return a smooth gain that reaches the wanted dB of each hop in time.

    Each reduction starts in the hops before it (look-ahead) and is released at `release` dB per second: a running
    minimum of a rising line, which needs no loop.
    """
    wanted = np.append(wanted, 0.0)
    least = wanted.copy()
    for k in range(1, _AHEAD + 1):
        least[:-k] = np.minimum(least[:-k], wanted[k:])
    least[1:] = np.minimum(least[1:], wanted[:-1])
    rise = release * HOP / SAMPLE_RATE * np.arange(len(least))
    held = np.minimum.accumulate(least - rise) + rise
    # The mean over the hops ahead never exceeds what the first of them allows, since they share their minimum.
    ahead = np.append(held, np.full(_AHEAD - 1, held[-1]))
    mean = sum((ahead[k : k + len(held)] for k in range(1, _AHEAD)), held) / _AHEAD
    smooth = np.minimum(held, mean)
    return np.asarray(10 ** (smooth / 20), dtype=np.float64)


def _fade_out(gains: Floats, frames: int) -> None:
    """Fade the last second and a half of the song to silence, in place."""
    end = -(-frames // HOP)
    length = min(end, int(1.5 * SAMPLE_RATE / HOP))
    gains[end - length : end] *= np.cos(np.linspace(0, np.pi / 2, length)) ** 2
    gains[end:] = 0


def _picture(peak: Floats) -> tuple[float, ...]:
    """Return peaks for drawing, 0 to 1."""
    if not len(peak):
        return (0.0,) * _POINTS
    edges = np.linspace(0, len(peak), _POINTS + 1).astype(int)
    return tuple(round(float(peak[a : max(b, a + 1)].max(initial=0.0)), 4) for a, b in pairwise(edges))

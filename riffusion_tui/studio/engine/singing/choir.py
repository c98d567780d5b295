"""A choir of two voices that sing the same: each sings again, now a little later and now a little sooner."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from riffusion_tui.studio.engine.cache import Signal
from riffusion_tui.studio.engine.singing.upsampling import doubled
from riffusion_tui.studio.engine.synth.tones import CURVE_HOP, SAMPLE_RATE, lines

LOWER = 1.1
"""How much longer the low voice's vocal tract is."""
_PLACES = (-0.8, 0.8, -0.5, 0.5)
"""Where the singers stand, -1 left to 1 right: the high voice twice, then the low one twice."""
_LATE = ((0.013, 0.61, 1.0), (0.010, 0.52, 4.0), (0.017, 0.72, 2.0))
"""For each but the first, its mean delay in seconds, how often per second the delay sways, and the phase of that."""
_SWAY_S, _TREMBLE_S, _TREMBLE_HZ = 0.006, 0.0025, 1.7
_MAX_DELAY_S = 0.03
_SHARED = 12 * SAMPLE_RATE
_CHUNK = 1 << 13
"""Frames computed at once: as many as fit into the processor's cache."""


def choir_of(voices: Signal, gain: float) -> Signal:
    """Return the stereo sound of four singers, (2, frames), from a high and a low voice at `RATE`, (2, frames)."""
    sung = [doubled(voice) for voice in voices]
    frames = len(sung[0]) + int(_MAX_DELAY_S * SAMPLE_RATE)
    # As long as the longest phrase, so that all phrases share them.
    lags = _lags(-(-frames // _SHARED) * _SHARED)
    angles = (np.array(_PLACES) + 1) * np.pi / 4
    sides = np.float32(0.7 * gain) * np.stack([np.cos(angles), np.sin(angles)]).astype(np.float32)
    out = np.empty((2, frames), dtype=np.float32)
    rows = np.empty((len(_PLACES), _CHUNK), dtype=np.float32)
    for start in range(0, frames, _CHUNK):
        end = min(start + _CHUNK, frames)
        piece = rows[:, : end - start]
        piece[0] = 0
        straight = sung[0][start:end]
        piece[0, : len(straight)] = straight
        for row, voice, (places, rest) in zip(piece[1:], (sung[0], *sung[1:] * 2), lags, strict=True):
            _late(voice, places[start:end], rest[start:end], row)
        np.matmul(sides, piece, out=out[:, start:end])
    return out


@lru_cache(maxsize=2)
def _lags(frames: int) -> tuple[tuple[NDArray[np.intp], Signal], ...]:
    """Return for each late singer and each frame the place before it, and how far the next is away."""
    t = np.arange(0, frames + 2 * CURVE_HOP, CURVE_HOP) / SAMPLE_RATE
    found = []
    for mean, rate, phase in _LATE:
        late = mean + _SWAY_S * np.sin(2 * np.pi * rate * t + phase)
        late += _TREMBLE_S * np.sin(2 * np.pi * _TREMBLE_HZ * t + phase)
        lag = lines(late * SAMPLE_RATE, CURVE_HOP)[:frames]
        whole = lag.astype(np.intp)
        found.append((np.arange(-1, frames - 1) - whole, lag - whole.astype(np.float32)))
    return tuple(found)


def _late(voice: Signal, places: NDArray[np.intp], rest: Signal, out: Signal) -> None:
    """Write a delayed piece of `voice` to `out`. The voice begins and ends with silence."""
    # Places outside the voice are clipped to its silent ends.
    np.take(voice[1:], places, mode="clip", out=out)
    before = voice.take(places, mode="clip")
    before -= out
    before *= rest
    out += before

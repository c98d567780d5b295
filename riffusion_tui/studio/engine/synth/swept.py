"""A low-pass filter whose corner moves during a note, as the filter envelopes of soundfonts ask for."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from riffusion_tui.studio.engine.cache import Signal
from riffusion_tui.studio.engine.synth.tones import SAMPLE_RATE, Curve, drawn_db, filtered

HOP = 1024
"""Frames between two corners."""
STEPS = 6
"""Corners per octave."""
OPEN = round(STEPS * float(np.log2(9000)))
"""The corner from which a filter would be inaudible."""

_LONG = 4
"""Corners that one piece of sound covers while the filter hardly moves."""
_BATCH = 4
"""Pieces that are transformed at once: each that is left over takes as long."""


def swept(sound: Signal, corners: tuple[int, ...]) -> Signal:
    """Return `sound`, shape (channels, frames), through a filter with these corners.

    The sound is cut into pieces that fade into each other over `HOP` frames, each with a filter of its own.

    Args:
        sound: any number of channels.
        corners: one for every `HOP` frames, as `STEPS` * log2(hertz).
    """
    if min(corners) >= OPEN:
        return sound
    if min(corners) == max(corners):
        return filtered(sound, _curve(corners[0]))
    channels, frames = sound.shape
    pieces = -(-frames // HOP) + 1
    room = pieces + _LONG * (_BATCH + 2)
    wanted = np.array([*corners, *corners[-1:] * room])[:room]
    quick = -(-_quick(wanted[: pieces + _LONG]) // _BATCH) * _BATCH
    slow = -(-max(0, pieces - quick) // (_LONG * _BATCH)) * _BATCH
    line = np.zeros((channels, (room + 1) * HOP), dtype=np.float32)
    line[:, HOP : HOP + frames] = sound
    out = np.zeros_like(line)
    _add(out, line, wanted[:quick], 0, 1)
    _add(out, line, wanted[quick + 1 :: _LONG][:slow], quick, _LONG)
    return out[:, HOP : HOP + frames]


def _quick(corners: NDArray[np.intp]) -> int:
    """Return from which corner on the filter moves by one step at most over `_LONG` of them."""
    moved = np.abs(corners[_LONG:] - corners[:-_LONG])
    return int(np.flatnonzero(moved > 1)[-1]) + _LONG if (moved > 1).any() else 0


def _add(out: Signal, line: Signal, corners: NDArray[np.intp], first: int, hops: int) -> None:
    """Add to `out` a piece of `line` for each corner, `hops` long; the first begins at hop `first`."""
    if not len(corners):
        return
    start, step = first * HOP, hops * HOP
    size = step + HOP
    strides = line.strides[0], step * line.itemsize, line.itemsize
    cut = np.lib.stride_tricks.as_strided(line[:, start:], (len(line), len(corners), size), strides, writeable=False)
    # Scaled forward, see `spectrum_of`; the gains compensate.
    spectra = np.fft.rfft(cut * _window(size), norm="forward")
    spectra *= np.stack([_gains(corner, size) for corner in corners.tolist()])
    made = np.fft.irfft(spectra, size)
    whole = out[:, start : start + len(corners) * step].reshape(len(out), len(corners), step)
    whole += made[:, :, :step]
    after = out[:, start + step : start + (len(corners) + 1) * step].reshape(len(out), len(corners), step)
    after[:, :, :HOP] += made[:, :, step:]


def _curve(corner: int) -> Curve:
    hertz = 2 ** (corner / STEPS)
    return ((20.0, 0.0), (0.7 * hertz, -0.4), (hertz, -3.0), (2 * hertz, -12.0), (4 * hertz, -24.0))


@lru_cache(maxsize=4)
def _window(size: int) -> Signal:
    """Return a piece's window: it fades in and out over `HOP` frames."""
    rise = (0.5 - 0.5 * np.cos(np.pi * (np.arange(HOP) + 0.5) / HOP)).astype(np.float32)
    return np.concatenate([rise, np.ones(size - 2 * HOP, dtype=np.float32), rise[::-1]])


@lru_cache(maxsize=256)
def _gains(corner: int, size: int) -> Signal:
    """Return the filter's gain at each frequency of a piece, times its size."""
    f = np.fft.rfftfreq(size, 1 / SAMPLE_RATE) + 1e-3
    return np.asarray(size * 10 ** (drawn_db(f, _curve(corner)) / 20), dtype=np.float32)

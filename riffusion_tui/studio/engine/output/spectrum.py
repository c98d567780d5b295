"""How loud a song is in each range of frequencies, moment by moment: what a meter shows while it plays."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from riffusion_tui.studio.engine.cache import Signal
from riffusion_tui.studio.engine.output.packing import packed
from riffusion_tui.studio.engine.synth.tones import spectrum_of

BANDS = 16
_STEP_S = 0.25
_WINDOW = 4096
_BATCH = 8
"""Windows transformed at once: four rows take as long as one."""
_LOW_HZ, _HIGH_HZ = 40.0, 14_000.0
_LEVELS = 8
_FLOOR_DB, _TOP_DB = -62.0, -14.0
"""Levels of a band, relative to full scale, drawn as empty and as full."""


class SpectrumMeter:
    """Takes a song's final audio block by block."""

    def __init__(self, rate: int) -> None:
        """`rate`: frames per second."""
        self._hop = round(rate * _STEP_S)
        self._window = np.hanning(_WINDOW).astype(np.float32)
        edges = np.geomspace(_LOW_HZ, _HIGH_HZ, BANDS + 1) * _WINDOW / rate
        self._edges = np.maximum.accumulate(np.ceil(edges).astype(int))
        self._frames = 0
        self._past: Signal = np.zeros(_WINDOW, dtype=np.float32)
        self._windows: list[Signal] = []
        self._found: list[NDArray[np.uint8]] = []

    def add(self, block: Signal) -> None:
        """Take the next block, shape (2, n)."""
        frames = block.shape[1]
        ends = range(self._hop - self._frames % self._hop, frames + 1, self._hop)
        self._windows += [self._before(block, end) for end in ends]
        while len(self._windows) >= _BATCH:
            self._found.append(self._levels(np.stack(self._windows[:_BATCH])))
            del self._windows[:_BATCH]
        self._past = self._before(block, frames)
        self._frames += frames

    def _before(self, block: Signal, end: int) -> Signal:
        """Return the sum of left and right in the window before frame `end` of the block."""
        inside = block[:, max(0, end - _WINDOW) : end].sum(axis=0)
        return inside if len(inside) == _WINDOW else np.concatenate([self._past[len(inside) :], inside])

    def _levels(self, pieces: Signal) -> NDArray[np.uint8]:
        """Return the bands' levels of each piece, 0 to 8; `pieces` are sums of left and right, (n, frames)."""
        spectra = spectrum_of(pieces * self._window, _WINDOW)
        # Half of the sum is the mean of both channels.
        power = (spectra.real**2 + spectra.imag**2) / self._window.sum() ** 2
        sums = np.add.reduceat(power[:, : self._edges[-1]], self._edges[:-1], axis=1)
        share = (10 * np.log10(np.maximum(sums, 1e-12)) - _FLOOR_DB) / (_TOP_DB - _FLOOR_DB)
        return np.clip(np.round(share * _LEVELS), 0, _LEVELS).astype(np.uint8)

    def result(self) -> dict[str, Any]:
        """Return `step_s`, `bands` and `levels`: texts that, joined, are base64 of zlib of a byte per band and step."""
        found = [*self._found, *([self._levels(np.stack(self._windows))] if self._windows else [])]
        data = b"".join(levels.tobytes() for levels in found)
        return {"step_s": _STEP_S, "bands": BANDS, "levels": packed(data)}

"""How loud a song is in each range of frequencies, moment by moment: what a meter shows while it plays."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from riffusion_tui.studio.engine.cache import Signal
from riffusion_tui.studio.engine.packing import packed

BANDS = 16
_STEP_S = 0.25
_WINDOW = 4096
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
        self._rest: NDArray[np.float32] = np.zeros(0, dtype=np.float32)
        self._found: list[NDArray[np.uint8]] = []

    def add(self, block: Signal) -> None:
        """Take the next block, channels by frames."""
        sound = np.concatenate([self._rest, block.mean(axis=0)])
        ends = range(self._hop, len(sound) + 1, self._hop)
        for end in ends:
            self._found.append(self._levels(sound[max(0, end - _WINDOW) : end]))
        self._rest = sound[len(ends) * self._hop :]

    def _levels(self, sound: NDArray[np.float32]) -> NDArray[np.uint8]:
        """Return the bands' levels, 0 to 8."""
        window = self._window[: len(sound)]
        power = np.abs(np.fft.rfft(sound * window, _WINDOW)) ** 2 / max(1e-9, float(window.sum()) ** 2 / 4)
        sums = [power[low : max(low + 1, high)].sum() for low, high in zip(self._edges, self._edges[1:], strict=False)]
        decibels = 10 * np.log10(np.maximum(np.array(sums), 1e-12))
        share = (decibels - _FLOOR_DB) / (_TOP_DB - _FLOOR_DB)
        levels: NDArray[np.uint8] = np.clip(np.round(share * _LEVELS), 0, _LEVELS).astype(np.uint8)
        return levels

    def result(self) -> dict[str, Any]:
        """Return `step_s`, `bands` and `levels`: texts that, joined, are base64 of zlib of a byte per band and step."""
        data = b"".join(levels.tobytes() for levels in self._found)
        return {"step_s": _STEP_S, "bands": BANDS, "levels": packed(data)}

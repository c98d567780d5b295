"""A bus: tracks that share all further processing, summed to left, right, reverb send and echo send.

Gains that are the same for all its tracks (section level, ducking) are applied once, to the sum. All of it is linear,
so the stems still add up to the mix.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from riffusion_tui.studio.engine.cache import Signal
from riffusion_tui.studio.engine.player import BLOCK, PlayedTrack, Player
from riffusion_tui.studio.engine.sampler import SampledVoice

ROWS = 3
"""Left, right, and the reverb send."""
WITH_ECHO = 5
"""Those, and the echo send, left and right."""

_SIDES = np.ones((2, 1), dtype=np.float32)
_CHUNK = 1 << 13
"""Frames summed at once: as many as fit into the processor's cache."""


class Bus:
    """Some tracks and their players."""

    def __init__(self, strips: Sequence[tuple[PlayedTrack, Player, float, float]]) -> None:
        """`strips`: tracks and their players, each with its reverb and echo send."""
        rows = WITH_ECHO if any(echo > 0 for *_, echo in strips) else ROWS
        desks = [_desk(part, wet, echo)[:rows] for part, _, wet, echo in strips]
        # A track with equal sides has one row, and one gain for each row of the sum.
        self._strips = [(strip[1], {2: desk, 1: desk @ _SIDES}) for strip, desk in zip(strips, desks, strict=True)]
        self._sum = np.empty((rows, BLOCK), dtype=np.float32)

    def mix(self, index: int, level: Signal) -> Signal | None:
        """Return block `index`, shape (3 or 5, BLOCK), or None if it is silent.

        The array is the caller's until the next block.
        """
        played = [(block, desks) for player, desks in self._strips if (block := player.block(index)) is not None]
        if not played:
            return None
        gains = np.concatenate([desks[len(block)] for block, desks in played], axis=1)
        # A matrix of one column is multiplied without BLAS, which takes eight times as long.
        product = np.multiply if gains.shape[1] == 1 else np.matmul
        room = np.empty((gains.shape[1], _CHUNK), dtype=np.float32)
        for at in range(0, BLOCK, _CHUNK):
            rows = [block[:, at : at + _CHUNK] for block, _ in played]
            chunk = self._sum[:, at : at + _CHUNK]
            product(gains, rows[0] if len(rows) == 1 else np.concatenate(rows, out=room), out=chunk)
            chunk *= level[at : at + _CHUNK]
        return self._sum


def _desk(part: PlayedTrack, wet: float, echo: float) -> Signal:
    """Return the gains from a track's left and right to each row."""
    gain = 10 ** (part.gain_db / 20) * 2**0.5
    angle = (part.track.pan + 1) * np.pi / 4
    left, right = gain * np.cos(angle), gain * np.sin(angle)
    if isinstance(part.voice, SampledVoice):
        # A recording with one channel is rendered in the middle.
        place = (part.voice.pan + 1) * np.pi / 4
        left, right = left * np.cos(place) * 2**0.5, right * np.sin(place) * 2**0.5
    sides = [[left, 0.0], [0.0, right]]
    room = [left * wet, right * wet]
    return np.array([*sides, room, [left * echo, 0.0], [0.0, right * echo]], dtype=np.float32)

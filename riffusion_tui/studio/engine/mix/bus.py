"""A bus: tracks that share all further processing, summed to left, right, reverb send and echo send.

The section's level is applied once: to the gains while it is constant, else to the sum. All of it is linear, so the
stems still add up to the mix.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from riffusion_tui.studio.engine.cache import Signal
from riffusion_tui.studio.engine.mix.player import BLOCK, SPAN, PlayedTrack, Player
from riffusion_tui.studio.engine.soundfonts.sampler import SampledVoice

ROWS = 3
"""Left, right, and the reverb send."""
_WITH_ECHO = 5
"""Those, and the echo send, left and right."""

_SIDES = np.ones((2, 1), dtype=np.float32)
_CHUNK = 1 << 13
"""Frames multiplied at once: of longer rows, BLAS would copy everything first, at four times the cost."""


class Bus:
    """Some tracks and their players."""

    def __init__(self, strips: Sequence[tuple[PlayedTrack, Player, float, float]], room: Signal) -> None:
        """Prepare a bus.

        Args:
            strips: tracks and their players, each with its reverb and echo send.
            room: an array of `SPAN` columns and two rows for each strip, or more, that is overwritten. Buses share it.
        """
        rows = _WITH_ECHO if any(echo > 0 for *_, echo in strips) else ROWS
        desks = [_desk(part, wet, echo)[:rows] for part, _, wet, echo in strips]
        # A track with equal sides has one row, and one gain for each row of the sum.
        self._strips = [(strip[1], {2: desk, 1: desk @ _SIDES}) for strip, desk in zip(strips, desks, strict=True)]
        self._sum = np.empty((rows, SPAN), dtype=np.float32)
        self._room = room
        self._silent = True

    def play(self, index: int, levels: Sequence[Signal | float]) -> None:
        """Play span `index`. `levels` are the gains of its blocks, each for the whole block or for each frame."""
        gains: list[Signal] = []
        used = 0
        for player, desks in self._strips:
            span = player.span(index, self._room[used : used + 2])
            if span is not None:
                gains.append(desks[len(span)])
                used += len(span)
        self._silent = not used
        if used:
            self._add(np.concatenate(gains, axis=1), self._room[:used], levels)

    def _add(self, desk: Signal, room: Signal, levels: Sequence[Signal | float]) -> None:
        # A matrix of one column is multiplied without BLAS, which takes eight times as long.
        product = np.multiply if len(room) == 1 else np.matmul
        for start in range(0, SPAN, _CHUNK):
            piece = slice(start, start + _CHUNK)
            level = levels[start // BLOCK]
            gains = desk * np.float32(level) if isinstance(level, float) else desk
            product(gains, room[:, piece], out=self._sum[:, piece])
        for i, level in enumerate(levels):
            if not isinstance(level, float):
                self._sum[:, i * BLOCK : (i + 1) * BLOCK] *= level

    def block(self, number: int) -> Signal | None:
        """Return block `number` of what was played, shape (3 or 5, BLOCK), or None if it is silent.

        The array is the caller's until more is played.
        """
        return None if self._silent else self._sum[:, number * BLOCK : (number + 1) * BLOCK]


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

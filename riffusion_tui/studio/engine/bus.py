"""A bus: the parts that are treated alike from here on, summed to the left, to the right and into room and echo.

What every part of a bus gets in the same measure (the section's level, ducking) is given to the sum: once, not once
a part. All of it is linear, so the stems still add up to the mix.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from riffusion_tui.studio.engine.cache import Signal
from riffusion_tui.studio.engine.player import BLOCK, PlayedTrack, Player

ROWS = 3
"""Left, right, and what goes into the room."""
WITH_ECHO = 5
"""And what goes into the echo, left and right."""

_CHUNK = 1 << 13
"""Frames that are summed at once: as many as stay within the processor's cache."""


class Bus:
    """Some parts and their players."""

    def __init__(self, strips: Sequence[tuple[PlayedTrack, Player, float, float]]) -> None:
        """`strips`: parts and what plays them, with their shares of room and echo."""
        rows = WITH_ECHO if any(echo > 0 for *_, echo in strips) else ROWS
        self._strips = [(player, _desk(part, wet, echo)[:rows]) for part, player, wet, echo in strips]
        self._sum = np.zeros((rows, BLOCK), dtype=np.float32)
        self._one = np.empty((rows, _CHUNK), dtype=np.float32)

    def mix(self, index: int, level: Signal) -> Signal:
        """Return block `index`, shape (3 or 5, BLOCK): it is the caller's until the next."""
        self._sum[:] = 0
        for player, desk in self._strips:
            played = player.block(index)
            if played is not None:
                for at in range(0, BLOCK, _CHUNK):
                    self._sum[:, at : at + _CHUNK] += np.matmul(desk, played[:, at : at + _CHUNK], out=self._one)
        self._sum *= level
        return self._sum


def _desk(part: PlayedTrack, wet: float, echo: float) -> Signal:
    """Return the gains from a part's left and right to each row."""
    gain = 10 ** (part.gain_db / 20) * 2**0.5
    angle = (part.track.pan + 1) * np.pi / 4
    left, right = gain * np.cos(angle), gain * np.sin(angle)
    sides = [[left, 0.0], [0.0, right]]
    room = [left * wet, right * wet]
    return np.array([*sides, room, [left * echo, 0.0], [0.0, right * echo]], dtype=np.float32)

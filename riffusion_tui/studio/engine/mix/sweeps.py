"""Filter sweeps that follow the form: a low-pass that opens towards a drop, and a low cut just before it.

Both are linear and the same for every stem. A moving filter is a cross-fade between fixed ones, before they filter: so
they share one inverse transform.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from riffusion_tui.studio.engine.cache import Signal
from riffusion_tui.studio.engine.compose.energy import HIGH
from riffusion_tui.studio.engine.instrument_groups import HARMONY
from riffusion_tui.studio.engine.mix.blend import Blend
from riffusion_tui.studio.engine.score import Score
from riffusion_tui.studio.engine.synth.tones import drawn_filter

SWEPT = frozenset(HARMONY)
"""Roles that the opening filter is applied to."""

_CORNERS = (400.0, 1000.0, 2800.0)
"""Corner frequencies of the fixed filters, in hertz; fully open is no filter."""
_LOWS = 220.0
"""Corner of the low cut before a drop, in hertz."""
_RISING = frozenset({"prechorus", "breakdown", "intro"})
_GRID = 64


class Sweeps:
    """The filter sweeps of a song; `depth` 0 to 1 is how far they close."""

    def __init__(self, score: Score, depth: float, block: int) -> None:
        self._block = block
        frames_per_beat = 60.0 / score.plan.bpm * 44_100
        self._closed = ([0.0], [0.0])
        self._lows = ([0.0], [0.0])
        bar = score.plan.bar
        for section, following in pairwise(score.sections) if depth > 0 else ():
            rises = following.kind in HIGH
            if section.kind not in _RISING or not (rises or section.kind == "intro"):
                continue
            start, end = section.start * frames_per_beat, following.start * frames_per_beat
            glide = min(frames_per_beat, (end - start) / 4)
            _ramp(self._closed, (start, 0.0), (start + glide, depth), (end, 0.0))
            if rises:
                last = max(start, end - 2 * bar * frames_per_beat)
                _ramp(self._lows, (last, 0.0), (end - 1, depth), (end, 0.0))
        self._opening = _Filters(_CORNERS[::-1], block)
        self._deep = _Filters((_LOWS,), block)

    def opened(self, swept: Signal, index: int) -> Signal:
        """Return block `index` of the swept roles, filtered; any number of channels."""
        closed = self._curve(self._closed, index)
        at = closed * len(_CORNERS)
        shares = [np.clip(1 - np.abs(at - turn), 0, 1) for turn in range(1, len(_CORNERS) + 1)]
        filtered = self._opening(swept, shares)
        if filtered is None:
            return swept
        filtered += swept * np.repeat(np.clip(1 - at, 0, 1), _GRID)
        return filtered

    def lightens(self, index: int) -> bool:
        """Whether `lightened` does anything to block `index`."""
        return self._deep.ringing or bool(self._curve(self._lows, index).any())

    def lightened(self, low: Signal, index: int) -> Signal:
        """Return block `index` of drums and bass, with the low cut; as many channels each time."""
        deep = self._deep(low, [self._curve(self._lows, index)])
        return low if deep is None else low - deep

    def _curve(self, points: tuple[list[float], list[float]], index: int) -> Signal:
        """Return a curve over a block, every `_GRID` frames."""
        frames = np.arange(index * self._block, (index + 1) * self._block, _GRID)
        return np.interp(frames, *points).astype(np.float32)


class _Filters:
    """Fixed low-pass filters, each of which gets a share of a sound."""

    def __init__(self, corners: Sequence[float], block: int) -> None:
        """`corners` in hertz; `block`: the frames of each block."""
        self._responses = [drawn_filter(_lowpass(corner)) for corner in corners]
        self._block = block
        self._blend: Blend | None = None
        self.ringing = False
        """Whether they still sound after the last block."""

    def __call__(self, sound: Signal, shares: Sequence[Signal]) -> Signal | None:
        """Return the sum of a block's filtered shares, which are given every `_GRID` frames; None is silence."""
        parts = [sound * np.repeat(share, _GRID) if share.any() else None for share in shares]
        before, self.ringing = self.ringing, any(part is not None for part in parts)
        if not before and not self.ringing:
            return None
        if self._blend is None:
            self._blend = Blend(self._responses, self._block, len(sound))
        return self._blend(parts)


def _ramp(points: tuple[list[float], list[float]], *more: tuple[float, float]) -> None:
    for at, value in more:
        points[0].append(max(at, points[0][-1]))
        points[1].append(value)


def _lowpass(corner: float) -> tuple[tuple[float, float], ...]:
    return (
        (20.0, 0.0),
        (0.7 * corner, 0.0),
        (corner, -3.0),
        (2 * corner, -15.0),
        (4 * corner, -30.0),
        (20_000.0, -60.0),
    )

"""Filter sweeps that follow the form: a low-pass that opens towards a drop, and a low cut just before it.

Both are linear and the same for every stem. A moving filter is a cross-fade between fixed ones.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from riffusion_tui.studio.engine.cache import Signal
from riffusion_tui.studio.engine.compose.energy import HIGH
from riffusion_tui.studio.engine.effects import ShortFilter
from riffusion_tui.studio.engine.synth.tones import drawn_filter, pieces_spectrum
from riffusion_tui.studio.engine.types import Score

SWEPT = frozenset({"chords", "pad", "arp"})
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
        bar = score.plan.meter[0] * 4 / score.plan.meter[1]
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
        self._standing = [ShortFilter(drawn_filter(_lowpass(corner))) for corner in _CORNERS]
        self._deep = ShortFilter(drawn_filter(_lowpass(_LOWS)))

    def opened(self, swept: Signal, index: int) -> Signal:
        """Return block `index` of the swept roles, filtered; any number of channels."""
        closed = self._curve(self._closed, index)
        if closed is None:
            return swept
        at = closed * len(_CORNERS)
        total = swept * np.clip(1 - at, 0, 1)[: self._block]
        spectra = None
        for turn, standing in enumerate(reversed(self._standing), start=1):
            share = np.clip(1 - np.abs(at - turn), 0, 1)
            if share.any():
                spectra = pieces_spectrum(swept) if spectra is None else spectra
                total += standing.of_spectra(spectra, self._block) * share[: self._block]
            else:
                standing.reset()
        return np.asarray(total, dtype=np.float32)

    def lightens(self, index: int) -> bool:
        """Return whether `lightened` does anything to block `index`."""
        return self._curve(self._lows, index) is not None

    def lightened(self, low: Signal, index: int) -> Signal:
        """Return block `index` of drums and bass, with the low cut; as many channels each time."""
        away = self._curve(self._lows, index)
        if away is None:
            return low
        deep = self._deep(low)
        return low - deep * away[: self._block]

    def _curve(self, points: tuple[list[float], list[float]], index: int) -> Signal | None:
        """Return a curve over a block and the next one; None if it does nothing in both.

        The block before a moving one is filtered too, so that the filter's state is ready.
        """
        frames = np.arange(index * self._block, (index + 2) * self._block, _GRID)
        values = np.interp(frames, *points).astype(np.float32)
        return np.repeat(values, _GRID) if values.any() else None


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

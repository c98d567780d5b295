"""A wah pedal that follows the playing: a resonance opens with each stroke and closes after it."""

from __future__ import annotations

import numpy as np

from riffusion_tui.studio.engine.cache import Signal
from riffusion_tui.studio.engine.mix.effects import ShortFilter
from riffusion_tui.studio.engine.synth.tones import SAMPLE_RATE, Curve, Floats, drawn_filter, lines

_CENTERS = (420.0, 620.0, 920.0, 1350.0, 2000.0)
"""Hertz of the resonance, from the heel to the toe of the pedal; between two of them it is a mixture of both."""
_HOP = 64
"""Frames between the points of the pedal's movement."""
_CLOSING_S = 0.16
"""Seconds after which the pedal has closed to about a third."""
_FORGETTING_S = 6.0
"""The same for the loudest stroke, which opens the pedal wholly."""
_OPENING = 0.35
"""How much of the way to a stroke's loudness the pedal moves in a hop."""
_DRY = np.float32(0.5)
"""How much passes beside the pedal, so that the guitar is still one."""
_SILENT = 1e-5


class Wah:
    """The pedal of one track: it moves with the loudness, so it belongs on a single track."""

    def __init__(self) -> None:
        self._filters = [ShortFilter(drawn_filter(_resonance(center))) for center in _CENTERS]
        self._open = self._loudest = 0.0

    def __call__(self, block: Signal) -> Signal:
        """Return the filtered block, as many channels each time; a whole number of `_HOP` frames."""
        place = self._places(block) * (len(_CENTERS) - 1)
        out = block * _DRY
        for number, passed in enumerate(self._filters):
            share = lines(np.clip(1 - np.abs(place - number), 0.0, 1.0), _HOP)
            out += passed(block * share[: block.shape[1]])
        return out

    def _places(self, block: Signal) -> Floats:
        """Return how far the pedal is open, 0 to 1, at each hop of the block and at its end."""
        peaks = np.abs(block).max(axis=0).reshape(-1, _HOP).max(axis=1)
        close, forget = (float(np.exp(-_HOP / SAMPLE_RATE / seconds)) for seconds in (_CLOSING_S, _FORGETTING_S))
        found = [self._open]
        for peak in peaks.tolist():
            self._loudest = max(peak, self._loudest * forget)
            wanted = peak / self._loudest if self._loudest > _SILENT else 0.0
            rise = max(0.0, wanted - self._open)
            self._open = self._open + _OPENING * rise if rise else self._open * close
            found.append(self._open)
        return np.array(found)


def _resonance(center: float) -> Curve:
    """Return the filter of the pedal at one place: (hertz, dB)."""
    return (
        (20.0, -16.0),
        (center / 2, -9.0),
        (center / 1.3, -1.0),
        (center, 6.0),
        (center * 1.3, 0.0),
        (center * 2, -6.0),
        (center * 4, -8.0),
        (20_000.0, -10.0),
    )

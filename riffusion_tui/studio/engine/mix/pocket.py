"""Room for the singer: during singing, band and reverb give way at the frequencies of words, as at a mixing desk.

It is a gain in time and then a filter, both linear: the stems still add up to the mix. Drums are filtered hit by hit
instead, which takes no transforms of their sum.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right

import numpy as np

from riffusion_tui.studio.engine.cache import Signal
from riffusion_tui.studio.engine.mix.player import BLOCK
from riffusion_tui.studio.engine.score import Score
from riffusion_tui.studio.engine.synth.tones import SAMPLE_RATE, Curve

# What a singing voice displaces: (hertz, dB). The formants that tell one vowel or consonant from another lie here.
BAND: Curve = ((30, 0), (300, 0), (900, -4), (1600, -8.5), (2500, -9), (4200, -9.5), (7000, -8), (20_000, -1))
# Cymbals and claps cover the consonants; drums keep their weight.
DRUMS: Curve = ((30, 0), (300, 0), (800, -2), (1500, -3), (3000, -5), (7000, -7), (10_000, -5), (20_000, -2))
_BEFORE_S, _FADE_S, _AFTER_S = 0.15, 0.12, 0.4
"""Seconds: the band gives way before a line begins, and stays so until after it."""
_STEP = 64


class Pocket:
    """Divides blocks of the band into what stays as it is and what makes room for the voice, by a filter."""

    def __init__(self, score: Score) -> None:
        frames = 60.0 / score.plan.bpm * SAMPLE_RATE
        notes = [n for track in score.tracks if track.role == "vocal" for n in track.notes]
        self._spans = _merged([(n.start * frames, (n.start + n.length) * frames) for n in notes])
        self._starts, self._ends = [start for start, _ in self._spans], [end for _, end in self._spans]

    def covers(self, frame: int) -> bool:
        """Whether there is singing at this frame."""
        at = bisect_right(self._starts, frame) - 1
        return at >= 0 and frame < self._ends[at]

    def divided(self, block: Signal | None, index: int) -> tuple[Signal | None, Signal | None]:
        """Return what stays and what is to be filtered of block `index`, shape (2, BLOCK); None is silence.

        Their sum is the block, which is overwritten.
        """
        if block is None or not (amount := self._amount(index)).any():
            return block, None
        if amount.min() == 1:
            return None, block
        dipped = block * np.repeat(amount, _STEP)
        block -= dipped
        return block, dipped

    def _amount(self, index: int) -> Signal:
        """Return how far the band gives way, 0 to 1, every `_STEP` frames."""
        at = np.arange(index * BLOCK, (index + 1) * BLOCK, _STEP, dtype=np.float64)
        found = np.zeros(len(at))
        fade = _FADE_S * SAMPLE_RATE
        for start, end in self._spans[bisect_left(self._ends, at[0] - fade) :]:
            if start - fade > at[-1]:
                break
            found = np.maximum(found, np.minimum((at - start + fade) / fade, (end + fade - at) / fade))
        return np.clip(found, 0, 1).astype(np.float32)


def _merged(spans: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """Return spans of singing, widened, those that then touch as one."""
    found: list[tuple[float, float]] = []
    for start, end in sorted(spans):
        start, end = start - _BEFORE_S * SAMPLE_RATE, end + _AFTER_S * SAMPLE_RATE
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return found

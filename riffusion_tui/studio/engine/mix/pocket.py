"""Room for the singer: during singing, band and reverb give way at the frequencies of words, as at a mixing desk.

It is a gain in time and then a filter, both linear: the stems still add up to the mix. Drums are filtered hit by hit
instead, which takes no transforms of their sum.
"""

from __future__ import annotations

import numpy as np

from riffusion_tui.studio.engine.cache import Signal
from riffusion_tui.studio.engine.mix.player import BLOCK
from riffusion_tui.studio.engine.mix.spans import Edges, Spans
from riffusion_tui.studio.engine.score import Score
from riffusion_tui.studio.engine.synth.tones import Curve

# What a singing voice displaces: (hertz, dB). The formants that tell one vowel or consonant from another lie here.
BAND: Curve = ((30, 0), (300, 0), (900, -4), (1600, -8.5), (2500, -9), (4200, -9.5), (7000, -8), (20_000, -1))
# Cymbals and claps cover the consonants; drums keep their weight.
DRUMS: Curve = ((30, 0), (300, 0), (800, -2), (1500, -3), (3000, -5), (7000, -7), (10_000, -5), (20_000, -2))
SINGING = Edges(before=0.15, after=0.4, fade=0.12)
"""The band gives way before a line begins, and stays so until after it."""
_STEP = 64


class Pocket:
    """Divides blocks of the band into what stays as it is and what makes room for the voice, by a filter."""

    def __init__(self, score: Score) -> None:
        notes = (n for track in score.tracks if track.role == "vocal" for n in track.notes)
        self._singing = Spans(notes, 60.0 / score.plan.bpm, SINGING)

    def covers(self, frame: int) -> bool:
        """Whether there is singing at this frame."""
        return self._singing.covers(frame)

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
        return self._singing.shares(np.arange(index * BLOCK, (index + 1) * BLOCK, _STEP, dtype=np.float64))

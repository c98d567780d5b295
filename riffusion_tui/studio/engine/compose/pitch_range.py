"""A range of pitches: what an instrument can play, or where a player is to play."""

from __future__ import annotations

from typing import NamedTuple

from riffusion_tui.studio.engine.compose.chords import theory
from riffusion_tui.studio.engine.score import Chord


class PitchRange(NamedTuple):
    """The lowest and the highest pitch."""

    low: int
    high: int

    @property
    def middle(self) -> float:
        """The pitch halfway."""
        return (self.low + self.high) / 2

    def around(self, middle: float, highest: int) -> PitchRange:
        """Return the range raised so that its middle is not below `middle`, unless it would exceed `highest`."""
        up = max(0, min(round(middle - self.middle), highest - self.high))
        return PitchRange(self.low + up, self.high + up)

    def hold(self, pitch: int) -> int:
        """Return a pitch moved by octaves into the range, which must span at least one."""
        return theory.into_range(pitch, self.low, self.high)

    def root(self, chord: Chord) -> int:
        """Return a chord's root at the bottom of the range."""
        return self.hold(self.low + (chord.root - self.low) % 12)

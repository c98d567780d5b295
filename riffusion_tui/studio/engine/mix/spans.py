"""When tracks sound: spans of time around notes, with fades at both ends."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from riffusion_tui.studio.engine.cache import Signal
from riffusion_tui.studio.engine.score import Note
from riffusion_tui.studio.engine.synth.tones import SAMPLE_RATE


@dataclass(frozen=True, slots=True)
class Edges:
    """How spans begin and end, in seconds."""

    before: float
    """A span begins this long before its first note,"""
    after: float
    """ends this long after its last one,"""
    fade: float
    """and is faded in before that and out after it."""


class Spans:
    """The time in which some notes sound: notes that are close to each other are one span."""

    def __init__(self, notes: Iterable[Note], seconds_per_beat: float, edges: Edges) -> None:
        """Join notes to spans; `seconds_per_beat` is the tempo."""
        frames = seconds_per_beat * SAMPLE_RATE
        widened = [
            (n.start * frames - edges.before * SAMPLE_RATE, (n.start + n.length) * frames + edges.after * SAMPLE_RATE)
            for n in notes
        ]
        spans = _merged(widened)
        self._spans = spans
        self._starts, self._ends = [start for start, _ in spans], [end for _, end in spans]
        self._fade = edges.fade * SAMPLE_RATE

    def covers(self, frame: int) -> bool:
        """Whether this frame is inside a span."""
        at = bisect_right(self._starts, frame) - 1
        return at >= 0 and frame < self._ends[at]

    def shares(self, at: NDArray[np.float64]) -> Signal:
        """Return how far each of these frames, in order, is inside: 0 outside, 1 inside, between while fading."""
        found = np.zeros(len(at))
        fade = self._fade
        for start, end in self._spans[bisect_left(self._ends, at[0] - fade) :]:
            if start - fade > at[-1]:
                break
            found = np.maximum(found, np.minimum((at - start + fade) / fade, (end + fade - at) / fade))
        return np.clip(found, 0, 1).astype(np.float32)


def _merged(spans: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """Return spans, those that touch as one."""
    found: list[tuple[float, float]] = []
    for start, end in sorted(spans):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return found

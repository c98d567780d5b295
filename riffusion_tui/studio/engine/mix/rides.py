"""Rides: while a lead plays and nobody sings, it is raised and its accompaniment lowered, as with a fader at a desk.

Genres whose guitars are in front would bury a solo, or the tune of an instrumental. It is a gain in time, after a
track's effects: the stems still add up to the mix.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from riffusion_tui.studio.engine.cache import Signal
from riffusion_tui.studio.engine.datafiles import read_data
from riffusion_tui.studio.engine.mix.player import SPAN, PlayedTrack
from riffusion_tui.studio.engine.mix.pocket import SINGING
from riffusion_tui.studio.engine.mix.prominence import clearness
from riffusion_tui.studio.engine.mix.spans import Edges, Spans
from riffusion_tui.studio.engine.score import Score
from riffusion_tui.studio.engine.synth.tones import Floats

_PLAYING = Edges(before=0.1, after=0.6, fade=0.2)
_STEP = 64
"""Frames between two gains."""


def ridden(parts: Sequence[PlayedTrack], powers: Sequence[Floats], wanted_db: float) -> list[PlayedTrack]:
    """Return the tracks with their rides, which bring leads `wanted_db` above their accompaniment.

    Args:
        parts: all that sound.
        powers: of each in the mix, in narrow bands, where it is fullest.
        wanted_db: at the frequencies of the leads, see `clearness`.
    """
    rules = read_data("mixing.toml")["rides"]
    leads = [power for part, power in zip(parts, powers, strict=True) if part.track.role == "lead"]
    others = [p for part, p in zip(parts, powers, strict=True) if part.track.role in rules["accompaniment"]]
    if not leads or not others:
        return list(parts)
    missing = max(0.0, wanted_db - clearness(np.sum(leads, axis=0), np.sum(others, axis=0)))
    lowered = round(min(rules["lowered"], rules["share"] * missing), 1)
    raised = round(min(rules["raised"], missing - lowered), 1)
    changes = {"lead": raised} | dict.fromkeys(rules["accompaniment"], -lowered)
    return [replace(part, ride_db=changes.get(part.track.role, 0.0)) for part in parts]


class Rides:
    """The gains of rides over time."""

    def __init__(self, score: Score) -> None:
        """Find when a score's leads play and nobody sings."""
        spb = 60.0 / score.plan.bpm
        self._playing = Spans((n for t in score.tracks if t.role == "lead" for n in t.notes), spb, _PLAYING)
        self._singing = Spans((n for t in score.tracks if t.role == "vocal" for n in t.notes), spb, SINGING)
        self._last: tuple[int, Signal] = (-1, np.zeros(0, dtype=np.float32))

    def gains(self, index: int, ride_db: float) -> Signal | None:
        """Return the gain for each frame of span `index` of a track with this ride; None changes nothing."""
        if not ride_db or not (shares := self._shares(index)).any():
            return None
        return np.repeat(np.float32(10) ** (shares * np.float32(ride_db / 20)), _STEP)

    def _shares(self, index: int) -> Signal:
        """Return how far the lead is in front, 0 to 1, every `_STEP` frames of span `index`."""
        if self._last[0] != index:
            at = np.arange(index * SPAN, (index + 1) * SPAN, _STEP, dtype=np.float64)
            self._last = index, self._playing.shares(at) * (1 - self._singing.shares(at))
        return self._last[1]

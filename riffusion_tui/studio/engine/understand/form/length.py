"""The song's length in seconds: as stated, by its bars, or drawn from the genre's usual lengths."""

from __future__ import annotations

from random import Random

from riffusion_tui.studio.engine.score import RING_S
from riffusion_tui.studio.engine.song_plan import MAX_LENGTH_S, MIN_LENGTH_S
from riffusion_tui.studio.engine.understand.figures.stated import BARS
from riffusion_tui.studio.engine.understand.form.section_order import form_bars
from riffusion_tui.studio.engine.understand.reading.mentions import Reading
from riffusion_tui.studio.engine.understand.words import tables

_APART, _DRAWS = 0.1, 20
"""Least difference to a length that the prompt refuses, as a share of it, and how many are drawn to find one."""


def wanted_length(reading: Reading, bpm: float, meter: tuple[int, int]) -> float | None:
    """Return the seconds that the prompt states, else those of the bars that it states; None without either."""
    stated, bars = reading.first("length"), int(reading.first(BARS) or form_bars(reading))
    if stated is not None:
        return float(stated)
    return seconds_of(bars, bpm, meter) if bars else None


def length_of(
    reading: Reading, requested: float | None, genre: tables.Genre, bpm: float, meter: tuple[int, int], draw: Random
) -> float:
    """Return the length in seconds, within the limits of the engine.

    Args:
        reading: the prompt's.
        requested: the request's, which goes first.
        genre: the plan's.
        bpm: quarter notes per minute.
        meter: the plan's.
        draw: the plan's randomness for this field.
    """
    seconds = requested or wanted_length(reading, bpm, meter) or _drawn(reading, genre, draw)
    return max(MIN_LENGTH_S, min(MAX_LENGTH_S, seconds))


def _drawn(reading: Reading, genre: tables.Genre, draw: Random) -> float:
    """Draw a length of the genre, not one that the prompt refuses."""
    refused = [float(seconds) for seconds in reading.refused_values("length")]
    for _ in range(_DRAWS):
        seconds = float(draw.randint(*genre.length))
        if all(abs(seconds - other) >= _APART * other for other in refused):
            return seconds
    return max(refused) * (1 + _APART)


def seconds_of(bars: int, bpm: float, meter: tuple[int, int]) -> float:
    """Return how long a song of so many bars is, in seconds."""
    return bars * meter[0] * 4 / meter[1] * 60 / bpm + RING_S


def bars_in(seconds: float, bpm: float, meter: tuple[int, int]) -> int:
    """Return how many bars a song of so many seconds has."""
    return max(1, int((seconds - RING_S) * bpm / 60 / (meter[0] * 4 / meter[1]) + 0.4))

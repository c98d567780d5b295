"""Slides, bends and vibrato as pitch-bend events of a MIDI track, whose channel no other track uses."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, pairwise
from math import inf

import mido

from riffusion_tui.studio.engine.mix.slides import Reached, Slides, curve, reached
from riffusion_tui.studio.engine.score import Track

Event = tuple[int, int, object]
"""(tick, order within the tick, message)."""
_BEND_ORDER = 3
"""Bends come after the ends and before the starts of notes on the same tick."""
_STEP_S = 0.012
"""Seconds between the events of a bend."""
_FULL = 8191
"""The value of a bend by the whole range."""
_ALONE_S = 0.05
"""Notes that overlap by no more than so many seconds are one line."""


def bend_range(slides: Slides) -> int:
    """Return the semitones that an instrument's bends can need, at least the two that a channel has by default."""
    return max(2, slides.reach, slides.by, round(slides.vibrato + 0.5))


def range_events(channel: int, semitones: int) -> list[Event]:
    """Return the events that set a channel's bend range, as registered parameter 0, and deselect the parameter."""
    values = ((101, 0), (100, 0), (6, semitones), (38, 0), (101, 127), (100, 127))
    return [
        (0, 1, mido.Message("control_change", channel=channel, control=control, value=value))
        for control, value in values
    ]


def bend_events(track: Track, slides: Slides, bpm: float, channel: int, ticks_per_beat: int) -> list[Event]:
    """Return the bends of a track's notes, each back at 0 when its note ends. Notes that sound together have none."""
    spb = 60 / bpm
    notes = sorted(track.notes, key=lambda note: (note.start, note.pitch))
    scale = _FULL / bend_range(slides)
    following = [*(note.start for note in notes[1:]), inf]
    found: list[Event] = []
    sounding = 0.0
    for note, onward, how in zip(notes, following, reached(slides, notes, spb), strict=True):
        end, slack = note.start + note.length, _ALONE_S / spb
        alone = onward > end - slack and sounding < note.start + slack
        sounding = max(sounding, end)
        if how is None or not alone:
            continue
        held = (min(end, onward) - note.start) * spb
        values = ((second, round(semitones * scale)) for second, semitones in _curve(how, held))
        for (_, before), (second, value) in pairwise(chain([(0.0, 0)], values)):
            if value != before:
                tick = round((note.start + second / spb) * ticks_per_beat)
                found.append((tick, _BEND_ORDER, mido.Message("pitchwheel", channel=channel, pitch=value)))
    return found


def _curve(how: Reached, held: float) -> Iterator[tuple[float, float]]:
    """Yield seconds of a note that is held so long, and the semitones above its pitch: 0 at its end."""
    until = held if how.vibrato else min(how.seconds, held)
    count = max(1, round(until / _STEP_S))
    times = [until * step / count for step in range(count)]
    yield from zip(times, map(float, curve(how, times)), strict=True)
    yield until, 0.0

"""Ringing: a chord that is nearly all that sounds in a bar is held, however short its pattern is."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Sequence
from dataclasses import replace

from riffusion_tui.studio.engine.compose.casting.seat import Line
from riffusion_tui.studio.engine.instrument_groups import HARMONY
from riffusion_tui.studio.engine.score import Note

_STEPS = 16
"""Parts of a bar that are looked at."""
_QUIET = 5
"""Parts in which something sounds, at most, if a bar is nearly silent."""
_STROKE = 0.15
"""Beats within which a chord begins."""
_LIFTED = 0.05
"""Beats before the next chord at which it ends."""


def rung(lines: Sequence[Line], bars: int, bar: float) -> list[Line]:
    """Return the lines with the chords of each nearly silent bar held to the next one, or to the bar's end.

    Args:
        lines: what each player plays.
        bars: how many bars the song has; the last one is a held chord.
        bar: beats of a bar.
    """
    step = bar / _STEPS
    heard: set[int] = set()
    for _, notes in lines:
        for note in notes:
            first = int((note.start + _STROKE) / step)
            heard.update(range(first, max(first + 1, int((note.start + note.length) / step))))
    quiet = {number for number in range(bars - 1) if len(heard & set(_parts(number))) <= _QUIET}
    return [(seat, _held(notes, quiet, bar) if seat.role in HARMONY else notes) for seat, notes in lines]


def _parts(number: int) -> range:
    return range(number * _STEPS, (number + 1) * _STEPS)


def _held(notes: list[Note], quiet: set[int], bar: float) -> list[Note]:
    starts = sorted(note.start for note in notes)
    found = []
    for note in notes:
        number = int((note.start + _STROKE) / bar)
        after = bisect(starts, note.start + _STROKE)
        end = min([(number + 1) * bar, *starts[after : after + 1]]) - _LIFTED
        held = number in quiet and note.start + note.length < end
        found.append(replace(note, length=end - note.start) if held else note)
    return found

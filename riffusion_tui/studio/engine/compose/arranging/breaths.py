"""Breaths: players of wind instruments rest before they run out of air."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from riffusion_tui.studio.engine.compose import catalog
from riffusion_tui.studio.engine.compose.casting.seat import Seat
from riffusion_tui.studio.engine.datafiles import read_data
from riffusion_tui.studio.engine.score import Note

_ONE_LINE = frozenset({"lead", "counter", "bass"})
_TOUCHING = 0.02
"""Beats; notes that are nearer than this are played at once."""


def blows(seat: Seat) -> bool:
    """Whether a seat is one player who needs breath; sections breathe in turn, bagpipes have a bag."""
    breath = read_data("cast.toml")["breath"]
    family = catalog.instrument(seat.instrument).get("family")
    return seat.role in _ONE_LINE and family in breath["families"] and seat.instrument not in breath["endless"]


def breathed(notes: Sequence[Note], bpm: float, bar: float) -> list[Note]:
    """Return a line with a rest at least as often as its player needs one: a long note at a bar's end is shortened.

    In a run of quick notes, one is left out.

    Args:
        notes: the line, in any order.
        bpm: quarter notes per minute.
        bar: beats of a bar.
    """
    breath = read_data("cast.toml")["breath"]
    longest, rest = breath["longest_s"] * bpm / 60, breath["rest_s"] * bpm / 60
    found = sorted(notes, key=lambda note: note.start)
    first = 0
    for place in range(1, len(found)):
        if found[place].start - _end(found[first:place]) >= rest:
            first = place
        elif _end(found[first : place + 1]) - found[first].start > longest and place - first > 1:
            at = max(range(first + (place - first) // 2, place), key=lambda one: _ease(found, one, bar))
            found[at] = _cut(found[at], found[at + 1].start, rest)
            first = at + 1
    return [note for note in found if note.length > 0]


def _end(notes: Sequence[Note]) -> float:
    return max(note.start + note.length for note in notes[-3:])


def _ease(notes: Sequence[Note], place: int, bar: float) -> float:
    """Rate a breath after a note: best are a long note, and the end of a bar, or of two."""
    note, after = notes[place], notes[place + 1].start
    if after - note.start < _TOUCHING:
        return -1.0
    ends = [after / unit - round(after / unit) for unit in (bar, 2 * bar)]
    return min(after - note.start, 3.0) + sum(0.5 for off in ends if abs(off) < _TOUCHING)


def _cut(note: Note, after: float, rest: float) -> Note:
    """Return a note that ends `rest` before the next one, or is half as long; of no length if it is too short."""
    room = after - note.start
    length = max(room - rest, 0.5 * room) if room >= rest else 0.0
    return replace(note, length=min(note.length, length))

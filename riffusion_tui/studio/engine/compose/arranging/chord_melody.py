"""A guitarist who has tune and chords at once, with a pick: the chords sound where the tune leaves room for them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from riffusion_tui.studio.engine.compose.casting.seat import Line
from riffusion_tui.studio.engine.datafiles import read_data
from riffusion_tui.studio.engine.score import Note

_TOGETHER = 0.15
"""Beats within which notes are one stroke."""
_HELD = 0.9
"""Beats that a note of the tune lasts at least if there is time for a chord below it."""
_SOON = 0.35
"""A chord that the tune interrupts within fewer beats than this is not played."""


def one_guitarist(lines: Sequence[Line], *, bass: bool) -> list[Line]:
    """Return the lines, with fewer chords if one guitar has both: a guitarist has one right hand.

    Args:
        lines: what each player of an exact cast plays.
        bass: whether somebody else has the bass; otherwise, the thumb plays it on strong beats.
    """
    picked = set(read_data("cast.toml")["pick"]["instruments"])
    tunes = {seat.instrument: notes for seat, notes in lines if seat.role == "lead" and seat.instrument in picked}
    players = [seat.instrument for seat, _ in lines if seat.role in ("lead", "chords")]
    alone = {name for name in tunes if players.count(name) == len(("lead", "chords"))}
    return [
        (seat, list(_left(notes, tunes[seat.instrument], bass=bass)))
        if seat.role == "chords" and seat.instrument in alone
        else (seat, notes)
        for seat, notes in lines
    ]


def _left(chords: list[Note], tune: list[Note], *, bass: bool) -> Iterator[Note]:
    """Yield the notes of chords that the same hand can play beside the tune: one chord below each long note."""
    ordered = sorted(chords, key=lambda note: round(note.start / _TOGETHER))
    chorded: list[Note] = []
    for _, group in groupby(ordered, key=lambda note: round(note.start / _TOGETHER)):
        stroke = sorted(group, key=lambda note: note.pitch)
        start = stroke[0].start
        near = [note for note in tune if note.start - _SOON < start < note.start + note.length - _TOGETHER]
        if not near:
            yield from stroke
        elif near != chorded and all(note.start < start + _TOGETHER and note.length >= _HELD for note in near):
            chorded, below = near, [note for note in stroke if note.pitch < near[0].pitch]
            yield from below if len(below) > 1 else ()
        elif not bass and round(start) % 2 == 0 and abs(start - round(start)) < _TOGETHER:
            yield stroke[0]

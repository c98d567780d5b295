"""The columns of the job list, the same in each row."""

from typing import NamedTuple

_SCROLLBAR = 2
"""Cells reserved for the scrollbar, so that columns don't move when the list outgrows the window."""

_BOTH = 30
"""Minimum cells for prompt and title side by side; with fewer, rows show only the prompt."""


class Columns(NamedTuple):
    """Widths of the columns: state, time, detail, batch and verdict, prompt, title; the same in each row."""

    word: int
    time: int
    detail: int
    group: int
    prompt: int
    title: int


def columns_of(width: int) -> Columns:
    """Return the columns of a list of this width in cells."""
    cells = width - _SCROLLBAR
    if cells < 46:
        word = 9 if cells < 40 else 10
        return Columns(word, 5, 0, 1, max(1, cells - word - 10), 0)
    word, time, detail = (10, 5, 12) if cells < 90 else (11, 7, 22)
    room = cells - word - time - detail - 8
    if room < _BOTH:
        return Columns(word, time, detail, 3, room, 0)
    title = min(28, max(11, room // 3))
    return Columns(word, time, detail, 3, room - title - 2, title)

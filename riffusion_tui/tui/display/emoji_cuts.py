"""Cuts text at a column without breaking an emoji of several code points.

Rich cuts `❤️` between its two code points if a dialog's edge is in its middle: the second one has no width, so the rest
of the row moves by a column. What is cut here becomes spaces, as Rich does with Chinese characters.
"""

from __future__ import annotations

from rich.cells import cell_len, split_text
from rich.segment import Segment


def _split_cells(self: Segment, cut: int) -> tuple[Segment, Segment]:
    """Split a segment at a column; both parts together have its width."""
    text, style, control = self
    if cut >= cell_len(text):
        return self, Segment("", style, control)
    before, after = split_text(text, cut)
    return Segment(before, style, control), Segment(after, style, control)


def cut_whole_emoji() -> None:
    """Let Rich and Textual cut text this way, in this process."""
    Segment.split_cells = _split_cells  # type: ignore[method-assign]  # Rich has no option for it

"""Text measured in terminal cells, and lines of the line API put together from styled parts.

Nothing here parses markup: a bracket in a title stays a bracket.
"""

from __future__ import annotations

from collections.abc import Iterable

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from riffusion_tui.clean import clean_text

Part = tuple[str, Style]
"""A run of text in one style."""


def width(text: str) -> int:
    """Return the cells that `text` fills; CJK and emoji count two."""
    return cell_len(text)


def cut(text: str, cells: int, ellipsis: str = "…") -> str:
    """Return `text` in at most `cells` cells, ending in `ellipsis` where something was left out."""
    text, whole = _front(text, cells), text
    if cell_len(text) <= cells:
        return whole
    room = cells - cell_len(ellipsis)
    if room < 0:
        return ellipsis[: max(0, cells)]
    return set_cell_size(text, room) + ellipsis


def fit(text: str, cells: int, ellipsis: str = "…") -> str:
    """Return `text` in exactly `cells` cells: cut, or filled up with spaces."""
    return set_cell_size(cut(text, cells, ellipsis), max(0, cells))


def wrap(text: str, cells: int) -> list[str]:
    """Break `text` into lines of at most `cells` cells, at spaces where there are any; keeps its own line breaks."""
    lines: list[str] = []
    for line in text.expandtabs(4).split("\n"):
        lines.extend(_wrap_line(line, max(1, cells)))
    return lines


def _wrap_line(line: str, cells: int) -> list[str]:
    lines: list[str] = []
    while cell_len(front := _front(line, cells)) > cells:
        head = set_cell_size(front, cells).rstrip()
        # set_cell_size may end in a space that stands for half of a wide character.
        while head and not line.startswith(head):
            head = head[:-1]
        space = head.rfind(" ")
        if space > cells // 3 and not line[len(head) : len(head) + 1].isspace():
            head = head[:space]
        if not head:  # not one character fits: give it its cells anyway
            head = line[0]
        lines.append(head.rstrip())
        line = line[len(head) :].lstrip(" ")
    lines.append(line)
    return lines


def _front(text: str, cells: int) -> str:
    """Return the beginning of `text`, enough to say where `cells` cells end: a long text is not measured whole."""
    end = 2 * cells + 16
    # Twice as wide as asked for, so that a sign of several characters which is cut at its end lies behind the place.
    while end < len(text) and cell_len(text[:end]) <= 2 * cells:
        end *= 2
    return text[:end]


def line(parts: Iterable[Part], cells: int, fill: Style) -> Strip:
    """Join `parts` into a line of exactly `cells` cells; what is over is cut, what is missing filled with `fill`.

    All text was cleaned at the door. It is looked at again here, since a store's file may come from anywhere.
    """
    return Strip([Segment(_safe(text), fill + style) for text, style in parts if text]).adjust_cell_length(cells, fill)


def _safe(text: str) -> str:
    return text if text.isprintable() else clean_text(text).translate(_SPACES)


_SPACES = str.maketrans("\n\t", "  ")

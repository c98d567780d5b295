"""Measure text in terminal cells, and build lines from styled parts.

Markup is never parsed: a bracket in a title stays a bracket.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from riffusion_tui.clean import clean_text

_GAP = ", "
_FEW = 4
"""Items of a shortened list that are never left out."""
_READABLE = 5
"""Cells of each item from which all are shown."""
_FOLDERS = re.compile(r"(?<!\S)/(?:[^/\s]+/)+")
Part = tuple[str, Style]
"""A run of text in one style."""


def width(text: str) -> int:
    """Return the width of `text` in cells; CJK and emoji are two cells wide."""
    return cell_len(text)


def cut(text: str, cells: int, ellipsis: str = "…") -> str:
    """Truncate `text` to `cells` cells, ending in `ellipsis` if it was cut."""
    text, whole = _front(text, cells), text
    if cell_len(text) <= cells:
        return whole
    room = cells - cell_len(ellipsis)
    if room < 0:
        return ellipsis[: max(0, cells)]
    return set_cell_size(text, room) + ellipsis


def cut_each(text: str, cells: int, ellipsis: str = "…") -> str:
    """Truncate `text` to `cells` cells by shortening its longest items, so that something of each one stays.

    Of many items, those before the last are left out: one letter of each says nothing.
    """
    items = text.split(_GAP)
    if width(text) <= cells:
        return text
    while len(items) > _FEW and _cap(items, cells) < _READABLE:
        items = [*items[: -3 if items[-2] == ellipsis else -2], ellipsis, items[-1]]
    cap = _cap(items, cells)
    if cap < 1 + width(ellipsis):
        return cut(text, cells, ellipsis)
    sizes = [width(item) for item in items]
    spare = cells - width(_GAP) * (len(items) - 1) - sum(min(size, cap) for size in sizes)
    shown = []
    for item, size in zip(items, sizes, strict=True):
        more = min(spare, max(0, size - cap), 1)
        spare -= more
        shown.append(cut(item, min(size, cap) + more, ellipsis))
    return _GAP.join(shown)


def _cap(items: list[str], cells: int) -> int:
    """Return to how many cells each item is shortened, at most, so that all fit; 0 if they don't."""
    room = cells - width(_GAP) * (len(items) - 1)
    sizes = [width(item) for item in items]
    return next(
        (cap for cap in range(min(room, max(sizes)), 0, -1) if sum(min(size, cap) for size in sizes) <= room), 0
    )


def with_short_paths(text: str, cells: int, ellipsis: str = "…") -> str:
    """Leave out the folders of paths, `…/songs`, if `text` is wider than `cells` cells."""
    return text if width(text) <= cells else _FOLDERS.sub(f"{ellipsis}/", text)


def fit(text: str, cells: int, ellipsis: str = "…") -> str:
    """Truncate or pad `text` to exactly `cells` cells."""
    return set_cell_size(cut(text, cells, ellipsis), max(0, cells))


def wrap(text: str, cells: int) -> list[str]:
    """Wrap `text` to lines of at most `cells` cells, at spaces if possible; keeps line breaks."""
    lines: list[str] = []
    for line in text.expandtabs(4).split("\n"):
        lines.extend(_wrap_line(line, max(1, cells)))
    return lines


def _wrap_line(line: str, cells: int) -> list[str]:
    lines: list[str] = []
    while cell_len(front := _front(line, cells)) > cells:
        head = set_cell_size(front, cells).rstrip()
        # set_cell_size may end in a space that replaces half of a wide character.
        while head and not line.startswith(head):
            head = head[:-1]
        space = head.rfind(" ")
        if space > cells // 3 and not line[len(head) : len(head) + 1].isspace():
            head = head[:space]
        if not head:  # not even one character fits: take one anyway
            head = line[0]
        lines.append(head.rstrip())
        line = line[len(head) :].lstrip(" ")
    lines.append(line)
    return lines


def _front(text: str, cells: int) -> str:
    """Return a prefix of `text` that covers at least `cells` cells, to avoid measuring a long text completely."""
    end = 2 * cells + 16
    # Twice the requested width, so that a grapheme cut at the end of the prefix is beyond the needed part.
    while end < len(text) and cell_len(text[:end]) <= 2 * cells:
        end *= 2
    return text[:end]


def line(parts: Iterable[Part], cells: int, fill: Style) -> Strip:
    """Join `parts` into a line of exactly `cells` cells, truncated or padded with `fill`.

    Text was cleaned when it came in; it is checked again here, since a store's file may come from anywhere.
    """
    return Strip([Segment(_safe(text), fill + style) for text, style in parts if text]).adjust_cell_length(cells, fill)


def _safe(text: str) -> str:
    return text if text.isprintable() else clean_text(text).translate(_SPACES)


_SPACES = str.maketrans("\n\t", "  ")

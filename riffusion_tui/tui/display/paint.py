"""Compute a short sequence that updates the terminal from one grid to another."""

from __future__ import annotations

from collections.abc import Iterable

from riffusion_tui.tui.display.cells import CONTINUED, CellGrid
from riffusion_tui.tui.display.styles import UNKNOWN, StyleTable

_BRIDGE = 4
"""Maximum gap of equal cells that is cheaper to rewrite than to jump over."""
_BMP = "\uffff"
"""Wide characters up to this one are wide in all terminals."""
_EMOJI_STYLE = "\ufe0f"
"""A variation selector: it makes `❤` an emoji."""
_ERASE = 9
"""Minimum run of blanks that is cheaper to erase than to write."""


class Painter:
    """Writes the difference between two grids as terminal output and updates the shown grid.

    Args:
        table: the style table.
        erases_in_color: whether erasing keeps the background color (most terminals do, GNU screen doesn't).
        is_relayed: whether a multiplexer relays the output to a terminal, which may draw an emoji wider than the
            multiplexer counts it: then `❤️` is sent as `❤`, on whose width they agree.
    """

    def __init__(self, table: StyleTable, *, erases_in_color: bool, is_relayed: bool = False) -> None:
        self._table = table
        self._erases_in_color = erases_in_color
        self._is_relayed = is_relayed
        self._style = UNKNOWN
        self._x = self._y = -1
        self._width = 0
        self._out: list[str] = []

    def forget(self) -> None:
        """Forget the terminal's cursor position and style."""
        self._style = UNKNOWN
        self._x = self._y = -1

    def difference(self, target: CellGrid, shown: CellGrid, order: Iterable[int], budget: int) -> tuple[str, bool]:
        """Return the output that turns `shown` into `target`, and whether it covers all rows.

        Rows are written in `order` until `budget` characters are used; `shown` is updated for them, so that the next
        call continues with the rest.
        """
        self._out = []
        self._width = target.width
        for y in order:
            if target.texts[y] == shown.texts[y] and target.styles[y] == shown.styles[y]:
                continue
            if sum(map(len, self._out)) >= budget:
                return "".join(self._out), False
            self._row(y, target, shown)
        return "".join(self._out), True

    def move(self, x: int, y: int) -> str:
        """Return the sequence that moves the cursor to column `x`, row `y`; empty if it is already there."""
        if (x, y) == (self._x, self._y):
            return ""
        same_row, ahead = y == self._y, x - self._x
        self._x, self._y = x, y
        if same_row and ahead > 0:
            return "\x1b[C" if ahead == 1 else f"\x1b[{ahead}C"
        return f"\x1b[{y + 1};{x + 1}H"

    def _row(self, y: int, target: CellGrid, shown: CellGrid) -> None:
        texts, styles = target.texts[y], target.styles[y]
        unknown = shown.styles[y].count(UNKNOWN) == target.width
        if unknown or target.risky[y] or shown.risky[y]:
            runs = [(0, target.width)]
        else:
            runs = _runs(texts, styles, shown.texts[y], shown.styles[y])
        for start, end in runs:
            self._run(y, start, end, texts, styles)
        shown.texts[y][:] = texts
        shown.styles[y][:] = styles
        shown.risky[y] = target.risky[y]

    def _run(self, y: int, start: int, end: int, texts: list[str], styles: list[int]) -> None:
        x = start
        while x < end:
            style, stop = styles[x], x + 1
            blank = texts[x] == " "
            while stop < end and styles[stop] == style and (texts[stop] == " ") == blank:
                stop += 1
            if blank and self._can_erase(style, stop - x):
                self._erase(y, x, stop - x, style)
            else:
                self._write(y, x, texts[x:stop], style)
            x = stop

    def _can_erase(self, style: int, count: int) -> bool:
        return self._erases_in_color and count >= _ERASE and style != UNKNOWN and self._table.erases(style)

    def _erase(self, y: int, x: int, count: int, style: int) -> None:
        self._out.append(self.move(x, y))
        self._restyle(style)
        self._out.append(f"\x1b[{count}X")

    def _write(self, y: int, x: int, texts: list[str], style: int) -> None:
        self._out.append(self.move(x, y))
        self._restyle(style)
        whole = "".join(texts)
        if len(whole) == len(texts) and CONTINUED not in texts:
            self._out.append(whole)
            self._moved_to(x + len(texts), y)
            return
        for offset, text in enumerate(texts):
            if text != CONTINUED:
                wide = CONTINUED in texts[offset + 1 : offset + 2]
                if wide and (len(text) > 1 or text > _BMP):
                    # If the terminal draws the emoji narrow, its second cell would keep what it showed.
                    self._out.append(f"{self.move(x + offset, y)}  ")
                    self._moved_to(x + offset + 2, y)
                self._out.append(self.move(x + offset, y))
                self._out.append(text.replace(_EMOJI_STYLE, "") if self._is_relayed else text)
                trusted = len(text) == 1 and not wide
                self._moved_to(x + offset + 1 if trusted else self._width, y)

    def _moved_to(self, x: int, y: int) -> None:
        """Record the cursor position; it is unknown at the edge and after a character of ambiguous width."""
        self._x, self._y = (x, y) if x < self._width else (-1, -1)

    def _restyle(self, style: int) -> None:
        then = 0 if style == UNKNOWN else style
        self._out.append(self._table.delta(self._style, then))
        self._style = then


def _runs(
    texts: list[str], styles: list[int], shown_texts: list[str], shown_styles: list[int]
) -> list[tuple[int, int]]:
    """Return the spans of changed cells; spans with a small gap between them are joined."""
    runs: list[tuple[int, int]] = []
    for x in range(len(texts)):
        if texts[x] == shown_texts[x] and styles[x] == shown_styles[x]:
            continue
        last = runs[-1][1] if runs else -_BRIDGE
        if last == x or (x - last <= _BRIDGE and runs and len(set(styles[last - 1 : x + 1])) == 1):
            runs[-1] = (runs[-1][0], x + 1)
        else:
            runs.append((x, x + 1))
    return runs

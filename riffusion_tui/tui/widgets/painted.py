"""Base classes for widgets that paint cells: named colors from the theme, and minimal repaints.

A repaint sends everything from the first changed cell to the end of the line.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import takewhile
from typing import ClassVar

from rich.style import Style
from textual.geometry import Region
from textual.scrollbar import ScrollBarRender
from textual.strip import Strip
from textual.widget import Widget

from riffusion_tui.tui.appearance.palette import palette_of
from riffusion_tui.tui.appearance.text_cells import Part, line


class Painted(Widget):
    """A widget that paints with named styles."""

    _ground: Style | None = None

    @property
    def plain(self) -> Style:
        """The widget's colors: `rich_style`, which visits all ancestors, cached per style sheet."""
        if self._ground is None:
            self._ground = self.rich_style
        return self._ground

    def notify_style_update(self) -> None:
        """Redraw in the new colors."""
        self._ground = None
        super().notify_style_update()

    @property
    def cells(self) -> int:
        """Width of a line in cells, without the scrollbar."""
        return self.scrollable_content_region.width

    def shade(self, name: str) -> Style:
        """Return a named foreground."""
        return palette_of(self.app).shade(name)

    def ground(self, name: str) -> Style:
        """Return a named style with its own background."""
        return palette_of(self.app).ground(name)


class PaintedRows(Painted):
    """As many rows of parts as its content needs. `show()` repaints all if they changed."""

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._drawn: list[list[Part]] = []

    def rows(self) -> list[list[Part]]:
        """Return the rows, wrapped to the width."""
        raise NotImplementedError

    def show(self) -> None:
        """Repaint what changed; the number of rows may change."""
        rows = self.rows()
        if not self.is_mounted or not self.size.width or rows == self._drawn:
            return
        self._drawn = rows
        self.styles.height = len(rows)
        self.refresh()

    def on_resize(self) -> None:
        """Wrap to the new width."""
        self.show()

    def notify_style_update(self) -> None:
        """Redraw in the new colors."""
        self._drawn = []
        super().notify_style_update()

    def render_line(self, y: int) -> Strip:
        """Draw one row."""
        rows = self._drawn or self.rows()
        return line(rows[y] if y < len(rows) else [], self.size.width, self.plain)


class PaintedLine(Painted):
    """A line of parts. `show()` repaints from the first changed cell, or nothing."""

    DEFAULT_CSS = "PaintedLine { height: 1; }"

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._parts: list[Part] = []
        self._strip: Strip | None = None

    def parts(self) -> Iterable[Part]:
        """Return the line's current content."""
        return ()

    def show(self) -> None:
        """Repaint what changed."""
        if not self.is_mounted or not self.size.width:
            self._strip = None  # drawn before the line was hidden
            return
        parts = list(self.parts())
        if self._strip is not None and parts == self._parts and self._strip.cell_length == self.size.width:
            return
        fresh = self._drawn(parts)
        start = _first_difference(self._strip, fresh)
        self._strip = fresh
        self.refresh(Region(start, 0, max(1, self.size.width - start), 1))

    def render_line(self, y: int) -> Strip:
        """Return the line; all others are empty."""
        if y:
            return Strip.blank(self.size.width, self.plain)
        if self._strip is None or self._strip.cell_length != self.size.width:
            self._strip = self._drawn(list(self.parts()))
        return self._strip

    def notify_style_update(self) -> None:
        """Redraw in the new colors."""
        self._strip = None
        super().notify_style_update()

    def _drawn(self, parts: list[Part]) -> Strip:
        self._parts = parts
        return line(parts, self.size.width, self.plain)


class PlainScrollBar(ScrollBarRender):
    """A scrollbar without half blocks, for ASCII."""

    VERTICAL_BARS: ClassVar[list[str]] = [" "] * 8
    HORIZONTAL_BARS: ClassVar[list[str]] = [" "] * 8


def _first_difference(before: Strip | None, after: Strip) -> int:
    if before is None or before.cell_length != after.cell_length:
        return 0
    cells = 0
    for old, new in zip(before, after, strict=False):
        if old != new:
            pairs = zip(old.text, new.text, strict=False) if old.style == new.style else ()
            cells += sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1] and pair[0].isascii(), pairs))
            break
        cells += new.cell_length
    return min(cells, after.cell_length - 1)

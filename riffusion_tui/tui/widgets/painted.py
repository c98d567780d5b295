"""What every widget drawn cell by cell shares: named colours from the style sheet, and repaints as small as the change.

A repaint always sends what stands to the right of the first cell that differs and nothing to the left of it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

from rich.style import Style
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from riffusion_tui.tui.cells import Part, line

SHADES = (
    "ink",
    "soft",
    "dim",
    "faint",
    "focus",
    "making",
    "waits",
    "held",
    "done",
    "person",
    "alarm",
    "strong",
    "line",
)
"""Names of the styles that every painted widget has; `styles/painted.tcss` gives them their colours."""


SHADE_CLASSES = frozenset(f"shade--{name}" for name in SHADES)
"""Textual inherits component classes from the first base alone: a widget with two bases names these itself."""


class Painted(Widget):
    """A widget that paints with the named styles."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {*SHADE_CLASSES}

    def __init__(self, *children: Widget, **given: Any) -> None:
        super().__init__(*children, **given)
        self._shades: dict[str, Style] = {}

    @property
    def cells(self) -> int:
        """Cells that a line has: what a scrollbar takes is not among them."""
        return self.scrollable_content_region.width

    def shade(self, name: str) -> Style:
        """Return a named style, without the background, which is the line's own."""
        held = self._shades.get(name)
        if held is None:
            full = self.get_component_rich_style(f"shade--{name}")
            held = self._shades[name] = full.from_color(full.color) + Style(
                bold=full.bold, italic=full.italic, underline=full.underline, dim=full.dim, reverse=full.reverse
            )
        return held

    def whole(self, component: str) -> Style:
        """Return a component's style with its background."""
        held = self._shades.get(f"={component}")
        if held is None:
            held = self._shades[f"={component}"] = self.get_component_rich_style(component)
        return held

    def notify_style_update(self) -> None:
        """Forget the styles: theme, focus or size changed them."""
        self._shades.clear()
        super().notify_style_update()


class Line(Painted):
    """A line of parts. `show()` repaints from the first cell that differs, and nothing where none does."""

    DEFAULT_CSS = "Line { height: 1; }"

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._strip: Strip | None = None

    def parts(self) -> Iterable[Part]:
        """Say what stands on the line now."""
        return ()

    def show(self) -> None:
        """Paint what changed since the last time."""
        if not self.is_mounted or not self.size.width:
            return
        fresh = self._drawn()
        if fresh == self._strip:
            return
        start = _first_difference(self._strip, fresh)
        self._strip = fresh
        self.refresh(Region(start, 0, max(1, self.size.width - start), 1))

    def render_line(self, y: int) -> Strip:
        """Return the line; everything below it is empty."""
        if y:
            return Strip.blank(self.size.width, self.rich_style)
        if self._strip is None or self._strip.cell_length != self.size.width:
            self._strip = self._drawn()
        return self._strip

    def notify_style_update(self) -> None:
        """Draw anew in the new colours."""
        self._strip = None
        super().notify_style_update()

    def _drawn(self) -> Strip:
        return line(self.parts(), self.size.width, self.rich_style)


def _first_difference(before: Strip | None, after: Strip) -> int:
    if before is None or before.cell_length != after.cell_length:
        return 0
    cells = 0
    for old, new in zip(before, after, strict=False):
        if old != new:
            if old.style == new.style:
                for left, right in zip(old.text, new.text, strict=False):
                    if left != right or not left.isascii():
                        break
                    cells += 1
            break
        cells += new.cell_length
    return min(cells, after.cell_length - 1)

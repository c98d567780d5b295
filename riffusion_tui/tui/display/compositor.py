"""Draws what is seen of a repaint, and no more: Textual draws all that the span of all its regions could touch.

A second of a countdown changes a row of the list and the status bar; the span of the two is the screen, and with it
every widget would be drawn, the editor first of all, and what lies hidden behind them too.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from textual._compositor import ChopsUpdate, Compositor
from textual.geometry import Region
from textual.strip import Strip


class LeanCompositor(Compositor):
    """For the differential display or Textual's own."""

    _touched: Sequence[Region] | None = None
    """What is repainted, while it is; None where all is."""

    def render_partial_update(self) -> ChopsUpdate | None:
        """Draw the regions that have changed."""
        # One cell more on the right: Textual also sends the piece of a line that begins where a region ends.
        self._touched = [region.grow((0, 1, 0, 0)) for region in self._dirty_regions]
        try:
            return super().render_partial_update()
        finally:
            self._touched = None

    def _get_renders(self, crop: Region | None = None) -> Iterable[tuple[Region, Region, list[Strip]]]:
        """Draw each widget, from the front to the back, in the rows in which cells of it are wanted and not hidden."""
        screen = self.size.region
        wanted = [0] * screen.height
        """The cells of each row that nobody has drawn yet, a bit for each."""
        for region in [screen] if self._touched is None else self._touched:
            part = region.intersection(screen)
            for y in part.line_range:
                wanted[y] |= _bits(part)
        for widget, (region, clip) in self.visible_widgets.items():
            seen = region.intersection(clip).intersection(screen)
            bits = _bits(seen)
            rows = [y for y in seen.line_range if wanted[y] & bits]
            if rows:
                part = Region(seen.x, rows[0], seen.width, rows[-1] + 1 - rows[0])
                yield region, part, widget.render_lines(part.translate(-region.offset))
                for y in rows:
                    wanted[y] &= ~bits


def _bits(region: Region) -> int:
    return ((1 << region.width) - 1) << region.x

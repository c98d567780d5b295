"""Draws what a repaint touches, and no more: Textual draws all that the span of all repaints could touch.

A second of a countdown changes a row of the list and the status bar; the span of the two is the screen, and with it
every widget would be drawn, the editor first of all.
"""

from __future__ import annotations

from collections.abc import Iterable

from textual._compositor import ChopsUpdate, Compositor
from textual.geometry import Region
from textual.strip import Strip


class LeanCompositor(Compositor):
    """For the differential display or Textual's own."""

    _touched: tuple[Region, ...] = ()
    """What is repainted, while it is; nothing where all is."""

    def render_partial_update(self) -> ChopsUpdate | None:
        """Draw the regions that have changed."""
        # One cell more on the right: Textual also sends the piece of a line that begins where a region ends.
        wider = (region.grow((0, 1, 0, 0)) for region in self._dirty_regions)
        self._touched = tuple(region.intersection(self.size.region) for region in wider)
        try:
            return super().render_partial_update()
        finally:
            self._touched = ()

    def _get_renders(self, crop: Region | None = None) -> Iterable[tuple[Region, Region, list[Strip]]]:
        """Draw each widget in the rows in which it is touched, from the front to the first that hides the others."""
        if not self._touched:
            yield from super()._get_renders(crop)
            return
        bare = self._touched
        for widget, (region, clip) in self.visible_widgets.items():
            seen = region.intersection(clip)
            rows = _rows(seen, bare)
            if rows:
                part = Region(seen.x, rows.start, seen.width, len(rows))
                yield region, part, widget.render_lines(part.translate(-region.offset))
                bare = tuple(one for one in bare if not seen.contains_region(one))


def _rows(seen: Region, touched: Iterable[Region]) -> range:
    """Return the rows, from the first to the last, in which any of `touched` meets `seen`."""
    parts = [part for region in touched if (part := seen.intersection(region))]
    return range(min(part.y for part in parts), max(part.bottom for part in parts)) if parts else range(0)

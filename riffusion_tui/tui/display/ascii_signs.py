"""Typographic signs as ASCII, for terminals that can't show others: Textual's own, and those in titles and prompts."""

from __future__ import annotations

from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter

_SIGNS = str.maketrans("…→−–—·×≈‘’“”•", "~>---.x~''\"\"*")
"""Of the same width, so that nothing moves."""


class AsciiSigns(LineFilter):
    """Replaces the signs in each line that is drawn."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """Return the segments with other signs."""
        return [one if one.text.isascii() else one._replace(text=one.text.translate(_SIGNS)) for one in segments]

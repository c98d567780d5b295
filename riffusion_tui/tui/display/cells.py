"""A screen as a grid of cells: one for Textual's output, one for what the terminal shows."""

from __future__ import annotations

from rich.cells import split_graphemes

from riffusion_tui.tui.display.styles import UNKNOWN, StyleTable

_JOINER = "\u200d"
"""Joins emoji; at the end of a line that splits one, tmux would join it to whatever is written next."""
CONTINUED = ""
"""The text of a cell covered by the wide character on its left."""


class CellGrid:
    """Rows of cells; each has a text (a grapheme, a blank, or CONTINUED) and a style number."""

    def __init__(self, width: int, height: int) -> None:
        self.width = width
        self.height = height
        self.texts = [[" "] * width for _ in range(height)]
        self.styles = [[UNKNOWN] * width for _ in range(height)]
        self.risky = [False] * height
        """Rows with a wide grapheme or one of several code points, on whose width terminals disagree."""

    def put(self, x: int, y: int, text: str, style: int, table: StyleTable) -> int:
        """Write `text` into row `y` from column `x` on, and return the column behind it; the rest is cut off."""
        if not 0 <= y < self.height or not 0 <= x < self.width:
            return x
        put = self._put_ascii if text.isascii() else self._put_graphemes
        end = put(x, y, text, style, table)
        if self.risky[y]:
            self.risky[y] = any(len(text) > 1 or text == CONTINUED for text in self.texts[y])
        return end

    def _put_ascii(self, x: int, y: int, text: str, number: int, table: StyleTable) -> int:
        texts, styles = self.texts[y], self.styles[y]
        end = min(x + len(text), self.width)
        text = text[: end - x]
        if self.risky[y]:
            _split_wide(texts, x, end)
        texts[x:end] = text
        if " " in text:
            blank = table.on_space(number)
            styles[x:end] = [blank if character == " " else number for character in text]
        else:
            styles[x:end] = [number] * (end - x)
        return end

    def _put_graphemes(self, x: int, y: int, text: str, number: int, table: StyleTable) -> int:
        texts, styles = self.texts[y], self.styles[y]
        for start, end, width in split_graphemes(text)[0]:
            if width == 0:
                continue
            if x + width > self.width:
                return self.width
            grapheme = text[start:end].rstrip(_JOINER)
            if self.risky[y]:
                _split_wide(texts, x, x + width)
            texts[x] = grapheme
            styles[x] = table.on_space(number) if grapheme == " " else number
            if width > 1 or len(grapheme) > 1:
                self.risky[y] = True
                texts[x + 1 : x + width] = [CONTINUED] * (width - 1)
                styles[x + 1 : x + width] = [number] * (width - 1)
            x += width
        return x

    def forget(self) -> None:
        """Mark all cells as unknown, after the terminal was cleared or another program wrote to it."""
        for row in self.styles:
            row[:] = [UNKNOWN] * self.width


def _split_wide(texts: list[str], start: int, end: int) -> None:
    """Blank the remaining halves of wide characters cut by a write from `start` to `end`."""
    if 0 < start < len(texts) and texts[start] == CONTINUED:
        left = start - 1
        while left >= 0 and texts[left] == CONTINUED:
            left -= 1
        texts[left:start] = [" "] * (start - left)
    right = end
    while right < len(texts) and texts[right] == CONTINUED:
        texts[right] = " "
        right += 1

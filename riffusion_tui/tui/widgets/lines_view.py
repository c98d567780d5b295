"""Scrolling lines of shaded text with a fixed head, used by the song pane, help, detail and compare."""

from __future__ import annotations

import re
from collections.abc import Iterator

from textual.binding import Binding, BindingType
from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.strip import Strip

from riffusion_tui.tui.appearance.text_cells import line, width, wrap
from riffusion_tui.tui.bindings.key_order import OrderedKeys
from riffusion_tui.tui.state.shaded_lines import END_OF_LABEL, Lines, Shaded
from riffusion_tui.tui.widgets.painted import Painted

_SCROLLING_BY_NAME: tuple[BindingType, ...] = (
    Binding("up", "scroll_up", show=False),
    Binding("down", "scroll_down", show=False),
    Binding("pageup", "page_up", show=False),
    Binding("pagedown", "page_down", show=False),
    Binding("home", "scroll_home", show=False),
    Binding("end", "scroll_end", show=False),
)
"""Scroll keys that aren't commands."""
SCROLLING_BY_LETTER: tuple[BindingType, ...] = (
    *_SCROLLING_BY_NAME,
    Binding("k", "scroll_up", show=False),
    Binding("j", "scroll_down", show=False),
    Binding("g", "scroll_home", show=False),
    Binding("G", "scroll_end", show=False),
)
"""Scroll keys including the letters used in all lists."""
SCROLLING: tuple[BindingType, ...] = (*SCROLLING_BY_LETTER, Binding("space", "page_down", show=False))

_FOLLOWED_ROWS = 3
"""Rows to keep in view: chords, their words, and a split line's next row."""


class LinesView(OrderedKeys, ScrollView, Painted, can_focus=True):
    """Shows lines, wrapped to the width."""

    BINDINGS = [*SCROLLING]

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._head: Lines = []
        self._body: Lines = []
        self._source: Lines = []
        self._followed: int | None = None
        """The body's line that the view follows."""

    def put(self, head: Lines, body: Lines, *, home: bool = False) -> None:
        """Show new lines, scrolled to the top if `home`; repaints only changes."""
        wide = self.content_region.width
        if wide <= 0:  # not laid out yet: wrapping now would put each letter on its own line
            self._head, self._body, self._source = head, [], body
            return
        wrapped = self._wrapped(head, body)
        before = self._head, self._body
        self._head, self._body, self._source = head, wrapped, body
        if home and self.scroll_offset.y:
            self.scroll_to(y=0, animate=False)
        size = Size(self.size.width, len(head) + len(wrapped))
        if self.virtual_size != size:
            self.virtual_size = size
        if before[1] != wrapped or len(before[0]) != len(head):
            self.refresh()
        else:
            for row, (old, new) in enumerate(zip(before[0], head, strict=True)):
                if old != new:
                    self._refresh_row(row)

    def follow(self, shade: str | None) -> None:
        """Scroll to the first line with a part in this shade, unless the user scrolled away from the line before it.

        None: follow nothing.
        """
        room = self.size.height - len(self._head)
        if room < _FOLLOWED_ROWS:  # too small, or not laid out yet
            return
        before, self._followed = self._followed, None
        for row, parts in enumerate(self._body):
            if any(each == shade for _, each in parts):
                self._followed = row
                break
        if self._followed in (None, before):
            return
        shown = range(self.scroll_offset.y, self.scroll_offset.y + room - _FOLLOWED_ROWS + 1)
        if self._followed not in shown and (before is None or before in shown):
            # Forced, since a view that was just filled has no scrollbar yet.
            self.scroll_to(y=max(0, self._followed - room // 3), animate=False, force=True)

    def _wrapped(self, head: Lines, body: Lines) -> Lines:
        """Return the body wrapped to the width, which a scrollbar makes smaller."""
        wide = self.content_region.width
        wrapped = wrapped_lines(body, wide)
        if len(head) + len(wrapped) <= self.size.height:
            return wrapped
        return wrapped_lines(body, max(1, wide - self.styles.scrollbar_size_vertical))

    def text(self) -> str:
        """Return head and body as plain text."""
        return "\n".join("".join(text for text, _ in parts) for parts in [*self._head, *self._source])

    def _refresh_row(self, row: int) -> None:
        from textual.geometry import Region

        self.refresh(Region(0, row, self.size.width, 1))

    def on_resize(self) -> None:
        """Wrap the lines again."""
        self.put(self._head, self._source)
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """Draw a line of the head or of the scrolled body."""
        if y < len(self._head):
            return self._draw(self._head[y])
        if self._source and not self._body:  # the first frame is drawn before the resize event
            self._body = self._wrapped(self._head, self._source)
        row = y - len(self._head) + self.scroll_offset.y
        return self._draw(self._body[row] if row < len(self._body) else [])

    def _draw(self, parts: list[Shaded]) -> Strip:
        return line(((text, self.shade(shade)) for text, shade in parts), self.cells, self.plain)


def wrapped_lines(lines: Lines, cells: int) -> Lines:
    """Wrap long lines; a line's label (`detected `) is not repeated."""
    fresh: Lines = []
    for parts in lines:
        if sum(width(text) for text, _ in parts) <= cells and not any("\t" in text for text, _ in parts):
            fresh.append(parts)
        elif len(parts) == 1:
            fresh += [[(piece, parts[0][1])] for piece in wrap(parts[0][0], cells)]
        else:
            fresh += _hanging(parts, cells)
    return fresh


def _hanging(parts: list[Shaded], cells: int) -> Lines:
    """Wrap the text after the label, indented; the label is only on the first line."""
    lead, rest, indent = _label_and_text(parts, cells * 2 // 3)
    room, lines, left = max(1, cells - indent), [lead], cells - (indent if lead else 0)
    for word, shade in ((word, shade) for text, shade in rest for word in _words(text, room)):
        if width(word.rstrip()) > left:
            lines.append([(" " * indent, shade)])
            left = room
        lines[-1].append((word, shade))
        left -= width(word)
    return lines


def _label_and_text(parts: list[Shaded], most: int) -> tuple[list[Shaded], list[Shaded], int]:
    """Return a line's label, its text, and the text's indent: 2 if the label is wider than `most` cells."""
    for at in (parts.index(END_OF_LABEL) if END_OF_LABEL in parts else 1, 1):
        indent = sum(width(text) for text, _ in parts[:at])
        if indent <= most:
            return parts[:at], parts[at:], indent
    return [], parts, 2


def _words(text: str, cells: int) -> Iterator[str]:
    """Split a text after spaces, and words wider than a line at any position."""
    for word in re.findall(r"\s*\S+\s*|\s+", text.expandtabs(4)):
        yield from wrap(word, cells) if width(word.rstrip()) > cells else [word]

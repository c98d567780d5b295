"""The base of the prompt editor and the multi-line text fields."""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING, Any, cast

from rich.style import Style
from textual import events
from textual.geometry import Offset
from textual.widgets import TextArea
from textual.widgets.text_area import TextAreaTheme

from riffusion_tui.clean import MAX_TEXT, clean_text
from riffusion_tui.tui.messages import message
from riffusion_tui.tui.textual_private import with_own_components

if TYPE_CHECKING:
    from riffusion_tui.tui.base_app import BaseApp

MAX_LINE = 20_000
"""Maximum characters of a line after a paste, twice as many as a prompt can have.

At each key, Textual wraps the whole line again: 0.8 s of CPU for one of a million characters.
"""
_SAME_PASTE_S = 1.0
"""Maximum gap between the pieces of a paste, in seconds; without bracketed paste, a long one comes in pieces."""
_UNUSED = Style()
_THEME = TextAreaTheme(
    "plain",
    gutter_style=_UNUSED,
    cursor_line_style=_UNUSED,
    cursor_line_gutter_style=_UNUSED,
    bracket_matching_style=_UNUSED,
)


@with_own_components
class PlainTextArea(TextArea):
    """A text area without line numbers, bracket matching, suggestions, or a highlighted line.

    Textual styles each component class like a widget, at each start and change of focus. With all eight of them, a
    third of the main screen's styling would be for parts that are never shown.
    """

    COMPONENT_CLASSES = {"text-area--cursor", "text-area--placeholder", "text-area--selection"}

    def __init__(self, text: str = "", **given: Any) -> None:
        super().__init__(
            text,
            soft_wrap=True,
            tab_behavior="focus",
            show_line_numbers=False,
            highlight_cursor_line=False,
            **given,
        )
        self.match_cursor_bracket = False
        self.register_theme(_THEME)
        self.theme = _THEME.name
        self._pasted_at = -_SAME_PASTE_S
        self._in_part = False
        """Whether a part of the last paste is in the text."""
        self._problem = ""
        """Why the rest of it is refused."""
        self._refused_at = self.selection

    def on_paste(self, event: events.Paste) -> None:
        """Clean pasted text, which Textual's own handler then inserts; refuse it if the text would get too long."""
        event.text = clean_text(event.text)
        now = monotonic()
        if now - self._pasted_at >= _SAME_PASTE_S or (self._problem and self.selection != self._refused_at):
            self._in_part, self._problem = False, ""
        self._pasted_at = now
        self._problem = self._problem or self._problem_of(event.text)
        if not self._problem:
            self._in_part = True
            return
        event.prevent_default()  # also of the pieces that would fit, which would leave a gap
        self._refused_at = self.selection
        app = cast("BaseApp", self.app)
        app.show_message(message("paste.in_part" if self._in_part else "paste.refused", why=self._problem), "waits")

    def _problem_of(self, pasted: str) -> str:
        """Return what would be too long if `pasted` took the place of the selection; empty: nothing."""
        if len(self.text) - len(self.selected_text) + len(pasted) > MAX_TEXT:
            return message("paste.too_long", limit=MAX_TEXT)
        (top, left), (bottom, right) = sorted((self.selection.start, self.selection.end))
        lines = self.document[top][:left] + pasted + self.document[bottom][right:]
        longest = max(map(len, lines.split("\n")))
        return message("paste.too_wide", limit=MAX_LINE) if longest > MAX_LINE else ""

    def scroll_cursor_visible(self, center: bool = False, animate: bool = False) -> Offset:
        """Scroll to the cursor, unless its line is gone: undo and redo resize the text before they move the cursor."""
        if self.cursor_location[0] >= self.document.line_count:
            return Offset(0, 0)
        return super().scroll_cursor_visible(center, animate)

    def watch_virtual_size(self) -> None:
        """Keep the cursor in view: Textual scrolls to it before the number of rows is updated."""
        self.call_later(self.scroll_cursor_visible)

    def on_resize(self) -> None:
        """Keep the cursor in view when lines wrap at another width."""
        self.call_later(self.scroll_cursor_visible)

"""The base of the prompt editor and the multi-line text fields."""

from __future__ import annotations

from typing import Any

from rich.style import Style
from textual.widgets import TextArea
from textual.widgets.text_area import TextAreaTheme

from riffusion_tui.tui.textual_private import with_own_components

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

    def watch_virtual_size(self) -> None:
        """Keep the cursor in view: Textual scrolls to it before the number of rows is updated."""
        self.call_later(self.scroll_cursor_visible)  # while undo changes the size, the cursor may be beyond the text

    def on_resize(self) -> None:
        """Keep the cursor in view when lines wrap at another width."""
        self.call_later(self.scroll_cursor_visible)

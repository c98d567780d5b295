"""Several lines of text to fill in: lyrics, what an edit is to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import events
from textual.widgets import TextArea

from riffusion_tui.clean import clean_text

if TYPE_CHECKING:
    from riffusion_tui.tui.app import RiffusionApp


class MultilineField(TextArea):
    """Plain text; tab goes on to the next field, and what is pasted is cleaned."""

    types = True

    def __init__(self, text: str, *, id: str) -> None:
        super().__init__(clean_text(text), id=id, soft_wrap=True, tab_behavior="focus", show_line_numbers=False)
        self.highlight_cursor_line = False
        self.match_cursor_bracket = False

    def on_mount(self) -> None:
        """Ask the settings about motion; begin behind the last word."""
        app: RiffusionApp = self.app  # type: ignore[assignment]  # it is nowhere else
        self.cursor_blink = app.deps.settings.screen.motion
        self.move_cursor(self.document.end)

    def put(self, text: str) -> None:
        """Replace the whole text, so that undo brings the old one back."""
        self.replace(clean_text(text), self.document.start, self.document.end)

    def on_paste(self, event: events.Paste) -> None:
        """Clean what comes from the clipboard; Textual's own handler, which runs after this one, puts it in."""
        event.text = clean_text(event.text)

"""The multi-line text field, for lyrics and edit prompts."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from riffusion_tui.clean import clean_text
from riffusion_tui.tui.widgets.plain_text_area import PlainTextArea

if TYPE_CHECKING:
    from riffusion_tui.tui.base_app import BaseApp


class MultilineField(PlainTextArea):
    """A plain text area; tab moves to the next field, and pasted text is cleaned."""

    types = True

    def __init__(self, text: str, *, id: str) -> None:
        super().__init__(clean_text(text), id=id)

    def on_mount(self) -> None:
        """Apply the motion setting; move the cursor to the end."""
        app = cast("BaseApp", self.app)
        self.cursor_blink = app.deps.settings.screen.motion
        self.move_cursor(self.document.end)

    def put(self, text: str) -> None:
        """Replace the whole text; undo restores it."""
        self.replace(clean_text(text), self.document.start, self.document.end)

"""A line of text to fill in, as every screen here uses it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from textual import events
from textual.widgets import Input

from riffusion_tui.clean import clean_line
from riffusion_tui.tui.key_order import OrderedKeys

if TYPE_CHECKING:
    from riffusion_tui.tui.app import RiffusionApp


class LineField(OrderedKeys, Input):
    """One line high; its cursor blinks only where motion is wanted, and what is pasted is cleaned."""

    types = True
    one_line = True

    def __init__(self, value: str = "", **given: Any) -> None:
        super().__init__(value, compact=True, select_on_focus=False, **given)

    def on_mount(self) -> None:
        """Ask the settings about motion."""
        app: RiffusionApp = self.app  # type: ignore[assignment]  # a field is nowhere else
        self.cursor_blink = app.deps.settings.screen.motion

    def on_paste(self, event: events.Paste) -> None:
        """Clean what comes from the clipboard; Textual's own handler, which runs after this one, puts it in."""
        event.text = clean_line(event.text)

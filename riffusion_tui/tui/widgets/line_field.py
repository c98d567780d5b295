"""The single-line text field used on all screens."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from textual import events
from textual.widgets import Input

from riffusion_tui.clean import MAX_ONE_LINE, clean_line
from riffusion_tui.tui.bindings.key_order import OrderedKeys
from riffusion_tui.tui.messages import message

if TYPE_CHECKING:
    from riffusion_tui.tui.base_app import BaseApp


class LineField(OrderedKeys, Input):
    """A one-line input; its cursor blinks only if motion is enabled, and pasted text is cleaned."""

    types = True
    one_line = True

    def __init__(self, value: str = "", **given: Any) -> None:
        super().__init__(value, compact=True, select_on_focus=False, **given)

    def on_mount(self) -> None:
        """Apply the motion setting."""
        app = cast("BaseApp", self.app)
        self.cursor_blink = app.deps.settings.screen.motion

    def show_end(self) -> None:
        """Scroll to the end of a text that is too long to be shown."""
        self.scroll_to(x=self.max_scroll_x, animate=False, force=True)

    def on_paste(self, event: events.Paste) -> None:
        """Clean pasted text, which Textual's own handler then inserts; refuse it if the line would get too long."""
        before = self.value[: self.cursor_position]
        event.text = clean_line(event.text, len(event.text)) if self.password else words_of(event.text, before)
        if len(self.value) - len(self.selected_text) + len(event.text) > MAX_ONE_LINE:
            event.prevent_default()
            why = message("paste.too_long_line", limit=MAX_ONE_LINE)
            cast("BaseApp", self.app).show_message(message("paste.refused", why=why), "waits")


def words_of(pasted: str, before: str) -> str:
    """Clean text that is inserted after `before`; spaces around it stay, if they are between words.

    Fast typing is a paste too, which can begin and end anywhere.
    """
    text = clean_line(pasted, len(pasted))
    front = " " if pasted[:1] == " " and before and before[-1] != " " else ""
    return f"{front}{text}{' ' if text and pasted[-1:] == ' ' else ''}"

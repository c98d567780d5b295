"""The prompt editor: Textual's TextArea, with the parts of a matrix coloured and history at its edges."""

from __future__ import annotations

import time

from rich.text import Text
from textual import events, on
from textual.message import Message
from textual.widgets import TextArea

from riffusion_tui.clean import clean_text
from riffusion_tui.tui.commands import CommandScope
from riffusion_tui.tui.key_order import OrderedKeys
from riffusion_tui.tui.keys import bindings
from riffusion_tui.tui.messages import say
from riffusion_tui.tui.palette import palette_of
from riffusion_tui.tui.state.draft import spans

BLINK_S = 5.0
"""Seconds that the cursor blinks after the last key; then it stays on.

Each blink is a frame, on the line and on the processor, that nobody looks at. A desktop's text fields rest as well: https://docs.gtk.org/gtk4/property.Settings.gtk-cursor-blink-timeout.html
"""
_SHADES = {"alternatives": "person", "rule": "line", "takes": "person", "service": "person"}


class PromptEditor(OrderedKeys, TextArea):
    """Several lines of prompt; up in the first and down in the last go through the history."""

    types = True
    BINDINGS = [*bindings(CommandScope.PROMPT)]

    class Edge(Message):
        """The cursor wants to leave the text: `earlier` upwards, else downwards."""

        def __init__(self, *, earlier: bool) -> None:
            super().__init__()
            self.earlier = earlier

    class NothingSelected(Message):
        """There is nothing to copy."""

    def __init__(self, *, blink: bool) -> None:
        super().__init__(
            id="editor",
            soft_wrap=True,
            tab_behavior="focus",
            show_line_numbers=False,
            placeholder=say("editor.placeholder"),
        )
        self.offered = ""
        self._may_blink = self.cursor_blink = blink
        self._rests_at = 0.0
        self._rest_is_set = False
        self.highlight_cursor_line = False
        self.match_cursor_bracket = False

    def on_mount(self) -> None:
        """Let the cursor blink for a while."""
        self._blink_again()

    @on(events.Focus)
    @on(events.Key)
    def _blink_again(self) -> None:
        self._rests_at = time.monotonic() + BLINK_S
        if self._may_blink and not self._rest_is_set:
            self.cursor_blink = self._rest_is_set = True
            self.set_timer(BLINK_S, self._stop_blinking)

    def _stop_blinking(self) -> None:
        left = self._rests_at - time.monotonic()
        if left > 0:
            self.set_timer(left, self._stop_blinking)
        else:
            self.cursor_blink = self._rest_is_set = False

    def get_line(self, line_index: int) -> Text:
        """Return a line with its matrix parts coloured."""
        line = super().get_line(line_index)
        palette = palette_of(self.app)
        for span in spans(line.plain):
            line.stylize(palette.shade(_SHADES[span.kind]), span.start, span.end)
        return line

    def offer(self, text: str) -> None:
        """Show a text that is made as it is while nothing is written in its place; an empty one offers none."""
        self.offered = text
        self.placeholder = text or say("editor.placeholder")

    @property
    def said(self) -> str:
        """What would be made: what is written, else what is offered."""
        return self.text if self.text.strip() else self.offered

    def put(self, text: str) -> None:
        """Replace the whole text, so that undo brings the old one back, with the cursor at its end."""
        self.replace(clean_text(text), self.document.start, self.document.end)
        self.move_cursor(self.document.end)

    def action_cursor_up(self, select: bool = False) -> None:
        """Move up, or into the history from the first line."""
        if not select and self.navigator.is_first_wrapped_line(self.cursor_location):
            self.post_message(self.Edge(earlier=True))
        else:
            super().action_cursor_up(select)

    def action_cursor_down(self, select: bool = False) -> None:
        """Move down, or back through the history from the last line."""
        if not select and self.navigator.is_last_wrapped_line(self.cursor_location):
            self.post_message(self.Edge(earlier=False))
        else:
            super().action_cursor_down(select)

    def action_copy(self) -> None:
        """Copy what is selected; where nothing is, say how to leave: that is what ^C is often meant to do."""
        if self.selected_text:
            super().action_copy()
        else:
            self.post_message(self.NothingSelected())

    def on_paste(self, event: events.Paste) -> None:
        """Clean what comes from the clipboard; Textual's own handler, which runs after this one, puts it in."""
        event.text = clean_text(event.text)

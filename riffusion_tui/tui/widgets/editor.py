"""The prompt editor: Textual's TextArea with matrix highlighting and history."""

from __future__ import annotations

import time

from rich.text import Text
from textual import events, on
from textual.message import Message

from riffusion_tui.clean import clean_text
from riffusion_tui.jobs.matrix import separates, spans
from riffusion_tui.tui.appearance.palette import palette_of
from riffusion_tui.tui.bindings.command import CommandScope
from riffusion_tui.tui.bindings.key_order import OrderedKeys
from riffusion_tui.tui.bindings.keys import bindings
from riffusion_tui.tui.messages import message
from riffusion_tui.tui.widgets.plain_text_area import PlainTextArea

BLINK_S = 5.0
"""Seconds that the cursor blinks after the last key; then it stays on.

Each blink is a frame, on the line and on the processor, that nobody looks at. As in desktop toolkits: https://docs.gtk.org/gtk4/property.Settings.gtk-cursor-blink-timeout.html
"""
_SHADES = {"alternatives": "attention", "rule": "line", "takes": "attention", "service": "attention"}


class PromptEditor(OrderedKeys, PlainTextArea):
    """A multi-line editor; up in the first line and down in the last one browse the history."""

    types = True
    BINDINGS = [*bindings(CommandScope.PROMPT)]

    class Edge(Message):
        """The cursor moved beyond the text: up if `earlier`, otherwise down."""

        def __init__(self, *, earlier: bool) -> None:
            super().__init__()
            self.earlier = earlier

    class NothingSelected(Message):
        """Copy was pressed without a selection."""

    def __init__(self, *, blink: bool) -> None:
        super().__init__(id="editor", placeholder=message("editor.placeholder"))
        self.offered = ""
        self._may_blink = self.cursor_blink = blink
        self._rests_at = 0.0
        self._rest_is_set = False

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
        """Return a line with highlighted matrix syntax."""
        line = super().get_line(line_index)
        palette = palette_of(self.app)
        first, last = self._is_edge(line_index, -1), self._is_edge(line_index, 1)
        for span in spans(line.plain, first=first, last=last, above=self._above(line_index) if last else ""):
            line.stylize(palette.shade(_SHADES[span.kind]), span.start, span.end)
        return line

    def _is_edge(self, line_index: int, step: int) -> bool:
        """Whether the prompt starts (`step` -1) or ends (1) in this line: only blank lines or a separator follow."""
        line_index += step
        while 0 <= line_index < self.document.line_count:
            line = self.document.get_line(line_index)
            if line.strip():
                return separates(line)
            line_index += step
        return True

    def _above(self, line_index: int) -> str:
        """Return the lines of a line's prompt above it."""
        lines: list[str] = []
        while line_index and not separates(line := self.document.get_line(line_index - 1)):
            lines.append(f"{line}\n")
            line_index -= 1
        return "".join(reversed(lines))

    def offer(self, text: str) -> None:
        """Set a suggested prompt, which is used while the editor is empty; an empty text removes it."""
        self.offered = text
        self.placeholder = text or message("editor.placeholder")

    @property
    def effective_text(self) -> str:
        """The written text, or the suggested one if the editor is empty."""
        return self.text if self.text.strip() else self.offered

    def put(self, text: str) -> None:
        """Replace the whole text (undo restores it) and move the cursor to its end."""
        self.replace(clean_text(text), self.document.start, self.document.end)
        self.move_cursor(self.document.end)

    def action_cursor_up(self, select: bool = False) -> None:
        """Move up; from the first line, go back in the history."""
        if not select and self.navigator.is_first_wrapped_line(self.cursor_location):
            self.post_message(self.Edge(earlier=True))
        else:
            super().action_cursor_up(select)

    def action_cursor_down(self, select: bool = False) -> None:
        """Move down; from the last line, go forward in the history."""
        if not select and self.navigator.is_last_wrapped_line(self.cursor_location):
            self.post_message(self.Edge(earlier=False))
        else:
            super().action_cursor_down(select)

    def action_copy(self) -> None:
        """Copy the selection; without one, show how to quit, since ^C often means that."""
        if self.selected_text:
            super().action_copy()
        else:
            self.post_message(self.NothingSelected())

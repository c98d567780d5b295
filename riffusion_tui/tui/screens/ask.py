"""Dialogs: a yes/no confirmation (default: no), a line of text (optionally hidden), and a text viewer."""

from __future__ import annotations

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ScreenResultType
from textual.widgets import Input, Static

from riffusion_tui.tui.bindings.key_order import OrderedKeys
from riffusion_tui.tui.messages import message
from riffusion_tui.tui.screens.app_screen import HELP_KEY, Modal
from riffusion_tui.tui.state.shaded_lines import Lines
from riffusion_tui.tui.widgets.line_field import LineField
from riffusion_tui.tui.widgets.lines_view import LinesView, wrapped_lines

_MIN_WIDTH, _MAX_WIDTH, _FRAME = 38, 92, 5
"""Width of a box (see modal.tcss); cells that its border, padding and scrollbar take."""


class Confirm(OrderedKeys, Modal[bool]):
    """A confirmation; only `y` means yes."""

    CSS_PATH = ["../styles/painted.tcss", "../styles/modal.tcss"]
    BINDINGS = [
        Binding("y", "dismiss(True)", show=False),
        Binding("n,enter,escape,q", "dismiss(False)", show=False),
    ]

    def __init__(self, title: str, text: str) -> None:
        super().__init__()
        self._title = title
        self._text = text

    def compose(self) -> ComposeResult:
        """Compose the question and its keys."""
        with Vertical(classes="box") as box:
            box.border_title = Content(self._title)
            box.border_subtitle = self.keys_line(message("confirm.keys"))
            yield Static(Content(self._text), markup=False)


class TextForm(Modal[ScreenResultType]):
    """A dialog with text to write; escape asks before it drops what was typed."""

    def is_changed(self) -> bool:
        """Whether something was typed that closing would lose."""
        raise NotImplementedError

    def action_cancel(self) -> None:
        """Close without a result, after asking if something was typed."""
        if self.is_changed():
            self.app.push_screen(Confirm(message("discard.title"), message("discard.text")), self._discard)
        else:
            self.dismiss(None)

    def _discard(self, sure: bool | None) -> None:
        if sure:
            self.dismiss(None)


class Ask(Modal[str | None]):
    """Asks for a line; returns it, or None after escape. Typing replaces the initial text."""

    HELP = "dialog.ask"
    CSS_PATH = ["../styles/painted.tcss", "../styles/modal.tcss"]
    BINDINGS = [HELP_KEY, Binding("escape", "dismiss(None)", show=False)]

    def __init__(self, title: str, text: str, *, value: str = "", secret: bool = False, keep: bool = False) -> None:
        """Create the dialog; with `keep`, typing appends to the initial text."""
        super().__init__()
        self._title = title
        self._text = text
        self._value = value
        self._secret = secret
        self._keep = keep

    def compose(self) -> ComposeResult:
        """Compose the question and the line."""
        with Vertical(classes="box") as box:
            box.border_title = Content(self._title)
            box.border_subtitle = self.keys_line(message("ask.keys"))
            yield Static(Content(self._text), markup=False)
            yield LineField(self._value, password=self._secret)

    def on_mount(self) -> None:
        """Select the initial text, so that typing replaces it, or show its end, where typing appends."""
        field = self.query_one(LineField)
        if self._keep:
            self.call_after_refresh(field.show_end)
        else:
            field.select_all()

    @on(Input.Submitted)
    def _entered(self, event: Input.Submitted) -> None:
        self.dismiss(event.value)


class Reader(Modal[None]):
    """A viewer for lines: help, a plan, a raw record."""

    CSS_PATH = ["../styles/painted.tcss", "../styles/modal.tcss"]
    BINDINGS = [Binding("escape,q,enter,question_mark,f1", "dismiss(None)", show=False)]

    def __init__(self, title: str, lines: Lines) -> None:
        super().__init__()
        self._title = title
        self._lines = lines
        self._view = LinesView()

    def compose(self) -> ComposeResult:
        """Compose the framed lines."""
        with Vertical(classes="box") as box:
            box.border_title = Content(self._title)
            box.border_subtitle = self.keys_line(message("reader.keys"))
            yield self._view

    def on_mount(self) -> None:
        """Show them."""
        self._fit()
        self._view.put([], self._lines)
        self._view.focus()

    def on_resize(self) -> None:
        """Fit the box to its lines at the new size."""
        self._fit()

    def _fit(self) -> None:
        """Make the view as high as its lines; long ones fill the box, and scroll."""
        cells = max(_MIN_WIDTH, min(_MAX_WIDTH, self.app.size.width * 94 // 100)) - _FRAME
        room = max(1, self.app.size.height * 9 // 10 - 2)
        self._view.styles.height = min(room, len(wrapped_lines(self._lines, cells)))

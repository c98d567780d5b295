"""A list filtered as you type, used for palette, history, library, sort orders and themes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.geometry import Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.widgets import Input

from riffusion_tui.tui.appearance.text_cells import Part, cut, fit, line, width
from riffusion_tui.tui.messages import message
from riffusion_tui.tui.screens.app_screen import HELP_KEY, Modal
from riffusion_tui.tui.state.choice import Choice
from riffusion_tui.tui.widgets.line_field import LineField
from riffusion_tui.tui.widgets.painted import Painted


class ChoicesView(ScrollView, Painted):
    """The matching choices."""

    class Chosen(Message):
        """A choice was clicked."""

    def __init__(self, choices: Sequence[Choice], ellipsis: str) -> None:
        super().__init__()
        self._all = tuple(choices)
        self._column = max((width(one.text) for one in choices if one.description), default=0)
        self.shown = self._all
        self.row = 0
        self._ellipsis = ellipsis

    def narrow(self, typed: str) -> None:
        """Show choices that contain all typed words; those that start with them come first."""
        words = typed.lower().split()
        fits = [
            one
            for one in self._all
            if all(word in f"{one.text} {one.description} {one.id} {one.also}".lower() for word in words)
        ]
        self.shown = tuple(sorted(fits, key=lambda one: not one.text.lower().startswith(typed.strip().lower())))
        self.row = 0
        self.virtual_size = Size(self.size.width, len(self.shown))
        self.scroll_to(y=0, animate=False)
        self.refresh()

    def step(self, rows: int) -> None:
        """Move the choice."""
        if not self.shown:
            return
        self.row = max(0, min(len(self.shown) - 1, self.row + rows))
        top = self.scroll_offset.y
        if self.row < top:
            self.scroll_to(y=self.row, animate=False)
        elif self.row >= top + self.size.height:
            self.scroll_to(y=self.row - self.size.height + 1, animate=False)
        self.refresh()

    def on_resize(self) -> None:
        """Redraw at the new width."""
        self.virtual_size = Size(self.size.width, len(self.shown))

    def on_click(self, event: events.Click) -> None:
        """Choose the clicked line."""
        row = event.y + self.scroll_offset.y
        if row < len(self.shown):
            self.row = row
            self.post_message(self.Chosen())

    def render_line(self, y: int) -> Strip:
        """Draw one choice."""
        row = y + self.scroll_offset.y
        ground = self.rich_style
        if row >= len(self.shown):
            text = message("picker.none") if row == 0 else ""
            return line([(text, self.shade("faint"))], self.cells, ground)
        if row == self.row:
            ground += self.ground("chosen")
        return line(self._parts(self.shown[row]), self.cells, ground)

    def _parts(self, choice: Choice) -> Iterator[Part]:
        room = self.cells - width(choice.key) - 2
        text = cut(choice.text, room - 1, self._ellipsis)
        if choice.description:
            text += " " * (min(self._column, self.cells // 3) - width(text))
        yield f" {text}", self.shade("ink")
        left = room - width(text) - 1
        shown = cut(f"  {choice.description}", left, self._ellipsis) if choice.description and left > 8 else ""
        yield fit(shown, max(0, left), self._ellipsis), self.shade("faint")
        yield f" {choice.key} ", self.shade("focus")


class Picked(NamedTuple):
    """The chosen id, to use or to remove."""

    id: str
    remove: bool = False


class Picker(Modal[Picked | None]):
    """Returns the choice, or None."""

    HELP = "dialog.picker"
    CSS_PATH = ["../styles/painted.tcss", "../styles/modal.tcss"]
    BINDINGS = [
        HELP_KEY,
        Binding("escape", "dismiss(None)", show=False),
        Binding("up,ctrl+p", "step(-1)", show=False, priority=True),
        Binding("down,ctrl+n", "step(1)", show=False, priority=True),
        Binding("pageup", "step(-8)", show=False, priority=True),
        Binding("pagedown", "step(8)", show=False, priority=True),
        Binding("delete", "remove", show=False, priority=True),
    ]

    def __init__(
        self,
        title: str,
        choices: Sequence[Choice],
        *,
        ellipsis: str = "…",
        chosen: str = "",
        removable: bool = False,
    ) -> None:
        super().__init__()  # without an id: the next one may open before this one is removed
        self._title = title
        self._removable = removable
        self._list = ChoicesView(choices, ellipsis)
        self._list.row = next((row for row, one in enumerate(choices) if one.id == chosen), 0)
        self._count = len(choices)

    def compose(self) -> ComposeResult:
        """Compose the text field and the choices."""
        with Vertical(classes="box") as box:
            box.border_title = Content(self._title)
            box.border_subtitle = self.keys_line(message("picker.keys_remove" if self._removable else "picker.keys"))
            yield LineField(placeholder=message("picker.type"))
            yield self._list

    def on_mount(self) -> None:
        """Fit the height to the choices."""
        self._list.styles.height = min(self._count, 18) or 1
        self._list.step(0)

    def action_step(self, rows: int) -> None:
        """Move the choice."""
        self._list.step(rows)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Leave the delete key to the text field unless something can be removed."""
        return self._removable if action == "remove" else True

    def action_remove(self) -> None:
        """Return the choice for removal."""
        shown = self._list.shown
        if shown:
            self.dismiss(Picked(shown[self._list.row].id, remove=True))

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        self._list.narrow(event.value)

    @on(Input.Submitted)
    @on(ChoicesView.Chosen)
    def _chosen(self) -> None:
        shown = self._list.shown
        if shown:  # otherwise what was typed can be corrected
            self.dismiss(Picked(shown[self._list.row].id))

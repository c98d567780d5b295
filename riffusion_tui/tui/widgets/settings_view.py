"""The list of settings: one line each, and one for each command's keys."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from textual import events
from textual.binding import Binding
from textual.geometry import Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from riffusion_tui.config.settings import Spec, specs, value_of
from riffusion_tui.tui.appearance.text_cells import Part, cut, fit, line
from riffusion_tui.tui.bindings.command import Command, CommandScope
from riffusion_tui.tui.bindings.commands import COMMANDS
from riffusion_tui.tui.bindings.key_order import OrderedKeys
from riffusion_tui.tui.bindings.keys import STEPS, bindings
from riffusion_tui.tui.state.choice import Choice
from riffusion_tui.tui.widgets.painted import Painted

if TYPE_CHECKING:
    from riffusion_tui.tui.base_app import BaseApp


class SettingsView(OrderedKeys, ScrollView, Painted, can_focus=True):
    """One line per setting, one heading per table."""

    BINDINGS = [
        *bindings(CommandScope.SETTINGS),
        *STEPS,
        Binding("pageup", "step(-10)", show=False),
        Binding("pagedown", "step(10)", show=False),
        Binding("home,g", "step(-999)", show=False),
        Binding("end,G", "step(999)", show=False),
    ]

    class CursorMoved(Message):
        """The cursor moved to another setting."""

    def __init__(self, app: BaseApp) -> None:
        super().__init__(id="settings-view")
        self._owner = app
        self.rows: list[Spec | Command | str] = []
        for spec in specs():
            if spec.table not in self.rows:
                self.rows += ["", spec.table] if self.rows else [spec.table]
            self.rows.append(spec)
        self.rows += ["", "keys", *COMMANDS]
        self.row = 1

    @property
    def current(self) -> Spec | Command:
        """The selected setting, or the selected command and its keys."""
        return next(entry for entry in self.rows[self.row :] if not isinstance(entry, str))

    @property
    def current_id(self) -> str:
        """The id of the selected setting among `choices`."""
        return _id(self.current)

    def choices(self) -> list[Choice]:
        """Return all settings and commands as choices, with their descriptions."""
        return [Choice(_id(one), _id(one), self._described(one)[2]) for one in self.rows if not isinstance(one, str)]

    def go_to(self, id: str) -> None:
        """Select one of `choices`."""
        found = next(row for row, one in enumerate(self.rows) if not isinstance(one, str) and _id(one) == id)
        self.action_step(found - self.row)

    def on_resize(self) -> None:
        """Redraw at the new size."""
        self.virtual_size = Size(self.size.width, len(self.rows))

    def action_step(self, rows: int) -> None:
        """Move the cursor; skips headings."""
        step = 1 if rows > 0 else -1
        row = max(0, min(len(self.rows) - 1, self.row + rows))
        while 0 <= row < len(self.rows) and isinstance(self.rows[row], str):
            row += step
        if 0 <= row < len(self.rows):
            self.row = row
        if self.row - 1 < self.scroll_offset.y:
            self.scroll_to(y=max(0, self.row - 1), animate=False)
        elif self.row >= self.scroll_offset.y + self.size.height:
            self.scroll_to(y=self.row - self.size.height + 1, animate=False)
        self.refresh()
        self.post_message(self.CursorMoved())

    def on_click(self, event: events.Click) -> None:
        """Move the cursor to the clicked line."""
        row = event.y + self.scroll_offset.y
        if row < len(self.rows) and not isinstance(self.rows[row], str):
            self.action_step(row - self.row)

    def render_line(self, y: int) -> Strip:
        """Draw a heading or a setting."""
        row = y + self.scroll_offset.y
        ground = self.rich_style
        if row >= len(self.rows):
            return Strip.blank(self.size.width, ground)
        entry = self.rows[row]
        if isinstance(entry, str):
            return line([(entry, self.shade("strong"))], self.cells, ground)
        if row == self.row:
            ground += self.ground("chosen")
        return line(self._parts(entry, chosen=row == self.row), self.cells, ground)

    def _parts(self, entry: Spec | Command, *, chosen: bool) -> Iterator[Part]:
        glyphs = self._owner.glyphs
        name, value, doc, default = self._described(entry)
        yield f"{glyphs.cursor if chosen else ' '} ", self.shade("focus")
        yield fit(name, 24 if self.cells >= 60 else 16, glyphs.ellipsis) + " ", self.shade("ink")
        room = 20 if self.cells >= 60 else 14
        yield fit(value, room, glyphs.ellipsis), self.shade("faint" if default else "making")
        left = self.cells - 24 - room - 6
        if left > 10:
            yield "  " + cut(doc, left, glyphs.ellipsis), self.shade("faint")

    def _described(self, entry: Spec | Command) -> tuple[str, str, str, bool]:
        """Return name, value, description, and whether the value is the default."""
        if isinstance(entry, Command):
            keys = self._owner.keys
            return entry.id, keys.all_shown(entry.id) or shown(""), entry.help, entry.id not in keys.map
        value = value_of(self._owner.deps.settings, entry)
        return entry.name, shown(value), entry.doc, value == entry.default


def _id(entry: Spec | Command) -> str:
    return f"keys.{entry.id}" if isinstance(entry, Command) else entry.key


def shown(value: object) -> str:
    """Format a value for display."""
    if isinstance(value, bool):
        return "on" if value else "off"
    return str(value) if value != "" else "–"

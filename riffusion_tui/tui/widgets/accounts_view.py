"""The list of accounts with slots and errors."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from rich.style import Style
from textual import events
from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.strip import Strip

from riffusion_tui.dispatch.queue_summary import Slots
from riffusion_tui.jobs.model import WaitCause
from riffusion_tui.tui.appearance.glyphs import bar
from riffusion_tui.tui.appearance.text_cells import Part, cut, fit, line, width
from riffusion_tui.tui.bindings.command import CommandScope
from riffusion_tui.tui.bindings.key_order import OrderedKeys
from riffusion_tui.tui.bindings.keys import STEPS, bindings
from riffusion_tui.tui.messages import message
from riffusion_tui.tui.state.times import clock
from riffusion_tui.tui.widgets.painted import Painted

if TYPE_CHECKING:
    from riffusion_tui.tui.base_app import BaseApp


_EMPTY = {WaitCause.UNAVAILABLE: "unavailable", WaitCause.TOKEN: "token"}
"""What an empty list says if the service can't be used."""
_WITH_ID = 20
"""Minimum cells of an id next to its name."""


class AccountsView(OrderedKeys, ScrollView, Painted, can_focus=True):
    """Two lines per account: id and slots; error or status."""

    BINDINGS = [
        *bindings(CommandScope.ACCOUNTS),
        *STEPS,
    ]

    def __init__(self, app: BaseApp) -> None:
        super().__init__(id="accounts-view")
        self._owner = app
        self.row = 0

    @property
    def slots(self) -> tuple[Slots, ...]:
        """The accounts."""
        return self._owner.model.summary.slots

    @property
    def current(self) -> Slots | None:
        """The selected account."""
        return self.slots[min(self.row, len(self.slots) - 1)] if self.slots else None

    def show(self) -> None:
        """Show the current accounts."""
        self.virtual_size = Size(self.size.width, 3 * len(self.slots))
        self.refresh()

    def on_resize(self) -> None:
        """Redraw at the new width."""
        self.show()

    def action_step(self, rows: int) -> None:
        """Move the cursor."""
        self.row = max(0, min(len(self.slots) - 1, self.row + rows))
        self.scroll_to(y=max(0, self.row * 3 - self.size.height + 3), animate=False)
        self.refresh()

    def on_click(self, event: events.Click) -> None:
        """Select the clicked account."""
        self.row = min(len(self.slots) - 1, (event.y + self.scroll_offset.y) // 3)
        self.action_step(0)

    def render_line(self, y: int) -> Strip:
        """Draw one line."""
        row, part = divmod(y + self.scroll_offset.y, 3)
        ground = self.rich_style
        if not self.slots and y == 0:
            cause = self._owner.model.out_of_reach()
            form = _EMPTY.get(cause, "unknown") if cause else "none"
            keys = self._owner.keys
            known = {"key": keys.shown_or_palette("accounts.add"), "token": keys.shown_or_palette("accounts.token")}
            return line([(message(f"accounts.{form}", **known), self.shade("dim"))], self.size.width, ground)
        if row >= len(self.slots) or part == 2:
            return Strip.blank(self.size.width, ground)
        if row == self.row and part == 0:
            ground += self.ground("chosen")
        drawn = self._first(self.slots[row], row) if part == 0 else self._second(self.slots[row])
        return line(drawn, self.size.width, ground)

    def _first(self, slots: Slots, row: int) -> Iterator[Part]:
        glyphs = self._owner.glyphs
        wide = max(8, min(48, self.size.width - 32))
        yield f"{glyphs.cursor if row == self.row else ' '} ", self.shade("focus")
        name = self._owner.model.account_name(slots.account)
        yield cut(name, wide, glyphs.ellipsis), self.shade("ink") + Style(bold=True)
        id = "" if name == slots.account or wide < _WITH_ID else f"  {slots.account}"
        yield fit(id, wide - width(cut(name, wide, glyphs.ellipsis)), glyphs.ellipsis) + " ", self.shade("faint")
        done, rest = bar(slots.used / max(1, slots.total), min(10, slots.total), glyphs)
        yield done, self.shade("making")
        yield rest, self.shade("faint")
        yield " " + message("accounts.slots", used=slots.used, total=slots.total), self.shade("soft")

    def _second(self, slots: Slots) -> Iterator[Part]:
        yield "  ", self.shade("dim")
        room = self.size.width - 4
        glyphs = self._owner.glyphs
        if slots.error or slots.gate is not None:
            yield f"{glyphs.warn} ", self.shade("held")
            text = slots.error
            if slots.gate is not None:
                text = text or message(f"accounts.gate.{slots.gate.cause.name.lower()}")
                text = message("accounts.since", text=text, since=clock(slots.gate.since, self._owner.model.now))
            text = cut(text, room, glyphs.ellipsis)
            yield text, self.shade("held")
            room -= width(text)
        else:
            yield message("accounts.works"), self.shade("done")
        left = "" if slots.credits is None else "   " + message("accounts.credits", n=slots.credits)
        if width(left) <= room:
            yield left, self.shade("dim")

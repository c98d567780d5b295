"""The job list's filter field; imported when it is first opened."""

from __future__ import annotations

from textual.binding import Binding
from textual.message import Message

from riffusion_tui.tui.widgets.line_field import LineField


class FilterInput(LineField):
    """Filters on every key press; enter keeps the filter, escape clears it."""

    BINDINGS = [
        Binding("escape", "leave", show=False),
        Binding("down", "keep", show=False),
    ]

    class Left(Message):
        """The filter was cancelled."""

    def action_leave(self) -> None:
        """Drop the filter."""
        self.post_message(self.Left())

    async def action_keep(self) -> None:
        """Keep the filter and go to the list."""
        await self.action_submit()

"""The line in which the filter of the job list is typed; loaded when it is first opened."""

from __future__ import annotations

from textual.binding import Binding
from textual.message import Message

from riffusion_tui.tui.widgets.line_field import LineField


class FilterInput(LineField):
    """Filters with every key; enter keeps the filter, escape drops it."""

    BINDINGS = [
        Binding("escape", "leave", show=False),
        Binding("down", "keep", show=False),
    ]

    class Left(Message):
        """The filter is not wanted any more."""

    def action_leave(self) -> None:
        """Drop the filter."""
        self.post_message(self.Left())

    async def action_keep(self) -> None:
        """Keep the filter and go to the list."""
        await self.action_submit()

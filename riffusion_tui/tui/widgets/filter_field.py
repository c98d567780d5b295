"""The job list's filter field; imported when it is first opened."""

from __future__ import annotations

from textual.binding import Binding

from riffusion_tui.tui.bindings.command import CommandScope
from riffusion_tui.tui.bindings.keys import bindings
from riffusion_tui.tui.widgets.line_field import LineField


class FilterInput(LineField):
    """Filters on every key press; enter keeps the filter, escape clears it."""

    BINDINGS = [*bindings(CommandScope.FILTER), Binding("down", "screen.keep_filter", show=False)]

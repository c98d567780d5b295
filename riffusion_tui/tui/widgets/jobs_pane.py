"""The job list's frame: counts at the top, filter and order at the bottom."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING

from textual import on, work
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message

from riffusion_tui.tui.appearance.glyphs import Glyphs
from riffusion_tui.tui.bindings.keys import is_direct
from riffusion_tui.tui.messages import message
from riffusion_tui.tui.state.job_list.sorted_ids import Shift
from riffusion_tui.tui.state.offered_commands import CommandAvailability
from riffusion_tui.tui.state.view_model import Change, ViewModel
from riffusion_tui.tui.widgets.job_list import JobsView

if TYPE_CHECKING:
    from riffusion_tui.tui.widgets.filter_field import FilterInput


class JobsPane(Vertical):
    """The job list and the filter field."""

    class AvailabilityChanged(Message):
        """What commands would act on changed: selection, marks or status."""

    def __init__(self, model: ViewModel, glyphs: Glyphs, hint: Callable[[str], str]) -> None:
        super().__init__(id="jobs", classes="pane")
        self._model = model
        self._glyphs = glyphs
        self._hint = hint
        self.view = JobsView(model, glyphs, hint)
        self._problem = ""
        self._availability = CommandAvailability()

    def compose(self) -> ComposeResult:
        """Compose the list; the filter field is added when it is first opened."""
        yield self.view

    def on_mount(self) -> None:
        """Set the frame's titles."""
        self.frame()

    def on_resize(self) -> None:
        """Update the titles for the new width."""
        self.frame()

    def take(self, change: Change) -> None:
        """Show changes; a long list's new order is shown once it is complete."""
        if change.rows and self._model.list.arranging:
            self._arrange()
        self._show(change.shift, all_rows=change.waits or change.rows)

    def _show(self, shift: Shift, *, all_rows: bool = False) -> None:
        self.view.changed(shift, all_rows=all_rows)
        self.frame()
        self.post_availability_change()

    @on(JobsView.Selected)
    def post_availability_change(self) -> None:
        """Post a message if what commands would act on changed."""
        availability = self._model.availability()
        if availability != self._availability:
            self._availability = availability
            self.post_message(self.AvailabilityChanged())

    @work(group="order", exclusive=True)
    async def _arrange(self) -> None:
        while self._model.list.arrange():  # noqa: ASYNC110 (each iteration works)
            await asyncio.sleep(_BETWEEN_SLICES_S)
        self._show(Shift(moved_from=0), all_rows=True)

    @cached_property
    def filter(self) -> FilterInput:
        """The filter field."""
        from riffusion_tui.tui.widgets.filter_field import FilterInput

        return FilterInput(id="filter", placeholder=message("filter.placeholder"))

    def open_filter(self) -> None:
        """Open the filter field."""
        if not self.filter.is_attached:
            self.mount(self.filter)
        self.filter.display = True
        self.filter.focus()

    def close_filter(self, *, drop: bool = False) -> None:
        """Return to the list; `drop` clears the filter."""
        if drop:
            self.filter.value = ""
        self.filter.display = bool(self.filter.value)
        self._model.list.finish()
        self.view.focus()

    def problem(self, text: str) -> None:
        """Show why the filter is invalid."""
        self._problem = text
        self.frame()

    def show_hints(self) -> None:
        """Show the keys that work from the focused pane."""
        self.frame()
        if not len(self._model.list):
            self.view.refresh()

    def frame(self) -> None:
        """Update the frame's titles if they changed."""
        title, below = self._title(), self._problem or self._below()
        if str(self.border_title) != title:
            self.border_title = Content(title)
        if str(self.border_subtitle) != below:
            self.border_subtitle = Content(below)

    def _title(self) -> str:
        jobs, summary = self._model.list, self._model.summary
        dot = f" {self._glyphs.dot} "
        shown = f"{len(jobs):,}/{len(jobs.jobs):,}" if jobs.filter else f"{len(jobs.jobs):,}"
        parts = [f"{message('pane.jobs')}  {shown}"]
        if jobs.marks:
            parts.append(message("jobs.marked", n=len(jobs.marks)))
        if summary.rendering:
            parts.append(message("jobs.making", n=summary.rendering))
        if summary.in_line:
            parts.append(message("jobs.waiting", n=summary.in_line))
        if summary.needs_attention:
            parts.append(message("jobs.needs", n=summary.needs_attention))
        room = self.size.width - 6
        while len(parts) > 1 and len(dot.join(parts)) > room > 0:
            parts.pop()
        return dot.join(parts)

    def _below(self) -> str:
        if len(self._model.list.jobs) < _MIN_SORTED:
            return ""
        order = message(f"sort.{self._model.list.sort}")
        filter_key, sort_key = self._hint("jobs.filter"), self._hint("jobs.sort")
        filters = f"{filter_key} {message('jobs.filter')}   " if is_direct(filter_key) else ""
        return filters + (f"{sort_key} {order}" if is_direct(sort_key) else order)


_MIN_SORTED = 2
_BETWEEN_SLICES_S = 0.002
"""Pause between slices while a long list is sorted, in seconds, so that keys stay responsive."""

"""The top line: service, accounts, slots, waiting jobs, ETA."""

from __future__ import annotations

from collections.abc import Iterator

from riffusion_tui.tui.appearance.glyphs import Glyphs
from riffusion_tui.tui.appearance.text_cells import Part, width
from riffusion_tui.tui.messages import message
from riffusion_tui.tui.state.times import clock
from riffusion_tui.tui.state.view_model import ViewModel
from riffusion_tui.tui.widgets.painted import PaintedLine

_MIN_FULL_NAME = 70


class TopLine(PaintedLine):
    """Shows the overall state in one line."""

    def __init__(self, model: ViewModel, glyphs: Glyphs) -> None:
        super().__init__(id="topline")
        self._model = model
        self._glyphs = glyphs

    def parts(self) -> Iterator[Part]:
        """Draw the parts that fit; omits parts from the right."""
        name = message("app.name") if self.size.width >= _MIN_FULL_NAME else message("app.short")
        yield f" {name} ", self.ground("name")
        room = self.size.width - width(name) - 2
        gap = "   " if self.size.width >= _MIN_FULL_NAME else "  "
        for text, shade in self._facts():
            if room < width(text) + len(gap):
                return
            room -= width(text) + len(gap)
            yield gap + text, self.shade(shade)

    def _facts(self) -> Iterator[tuple[str, str]]:
        summary = self._model.summary
        yield self._model.deps.service, "dim"
        if self._model.deps.store.unwritable is not None:
            yield message("top.read_only"), "waits"
            return
        if not summary.slots:
            cause = self._model.out_of_reach()
            yield message(f"top.{cause.name.lower()}" if cause else "top.starting"), "waits" if cause else "faint"
            return
        if self.size.width >= _MIN_FULL_NAME and not self._is_this_machine():
            yield message("top.accounts", n=len(summary.slots)), "dim"
        if summary.paused:
            yield message("top.paused"), "waits"
        yield message("top.slots", used=summary.used, total=summary.total), "making" if summary.used else "dim"
        if summary.in_line:
            yield message("top.waiting", n=summary.in_line), "dim"
        if summary.finish_at is not None and summary.finish_at > self._model.now:
            ready = clock(summary.finish_at, self._model.now)
            yield message("top.ready", sign=self._glyphs.approx, time=ready), "dim"
        if not self._model.deps.dispatcher.leading() and self._model.deps.dispatcher.fault() is None:
            yield message("top.follows"), "faint"

    def _is_this_machine(self) -> bool:
        """Whether the service is local and has one account, which nobody has to know about."""
        return self._model.deps.capabilities.local and len(self._model.summary.slots) == 1

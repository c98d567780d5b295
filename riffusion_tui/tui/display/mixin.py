"""The App mixin that puts the differential display in the place of Textual's own."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING, Any, TypeVar

from rich.console import RenderableType
from textual import events
from textual._compositor import ChopsUpdate, LayoutUpdate
from textual.driver import Driver

from riffusion_tui.tui.display.cells import CellGrid
from riffusion_tui.tui.display.flow_control import QUESTION, Pacer
from riffusion_tui.tui.display.paint import Painter
from riffusion_tui.tui.display.styles import StyleTable
from riffusion_tui.tui.display.textual_app import App

if TYPE_CHECKING:
    from textual.screen import Screen

ReturnType = TypeVar("ReturnType")

_ATOMIC = 160
"""Characters that reach a terminal in one piece anyway: no need to bracket them as one update."""
_SYNC_START, _SYNC_END = "\x1b[?2026h", "\x1b[?2026l"
_QUEUED_WRITES = 4
"""Frames in Textual's writer queue from which on the line is taken to be full: a further `put` could block."""
_RETRY_S = 0.05


class DifferentialDisplay(App[ReturnType]):
    """Sends only the cells that differ. An app derives from it; `differential = False` switches it off."""

    differential = True
    """Set before the app runs."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._table = StyleTable(self.console._color_system)
        self._painter = Painter(self._table, erases_in_colour=_erases_in_colour(os.environ))
        self._meant = CellGrid(0, 0)
        self._shown = CellGrid(0, 0)
        self._pacer = Pacer()
        self._retry_is_set = False
        self.first_frame_held = False
        """Whether nothing is to be seen yet; the first screen need not draw meanwhile."""

    def on_mount(self) -> None:
        """Learn when the screen comes back from another program."""
        self.app_resume_signal.subscribe(self, self._screen_was_cleared)

    def hold_first_frame(self) -> None:
        """Send nothing until `release_first_frame`: the frames of a screen that is still being laid out cost bytes."""
        self.first_frame_held = True

    def release_first_frame(self) -> None:
        """Draw what is meant by now, and send it as one frame."""
        self.first_frame_held = False
        self.screen._compositor_refresh()

    def action_redraw(self) -> None:
        """Paint everything again, over whatever another program wrote on the screen."""
        self._screen_was_cleared(self)
        self.refresh()

    def _screen_was_cleared(self, _: object) -> None:
        self._shown.forget()
        self._painter.forget()

    def _display(self, screen: Screen[Any], renderable: RenderableType | None) -> None:
        """Take the place of Textual's `_display`: note what is meant, send what differs and fits on the line."""
        if not self.differential or self.is_headless or self.is_inline or self._driver is None:
            super()._display(screen, renderable)
            return
        try:
            if renderable is None or self._batch_count or not self._running or self._closed:
                return
            if isinstance(renderable, LayoutUpdate | ChopsUpdate):
                self._note(renderable)
                self._catch_up()
            else:
                self._screen_was_cleared(self)
                super()._display(screen, renderable)
        finally:
            self.post_display_hook()

    def _note(self, update: LayoutUpdate | ChopsUpdate) -> None:
        """Write an update into the grid of what is meant."""
        width, height = self.size
        if (self._meant.width, self._meant.height) != (width, height):
            self._meant, self._shown = CellGrid(width, height), CellGrid(width, height)
            self._painter.forget()
        if isinstance(update, LayoutUpdate):
            for y, strips in enumerate(update.strips, update.region.y):
                x = update.region.x
                for strip in strips:
                    self._meant.put(x, y, strip, self._table)
                    x += strip.cell_length
            return
        for y, first, end in update.spans:
            for strip_end, (x, chop) in zip(update.chop_ends[y], update.chops[y].items(), strict=False):
                if chop is not None and x <= end and strip_end > first:
                    self._meant.put(x, y, chop, self._table)

    def _catch_up(self) -> None:
        """Send as much of the difference as the line can take now; come back for the rest."""
        driver = self._driver
        if driver is None or self.first_frame_held or not self._running or self._batch_count:
            return
        now = time.monotonic()
        room = 0 if _queued(driver) > _QUEUED_WRITES else self._pacer.room(now)
        if not room:
            self._retry_in(self._pacer.wait_s(now) or _RETRY_S)
            return
        cursor = self.screen.outer_size.clamp_offset(self.cursor_position)
        text, complete = self._painter.difference(self._meant, self._shown, self._rows(cursor.y), room)
        text += self._painter.move(*cursor)
        self._previous_cursor_position = cursor
        if text:
            self._send(driver, text, now)
        if not complete:
            self._retry_in(self._pacer.wait_s(now) or _RETRY_S)

    def _send(self, driver: Driver, text: str, now: float) -> None:
        if self._sync_available and len(text) > _ATOMIC:
            text = f"{_SYNC_START}{text}{_SYNC_END}"
        if self._pacer.sent(len(text), now):
            text += QUESTION
        driver.write(text)
        driver.flush()

    def _rows(self, first: int) -> list[int]:
        """Return the rows in the order in which they are sent: the one that a person types in goes first."""
        height = self._meant.height
        return [first, *range(first), *range(first + 1, height)] if first < height else list(range(height))

    def _retry_in(self, seconds: float) -> None:
        if not self._retry_is_set:
            self._retry_is_set = True
            self.set_timer(seconds, self._retry)

    def _retry(self) -> None:
        self._retry_is_set = False
        self._catch_up()

    def on_cursor_position(self, event: events.CursorPosition) -> None:
        """Take the terminal's answer: it has caught up so far."""
        event.stop()
        self._pacer.answered(time.monotonic())
        self._catch_up()


def _queued(driver: Driver) -> int:
    """Return how many writes wait in Textual's writer thread; 0 for a driver that has none."""
    writer = getattr(driver, "_writer_thread", None)
    return 0 if writer is None else int(writer._queue.qsize())


def _erases_in_colour(environ: Any) -> bool:
    """Say whether erasing leaves the background colour: GNU screen's does not, unless tmux claims its name."""
    return not environ.get("TERM", "").startswith("screen") or "TMUX" in environ

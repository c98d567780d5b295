"""Send the difference between Textual's frames and what the terminal shows."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Mapping

from riffusion_tui.tui.display.cells import CellGrid
from riffusion_tui.tui.display.flow_control import QUESTION, Pacer
from riffusion_tui.tui.display.paint import Painter
from riffusion_tui.tui.display.styles import PLAIN, StyleTable

_MOVE = re.compile(r"\x1b\[(\d+);(\d+)H")
"""The start of a frame: only frames begin with a cursor movement."""
_PIECES = re.compile(r"(?:\x1b(?:\[([\d;]*)m|\][^\x1b]*\x1b\\))?([^\x1b\n]*)")
"""A style or a link, and the text after it."""
_SYNC_START, _SYNC_END = "\x1b[?2026h", "\x1b[?2026l"
_ATOMIC = 160
"""Maximum characters that reach a terminal in one piece, so that they need no synchronized update."""
_QUEUED_WRITES = 4
"""Number of unwritten texts at which the connection counts as full."""
_RETRY_S = 0.05


class DifferentialOutput:
    """Reads Textual's frames and sends the cells that differ, as many as the connection can take.

    Args:
        environ: environment variables, which tell the terminal's features.
        colors_256: whether to send the nearest of 256 colors instead of true colors.
        differential: False passes everything on unchanged.
        clock: returns monotonic time in seconds.
    """

    def __init__(
        self,
        environ: Mapping[str, str],
        *,
        colors_256: bool,
        differential: bool = True,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.target = CellGrid(0, 0)
        """The screen as Textual drew it."""
        self.table = StyleTable(colors_256=colors_256)
        self._shown = CellGrid(0, 0)
        self._drawn: list[dict[int, tuple[int, str]]] = []
        """For each row: first column → (end, text) of the pieces that weren't drawn over."""
        relayed = "TMUX" in environ or "STY" in environ
        self._painter = Painter(self.table, erases_in_color=_erases_in_color(environ), is_relayed=relayed)
        self._pacer = Pacer()
        self._differential = differential
        self._clock = clock
        self._cursor = (0, 0)
        self._is_open = self._held = self._synchronizes = self._retry_is_set = False

    def open(
        self,
        send: Callable[[str], None],
        queued: Callable[[], int],
        call_later: Callable[[float, Callable[[], None]], object],
    ) -> None:
        """Start sending; nothing is known about what the terminal shows.

        Args:
            send: sends text to the terminal.
            queued: returns how many sent texts aren't written yet.
            call_later: calls a function after some seconds.
        """
        self._send, self._queued, self._call_later = send, queued, call_later
        self._is_open = True
        self._forget()

    def close(self) -> None:
        """Stop sending: another program may use the terminal."""
        self._is_open = False

    def hold(self) -> None:
        """Send no frame until `release`, to save the bytes of frames drawn during layout."""
        self._held = True

    def release(self) -> None:
        """Send the current screen as one frame."""
        self._held = False
        self._catch_up()

    def redraw(self) -> None:
        """Send everything again, since another program may have written to the screen."""
        self._forget()
        self._catch_up()

    def answered(self) -> None:
        """Handle the terminal's answer: it has caught up with what was sent before the query."""
        self._pacer.answered(self._clock())
        self._catch_up()

    def awaits_answer(self, now: float) -> bool:
        """Whether the terminal may still answer a query at `now`, a time of `clock`."""
        return self._pacer.awaits_answer(now)

    def write(self, text: str, width: int = 0, height: int = 0) -> None:
        """Handle a text: a frame for a screen of this size, or anything else, which is sent immediately."""
        if self._differential and text in (_SYNC_START, _SYNC_END):
            self._synchronizes = True
        elif self._differential and _MOVE.match(text):
            self.read_frame(text, width, height)
            self._catch_up()
        elif self._is_open:
            self._send(text)

    def read_frame(self, frame: str, width: int, height: int) -> None:
        """Read what a frame draws and where it leaves the cursor."""
        if (self.target.width, self.target.height) != (width, height):
            self.target, self._shown = CellGrid(width, height), CellGrid(width, height)
            self._drawn = [{} for _ in range(height)]
            self._painter.forget()
        parts = iter(_MOVE.split(frame)[1:])
        for row, column, text in zip(parts, parts, parts, strict=True):
            x, y = int(column) - 1, int(row) - 1
            if text and y < height:
                self._draw(x, y, text)
            self._cursor = (x, y)

    def _draw(self, x: int, y: int, text: str) -> None:
        """Draw a piece of a row. Most are unchanged: Textual draws whole widgets, of which little changes."""
        drawn = self._drawn[y]
        if x in drawn and drawn[x][1] == text:
            return
        end, style, table = x, PLAIN, self.table
        for codes, letters in _PIECES.findall(text):
            if codes:
                style = table.styled(style, codes)
            if letters:
                end = self.target.put(end, y, letters, style, table)
        for start, (stop, _) in list(drawn.items()):
            if start < end and x < stop:
                del drawn[start]
        drawn[x] = (end, text)

    def _catch_up(self) -> None:
        """Send as much of the difference as the connection can take now; schedule the rest."""
        if not self._is_open or self._held or not self.target.height:
            return
        now = self._clock()
        room = 0 if self._queued() > _QUEUED_WRITES else self._pacer.room(now)
        if not room:
            self._retry_in(self._pacer.wait_s(now) or _RETRY_S)
            return
        text, complete = self._painter.difference(self.target, self._shown, self._rows(), room)
        text += self._painter.move(*self._cursor)
        if text:
            self._send_frame(text, now)
        if not complete:
            self._retry_in(self._pacer.wait_s(now) or _RETRY_S)

    def _send_frame(self, text: str, now: float) -> None:
        if self._synchronizes and len(text) > _ATOMIC:
            text = f"{_SYNC_START}{text}{_SYNC_END}"
        if self._pacer.sent(len(text), now):
            text += QUESTION
        self._send(text)

    def _rows(self) -> list[int]:
        """Return the rows in sending order: the row with the cursor first."""
        first, height = self._cursor[1], self.target.height
        return [first, *range(first), *range(first + 1, height)] if first < height else list(range(height))

    def _retry_in(self, seconds: float) -> None:
        if not self._retry_is_set:
            self._retry_is_set = True
            self._call_later(seconds, self._retry)

    def _retry(self) -> None:
        self._retry_is_set = False
        self._catch_up()

    def _forget(self) -> None:
        self._shown.forget()
        self._painter.forget()


def _erases_in_color(environ: Mapping[str, str]) -> bool:
    """Whether erasing keeps the background color: not in GNU screen, unless tmux claims its name."""
    return not environ.get("TERM", "").startswith("screen") or "TMUX" in environ

"""Textual's terminal driver, made robust against losing its terminal and against arbitrary input.

When an SSH connection drops, reads and writes fail. Textual's writer thread then dies, its queue fills up, and the
program hangs without releasing its locks. This driver drops output that can't be written, and treats a failed read
like SIGHUP.
"""

from __future__ import annotations

import asyncio
import errno
import os
import select
import signal
import sys
import termios
import time
from contextlib import suppress
from types import FrameType
from typing import TYPE_CHECKING, Any

from textual import events
from textual.drivers.linux_driver import LinuxDriver
from textual.message import Message

from riffusion_tui.tui.bindings.key_order import is_one_line, takes_text
from riffusion_tui.tui.display.terminal_writer import TerminalWriter
from riffusion_tui.tui.input.terminal_input import TerminalInput

if TYPE_CHECKING:
    from riffusion_tui.tui.display.differential_display import DifferentialDisplay

_MAX_READ = 4_096
_FIRST_REPLIES_S = 1.0
"""Time after taking the terminal, in seconds, in which replies come: to Textual's queries, or to another program's."""
_CONTINUE_S = 0.05
"""How long to wait before taking the terminal again, in seconds: `kill %1` sends SIGTERM and SIGCONT at once."""
_RESTORE = (
    b"\x18"  # aborts an incomplete sequence
    b"\x1b[?1000l\x1b[?1003l\x1b[?1015l\x1b[?1006l\x1b[?1016l"  # mouse
    b"\x1b[?2004l\x1b[?2048l\x1b[?1004l\x1b[<u"  # paste brackets, size and focus reports, kitty's keys
    b"\x1b[?7h\x1b[?2026l\x1b[0m\x1b[?1049l\x1b[?25h"
)
"""Restores the terminal, in one write."""


class TerminalDriver(LinuxDriver):
    """Draws on the terminal, which is standard error, for as long as there is one."""

    def __init__(self, app: DifferentialDisplay[Any], **options: Any) -> None:
        super().__init__(app, **options)
        self._owner = app
        self._event_loop = asyncio.get_running_loop()
        self._writer: TerminalWriter | None = None
        self._has_terminal = False
        # Via the event loop: directly in the handler it could deadlock on a lock held by the interrupted code.
        self._handle_later(signal.SIGTSTP, 0.0)
        self._handle_later(signal.SIGCONT, _CONTINUE_S)
        for number in (signal.SIGQUIT, signal.SIGABRT):
            signal.signal(number, self._die)

    def start_application_mode(self) -> None:
        """Take the terminal."""
        if self._writer is None and sys.__stderr__ is not None:
            self._writer = TerminalWriter(sys.__stderr__)
            self._writer.start()
            self._owner.output.open(self._writer.write, self._writer.queued, self._event_loop.call_later)
        super().start_application_mode()  # type: ignore[no-untyped-call]  # Textual's is unannotated
        self._has_terminal = not self._is_in_background()  # `bg` doesn't give it back

    def stop_application_mode(self) -> None:
        """Restore the terminal, unless a shell has it: to touch it would stop a suspended program that should end."""
        if self._has_terminal:
            super().stop_application_mode()
            self._has_terminal = False

    def disable_input(self) -> None:
        """Stop reading, unless a shell has the terminal."""
        if self._has_terminal:
            super().disable_input()

    def _is_in_background(self) -> bool:
        try:
            return os.tcgetpgrp(self.fileno) != os.getpgrp()
        except OSError:  # not a terminal, or one that is gone
            return False

    def _handle_later(self, number: signal.Signals, wait_s: float) -> None:
        """Let the event loop call Textual's handler of a signal."""
        handler = signal.getsignal(number)
        if not callable(handler):
            return

        def handle(number: int, frame: FrameType | None) -> None:
            self._event_loop.call_soon_threadsafe(lambda: self._event_loop.call_later(wait_s, handler, number, frame))

        signal.signal(number, handle)

    def resume_application_mode(self) -> None:
        """Take the terminal again, after a shell or another program; the app would repaint only what changes."""
        if self._owner.return_code is not None:  # it is ending
            return
        super().resume_application_mode()
        self._event_loop.call_soon_threadsafe(self._owner.call_later, self._owner.action_redraw)

    def close(self) -> None:
        """Release the terminal, for a shell or another program."""
        self._owner.output.close()
        if self._writer is not None:
            self._writer.stop()
            self._writer = None
        super().close()

    def write(self, data: str) -> None:
        """Take a frame, or another text for the terminal."""
        self._owner.output.write(data, *self._owner.size)

    def _die(self, number: int, _: FrameType | None) -> None:
        """Restore the terminal, then let the signal kill the process: these signals ask for a core dump."""
        if sys.__stderr__ is not None:
            with suppress(OSError):
                os.write(sys.__stderr__.fileno(), _RESTORE)
        if self.attrs_before is not None:
            with suppress(termios.error):
                termios.tcsetattr(self.fileno, termios.TCSANOW, self.attrs_before)
        signal.signal(number, signal.SIG_DFL)
        os.kill(os.getpid(), number)

    def run_input_thread(self) -> None:
        """Read what the terminal sends until the screen ends; without a terminal, end it."""
        code = 128 + signal.SIGHUP
        try:
            self._read()
        except OSError:
            self._owner.call_later(self._owner.exit, code, code)
        except Exception as error:  # noqa: BLE001 (this thread's boundary: without it, keys would silently stop working)
            self._owner.call_later(_fail, error)

    def _read(self) -> None:
        began = time.monotonic()

        def awaits_reply(now: float) -> bool:
            return now - began < _FIRST_REPLIES_S or self._owner.output.awaits_answer(now)

        source = TerminalInput(lambda: takes_text(self._owner), lambda: is_one_line(self._owner), awaits_reply)
        while not self.exit_event.is_set():
            ready, _, _ = select.select([self.fileno], [], [], source.wait_s)
            now = time.monotonic()
            if ready or select.select([self.fileno], [], [], 0)[0]:  # on a busy machine this thread may have waited
                data = os.read(self.fileno, _MAX_READ)
                if not data:
                    raise OSError(errno.EIO, os.strerror(errno.EIO))
                found = source.feed(data, now)
            else:
                found = source.tick(now)
            for message in found:
                self.process_message(message)

    def process_message(self, message: Message) -> None:
        """Pass an event on to the app; a cursor position is the answer to a question of the output."""
        if isinstance(message, events.CursorPosition):
            self._event_loop.call_soon_threadsafe(self._owner.output.answered)
        else:
            super().process_message(message)


async def _fail(error: Exception) -> None:
    raise error

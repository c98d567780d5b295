"""Textual's terminal driver, made to survive the loss of its terminal and whatever bytes come from it.

When an SSH line drops, writing fails and reading fails. Textual's writer thread then dies, its queue fills up, and the
program waits for it for ever: no lock released, no queue handed on. Here what can't be written is dropped, and a
terminal that can't be read ends the screen as SIGHUP does.
"""

from __future__ import annotations

import errno
import os
import select
import signal
import termios
import time
from contextlib import suppress
from types import FrameType
from typing import IO, Any

from textual.drivers.linux_driver import LinuxDriver

from riffusion_tui.tui.key_order import is_one_line, takes_text
from riffusion_tui.tui.terminal_input import TerminalInput

_READ_MOST = 4_096
_GIVE_BACK = (
    b"\x18"  # whatever sequence is half written
    b"\x1b[?1000l\x1b[?1003l\x1b[?1015l\x1b[?1006l\x1b[?1016l"  # mouse
    b"\x1b[?2004l\x1b[?2048l\x1b[?1004l\x1b[<u"  # paste brackets, size and focus reports, kitty's keys
    b"\x1b[?7h\x1b[?2026l\x1b[0m\x1b[?1049l\x1b[?25h"
)
"""What makes the terminal a shell's again, in one write."""


class LossTolerantFile:
    """A text file that goes on taking text after it can't be written any more."""

    def __init__(self, file: IO[str]) -> None:
        self._file = file

    def write(self, text: str) -> int:
        """Write, or drop."""
        try:
            return self._file.write(text)
        except OSError:
            self._let_go()
            return len(text)

    def flush(self) -> None:
        """Flush, or drop."""
        try:
            self._file.flush()
        except OSError:
            self._let_go()

    def _let_go(self) -> None:
        """Lead what is still buffered nowhere: Python flushes it at its end, and would fail there (exit code 120)."""
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, self._file.fileno())
        os.close(nowhere)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)


class TerminalDriver(LinuxDriver):
    """Draws on the terminal for as long as there is one."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._file: Any = LossTolerantFile(self._file) if self._file is not None else None
        # Between two steps of the loop: within one it could wait for a lock that the step it interrupts holds.
        signal.signal(signal.SIGTSTP, lambda *_: self._loop.call_soon_threadsafe(self._sigtstp_application))
        for number in (signal.SIGQUIT, signal.SIGABRT):
            signal.signal(number, self._die)

    def _die(self, number: int, _: FrameType | None) -> None:
        """Give the terminal back, then die of the signal: these two ask for a core, not for an orderly end."""
        with suppress(OSError):
            os.write(self._file.fileno(), _GIVE_BACK)
        if self.attrs_before is not None:
            with suppress(termios.error):
                termios.tcsetattr(self.fileno, termios.TCSANOW, self.attrs_before)
        signal.signal(number, signal.SIG_DFL)
        os.kill(os.getpid(), number)

    def _run_input_thread(self) -> None:
        code = 128 + signal.SIGHUP
        try:
            self.run_input_thread()
        except OSError:
            self._app.call_later(self._app.exit, code, code)
        except Exception as error:  # noqa: BLE001 (the boundary of this thread: without it no key works, unnoticed)
            self._app.call_later(_fail, error)

    def run_input_thread(self) -> None:
        """Read what the terminal sends until the screen ends."""
        source = TerminalInput(lambda: takes_text(self._app), lambda: is_one_line(self._app))
        while not self.exit_event.is_set():
            ready, _, _ = select.select([self.fileno], [], [], source.wait_s)
            now = time.monotonic()
            if ready:
                data = os.read(self.fileno, _READ_MOST)
                if not data:
                    raise OSError(errno.EIO, os.strerror(errno.EIO))
                found = source.feed(data, now)
            else:
                found = source.tick(now)
            for message in found:
                self.process_message(message)


async def _fail(error: Exception) -> None:
    raise error

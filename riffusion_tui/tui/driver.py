"""Textual's terminal driver, made to survive the loss of its terminal.

When an SSH line drops, writing fails and reading fails. Textual's writer thread then dies, its queue fills up, and the
program waits for it for ever: no lock released, no queue handed on. Here what can't be written is dropped, and a
terminal that can't be read ends the screen as SIGHUP does.
"""

from __future__ import annotations

import os
import signal
from typing import IO, Any

from textual.drivers.linux_driver import LinuxDriver


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

    def _run_input_thread(self) -> None:
        code = 128 + signal.SIGHUP
        try:
            self.run_input_thread()
        except OSError:
            self._app.call_later(self._app.exit, code, code)

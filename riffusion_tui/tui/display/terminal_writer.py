"""Writes to the terminal in a separate thread; keeps running after the terminal is closed."""

from __future__ import annotations

import codecs
import os
from queue import SimpleQueue
from threading import Thread
from typing import TextIO

from rich.cells import cell_len

_REPLACED = "riffusion_tui.cells"
"""The name of the error handler that keeps the width of what can't be encoded."""


class TerminalWriter(Thread):
    """Takes text without ever blocking. Once the file can't be written, text is dropped."""

    def __init__(self, file: TextIO) -> None:
        super().__init__(daemon=True, name="terminal-output")
        self._file = file
        self._texts: SimpleQueue[str | None] = SimpleQueue()

    def write(self, text: str) -> None:
        """Write `text` after all earlier texts."""
        self._texts.put(text)

    def queued(self) -> int:
        """Return how many texts wait to be written."""
        return self._texts.qsize()

    def stop(self) -> None:
        """Write the queued texts, then stop."""
        self._texts.put(None)
        self.join()

    def run(self) -> None:
        """Write until `stop`."""
        texts: list[str | None] = []
        while None not in texts:
            texts = [self._texts.get()]
            while not self._texts.empty():  # in one write, since each waits for the interpreter's lock
                texts.append(self._texts.get())
            self._put("".join(filter(None, texts)))

    def _put(self, text: str) -> None:
        encoding = self._file.encoding
        try:
            self._file.write(text.encode(encoding, _REPLACED).decode(encoding))
            self._file.flush()
        except OSError:
            self._redirect_to_nowhere()

    def _redirect_to_nowhere(self) -> None:
        """Redirect what is still buffered to nowhere: Python would fail to flush it at exit (code 120)."""
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, self._file.fileno())
        os.close(nowhere)


def _replaced(error: UnicodeError) -> tuple[str, int]:
    """Replace characters that the terminal's encoding lacks by question marks of the same width."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return "?" * cell_len(error.object[error.start : error.end]), error.end


codecs.register_error(_REPLACED, _replaced)

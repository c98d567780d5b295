"""The log file: rotated by size, readable only by its owner. Imported with the first record."""

from __future__ import annotations

import logging
import os
from io import TextIOWrapper
from logging.handlers import RotatingFileHandler

from riffusion_tui.regular_file import open_regular


class PrivateFile(RotatingFileHandler):
    """A rotating file created with mode 0600."""

    def _open(self) -> TextIOWrapper:
        handle = open_regular(self.baseFilename, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        return os.fdopen(handle, "a", encoding="utf-8")

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 (the standard library's name)
        """Ignore errors such as a full disk: logging would print a traceback over the screen."""

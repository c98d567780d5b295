"""The log's file: it turns over at its size, and only its owner can read it."""

from __future__ import annotations

import logging
import os
from io import TextIOWrapper
from logging.handlers import RotatingFileHandler


class PrivateFile(RotatingFileHandler):
    """A rotating file that nobody else can read, from its first byte."""

    def _open(self) -> TextIOWrapper:
        handle = os.open(self.baseFilename, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        return os.fdopen(handle, "a", encoding="utf-8")

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 (the standard library's name)
        """Do without a line where the disk is full: the library would print a traceback over the screen."""

"""The log: one file in the state folder, mode 0600, with no secret in it."""

from __future__ import annotations

import logging
import os
import re
from io import TextIOWrapper
from logging.handlers import RotatingFileHandler
from pathlib import Path

from riffusion_tui.clean import clean_line, clean_text
from riffusion_tui.config.errors import FolderError
from riffusion_tui.config.paths import find_paths, private_folder
from riffusion_tui.secret import Secret

_BEARER = re.compile(r"(?i)(bearer\s+|\"?(?:cookie|token|refresh_token|access_token)\"?\s*[:=]\s*\"?)[^\s\",}]+")
_TOKEN = re.compile(r"\buser:\d+-[\w-]+")
_SECRETS: list[Secret] = []
MAX_BYTES, KEPT = 1_000_000, 2


def never_log(secret: Secret) -> None:
    """Have this secret replaced wherever it would appear in the log, whatever brought it there."""
    if secret and secret not in _SECRETS:
        _SECRETS.append(secret)


def redacted(text: str) -> str:
    """Return `text` without tokens and cookies: the known ones, and whatever looks like one."""
    for secret in _SECRETS:
        text = text.replace(secret.reveal(), "…")
    return _TOKEN.sub("user:…", _BEARER.sub(r"\1…", text))


class _Redacting(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        """Write a record with its traceback: no locals, no secrets, no control characters."""
        return redacted(clean_text(super().format(record)))


class _Private(RotatingFileHandler):
    """A rotating file that nobody else can read, from its first byte."""

    def _open(self) -> TextIOWrapper:
        handle = os.open(self.baseFilename, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        return os.fdopen(handle, "a", encoding="utf-8")

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 (the standard library's name)
        """Do without a line where the disk is full: the library would print a traceback over the screen."""


def start_log(file: Path) -> None:
    """Send what every room logs to `file`, once; without a folder for it there is no log."""
    root = logging.getLogger("riffusion_tui")
    if any(isinstance(handler, _Private) for handler in root.handlers):
        return
    try:
        handler = _Private(private_folder(file.parent) / file.name, maxBytes=MAX_BYTES, backupCount=KEPT)
    except (OSError, FolderError):
        root.addHandler(logging.NullHandler())
        return
    handler.setFormatter(_Redacting("%(asctime)s %(process)d %(levelname)s %(name)s: %(message)s"))
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    root.propagate = False


def log_defect(error: BaseException) -> str:
    """Write an error that nobody foresaw to the log; return where that is."""
    file = find_paths(os.environ).log_file
    start_log(file)
    logging.getLogger("riffusion_tui").error("a defect", exc_info=error)
    return clean_line(str(file))

"""The log: one file in the state folder, mode 0600, with no secret in it."""

from __future__ import annotations

import logging
import os
import re
from pathlib import Path

from riffusion_tui.clean import clean_line, clean_text
from riffusion_tui.config.errors import FolderError
from riffusion_tui.config.paths import find_paths, private_folder
from riffusion_tui.secret import Secret

# Patterns as text: `re` compiles one when it is first used and keeps it, which is with the first record.
_BEARER = r"(?i)(bearer\s+|\"?(?:cookie|token|refresh_token|access_token)\"?\s*[:=]\s*\"?)[^\s\",}]+"
_TOKEN = r"\buser:\d+-[\w-]+"  # noqa: S105 (what a token looks like)
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
    return re.sub(_TOKEN, "user:…", re.sub(_BEARER, r"\1…", text))


class _Redacting(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        """Write a record with its traceback: no locals, no secrets, no control characters."""
        return redacted(clean_text(super().format(record)))


class _FromFirstRecord(logging.Handler):
    """Opens the file with the first record: what turns it over is loaded then, not while a first frame waits."""

    def __init__(self, file: Path) -> None:
        super().__init__()
        self._file = file
        self._opened: logging.Handler | None = None

    def emit(self, record: logging.LogRecord) -> None:
        """Write a record; without a folder for the file there is no log."""
        if self._opened is None:
            self._opened = self._open()
        self._opened.handle(record)

    def close(self) -> None:
        """Close the file, if any."""
        if self._opened is not None:
            self._opened.close()
        super().close()

    def _open(self) -> logging.Handler:
        from riffusion_tui.cli.logfile import PrivateFile

        try:
            opened = PrivateFile(
                private_folder(self._file.parent) / self._file.name, maxBytes=MAX_BYTES, backupCount=KEPT
            )
        except (OSError, FolderError):
            return logging.NullHandler()
        opened.setFormatter(_Redacting("%(asctime)s %(process)d %(levelname)s %(name)s: %(message)s"))
        return opened


def start_log(file: Path) -> None:
    """Send what every room logs to `file`, once; without a folder for it there is no log."""
    root = logging.getLogger("riffusion_tui")
    if any(isinstance(handler, _FromFirstRecord) for handler in root.handlers):
        return
    root.addHandler(_FromFirstRecord(file))
    root.setLevel(logging.INFO)
    root.propagate = False


def log_defect(error: BaseException) -> str:
    """Write an error that nobody foresaw to the log; return where that is."""
    file = find_paths(os.environ).log_file
    start_log(file)
    logging.getLogger("riffusion_tui").error("a defect", exc_info=error)
    return clean_line(str(file))

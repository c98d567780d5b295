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

# Plain strings: `re` compiles and caches a pattern on first use.
_BEARER = r"(?i)(bearer\s+|\"?(?:cookie|token|refresh_token|access_token)\"?\s*[:=]\s*\"?)[^\s\",}]+"
_TOKEN = r"\buser:\d+-[\w-]+"  # noqa: S105 (what a token looks like)
_SECRETS: list[Secret] = []
MAX_BYTES, KEPT = 1_000_000, 2


def never_log(secret: Secret) -> None:
    """Redact this secret wherever it would appear in the log."""
    if secret and secret not in _SECRETS:
        _SECRETS.append(secret)


def redacted(text: str) -> str:
    """Return `text` without known secrets, and without anything that looks like a token or cookie."""
    from riffusion_tui.redaction import Redactor  # needed only if something is logged

    return re.sub(_TOKEN, "user:…", re.sub(_BEARER, r"\1…", Redactor(_SECRETS).redacted(text)))


class _Redacting(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        """Format a record with its traceback, without locals, secrets or control characters."""
        return redacted(clean_text(super().format(record)))


class _FromFirstRecord(logging.Handler):
    """Opens the file on the first record, so that the rotating handler isn't loaded before the first frame."""

    def __init__(self, file: Path) -> None:
        super().__init__()
        self._file = file
        self._home = file.parent.parent
        self._was_there = self._home.is_dir()
        self._opened: logging.Handler | None = None

    def emit(self, record: logging.LogRecord) -> None:
        """Write a record; does nothing if the folder can't be created, or while the one above was moved away."""
        if self._opened is None and self._was_there and self._is_gone():
            return
        if self._opened is None:
            self._opened = self._open()
        self._opened.handle(record)

    def _is_gone(self) -> bool:
        """Whether the folder above was moved away; one of another user, which can't be entered, is not."""
        try:
            return not self._home.is_dir()
        except PermissionError:
            return False

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
    """Log to `file`, once per process. The folder above its folder isn't created if it exists now and is moved away."""
    root = logging.getLogger("riffusion_tui")
    if any(isinstance(handler, _FromFirstRecord) for handler in root.handlers):
        return
    root.addHandler(_FromFirstRecord(file))
    root.setLevel(logging.INFO)
    root.propagate = False


def log_defect(error: BaseException) -> str:
    """Log an internal error; return the log's path."""
    file = find_paths(os.environ).log_file
    start_log(file)
    logging.getLogger("riffusion_tui").error("internal error", exc_info=error)
    return clean_line(str(file))

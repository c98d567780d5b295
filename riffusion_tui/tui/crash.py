"""Report an internal error on exit: what happened and where the log is, without local variables."""

from __future__ import annotations

import sys
import traceback
from datetime import UTC, datetime
from pathlib import Path

from riffusion_tui.clean import clean_line, clean_text
from riffusion_tui.regular_file import open_regular
from riffusion_tui.tui.messages import message


class Crash:
    """Records the first unhandled error."""

    def __init__(self, log_file: Path) -> None:
        self._log_file = log_file
        self._error: BaseException | None = None
        self._noted = ""

    @property
    def happened(self) -> bool:
        """Whether an error was recorded."""
        return self._error is not None

    def note(self) -> None:
        """Log the current exception: files, lines and functions, but no values of variables."""
        if self._error is not None:
            return
        self._error = sys.exc_info()[1]
        if self._error is None:
            return
        frames = traceback.extract_tb(self._error.__traceback__)
        lines = [f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames]
        report = "\n".join([datetime.now(UTC).isoformat(timespec="seconds"), *lines, type(self._error).__name__])
        try:
            self._log_file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with open(self._log_file, "a", encoding="utf-8", opener=_private) as log:
                log.write(clean_text(report) + "\n")
            self._noted = str(self._log_file)
        except OSError:
            self._noted = ""

    def show(self) -> None:
        """Print the error on standard error, after the terminal is restored."""
        if self._error is None:
            return
        where = traceback.extract_tb(self._error.__traceback__)[-1:]
        at = f"{Path(where[0].filename).name}:{where[0].lineno}" if where else ""
        sys.stderr.write(message("crash.what", kind=type(self._error).__name__, at=at) + "\n")
        sys.stderr.write(message("crash.safe") + "\n")
        if self._noted:
            sys.stderr.write(message("crash.log", file=clean_line(self._noted)) + "\n")


def _private(path: str, flags: int) -> int:
    return open_regular(path, flags)

"""Print a long text through `$PAGER`, or less, if standard output is a terminal."""

from __future__ import annotations

import os
import shlex
import shutil
import signal
import subprocess
import sys

from riffusion_tui.child_environment import child_environment
from riffusion_tui.clean import clean_line
from riffusion_tui.cli.printing.output import put_message

_PAGER = "less"
_SIMPLE = ("", "dumb")
"""Values of TERM for terminals in which a pager can't move the cursor."""


def put_paged(text: str) -> None:
    """Print `text`; if it is longer than the terminal, let the user scroll it.

    As with git, an empty `$PAGER`, or `cat`, prints it directly, and `$LESS` is `FRX` unless it is set.
    """
    pager = _command() if _is_long(text) else []
    if not pager or not _shown_by(pager, text):
        sys.stdout.write(text)


def _is_long(text: str) -> bool:
    return (
        sys.stdout.isatty()
        and os.environ.get("TERM", "") not in _SIMPLE
        and text.count("\n") >= shutil.get_terminal_size().lines
    )


def _command() -> list[str]:
    """Return the pager's command; empty if there is none."""
    wanted = os.environ.get("PAGER")
    if wanted is None:
        return [_PAGER] if shutil.which(_PAGER) else []
    try:
        command = shlex.split(wanted)
    except ValueError:
        command = [wanted]  # not found, which is said
    return [] if command == ["cat"] else command


def _shown_by(pager: list[str], text: str) -> bool:
    """Run the pager; return False, after saying why, if it can't be started."""
    environ = {"LESS": "FRX", "LV": "-c"} | child_environment()
    before = signal.signal(signal.SIGINT, lambda *_: None)  # ^C is the pager's, which wouldn't get an ignored signal
    try:
        with subprocess.Popen(pager, env=environ, stdin=subprocess.PIPE) as process:  # noqa: S603 (the user's own)
            process.communicate(text.encode(sys.stdout.encoding or "utf-8", "backslashreplace"))
    except OSError as error:
        why = clean_line(error.strerror or str(error))
        put_message(f"{clean_line(pager[0], 80)} can't be started: {why}. Set PAGER to a program that is installed.")
        return False
    finally:
        signal.signal(signal.SIGINT, before)
    return True

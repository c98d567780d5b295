"""Top-level error handling: each error becomes a message, an exit code and, if unexpected, a log entry."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable

from riffusion_tui.clean import clean_text
from riffusion_tui.cli.errors import INTERRUPTED, READER_GONE, SOME_FAILED, WRONG_USE, CommandError

_FOLDER_DELETED = (
    "The current folder has been deleted, so relative paths don't work: change to another folder and try again."
)


def guarded(run: Callable[[], int]) -> int:
    """Call `run` and return its exit code, handling every error."""
    try:
        try:
            code = run()
        except SystemExit as left:  # argparse has printed help, or a signal ended the command
            code = int(left.code or 0)
        sys.stdout.flush()
        return _check_output(code)
    except KeyboardInterrupt:
        _print_error("Interrupted. Queued jobs stay queued; running jobs continue at the next start.")
        return INTERRUPTED
    except BrokenPipeError:
        # Python flushes standard output again at exit; redirect it so that this can't fail.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return READER_GONE
    except CommandError as error:
        _print_error(str(error))
        if _folder_is_gone():
            _print_error(_FOLDER_DELETED)
        return error.code
    except FileNotFoundError as error:
        if not _folder_is_gone():
            return _report(error)
        _print_error(_FOLDER_DELETED)
        return WRONG_USE
    except Exception as error:  # noqa: BLE001 (the program's one boundary)
        return _report(error)


def _folder_is_gone() -> bool:
    from pathlib import Path

    try:
        Path.cwd()
    except FileNotFoundError:
        return True
    return False


def _check_output(code: int) -> int:
    """Report lost output; the command has failed in that case."""
    from riffusion_tui.cli.printing.streams import lost

    why = lost()
    if why:
        _print_error(f"Can't write to standard output: {why}. The command ran, but its output is lost.")
        return code or SOME_FAILED
    return code


def _report(error: Exception) -> int:
    """Print an expected error's message; log anything else as an internal error."""
    from riffusion_tui.cli.exit_messages import code_of, words_of

    code = code_of(error)
    if code is not None:
        _print_error(words_of(error))
        return code
    from riffusion_tui.cli.log import log_defect

    where = log_defect(error)
    _print_error(f"Internal error ({type(error).__name__}). Nothing queued is lost.\nDetails: {where}.")
    return SOME_FAILED


def _print_error(text: str) -> None:
    sys.stderr.write(f"{clean_text(text)}\n")

"""The one place where errors end: each becomes a message, an exit code and, where it was not foreseen, a log entry."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable

from riffusion_tui.clean import clean_text
from riffusion_tui.cli.errors import INTERRUPTED, READER_GONE, SOME_FAILED, CommandError


def guarded(run: Callable[[], int]) -> int:
    """Call `run` and return its exit code; whatever it raises ends here."""
    try:
        code = run()
        sys.stdout.flush()
        return _with_what_was_lost(code)
    except KeyboardInterrupt:
        _say("Interrupted. What is queued stays queued; what is being made is picked up at the next start.")
        return INTERRUPTED
    except BrokenPipeError:
        # Python flushes standard output once more at exit: give it somewhere to go.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return READER_GONE
    except CommandError as error:
        _say(str(error))
        return error.code
    except Exception as error:  # noqa: BLE001 (the program's one boundary)
        return _foreseen(error)


def _with_what_was_lost(code: int) -> int:
    """Say what could not be written to standard output; the command is not done then."""
    from riffusion_tui.cli.streams import lost

    why = lost()
    if why:
        _say(f"Standard output can't be written: {why}. The command did its work; what it printed is lost.")
        return code or SOME_FAILED
    return code


def _foreseen(error: Exception) -> int:
    """Tell an error of one of the rooms by its own words; anything else is a defect and goes to the log."""
    from riffusion_tui.cli.exit_messages import code_of, words_of

    code = code_of(error)
    if code is not None:
        _say(words_of(error))
        return code
    from riffusion_tui.cli.log import log_defect

    where = log_defect(error)
    _say(
        f"A defect of riffusion-tui stopped this command ({type(error).__name__}). Nothing queued is lost.\n"
        f"What happened is in {where}."
    )
    return SOME_FAILED


def _say(text: str) -> None:
    sys.stderr.write(f"{clean_text(text)}\n")

"""The one place where errors end: each becomes a message, an exit code and, where it was not foreseen, a log entry.

0    done                                   3    token or account needs a person
1    some failed or refused, or a defect    4    accepted and not finished in time
2    wrong use                              130  interrupted    141  the reader went away
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable

from riffusion_tui.clean import clean_text

DONE, SOME_FAILED, WRONG_USE, NEEDS_PERSON, NOT_IN_TIME, INTERRUPTED, READER_GONE = 0, 1, 2, 3, 4, 130, 141


class CommandError(Exception):
    """A command can't go on; `str(error)` says why and what to do. `code` is the exit code."""

    code = SOME_FAILED


class WrongUse(CommandError):
    """An argument, a setting, a file or an address can't be used."""

    code = WRONG_USE


class NeedsPerson(CommandError):
    """The token or an account has to be mended first."""

    code = NEEDS_PERSON


class NotInTime(CommandError):
    """The time ran out; what was accepted goes on."""

    code = NOT_IN_TIME


def guarded(run: Callable[[], int]) -> int:
    """Call `run` and return its exit code; whatever it raises ends here."""
    try:
        code = run()
        sys.stdout.flush()
        return code
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


def _foreseen(error: Exception) -> int:
    """Tell an error of one of the rooms by its own words; anything else is a defect and goes to the log."""
    from riffusion_tui.cli.words import code_of, words_of

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

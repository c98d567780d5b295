"""What a command can end with: its exit codes, and the errors that carry them.

0    done                                   3    token or account needs a person
1    some failed or refused, or a defect    4    accepted and not finished in time
2    wrong use                              130  interrupted    141  the reader went away

    CommandError        a command can't go on
    ├── WrongUse        an argument, a setting, a file or an address can't be used
    ├── NeedsPerson     the token or an account has to be mended first
    └── NotInTime       the time ran out
"""

from __future__ import annotations

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

"""Exit codes, and the errors that carry them.

0    done                                   3    token or account needs attention
1    some failed or refused, or internal    4    accepted but not finished in time
2    usage error                            130  interrupted    141  broken pipe

    CommandError        a command failed
    ├── WrongUse        usage error: invalid argument, setting, file or address
    ├── NeedsAttention  the token or an account needs attention
    └── Interrupted     interrupted by the user
"""

from __future__ import annotations

DONE, SOME_FAILED, WRONG_USE, NEEDS_ATTENTION, NOT_IN_TIME, INTERRUPTED, READER_GONE = 0, 1, 2, 3, 4, 130, 141


class CommandError(Exception):
    """A command failed; `str(error)` says why and what to do. `code` is the exit code."""

    code = SOME_FAILED


class WrongUse(CommandError):
    """Usage error: an invalid argument, setting, file or address."""

    code = WRONG_USE


class NeedsAttention(CommandError):
    """The token or an account needs attention."""

    code = NEEDS_ATTENTION


class Interrupted(CommandError):
    """Interrupted by the user; for commands whose message differs from that of a queue."""

    code = INTERRUPTED

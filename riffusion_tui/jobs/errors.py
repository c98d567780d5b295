"""Errors in batch files."""

from __future__ import annotations

from collections.abc import Sequence

_MAX_LISTED = 10


class BatchError(ValueError):
    """The batch file is invalid: each of `problems`, which `str(error)` lists, names the place and suggests a fix."""

    def __init__(self, *problems: str) -> None:
        super().__init__(listed(problems))
        self.problems = problems


def listed(problems: Sequence[str]) -> str:
    """Return the first of the problems, one per line, and how many more there are."""
    lines, more = list(problems[:_MAX_LISTED]), len(problems) - _MAX_LISTED
    if more > 0:
        lines.append(f"{more:,} more error{'s' if more > 1 else ''}.")
    return "\n".join(lines)

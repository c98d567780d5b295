"""What can be wrong with what a person set.

ConfigError
├── SettingsError      a file of ours holds a wrong key or value: every problem with its line
├── SecretError        a token can't be used, read or kept
└── FolderError        a folder can't be made or written
"""

from __future__ import annotations

from typing import NamedTuple


class ConfigError(Exception):
    """Something a person set can't be used; `str(error)` says what, where, and what was probably meant."""


class Problem(NamedTuple):
    """One thing that is wrong in a file: `line` counts from 1; 0 where none can be named."""

    line: int
    message: str


class SettingsError(ConfigError):
    """A file holds wrong keys or values. `problems` names each."""

    def __init__(self, source: str, problems: tuple[Problem, ...]) -> None:
        self.source = source
        self.problems = problems
        super().__init__("\n".join(f"{source}{f':{p.line}' if p.line else ''}: {p.message}" for p in problems))


class SecretError(ConfigError):
    """A token can't be used, read or kept. The token itself is never in the message."""


class FolderError(ConfigError):
    """A folder can't be made or written."""

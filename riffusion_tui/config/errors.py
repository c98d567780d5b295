"""Errors in settings, secrets and folders.

ConfigError
├── SettingsError      invalid keys or values in a settings file, with their lines
├── SecretError        a token can't be used, read or saved
└── FolderError        a folder can't be created or written
"""

from __future__ import annotations

from typing import NamedTuple


class ConfigError(Exception):
    """Invalid configuration; `str(error)` says what and where, with a suggestion."""


class Problem(NamedTuple):
    """A problem in a file. `line` counts from 1; 0 if unknown."""

    line: int
    message: str


class SettingsError(ConfigError):
    """A file has invalid keys or values; `problems` lists them."""

    def __init__(self, source: str, problems: tuple[Problem, ...]) -> None:
        self.source = source
        self.problems = problems
        super().__init__("\n".join(f"{source}{f':{p.line}' if p.line else ''}: {p.message}" for p in problems))


class SecretError(ConfigError):
    """A token can't be used, read or saved. The token itself is never in the message."""


class FolderError(ConfigError):
    """A folder can't be created or written."""

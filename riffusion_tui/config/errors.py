"""Errors in settings, secrets and folders.

ConfigError
├── SettingsError      invalid keys or values in a settings file, with their lines
├── SecretError        a token can't be used, read or saved
└── FolderError        a folder can't be created or written
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sized
from itertools import islice
from typing import NamedTuple, TypeVar

T = TypeVar("T")


class ConfigError(Exception):
    """Invalid configuration; `str(error)` says what and where, with a suggestion."""


class Problem(NamedTuple):
    """A problem in a file. `line` counts from 1; 0 if unknown."""

    line: int
    message: str


MAX_PROBLEMS = 20
"""Problems of a file that are reported; each takes time to find and to describe."""


def raise_problems(source: str, problems: Iterable[Problem]) -> None:
    """Raise `SettingsError` for the first of `problems`, if there are any."""
    first = tuple(islice(problems, MAX_PROBLEMS))
    if first:
        raise SettingsError(source, first)


def until_enough(items: Iterable[T], problems: Sized) -> Iterator[T]:
    """Yield `items` while there are fewer than `MAX_PROBLEMS` in `problems`."""
    for item in items:
        if len(problems) >= MAX_PROBLEMS:
            return
        yield item


class SettingsError(ConfigError):
    """A file has invalid keys or values; `problems` lists the first ones."""

    def __init__(self, source: str, problems: tuple[Problem, ...]) -> None:
        self.source = source
        self.problems = problems
        lines = [f"{source}{f':{p.line}' if p.line else ''}: {p.message}" for p in problems[:MAX_PROBLEMS]]
        if len(problems) >= MAX_PROBLEMS:
            lines.append("There may be more; correct these first.")
        super().__init__("\n".join(lines))


class SecretError(ConfigError):
    """A token can't be used, read or saved. The token itself is never in the message."""


class FolderError(ConfigError):
    """A folder can't be created or written."""

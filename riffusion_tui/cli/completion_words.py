"""What completion offers: options, their values, and the words of a command."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterable, Mapping

from riffusion_tui.cli.command_table import COMMANDS
from riffusion_tui.config.settings import specs
from riffusion_tui.jobs.filter import field_words
from riffusion_tui.jobs.lock_names import LOCKS
from riffusion_tui.registry import SERVICES
from riffusion_tui.services.capabilities import Edit
from riffusion_tui.services.profiles import profile_of


def options_of(command: str) -> list[str]:
    """Return the long options of a command."""
    return [flag for action in _actions(command) for flag in _long(action)]


def values_of(command: str) -> dict[str, list[str]]:
    """Return the options that take a value, each with its values; none if they aren't known."""
    return {flag: _values(action) for action in _actions(command) if action.nargs != 0 for flag in _long(action)}


def words_of(command: str) -> list[str]:
    """Return what a command takes besides options, as far as it is known."""
    return [word for action in _actions(command) if not action.option_strings for word in _values(action)]


def _actions(command: str) -> list[argparse.Action]:
    return [action for action in COMMANDS[command].parser()._actions if action.help != argparse.SUPPRESS]


def _long(action: argparse.Action) -> list[str]:
    return [flag for flag in action.option_strings if flag.startswith("--")]


def _values(action: argparse.Action) -> list[str]:
    found = action.choices or _UNCHECKED.get(action.dest, tuple)()
    return list(dict.fromkeys(map(str, found)))


def _formats() -> Iterable[str]:
    return (format for name in SERVICES for format in profile_of(name).capabilities.formats)


def _edits() -> list[Edit]:
    return [edit for name in SERVICES for edit in profile_of(name).capabilities.edits]


def _edit_fields() -> Iterable[str]:
    fields = (field for edit in _edits() for field in edit.fields)
    return (f"{field.name}={choice}" for field in fields for choice in field.choices or ("",))


_UNCHECKED: Mapping[str, Callable[[], Iterable[str]]] = {
    "format": _formats,
    "lock": lambda: (*LOCKS, "all"),
    "operation": lambda: (edit.name for edit in _edits()),
    "fields": _edit_fields,
    "filter": lambda: (*field_words(), *(f"service:{name}" for name in SERVICES)),
    "key": lambda: (spec.key for spec in specs()),
}
"""The values of arguments without choices, by destination."""

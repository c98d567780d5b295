"""The help of a pane: its description and all commands that apply."""

from __future__ import annotations

from collections.abc import Callable

from riffusion_tui.tui.bindings.command import Command, CommandScope
from riffusion_tui.tui.bindings.commands import IN_PALETTE_ALWAYS, in_scopes
from riffusion_tui.tui.bindings.keys import Keys
from riffusion_tui.tui.messages import message
from riffusion_tui.tui.state.shaded_lines import END_OF_LABEL, Lines

_KEYS, _KEYS_AT_MOST = 12, 18
"""Width of the column of keys."""
_LABELS = 12
"""Minimum width of the column of labels."""


def help_lines(scopes: tuple[CommandScope, ...], keys: Keys, can: Callable[[Command], bool]) -> Lines:
    """Return the help for `scopes`, most specific first.

    Args:
        scopes: the scopes whose commands apply.
        keys: the keys in effect.
        can: whether the service supports a command.
    """
    lines: Lines = [[(piece, "soft")] for piece in message(f"help.{scopes[0]}").split("\n")]
    labels = max(_LABELS, *(len(command.label) for command in in_scopes(*scopes)))
    for scope in scopes:
        commands = [command for command in in_scopes(scope) if can(command) and not _double(command, scopes)]
        if commands:
            lines += [[], [(message(f"scope.{scope}"), "strong")]]
            written = [_keys(command, keys) for command in commands]
            columns = min(_KEYS_AT_MOST, max(_KEYS, *map(len, written))), labels
            lines += [_line(command, key, columns) for command, key in zip(commands, written, strict=True)]
    return [*lines, [], [(message("help.moving"), "strong")], [(message("help.moves"), "soft")]]


def _double(command: Command, scopes: tuple[CommandScope, ...]) -> bool:
    """Merge letters in `lists` with the equivalent commands in `any`, so that each is shown once."""
    return command.id.endswith(".key") and CommandScope.ANY not in scopes


def _keys(command: Command, keys: Keys) -> str:
    if command.scope not in IN_PALETTE_ALWAYS:
        return keys.all_shown(command.id) or message("help.no_key")
    return keys.all_shown(command.id) or message("help.by_palette", key=keys.shown("palette"))


def _line(command: Command, keys: str, columns: tuple[int, int]) -> list[tuple[str, str]]:
    return [
        (f"{keys:<{columns[0]}} ", "focus"),
        (f"{command.label:<{columns[1]}} ", "ink"),
        END_OF_LABEL,
        (command.help, "dim"),
    ]


def dialog_lines(what: str, keys: Keys) -> Lines:
    """Return the help of a dialog: the lines of its message are `keys|meaning`, or text."""
    text = message(what, make=keys.shown("make"), editor=keys.shown("prompt.editor"))
    lines: Lines = []
    for one in text.split("\n"):
        pressed, bar, meaning = one.partition("|")
        if bar and not pressed:
            continue  # the settings leave it without a key
        lines.append([(f"{pressed:<{_KEYS_AT_MOST}} ", "focus"), (meaning, "ink")] if bar else [(one, "soft")])
    return lines

"""The `[keys]` settings: which are invalid or clash, and what they are with another key for a command."""

from __future__ import annotations

from collections.abc import Mapping

from riffusion_tui.config.suggest import did_you_mean
from riffusion_tui.tui.bindings.command import Command, CommandScope
from riffusion_tui.tui.bindings.commands import COMMANDS, by_id, in_scopes
from riffusion_tui.tui.bindings.key_names import key_name, key_parts, written

ACTIVE_TOGETHER: tuple[tuple[CommandScope, ...], ...] = (
    (CommandScope.SCREENS, CommandScope.ANY, CommandScope.PROMPT),
    (CommandScope.SCREENS, CommandScope.ANY, CommandScope.OPTIONS),
    (CommandScope.SCREENS, CommandScope.ANY, CommandScope.LISTS, CommandScope.JOB, CommandScope.JOBS),
    (CommandScope.SCREENS, CommandScope.ANY, CommandScope.LISTS, CommandScope.JOB, CommandScope.SONG),
    (CommandScope.SCREENS, CommandScope.ACCOUNTS),
    (CommandScope.SCREENS, CommandScope.COMPARE),
    (CommandScope.SCREENS, CommandScope.DASHBOARD),
    (CommandScope.SCREENS, CommandScope.DETAIL),
    (CommandScope.SCREENS, CommandScope.GRID),
    (CommandScope.SCREENS, CommandScope.SETTINGS),
    (CommandScope.SCREENS, CommandScope.SHEET),
)
"""Sets of scopes that are active together; in each, a key may have only one command."""
_PROMPTS = frozenset((command.action, command.keys) for command in COMMANDS if command.scope is CommandScope.PROMPT)
_YIELDS_KEY = frozenset(
    command.id
    for command in COMMANDS
    if command.scope is not CommandScope.PROMPT and (command.action, command.keys) in _PROMPTS
)
"""Commands that lose a key to a command that the settings give it: the prompt has the same action and key."""

_NEEDED = {
    "make": "dialogs are confirmed with it too",
    "palette": "it finds the commands without a key",
    **{one.id: "nothing else leaves the screen" for one in COMMANDS if one.action == "screen.back"},
}
"""Commands that must have a key, and why."""


def check(wanted: Mapping[str, str]) -> tuple[str, ...]:
    """Return the problems of the `[keys]` settings, one sentence each."""
    return tuple(valid_keys(wanted)[0].values())


def problems_of_change(held: Mapping[str, str], wanted: Mapping[str, str], id: str) -> list[str]:
    """Return the problems of the `[keys]` settings that are new, or that the changed command is part of."""
    known = set(check(held)) & set(check({**wanted, id: ""}))
    return [one for one in check(wanted) if one not in known]


def assign(held: Mapping[str, str], id: str, pressed: str | None) -> dict[str, str]:
    """Return the `[keys]` settings with new keys for one command; empty: none, None: its defaults.

    Another command that had one of these keys keeps its other keys, or gets this command's old ones, so that no command
    is left without a key. Call `problems_of_change` for remaining problems.
    """
    wanted = {name: keys for name, keys in held.items() if name != id}
    default = by_id()[id].keys
    if pressed is None:
        back = assign(held, id, default) if default else wanted
        return {name: keys for name, keys in back.items() if name != id and keys != _default(name)}
    wanted[id] = pressed.strip()
    fresh = {key_name(key) for key in key_parts(pressed)}
    old = [key for key in key_parts(held.get(id, by_id()[id].keys)) if key_name(key) not in fresh]
    for command in in_scopes(*(scope for scopes in ACTIVE_TOGETHER if by_id()[id].scope in scopes for scope in scopes)):
        keys = key_parts(wanted.get(command.id, command.keys))
        left = [key for key in keys if key_name(key) not in fresh] or old
        if command.id != id and left and any(key_name(key) in fresh for key in keys):
            wanted[command.id] = ",".join(left)
    return wanted


def _default(id: str) -> str:
    command = by_id().get(id)
    return command.keys if command is not None else ""


def valid_keys(wanted: Mapping[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    """Return the problems of the `[keys]` settings, at most one per command, and the valid ones; both by command."""
    known = by_id()
    problems: dict[str, str] = {}
    taken: dict[str, str] = {}
    for id, keys in wanted.items():
        names = [key_name(key) for key in key_parts(keys)]
        wrong = [key for key, name in zip(key_parts(keys), names, strict=True) if not name]
        if id not in known:
            problems[id] = f"keys: unknown command {id!r}.{did_you_mean(id, known)}"
        elif keys.strip() and not names:
            problems[id] = f"keys.{id}: {keys.strip()!r} has no key between its commas; the comma itself is 'comma'."
        elif not names and id in _NEEDED:
            problems[id] = f"keys.{id}: this command needs a key, as {_NEEDED[id]}."
        elif wrong:
            problems[id] = f"keys.{id}: {wrong[0]!r} is not a valid key; examples: 'ctrl+j', 'f5', 'x', '?'."
        else:
            taken[id] = ",".join(names)
    if taken:  # the default keys don't clash
        problems |= _clashes(taken)
    return problems, taken


def _clashes(taken: dict[str, str]) -> dict[str, str]:
    """Find conflicting keys; the settings' entry is dropped, so that no key silently stops working."""
    problems: dict[str, str] = {}
    wanted = frozenset(taken)
    for scopes in ACTIVE_TOGETHER:
        owners: dict[str, Command] = {}
        here = sorted((command for command in COMMANDS if command.scope in scopes), key=lambda one: one.id in taken)
        for command in here:
            for key in key_parts(taken.get(command.id, command.keys)):
                other = owners.setdefault(key, command)
                if other is command or command.id not in taken:
                    continue
                if other.id in _YIELDS_KEY and other.id not in wanted:
                    left = key_parts(taken.get(other.id, other.keys))
                    taken[other.id] = ",".join(one for one in left if one != key)
                    owners[key] = command
                else:
                    by = f"{other.id} ({other.label})"
                    problems[command.id] = f"keys.{command.id}: {written(key)!r} is taken by {by}."
                    del taken[command.id]
                    break
    return problems

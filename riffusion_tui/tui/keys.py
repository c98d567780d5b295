"""Key bindings after applying the settings, key names, and validation of a keymap."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence

from textual.binding import Binding

from riffusion_tui.config.suggest import did_you_mean
from riffusion_tui.tui.commands import COMMANDS, Command, CommandScope, by_id, of

STEPS = [Binding("up,k", "step(-1)", show=False), Binding("down,j", "step(1)", show=False)]
"""Keys that move the cursor of a list by a row; the list has `action_step`."""

_TOGETHER: tuple[tuple[CommandScope, ...], ...] = (
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
)
"""Sets of scopes that are active together; in each, a key may have only one command."""

_PANES: dict[CommandScope, tuple[CommandScope, ...]] = {
    CommandScope.PROMPT: (CommandScope.PROMPT, CommandScope.ANY, CommandScope.SCREENS),
    CommandScope.OPTIONS: (CommandScope.OPTIONS, CommandScope.ANY, CommandScope.SCREENS),
    CommandScope.FILTER: (CommandScope.FILTER, CommandScope.ANY, CommandScope.SCREENS),
    CommandScope.JOBS: (
        CommandScope.JOBS,
        CommandScope.JOB,
        CommandScope.LISTS,
        CommandScope.ANY,
        CommandScope.SCREENS,
    ),
    CommandScope.SONG: (
        CommandScope.SONG,
        CommandScope.JOB,
        CommandScope.LISTS,
        CommandScope.ANY,
        CommandScope.SCREENS,
    ),
}
_WAYS: tuple[tuple[CommandScope, str, CommandScope], ...] = (
    (CommandScope.PROMPT, "prompt.leave", CommandScope.JOBS),
    (CommandScope.PROMPT, "prompt.options", CommandScope.OPTIONS),
    (CommandScope.OPTIONS, "options.leave", CommandScope.PROMPT),
    (CommandScope.FILTER, "enter", CommandScope.JOBS),
    (CommandScope.JOBS, "write", CommandScope.PROMPT),
    (CommandScope.SONG, "song.leave", CommandScope.JOBS),
    (CommandScope.SONG, "write", CommandScope.PROMPT),
    (CommandScope.DETAIL, "detail.leave", CommandScope.JOBS),
)
"""From scope to scope: the command, or a pane's own key, that leads there."""

_WRITTEN = {
    "question_mark": "?",
    "exclamation_mark": "!",
    "slash": "/",
    "asterisk": "*",
    "plus": "+",
    "minus": "-",
    "equals_sign": "=",
    "full_stop": ".",
    "comma": ",",
    "less_than_sign": "<",
    "greater_than_sign": ">",
    "vertical_line": "|",
    "left_curly_bracket": "{",
    "right_curly_bracket": "}",
    "left_square_bracket": "[",
    "right_square_bracket": "]",
    "escape": "esc",
    "delete": "Del",
    "pageup": "PgUp",
    "pagedown": "PgDn",
    "up": "Up",
    "down": "Down",
    "left": "Left",
    "right": "Right",
    "home": "Home",
    "end": "End",
}
_NAMED = frozenset(
    {"enter", "escape", "tab", "space", "backspace", "delete", "insert", "home", "end", "pageup", "pagedown"}
    | {"up", "down", "left", "right"}
    | {f"f{number}" for number in range(1, 25)}
)


class Keys:
    """The keys in effect: the defaults, overridden by the settings. Invalid overrides are ignored."""

    def __init__(self, wanted: Mapping[str, str]) -> None:
        self.use(wanted)

    def use(self, wanted: Mapping[str, str]) -> None:
        """Apply the keys of the settings."""
        self.problems, self.map = _read(wanted)

    def of(self, id: str) -> tuple[str, ...]:
        """Return a command's keys by Textual's names; the first is the one shown."""
        return _parts(self.map.get(id, by_id()[id].keys))

    def shown(self, id: str) -> str:
        """Return a command's first key as shown on screen, e.g. `^J`; empty if it has none."""
        keys = self.of(id)
        return written(keys[0]) if keys else ""

    def hint(self, id: str, places: Sequence[CommandScope], passed: frozenset[CommandScope] = frozenset()) -> str:
        """Return what to press for a command where `places` apply, e.g. `P`, or `esc P` where letters are text.

        It may be the key of another command with the same action; empty if no keys lead there.

        Args:
            id: the command.
            places: the scopes that apply now, most specific first.
            passed: scopes that must not be entered again on the way to the command.
        """
        action = by_id()[id].action
        same = [one for one in COMMANDS if one.action == action and one.where in places and self.of(one.id)]
        if same:
            return self.shown(min(same, key=lambda one: places.index(one.where)).id)
        if places[0] is CommandScope.FILTER and id == "jobs.clear":
            return written("escape")
        passed |= {places[0]}
        ways = [
            (self.shown(how) if how in by_id() else how, self.hint(id, _PANES[there], passed))
            for start, how, there in _WAYS
            if start is places[0] and there not in passed
        ]
        return min((" ".join(keys) for keys in ways if all(keys)), key=len, default="")

    def all_shown(self, id: str) -> str:
        """Return all of a command's keys as shown on screen."""
        return " ".join(written(key) for key in self.of(id))


def bindings(*places: CommandScope) -> list[Binding]:
    """Return the bindings for the commands of `places`; the keymap refers to them by id."""
    return [
        Binding(
            command.keys,
            command.action,
            command.label,
            show=False,
            id=command.id,
            priority=command.id in ("redraw", "suspend"),  # also over a dialog
        )
        for command in of(*places)
        if command.keys
    ]


def places_in(pane: CommandScope) -> tuple[CommandScope, ...]:
    """Return the scopes of the commands that apply while a pane of the main screen is focused, most specific first."""
    return _PANES[pane]


def is_direct(hint: str) -> bool:
    """Return whether a hint is a single key, which works in the focused pane."""
    return bool(hint) and " " not in hint


def written(key: str) -> str:
    """Format a key for display: `^J`, `F5`, `?`, `Shift+Up`."""
    if key.startswith("ctrl+"):
        return "^" + written(key[5:]).upper() if len(key) == 6 else "^" + written(key[5:])
    if key.startswith("shift+"):
        return "Shift+" + written(key[6:])
    if key.startswith("alt+"):
        return "Alt+" + written(key[4:])
    if key[:1] == "f" and key[1:].isdigit():
        return key.upper()
    return _WRITTEN.get(key, key)


def check(wanted: Mapping[str, str]) -> tuple[str, ...]:
    """Return the problems of the `[keys]` settings, one sentence each."""
    return _read(wanted)[0]


def assign(held: Mapping[str, str], id: str, pressed: str) -> dict[str, str]:
    """Return the `[keys]` settings with new keys for one command; empty: its defaults.

    Another command that had one of these keys keeps its other keys, or gets this command's old ones, so that no command
    is left without a key. Call `check` for remaining problems.
    """
    wanted = {name: keys for name, keys in held.items() if name != id}
    default = by_id()[id].keys
    if not pressed.strip():
        back = assign(held, id, default) if default else wanted
        return {name: keys for name, keys in back.items() if name != id and keys != _default(name)}
    wanted[id] = pressed
    fresh = {_name(key) for key in _parts(pressed)}
    old = [key for key in _parts(held.get(id, by_id()[id].keys)) if _name(key) not in fresh]
    for command in of(*(place for places in _TOGETHER if by_id()[id].where in places for place in places)):
        keys = _parts(wanted.get(command.id, command.keys))
        left = [key for key in keys if _name(key) not in fresh] or old
        if command.id != id and left and any(_name(key) in fresh for key in keys):
            wanted[command.id] = ",".join(left)
    return wanted


def _default(id: str) -> str:
    command = by_id().get(id)
    return command.keys if command is not None else ""


def _read(wanted: Mapping[str, str]) -> tuple[tuple[str, ...], dict[str, str]]:
    known = by_id()
    problems: list[str] = []
    taken: dict[str, str] = {}
    for id, keys in wanted.items():
        names = [_name(key) for key in _parts(keys)]
        wrong = [key for key, name in zip(_parts(keys), names, strict=True) if not name]
        if id not in known:
            problems.append(f'keys: unknown command "{id}".{did_you_mean(id, known)}')
        elif wrong:
            problems.append(f'keys.{id}: "{wrong[0]}" is not a valid key; examples: "ctrl+j", "f5", "x", "?".')
        else:
            taken[id] = ",".join(names)
    problems += _clashes(taken)
    return tuple(problems), taken


def _clashes(taken: dict[str, str]) -> list[str]:
    """Find conflicting keys; the settings' entry is dropped, so that no key silently stops working."""
    problems: list[str] = []
    for places in _TOGETHER:
        owners: dict[str, Command] = {}
        here = sorted((command for command in COMMANDS if command.where in places), key=lambda one: one.id in taken)
        for command in here:
            for key in _parts(taken.get(command.id, command.keys)):
                other = owners.setdefault(key, command)
                if other is not command and command.id in taken:
                    problem = f'keys.{command.id}: "{written(key)}" is taken by {other.id} ({other.label}).'
                    if problem not in problems:
                        problems.append(problem)
                    del taken[command.id]
                    break
    return problems


def _parts(keys: str) -> tuple[str, ...]:
    return tuple(key.strip() for key in keys.split(",") if key.strip())


def _name(key: str) -> str:
    """Return Textual's name of a key written by the user (`?`, `Ctrl+J`); empty if it is invalid."""
    *modifiers, last = key.split("+") if len(key) > 1 else [key]
    modifiers = [modifier.lower() for modifier in modifiers]
    if any(modifier not in ("ctrl", "shift", "alt", "super") for modifier in modifiers):
        return ""
    if len(last) == 1:
        named = last if last.isalnum() else unicodedata.name(last, "").lower().replace(" ", "_").replace("-", "_")
        named = {"hyphen_minus": "minus", "solidus": "slash", "plus_sign": "plus", "low_line": "underscore"}.get(
            named, named
        )
    else:
        named = last if last in _WRITTEN or last.lower() in _NAMED else ""
        named = named.lower() if named.lower() in _NAMED else named
    return "+".join([*modifiers, named]) if named else ""

"""The keys in effect, as bindings and as hints."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from textual.binding import Binding

from riffusion_tui.tui.bindings.command import CommandScope
from riffusion_tui.tui.bindings.commands import COMMANDS, IN_PALETTE_ALWAYS, by_id, in_scopes
from riffusion_tui.tui.bindings.key_names import key_parts, written
from riffusion_tui.tui.bindings.keymap import valid_keys

STEPS = [Binding("up,k", "step(-1)", show=False), Binding("down,j", "step(1)", show=False)]
"""Keys that move the cursor of a list by a row; the list has `action_step`."""

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
    (CommandScope.FILTER, "filter.keep", CommandScope.JOBS),
    (CommandScope.JOBS, "write", CommandScope.PROMPT),
    (CommandScope.JOBS, "jobs.filter", CommandScope.FILTER),
    (CommandScope.SONG, "song.leave", CommandScope.JOBS),
    (CommandScope.SONG, "write", CommandScope.PROMPT),
    (CommandScope.DETAIL, "detail.leave", CommandScope.JOBS),
    (CommandScope.SHEET, "sheet.leave", CommandScope.JOBS),
)
"""From scope to scope: the command, or a pane's own key, that leads there."""


class Keys:
    """The keys in effect: the defaults, overridden by the settings. Invalid overrides are ignored."""

    def __init__(self, wanted: Mapping[str, str]) -> None:
        self.use(wanted)

    def use(self, wanted: Mapping[str, str]) -> None:
        """Apply the keys of the settings."""
        problems, self.map = valid_keys(wanted)
        self.problems = tuple(problems.values())
        self._of = {one.id: key_parts(self.map.get(one.id, one.keys)) for one in COMMANDS}
        self._hints: dict[tuple[str, tuple[CommandScope, ...], frozenset[CommandScope]], str] = {}
        """What `hint` found: each change shows several hints, and each takes a search of all commands."""

    @property
    def textual_keymap(self) -> dict[str, str]:
        """The keys of the settings for Textual, which takes an empty entry for none."""
        return {id: keys or f"unbound.{id}" for id, keys in self.map.items()}

    def of(self, id: str) -> tuple[str, ...]:
        """Return a command's keys by Textual's names; the first is the one shown."""
        return self._of[id]

    def has_command(self, key: str) -> bool:
        """Whether a key, by Textual's name, has a command anywhere."""
        return any(key in keys for keys in self._of.values())

    def shown(self, id: str) -> str:
        """Return a command's first key as shown on screen, e.g. `^J`; empty if it has none."""
        keys = self.of(id)
        return written(keys[0]) if keys else ""

    def shown_or_palette(self, id: str) -> str:
        """Return the same, or where a command is that the settings leave without a key: `^P delete`.

        Those of other screens than the main one aren't in the palette: only the command's label is returned.
        """
        command = by_id()[id]
        palette = f"{self.shown('palette')} " if command.scope in IN_PALETTE_ALWAYS else ""
        return self.shown(id) or f"{palette}{command.label}"

    def hint(self, id: str, scopes: Sequence[CommandScope], passed: frozenset[CommandScope] = frozenset()) -> str:
        """Return what to press for a command where `scopes` apply, e.g. `P`, or `esc P` where letters are text.

        It may be the key of another command with the same action, or the palette if the settings leave it without a
        key; empty if no keys lead there.

        Args:
            id: the command.
            scopes: the scopes that apply now, most specific first.
            passed: scopes that must not be entered again on the way to the command.
        """
        place = (id, tuple(scopes), passed)
        if place not in self._hints:
            unbound = self.shown_or_palette(id) if not passed and self.map.get(id) == "" else ""
            self._hints[place] = self._hint(*place) or unbound
        return self._hints[place]

    def _hint(self, id: str, scopes: tuple[CommandScope, ...], passed: frozenset[CommandScope]) -> str:
        action = by_id()[id].action
        same = [one for one in COMMANDS if one.action == action and one.scope in scopes and self.of(one.id)]
        if same:
            return self.shown(min(same, key=lambda one: scopes.index(one.scope)).id)
        if scopes[0] is CommandScope.FILTER and id == "jobs.clear":
            return written("escape")
        passed |= {scopes[0]}
        ways = [
            (self.shown(how) if how in by_id() else how, self.hint(id, _PANES[there], passed))
            for start, how, there in _WAYS
            if start is scopes[0] and there not in passed
        ]
        return min((" ".join(keys) for keys in ways if all(keys)), key=len, default="")

    def all_shown(self, id: str) -> str:
        """Return all of a command's keys as shown on screen."""
        return " ".join(written(key) for key in self.of(id))


def bindings(*scopes: CommandScope) -> list[Binding]:
    """Return the bindings for the commands of `scopes`; the keymap refers to them by id."""
    return [
        Binding(
            command.keys,
            command.action,
            command.label,
            show=False,
            id=command.id,
            priority=command.id in ("redraw", "suspend"),  # also over a dialog
        )
        for command in in_scopes(*scopes)
        if command.keys
    ]


def scopes_of_pane(pane: CommandScope) -> tuple[CommandScope, ...]:
    """Return the scopes of the commands that apply while a pane of the main screen is focused, most specific first."""
    return _PANES[pane]


def is_direct(hint: str) -> bool:
    """Whether a hint is a single key, which works in the focused pane."""
    return bool(hint) and " " not in hint

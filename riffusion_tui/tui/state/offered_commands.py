"""The footer's commands: those useful now, commands on the current jobs first."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import NamedTuple

from riffusion_tui.jobs.status import Status
from riffusion_tui.tui.bindings.command import Command, CommandScope
from riffusion_tui.tui.bindings.commands import in_scopes

_LAST = 90
"""Commands from this position on are always shown, at the end."""
_ON_JOBS = frozenset({CommandScope.JOB, CommandScope.JOBS})
_ANYWHERE = frozenset({CommandScope.ANY, CommandScope.SCREENS})


class CommandAvailability(NamedTuple):
    """What decides which commands are offered: the jobs they would act on, and the service."""

    statuses: frozenset[Status] = frozenset()
    """States of the marked jobs, or of the selected one; empty if there are none."""
    unsupported: frozenset[str] = frozenset()
    """Ids of commands that the service doesn't support, or that can't succeed."""
    playing: bool = False
    """Whether the selected song plays, so that the key to play it pauses it."""


def offered(scopes: Collection[CommandScope], now: CommandAvailability) -> tuple[Sequence[Command], Sequence[Command]]:
    """Return the commands to show, in order, and those always shown at the end."""
    fits = [one for one in in_scopes(*scopes) if one.footer and _is_useful(one, now) and not _is_doubled(one, scopes)]
    first = [one for one in fits if one.footer < _LAST]
    lists = CommandScope.LISTS in scopes  # the pane's own commands come before global ones
    first.sort(key=lambda one: (lists and one.scope in _ANYWHERE, one.footer))
    return first, sorted((one for one in fits if one.footer >= _LAST), key=lambda one: one.footer)


def _is_useful(command: Command, now: CommandAvailability) -> bool:
    if command.id in now.unsupported or (command.scope in _ON_JOBS and not now.statuses):
        return False
    return not command.when or bool(command.when & now.statuses)


def _is_doubled(command: Command, scopes: Collection[CommandScope]) -> bool:
    """Outside text fields, show the single-letter variant of a global command."""
    return command.scope is CommandScope.ANY and any(
        one.action == command.action and one.footer
        for one in in_scopes(CommandScope.LISTS)
        if CommandScope.LISTS in scopes
    )

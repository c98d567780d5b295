"""The footer's commands: those useful now, commands on the current jobs first."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import NamedTuple

from riffusion_tui.jobs.status import Status
from riffusion_tui.tui.command import Command, CommandScope
from riffusion_tui.tui.commands import of

_LAST = 90
"""Commands from this position on are always shown, at the end."""
_ON_JOBS = frozenset({CommandScope.JOB, CommandScope.JOBS})
_ANYWHERE = frozenset({CommandScope.ANY, CommandScope.SCREENS})


class ActionContext(NamedTuple):
    """What a command would act on."""

    statuses: frozenset[Status] = frozenset()
    """States of the marked jobs, or of the selected one; empty if there are none."""
    beyond: frozenset[str] = frozenset()
    """Ids of commands that the service doesn't support."""


def offered(places: Collection[CommandScope], hand: ActionContext) -> tuple[Sequence[Command], Sequence[Command]]:
    """Return the commands to show, in order, and those always shown at the end."""
    fits = [one for one in of(*places) if one.footer and _of_use(one, hand) and not _doubled(one, places)]
    first = [one for one in fits if one.footer < _LAST]
    lists = CommandScope.LISTS in places  # the pane's own commands come before global ones
    first.sort(key=lambda one: (lists and one.where in _ANYWHERE, one.footer))
    return first, sorted((one for one in fits if one.footer >= _LAST), key=lambda one: one.footer)


def _of_use(command: Command, hand: ActionContext) -> bool:
    if command.id in hand.beyond or (command.where in _ON_JOBS and not hand.statuses):
        return False
    return not command.when or bool(command.when & hand.statuses)


def _doubled(command: Command, places: Collection[CommandScope]) -> bool:
    """Outside text fields, show the single-letter variant of a global command."""
    return command.where is CommandScope.ANY and any(
        one.action == command.action and one.footer for one in of(CommandScope.LISTS) if CommandScope.LISTS in places
    )

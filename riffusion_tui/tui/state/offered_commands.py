"""What the footer offers: the commands that are of use now, those of the jobs in hand first."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import NamedTuple

from riffusion_tui.jobs.status import Status
from riffusion_tui.tui.commands import Command, CommandScope, of

_LAST = 90
"""From this place on a command stands at the end, whatever the room."""
_ON_JOBS = frozenset({CommandScope.JOB, CommandScope.JOBS})
_ANYWHERE = frozenset({CommandScope.ANY, CommandScope.SCREENS})


class ActionContext(NamedTuple):
    """What a command would act on now."""

    statuses: frozenset[Status] = frozenset()
    """Of the selected job, or of all that are marked; empty where there is none."""
    beyond: frozenset[str] = frozenset()
    """Ids of commands that the service can't do."""


def offered(places: Collection[CommandScope], hand: ActionContext) -> tuple[Sequence[Command], Sequence[Command]]:
    """Return the commands to show, in their order, and those that stand at the end whatever the room."""
    fits = [one for one in of(*places) if one.footer and _of_use(one, hand) and not _doubled(one, places)]
    first = [one for one in fits if one.footer < _LAST]
    lists = CommandScope.LISTS in places  # there the pane's own come before what can be done everywhere
    first.sort(key=lambda one: (lists and one.where in _ANYWHERE, one.footer))
    return first, sorted((one for one in fits if one.footer >= _LAST), key=lambda one: one.footer)


def _of_use(command: Command, hand: ActionContext) -> bool:
    if command.id in hand.beyond or (command.where in _ON_JOBS and not hand.statuses):
        return False
    return not command.when or bool(command.when & hand.statuses)


def _doubled(command: Command, places: Collection[CommandScope]) -> bool:
    """A command of any pane has a letter where none is typed: that one is shown there."""
    return command.where is CommandScope.ANY and any(
        one.action == command.action and one.footer for one in of(CommandScope.LISTS) if CommandScope.LISTS in places
    )

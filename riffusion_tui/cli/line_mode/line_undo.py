"""Undo in line mode: the commands of this session that changed jobs or the queue, and what takes each back."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from riffusion_tui.cli.commands.change_jobs import act, numbers, report
from riffusion_tui.cli.errors import WrongUse
from riffusion_tui.cli.wiring.session import Session
from riffusion_tui.dispatch.commands.store_commands import BulkResult
from riffusion_tui.jobs.model import WaitCause
from riffusion_tui.jobs.status import ENDED, UNSENT, Status

_BACK = {
    "again": "cancel", "cancel": "retry", "hold": "release", "release": "hold", "retry": "cancel",
    "pause": "resume", "resume": "pause",
}  # fmt: skip
"""Command → the one that takes it back; deleting has its own way."""
_MAX_UNDOS = 50
"""Maximum number of commands that can be undone."""


class _Step(NamedTuple):
    """A command that was run."""

    command: str
    ids: tuple[int, ...]
    """The jobs that it changed or made."""
    held: tuple[int, ...] = ()
    """Those that were held before."""


class LineUndo:
    """Runs commands, and takes the last ones back."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._steps: tuple[_Step, ...] = ()

    async def act(self, args: Namespace) -> int:
        """Run a command of `change_jobs` and record what it changed; return its exit code."""
        store, ids = self._session.store, numbers(args)
        last = max((job.id for job in store.jobs(limit=1)), default=0)
        before = {id: job.status for id, job in store.jobs_by_id(ids).items()}
        was_paused = self._is_paused()
        code = await act(args, self._session, _in_line_mode)
        if args.command in ("pause", "resume"):
            if self._is_paused() != was_paused:
                self._push(_Step(args.command, ()))
        elif args.command == "again":
            self.note_queued(job.id for job in store.jobs(after=last) if job.parent in before)
        else:
            self._note_changed(args.command, before)
        return code

    def note_queued(self, ids: Iterable[int]) -> None:
        """Record that jobs were queued."""
        if made := tuple(ids):
            self._push(_Step("again", made))

    def _note_changed(self, command: str, before: Mapping[int, Status]) -> None:
        store = self._session.store
        now = store.jobs_by_id(before)
        if command == "delete":
            changed = tuple(id for id in before if store.is_deleted(id))
        else:
            changed = tuple(id for id, status in before.items() if id in now and now[id].status is not status)
        if command == "cancel":  # songs that were being made would be made, and paid for, once more
            changed = tuple(id for id in changed if before[id] in UNSENT)
        if changed:
            self._push(_Step(command, changed, tuple(id for id in changed if before[id] is Status.HELD)))

    def _push(self, step: _Step) -> None:
        self._steps = (*self._steps, step)[-_MAX_UNDOS:]

    def _is_paused(self) -> bool:
        name = self._session.service.name
        return any(gate.service == name and gate.cause is WaitCause.PAUSED for gate in self._session.store.gates())

    async def undo(self) -> tuple[int, ...]:
        """Take back the last command, again the one before; return its jobs. Raises `WrongUse` if it can't be."""
        if not self._steps:
            raise WrongUse("Nothing to undo.")
        *rest, step = self._steps
        self._steps = tuple(rest)
        ids = self._still_open(step.ids) if _BACK.get(step.command) == "cancel" else step.ids
        if step.ids and not ids:
            raise WrongUse(_ended(step.ids))
        await self._take_back(step._replace(ids=ids))
        return ids

    def _still_open(self, ids: tuple[int, ...]) -> tuple[int, ...]:
        found = self._session.store.jobs_by_id(ids)
        return tuple(id for id in ids if id in found and found[id].status not in ENDED)

    async def _take_back(self, step: _Step) -> None:
        commands, store = self._session.job_commands, self._session.store
        if step.command == "delete":
            report(BulkResult(commands.undo()), store, command=_in_line_mode)
        elif step.command == "cancel":
            again = commands.retry(step.ids)
            commands.hold(step.held)
            report(again, store, command=_in_line_mode)
        else:
            await act(Namespace(command=_BACK[step.command], jobs=[step.ids]), self._session, _in_line_mode)


def _in_line_mode(command: str) -> str:
    return f":{command}"


def _ended(ids: tuple[int, ...]) -> str:
    numbers = " ".join(map(str, ids))
    if len(ids) == 1:
        return f"Job {numbers} has already ended; :delete {numbers} removes it."
    return f"Jobs {numbers} have already ended; :delete {numbers} removes them."

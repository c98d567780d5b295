"""How a command changes many jobs without holding up a key, and how the last commands are undone."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from riffusion_tui.jobs.model import Job
from riffusion_tui.jobs.status import ENDED
from riffusion_tui.tui.actions.base import MainActions
from riffusion_tui.tui.messages import say
from riffusion_tui.tui.reporting import in_worker

if TYPE_CHECKING:
    from riffusion_tui.dispatch.job_commands import BulkResult, JobCommands
    from riffusion_tui.store.job_table import Progress

    BulkAct = Callable[[JobCommands, Progress], BulkResult]

MANY = 200
"""Jobs from which on a command works in a thread: fewer take some milliseconds."""
_UNDOS = 50
"""Commands that can be undone."""
_TOGETHER_S = 10.0
"""Jobs that are made again within so many seconds of each other are undone together: keys repeat when held."""


class UndoStep(NamedTuple):
    """How to undo one command."""

    ids: tuple[int, ...]
    run: Callable[[tuple[int, ...]], Awaitable[None]]
    """Called with `ids`."""
    makes: bool = False
    """Whether the jobs are new: once they have ended, there is nothing to undo."""
    again_at: float | None = None
    """When jobs were made again, on the steady clock; else None."""


class BulkActions(MainActions):
    """Run a command on many jobs; undo it."""

    _undo_steps: tuple[UndoStep, ...] = ()
    """The latest last."""

    def report_bulk(self, what: str, result: BulkResult) -> None:
        """Say how many jobs were changed, and why the others were not."""
        done = say(f"acted.{what}", n=len(result.jobs)) if result.jobs else ""
        if not result.left:
            if done:
                self.tell(done, "done")
            return
        id, why = result.left[0]
        left = say("acted.left", n=len(result.left), id=id, why=why)
        self.tell(f"{done} {left}".strip(), "waits")

    async def in_bulk(self, what: str, count: int, act: BulkAct) -> BulkResult:
        """Change `count` jobs in one transaction; many in a thread, with a line that counts them.

        Args:
            what: names the line, `acting.WHAT`.
            count: the jobs that `act` is for.
            act: what is done.
        """
        from riffusion_tui.store.job_table import quiet

        commands = self.job_commands
        if count < MANY:
            return act(commands, quiet)
        loop = asyncio.get_running_loop()

        def show(done: int) -> None:
            self.tell(say(f"acting.{what}", n=done, of=count))

        def progress(done: int) -> None:
            loop.call_soon_threadsafe(show, done)

        show(0)
        result = await asyncio.to_thread(commands.on_own_connection, lambda own: act(own, progress))
        self.deps.store.poll()
        return result

    # -- undo

    def can_undo(self, jobs: Sequence[Job], run: Callable[[tuple[int, ...]], Awaitable[None]]) -> None:
        """Note how the command that changed `jobs` is undone."""
        self._note(UndoStep(tuple(job.id for job in jobs), run))

    def can_undo_made(self, jobs: Sequence[Job], *, again: bool = False) -> None:
        """Note that new jobs are undone by cancelling them; those of one key held down, together."""
        now = self.deps.clock.steady()
        step = UndoStep(tuple(job.id for job in jobs), self._cancel_made, makes=True, again_at=now if again else None)
        last = self._undo_steps[-1] if self._undo_steps else None
        if again and last is not None and last.again_at is not None and now - last.again_at < _TOGETHER_S:
            step = step._replace(ids=last.ids + step.ids)
            self._undo_steps = self._undo_steps[:-1]
        self._note(step)

    def _note(self, step: UndoStep) -> None:
        if step.ids:
            self._undo_steps = (*self._undo_steps, step)[-_UNDOS:]

    async def _cancel_made(self, ids: tuple[int, ...]) -> None:
        jobs = self.job_list.jobs
        open_ids = [id for id in ids if id in jobs and jobs[id].status not in ENDED]
        unsent = await self.in_bulk(
            "cancelled", len(open_ids), lambda own, progress: own.cancel_unsent(open_ids, progress)
        )
        self.report_bulk("cancelled", await self.job_commands.cancel_running(unsent))

    def can_undo_deleted(self, jobs: Sequence[Job]) -> None:
        """Note that deleted jobs can be brought back."""
        self.can_undo(jobs, self._restore)

    async def _restore(self, ids: tuple[int, ...]) -> None:
        restored: list[Job] = []

        def act(own: JobCommands, progress: Progress) -> BulkResult:
            from riffusion_tui.dispatch.job_commands import BulkResult

            restored.extend(own.undo(progress))
            return BulkResult(tuple(restored))

        await self.in_bulk("restored", len(ids), act)
        if restored:
            self.job_list.select(restored[0].id)
        self.tell(say("undo.done", n=len(restored)) if restored else say("undo.nothing"), "done")

    @in_worker
    async def action_undo(self) -> None:
        """Undo the last command that changed jobs; again undoes the one before."""
        while self._undo_steps:
            *rest, last = self._undo_steps
            self._undo_steps = tuple(rest)
            if last.makes and not self._open(last.ids):
                continue  # they have ended: nothing is left to cancel
            await last.run(last.ids)
            return
        self.tell(say("undo.nothing"))

    def _open(self, ids: tuple[int, ...]) -> bool:
        jobs = self.job_list.jobs
        return any(id in jobs and jobs[id].status not in ENDED for id in ids)

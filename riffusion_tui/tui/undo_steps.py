"""What undo does: a step for each of the last commands that changed jobs."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from riffusion_tui.jobs.model import Job
from riffusion_tui.jobs.status import ENDED, Status
from riffusion_tui.tui.messages import message

if TYPE_CHECKING:
    from riffusion_tui.tui.bulk_commands import BulkCommands
    from riffusion_tui.tui.dialogs import DialogApp


_OPEN = frozenset(Status) - ENDED
_MAX_UNDOS = 50
"""Maximum number of commands that can be undone."""
_GROUPED_WITHIN_S = 2.0
"""Jobs that one key made again within this time, in seconds, are undone together, since a held key repeats."""


class Repeat(NamedTuple):
    """Jobs that one key made again, while it was held."""

    sources: tuple[int, ...]
    """The jobs that were last made again."""
    jobs: tuple[Job, ...]
    """The new jobs."""
    other_seed: bool
    at: float
    """On the steady clock."""

    def continues(self, last: Repeat) -> bool:
        """Whether the key that made `last` may be held: it makes the same jobs again, or the new ones."""
        new = {job.id for job in last.jobs}
        same = self.sources == last.sources or new.issuperset(self.sources)
        return same and self.other_seed is last.other_seed and self.at - last.at < _GROUPED_WITHIN_S


class UndoStep(NamedTuple):
    """How to undo one command."""

    ids: tuple[int, ...]
    run: Callable[[tuple[int, ...]], Awaitable[None]]
    """Called with `ids`."""
    makes: bool = False
    """Whether the jobs are new: once they have ended, there is nothing to undo."""
    repeat: Repeat | None = None
    """If one key made the jobs again."""


class UndoSteps:
    """Records how to undo commands on jobs, and undoes the last ones."""

    def __init__(self, app: DialogApp, bulk: BulkCommands) -> None:
        self._app = app
        self._bulk = bulk
        self._steps: tuple[UndoStep, ...] = ()
        """Latest last."""

    # -- recording

    def note(self, ids: Iterable[int], run: Callable[[tuple[int, ...]], Awaitable[None]]) -> None:
        """Record how to undo the command that changed these jobs."""
        self._push(UndoStep(tuple(ids), run))

    def note_made(self, ids: Iterable[int]) -> None:
        """Record that cancelling undoes new jobs."""
        self._push(UndoStep(tuple(ids), self._cancel_made, makes=True))

    def note_repeated(self, sources: tuple[int, ...], jobs: Sequence[Job], *, other_seed: bool) -> list[Job]:
        """Record that cancelling undoes jobs made again; those of one held key are undone together.

        Returns:
            the jobs that undo cancels now: `jobs`, after those that the held key made before and that have not ended.
        """
        repeat = Repeat(sources, tuple(jobs), other_seed, self._app.deps.clock.steady())
        last = self._steps[-1].repeat if self._steps else None
        if last is not None and repeat.continues(last):
            made = set(self._open(self._steps[-1].ids))
            repeat = repeat._replace(jobs=(*(job for job in last.jobs if job.id in made), *jobs))
            self._steps = self._steps[:-1]
        self._push(UndoStep(tuple(job.id for job in repeat.jobs), self._cancel_made, makes=True, repeat=repeat))
        return list(repeat.jobs)

    def _push(self, step: UndoStep) -> None:
        if step.ids:
            self._steps = (*self._steps, step)[-_MAX_UNDOS:]

    async def _cancel_made(self, ids: tuple[int, ...]) -> None:
        open_ids = self._open(ids)
        unsent = await self._bulk.run(
            "cancelled", len(open_ids), lambda own, progress: own.cancel_unsent(open_ids, progress)
        )
        result = await self._app.deps.job_commands.cancel_running(unsent)
        ended = set(self._app.deps.store.in_status((id for id, _ in result.left), ENDED))
        left = tuple(id for id, _ in result.left if id not in ended)
        self._push(UndoStep(left, self._cancel_made, makes=True))  # being sent at this moment: undo tries it again
        self._bulk.report("cancelled", result)

    def note_cancelled(self, ids: Iterable[int], waited: Collection[int], held: Collection[int]) -> None:
        """Record that cancelled jobs can be queued again: those that `waited`, of which some were `held`.

        The others were being made. To queue them again would make, and may cost, a second song; undo only says how.
        """

        async def queue_again(ids: tuple[int, ...]) -> None:
            unsent, holding = [id for id in ids if id in waited], [id for id in ids if id in held]
            again = await self._bulk.run("restored", len(unsent), lambda own, progress: own.retry(unsent, progress))
            await self._bulk.run("held", len(holding), lambda own, progress: own.hold(holding, progress))
            made = len(ids) - len(unsent)
            if not made:
                self._bulk.report("restored", again)
                return
            restored = message("acted.restored", n=len(again.ids)) if again.ids else ""
            stays = message("undo.made", n=made, key=self._app.hint("job.retry"))
            self._app.show_message(f"{restored} {stays}".strip(), "waits")

        self.note(ids, queue_again)

    def note_deleted(self, ids: Iterable[int]) -> None:
        """Record that deleted jobs can be restored."""
        self.note(ids, self._restore)

    def note_replaced(self, old: int, made: Iterable[int]) -> None:
        """Record that new jobs took the place of a deleted one: undo restores it and cancels them."""
        made = tuple(made)

        async def bring_back(ids: tuple[int, ...]) -> None:
            cancelled = len(self._open(made))
            if cancelled and not await self._may_cancel(made):
                self.note(ids, bring_back)
                return
            await self._cancel_made(made)
            await self._restore(ids)
            if cancelled:
                self._app.show_message(message("undo.replaced", n=cancelled, id=old), "done")

        self.note([old], bring_back)

    async def _restore(self, ids: tuple[int, ...]) -> None:
        restored = await self._bulk.run("restored", len(ids), lambda own, progress: own.undo(progress))
        if restored:
            self._app.model.list.select(restored[0])
        self._app.show_message(message("undo.done", n=len(restored)) if restored else message("undo.nothing"), "done")

    # -- undoing

    async def undo(self) -> None:
        """Undo the last command that changed jobs; again undoes the one before."""
        ended = message("undo.ended") if self._drop_ended() else ""
        if self._steps and not ended:
            await self._undo(self._steps[-1])
            return
        self._app.show_message(f"{ended} {self._next_undo()}".strip())

    def _next_undo(self) -> str:
        """Return what undo would do next."""
        if self._steps:
            return message("undo.before", key=self._app.hint("job.undo"))
        current = self._app.model.list.current
        cancelled = current is not None and current.status is Status.CANCELLED
        key = self._app.hint("job.retry") if cancelled else ""
        return message("undo.cancelled", key=key) if key else message("undo.nothing")

    def _drop_ended(self) -> bool:
        """Forget the last commands if they made jobs that have all ended; return whether there were any."""
        before = len(self._steps)
        while self._steps and self._steps[-1].makes and not self._open(self._steps[-1].ids):
            self._steps = self._steps[:-1]
        return len(self._steps) < before

    async def _undo(self, last: UndoStep) -> None:
        if last.makes and not await self._may_cancel(last.ids):
            return
        self._steps = tuple(step for step in self._steps if step is not last)
        await last.run(last.ids)

    async def _may_cancel(self, ids: tuple[int, ...]) -> bool:
        """Ask before cancelling as many songs as are confirmed before they are queued: it can't be undone."""
        count = len(self._open(ids))
        if count <= self._app.deps.settings.batch.confirm_above:
            return True
        return await self._app.confirm(message("undo.title"), message("undo.many", n=count))

    def _open(self, ids: tuple[int, ...]) -> list[int]:
        """Return those of the jobs that have not ended; not all may be in the list yet."""
        return list(self._app.deps.store.in_status(ids, _OPEN, deleted=False))

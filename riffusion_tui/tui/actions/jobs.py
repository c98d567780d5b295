"""Commands on the marked jobs, or the selected one."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from riffusion_tui.jobs.model import WaitCause
from riffusion_tui.jobs.status import TAKES_SLOT, UNDER_WAY, UNSENT, Status
from riffusion_tui.tui.actions.edits import EditActions
from riffusion_tui.tui.messages import message
from riffusion_tui.tui.state.choice import Choice, can_cancel
from riffusion_tui.tui.widgets.status_bar import BRIEF_MESSAGE_S
from riffusion_tui.tui.workers import in_worker

if TYPE_CHECKING:
    from riffusion_tui.dispatch.commands.job_commands import JobCommands
    from riffusion_tui.dispatch.commands.store_commands import BulkResult
    from riffusion_tui.dispatch.sending.queue_order import QueuePlace
    from riffusion_tui.store.job_table import Progress


_ASKED_AGAIN = frozenset({WaitCause.OUTDATED, WaitCause.UNREADABLE})
"""Causes that have no deadline, and that a response of the service ends."""


class JobActions(EditActions):
    """Generate again, change the queue, delete."""

    @in_worker
    async def _make_again(self, *, other_seed: bool = False) -> None:
        """Queue copies of the jobs; asks first if the service may charge for them."""
        ids = self.targets()
        can = self.deps.capabilities
        if not ids or not await self.undoable.confirmed(ids, free=can.local or can.repeatable):
            return
        ahead = self._owner.model.summary.waiting
        jobs = await self.undoable.again(ids, other_seed=other_seed)
        made = self.undo_steps.note_repeated(ids, jobs, other_seed=other_seed)
        self.job_list.select(jobs[0].id)
        earlier = (job.id for job in made[: -len(jobs)])  # made by the same held key
        ahead -= len(self.deps.store.in_status(earlier, {Status.QUEUED}))
        n, key, top = self.undoable.count_songs(made), self.hint("job.undo"), self.hint("job.top")
        different = () if other_seed else self.deps.callbacks.differences(ids)
        if not (other_seed or different) and all(job.options.seed is not None for job in jobs):
            done = message("again.same", n=n, key=key, other=self.hint("job.seed"))
        else:
            done = message("again.behind" if ahead > 0 else "again.done", n=n, key=key, top=top, ahead=ahead)
        self.show_message(" ".join((*different, done)), "waits" if different else "done")

    # -- generate again

    def action_again(self) -> None:
        """Generate the jobs again, unchanged."""
        self._make_again()

    def action_other_seed(self) -> None:
        """Generate the jobs again with new seeds."""
        self._make_again(other_seed=True)

    @in_worker
    async def action_make_with(self) -> None:
        """Choose another service and generate the jobs with it."""
        if ids := self.targets():
            await self.undoable.make_with(ids)

    @in_worker
    async def action_retry(self) -> None:
        """Retry failed, refused or cancelled jobs."""
        if ids := self.targets():
            result = await self.bulk.run("retried", len(ids), lambda own, progress: own.retry(ids, progress))
            self.undo_steps.note_made(result.ids)
            self.bulk.report("retried", result)

    def action_edit_job(self) -> None:
        """Load the prompt and options of the selected job into the editor."""
        job = self.current(finished=False)
        if job is None:
            return
        if job.options.operation:
            self.edit_again()
            return
        self.draft.take(job)
        self.put_prompt(job)

    # -- the queue

    @in_worker
    async def action_cancel_jobs(self) -> None:
        """Cancel jobs; asks first if some are being made, since those may still be made."""
        ids = self.targets()
        if not ids:
            return
        running = [id for id in ids if self.job_list.jobs[id].status in TAKES_SLOT]
        stoppable = any(can_cancel(self.job_list.jobs[id].service) for id in running)
        question = message("cancel.running" if stoppable else "cancel.endless", n=len(running))
        if running and not await self._owner.confirm(message("cancel.title"), question):
            return
        there = self.job_list.known(ids)  # while it asked, another process may have deleted some
        waited = {job.id for job in there if job.status in UNSENT}
        held = {job.id for job in there if job.status is Status.HELD}
        unsent = await self.bulk.run("cancelled", len(ids), lambda own, progress: own.cancel_unsent(ids, progress))
        result = await self.job_commands.cancel_running(unsent)
        self.undo_steps.note_cancelled(result.ids, waited, held)
        self.bulk.report("cancelled", result)

    @in_worker
    async def action_hold(self) -> None:
        """Hold jobs."""
        await self._hold(self.targets(), hold=True)

    @in_worker
    async def action_release(self) -> None:
        """Release held jobs."""
        await self._hold(self.targets(), hold=False)

    async def _hold(self, ids: tuple[int, ...], *, hold: bool, undo: bool = True) -> None:
        if not ids:
            return
        what = "held" if hold else "released"

        def act(own: JobCommands, progress: Progress) -> BulkResult:
            return own.hold(ids, progress) if hold else own.release(ids, progress)

        result = await self.bulk.run(what, len(ids), act)
        if undo:
            self.undo_steps.note(result.ids, partial(self._hold, hold=not hold, undo=False))
        self.bulk.report(what, result)

    @in_worker
    async def _move(self, place: QueuePlace) -> None:
        if ids := self.targets():
            result = await self.bulk.run("moved", len(ids), lambda own, progress: own.move(ids, place))
            if result.left and not result.ids:
                id, why = result.left[0]
                self.show_message(message("acted.left", n=len(result.left), id=id, why=why), "waits")

    def action_move_up(self) -> None:
        """Move up in the queue."""
        from riffusion_tui.dispatch.sending.queue_order import QueuePlace

        self._move(QueuePlace.UP)

    def action_move_down(self) -> None:
        """Move down in the queue."""
        from riffusion_tui.dispatch.sending.queue_order import QueuePlace

        self._move(QueuePlace.DOWN)

    def action_move_to_top(self) -> None:
        """Send them next."""
        from riffusion_tui.dispatch.sending.queue_order import QueuePlace

        self.jobs.view.stay()
        self._move(QueuePlace.TOP)

    @in_worker
    async def action_try_now(self) -> None:
        """End all timed waits; ask a service again that needed an update or wasn't understood."""
        ended = self.job_commands.next_now()
        if any(gate.cause in _ASKED_AGAIN for gate in self._owner.model.gates):
            self.show_message(message("now.asking", service=self.deps.service))
            await self.deps.account_commands.refresh()
            ended = True
        if ended:
            self._owner.show_message(message("now.done"), stays_s=BRIEF_MESSAGE_S)
        else:
            self.show_message(message("now.nothing"))

    def action_pause_queue(self) -> None:
        """Pause or resume sending."""
        if self._owner.model.summary.paused:
            self.job_commands.resume()
            self.show_message(message("queue.resumed"), "done")
        else:
            self.job_commands.pause()
            self.show_message(message("queue.paused"), "waits")

    @in_worker
    async def action_settle(self) -> None:
        """Ask whether a maybe sent job was sent."""
        job = self.job_list.current
        if job is None or job.status is not Status.MAYBE_SENT:
            self.show_message(message("settle.not"))
            return
        choices = [
            Choice("sent", message("settle.sent"), message("settle.sent_help")),
            Choice("not", message("settle.not_sent"), message("settle.not_sent_help")),
        ]
        answer = await self._owner.pick(message("settle.title", id=job.id), choices)
        if answer is not None:
            self.job_commands.settle(job.id, sent=answer == "sent")

    @in_worker
    async def action_delete_jobs(self) -> None:
        """Remove jobs from the list, after asking; those under way stay."""
        ids = self.targets()
        if not ids:
            return
        removable = [id for id in ids if self.job_list.jobs[id].status not in UNDER_WAY]
        question = message("delete.ask", n=len(removable), key=self.hint("job.undo"))
        if not removable or await self._owner.confirm(message("delete.title"), question):
            result = await self.bulk.run("deleted", len(ids), lambda own, progress: own.delete(ids, progress))
            self.undo_steps.note_deleted(result.ids)
            self.bulk.report("deleted", result)

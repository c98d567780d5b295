"""Commands on jobs for every screen, which can be undone: rating, and making again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from riffusion_tui.jobs.model import VERDICTS, Job
from riffusion_tui.tui.messages import message
from riffusion_tui.tui.state.choice import free_service, is_free, services

if TYPE_CHECKING:
    from riffusion_tui.dispatch.commands.store_commands import BulkResult
    from riffusion_tui.tui.bulk_commands import BulkCommands
    from riffusion_tui.tui.dialogs import DialogApp
    from riffusion_tui.tui.undo_steps import UndoSteps


class UndoableCommands:
    """Rates songs and makes them again; the steps that undo it are recorded."""

    def __init__(self, app: DialogApp, bulk: BulkCommands, undo_steps: UndoSteps) -> None:
        self._app = app
        self._bulk = bulk
        self._undo_steps = undo_steps
        self._made_with = ""
        """The service that was chosen last; it is offered first."""

    # -- rating

    def judge(self, verdicts: Mapping[int, str]) -> None:
        """Rate takes, by job."""
        for id, verdict in verdicts.items():
            self._app.deps.job_commands.judge(id, verdict)
        self._note_verdicts(tuple(verdicts))

    async def judge_all(self, ids: Sequence[int], verdict: str) -> None:
        """Give many takes the same verdict."""
        result = await self._rate(ids, verdict, verdict)
        self._note_verdicts(result.ids)
        self._bulk.report(verdict, result)

    async def _rate(self, ids: Sequence[int], verdict: str, what: str) -> BulkResult:
        return await self._bulk.run(what, len(ids), lambda own, progress: own.judge_all(ids, verdict, progress))

    def _note_verdicts(self, ids: Sequence[int]) -> None:
        """Record these jobs' previous verdicts, which the list still has."""
        before = {job.id: job.verdict for job in self._app.model.list.known(ids)}

        async def take_back(ids: tuple[int, ...]) -> None:
            for verdict in VERDICTS:
                await self._rate([id for id in ids if before[id] == verdict], verdict, "verdict")
            self._app.show_message(message("acted.verdict", n=len(ids)), "done")

        self._undo_steps.note(before, take_back)

    # -- making again

    async def make_with(self, ids: tuple[int, ...]) -> None:
        """Choose a service and queue copies of the jobs there."""
        app = self._app
        made_by = {job.service for job in app.model.list.known(ids)}
        spare = made_by if len(made_by) == 1 else set[str]()
        choices = [one for one in services(spare) if one.id in made_by or app.deps.callbacks.is_set_up(one.id)]
        if not choices:
            app.show_message(message("pick.none_set_up"), "waits")
            return
        title = message("pick.make_with", n=len(ids))
        if wanted := await app.pick(title, choices, chosen=self._made_with or free_service(choices)):
            self._made_with = wanted
            if not await self.confirmed(ids, free=is_free(wanted)):
                return
            jobs = await self.again(ids, service=wanted)
            app.deps.dispatch_jobs_too(jobs)
            self._undo_steps.note_made(job.id for job in jobs)
            app.model.list.select(jobs[0].id)
            app.show_message(message("make.done", n=self.count_songs(jobs)), "done")

    async def again(self, ids: tuple[int, ...], *, other_seed: bool = False, service: str = "") -> tuple[Job, ...]:
        """Queue copies of the jobs; return them."""
        return await self._bulk.run(
            "again", len(ids), lambda own, progress: own.again(ids, other_seed=other_seed, service=service)
        )

    async def confirmed(self, ids: tuple[int, ...], *, free: bool) -> bool:
        """Ask for confirmation if the service may charge for the jobs, or if there are many."""
        count = self.count_songs(self._app.model.list.known(ids))
        if free and count <= self._app.deps.settings.batch.confirm_above:
            return True
        question = message("make.many", n=count) if free else message("again.ask", n=count)
        return await self._app.confirm(message("again.title"), question)

    def count_songs(self, jobs: Sequence[Job]) -> int:
        """Count the songs that jobs make: one per edit, and the service's number per prompt."""
        return sum(1 if job.options.operation else self._app.deps.capabilities.songs for job in jobs)

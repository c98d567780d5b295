"""Prints what happens to jobs in line mode: each change once, on a line of its own."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

from riffusion_tui.cli.exit_messages import words_of
from riffusion_tui.cli.line_mode.line_views import put_state
from riffusion_tui.cli.printing.job_details import limits_of
from riffusion_tui.cli.printing.output import put, text_line
from riffusion_tui.cli.wiring.background import Background
from riffusion_tui.cli.wiring.session import Session
from riffusion_tui.dispatch.queue_summary import summarize
from riffusion_tui.jobs.model import Job
from riffusion_tui.jobs.status import ENDED, Status, predicate

_POLL_S = 0.3


class ChangePrinter:
    """Prints the changes of the store, except those that a command prints itself."""

    def __init__(self, session: Session, behind: Background) -> None:
        self._session = session
        self._behind = behind
        self._seen: dict[int, Status] = {job.id: job.status for job in session.store.jobs()}
        self._rev = session.store.rev
        self.paused = asyncio.Lock()
        """Held while a command changes jobs: it prints by itself what it does to them."""

    def note(self, ids: Iterable[int]) -> None:
        """Note the state of jobs that a command has just printed."""
        self.note_jobs(self._session.store.jobs_by_id(ids).values())

    def note_jobs(self, jobs: Iterable[Job]) -> None:
        """Note jobs in the state in which they were printed."""
        self._seen.update((job.id, job.status) for job in jobs)

    async def print_changes(self) -> None:
        """Print each change of a job, and each problem that needs attention, once."""
        reported: set[object] = set()
        while True:
            await asyncio.sleep(_POLL_S)
            fault = self._behind.fault()
            if fault is not None and str(fault) not in reported:
                put(f"The queue stopped: {words_of(fault) if isinstance(fault, Exception) else fault}")
            reported = {one for one in reported if not isinstance(one, str)} | ({str(fault)} if fault else set())
            async with self.paused:
                if not self._announce_changes():
                    continue
            state = summarize(self._session.store, self._session.service.name, self._session.clock.now())
            banners = {(banner.cause, banner.account, banner.since) for banner in state.banners}
            if banners - reported:
                put_state(self._session)
            reported |= banners

    def _announce_changes(self) -> bool:
        """Print what changed in the store; return whether anything did."""
        changes = self._session.store.changed_since(self._rev)
        has_changed = changes.rev != self._rev
        self._rev = changes.rev
        for job in changes.jobs:
            self._announce(job)
        return has_changed

    def _announce(self, job: Job) -> None:
        if self._seen.get(job.id) is job.status:
            return
        self._seen[job.id] = job.status
        if job.status in ENDED:
            put(f"Job {text_line(job)}")
            for limit in limits_of(job, self._session.store):
                put(f"Job {job.id}: {limit}")
        elif job.status in (Status.MAKING, Status.HELD, Status.MAYBE_SENT):
            put(f"Job {job.id} {predicate(job.status)}.")

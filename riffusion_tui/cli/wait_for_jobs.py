"""Wait until jobs have ended: tell each as it ends, show progress, stop when only a person can go on."""

from __future__ import annotations

import asyncio
import shlex
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from riffusion_tui.clean import clean_line
from riffusion_tui.cli.errors import DONE, SOME_FAILED, NeedsPerson, WrongUse
from riffusion_tui.cli.exit_messages import words_of
from riffusion_tui.cli.output import json_line, length, put, say, text_line
from riffusion_tui.cli.progress import Progress
from riffusion_tui.cli.session import Session
from riffusion_tui.dispatch.wait import NO_ROOM, ended, reasons
from riffusion_tui.jobs.model import Job
from riffusion_tui.jobs.status import Status

if TYPE_CHECKING:
    from riffusion_tui.dispatch.dispatcher import Dispatcher

_LOOK_S = 1.0
"""How often it looks whether something stands in the way."""
_PATIENCE = 3
"""Looks in a row that have to find every job blocked before a person is asked for."""
_ENDS = {
    Status.DONE: "made",
    Status.FAILED: "failed",
    Status.REFUSED: "refused",
    Status.CANCELLED: "cancelled",
}
_DISK_PATIENCE = 120
"""Likewise where a disk is in the way: it is told at once, and may have room again soon."""


def check_out(out: Path | None) -> None:
    """Make the folder that songs are copied into. Raises `WrongUse`."""
    try:
        if out is not None:
            out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise WrongUse(f"The folder {out} can't be made: {error.strerror}.") from None


class Waiter:
    """Waits for some jobs.

    Args:
        session: the parts.
        ids: which.
        json: print a JSON line for each instead of a line for a person.
        out: copy finished songs into this folder.
    """

    def __init__(self, session: Session, ids: Iterable[int], *, json: bool, out: Path | None) -> None:
        self._session = session
        self._json = json
        self._out = out
        self._ended: Counter[Status] = Counter()
        self._began = session.clock.steady()
        self._reported = ""
        self._reasons: set[str] = set()
        self._reasons_rev = -1
        self.known = set(ids)
        """All that it waits for, and has waited for."""
        self.pending = set(self.known)
        """Jobs that have not ended yet; a request's further songs join them when they are there."""

    async def wait(self) -> int:
        """Dispatch, or follow whoever does, until every job has ended; return the exit code.

        Raises:
            BadAddress, NotStarted, Unauthorized: no try will ever succeed, found out before anything is sent.
            NeedsPerson: every job left waits for a person.
            BaseException: what stopped the dispatcher (a damaged store, say).
        """
        services = {self._session.store.job(id).service for id in self.pending}
        if self._session.service.name in services:
            await self._look_first()
        async with self._session.dispatcher(services) as dispatcher:
            with Progress(self._session, self.pending, self.known) as progress:
                ends = asyncio.create_task(self._ends(progress), name="ends")
                try:
                    await self._watch(ends, dispatcher, progress)
                finally:
                    ends.cancel()
                    await asyncio.wait((ends,))  # it reads the store, which is closed next
                await ends
        self._sum_up()
        return DONE if self._ended.total() == self._ended[Status.DONE] else SOME_FAILED

    def _sum_up(self) -> None:
        """Say in one line what became of several jobs."""
        if self._ended.total() < 2:
            return
        counts = [f"{self._ended[status]} {word}" for status, word in _ENDS.items() if self._ended[status]]
        took = length(self._session.clock.steady() - self._began)
        where = self._session.context.songs if self._out is None else self._out.absolute()
        songs = f" Songs are in {clean_line(str(where))}." if self._ended[Status.DONE] else ""
        say(f"{', '.join(counts)} in {took}.{songs}")

    async def _look_first(self) -> None:
        """Ask the service once. One that is down or answers oddly is tried again, as in the middle of the work."""
        from riffusion_tui.services.base import BadAddress, NotStarted, ServiceError, Unauthorized

        try:
            await self._session.service.workload()
        except (BadAddress, NotStarted, Unauthorized):
            raise
        except ServiceError as error:
            say(f"{words_of(error)}\nWaiting for the service; ^C ends this, and nothing queued is lost.")

    async def _watch(self, ends: asyncio.Task[None], dispatcher: Dispatcher, progress: Progress) -> None:
        """Show progress until `ends` is done, or raise what stands in the way of every job for too long."""
        stuck = 0
        while not ends.done():
            await asyncio.wait((ends,), timeout=_LOOK_S)
            fault, blocking = dispatcher.fault(), self._blocking()
            stuck = stuck + 1 if (fault or blocking) and not ends.done() else 0
            disk = fault is not None or blocking == {NO_ROOM}
            self._tell(words_of(fault) if isinstance(fault, Exception) else NO_ROOM if disk else "", progress)
            if dispatcher.stopped or stuck >= (_DISK_PATIENCE if disk else _PATIENCE):
                raise fault or NeedsPerson("\n".join(sorted(blocking)))
            progress.show()

    def _tell(self, words: str, progress: Progress) -> None:
        """Say once what a disk keeps from going on."""
        if words and words != self._reported:
            progress.clear()
            say(words)
        self._reported = words

    async def _ends(self, progress: Progress) -> None:
        store = self._session.store
        while asked := tuple(self.pending):
            async for job in ended(store, asked, self._session.clock):
                self._join(set(store.siblings(job.id)))
                self.pending.discard(job.id)
                self._ended[job.status] += 1
                file = await self._copied(job)
                progress.clear()
                put(json_line(job, file) if self._json else text_line(job, file))
            self.pending.difference_update(asked)  # what is left of them was deleted meanwhile

    def goes_on(self, ids: str = "") -> str:
        """Say what makes the jobs that are left, and where their songs go then: `--out` is this command's alone."""
        what = f" with {ids}" if ids else ""
        if self._out is None:
            return f"Nothing is lost: `{self._session.context.command('work')}` goes on{what}."
        songs, out = clean_line(str(self._session.context.songs)), clean_line(shlex.quote(str(self._out.absolute())))
        work = self._session.context.command(f"work --out {out}")
        return f"Nothing is lost: `{work}` goes on{what}. Without that --out, what is left is put into {songs} only."

    def _join(self, ids: set[int]) -> None:
        """Wait for these as well, where that is new."""
        self.pending |= ids - self.known
        self.known |= ids

    async def _copied(self, job: Job) -> str | None:
        if self._out is None or job.status is not Status.DONE:
            return None
        return str(await self._session.job_commands.save_as(job.id, self._out.absolute() / Path(job.file).name))

    def _blocking(self) -> set[str]:
        """Return what a person has to do; nothing while any job can go on by itself."""
        store = self._session.store
        rev = store.rev
        if rev != self._reasons_rev:  # else all is as it was at the last look, however many jobs there are
            self._reasons, self._reasons_rev = reasons(store, self.pending), rev
        return self._reasons

"""Wait until jobs have ended: print each as it ends, show progress, stop if all need attention."""

from __future__ import annotations

import asyncio
import shlex
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from riffusion_tui.clean import clean_line
from riffusion_tui.cli.command_context import CommandContext
from riffusion_tui.cli.errors import DONE, SOME_FAILED, NeedsAttention, WrongUse
from riffusion_tui.cli.exit_messages import with_service, words_of
from riffusion_tui.cli.printing.job_details import limits_of
from riffusion_tui.cli.printing.output import WORDS, counted, json_line, length, put, put_message, text_line
from riffusion_tui.cli.printing.progress import Progress
from riffusion_tui.cli.wiring.session import Session
from riffusion_tui.dispatch.fetching.file_names import candidates
from riffusion_tui.dispatch.fetching.placement import free
from riffusion_tui.dispatch.wait import DISK_BLOCKED, disk_full, ended, reasons
from riffusion_tui.jobs.id_ranges import id_ranges
from riffusion_tui.jobs.model import Job, WaitCause
from riffusion_tui.jobs.status import ENDED, Status

if TYPE_CHECKING:
    from riffusion_tui.dispatch.dispatcher import Dispatcher

DISPLACED = (
    "Another process sends the jobs now: it took over while this one was stopped. This one waits for the jobs to end."
)
_CHECK_S = 1.0
"""Interval for checking whether jobs are blocked, in seconds."""
_BLOCKED_CHECKS = 3
"""Consecutive checks that must find every job blocked before the command stops."""
_ERRORS = 5
"""Errors of pending jobs that are printed; more are usually the same."""
_END_WORDS = {
    Status.DONE: "made",
    Status.FAILED: "failed",
    Status.REFUSED: "refused",
    Status.CANCELLED: "cancelled",
}
_DISK_BLOCKED_CHECKS = 120
"""The same for a full disk, which is reported immediately and may soon have space again."""


def check_out(out: Path | None) -> None:
    """Create the folder for copies of the songs. Raises `WrongUse`."""
    try:
        if out is not None:
            out.mkdir(parents=True, exist_ok=True)
    except FileExistsError:
        raise WrongUse(f"{clean_line(str(out), 200)} is a file, not a folder; choose another one with --out.") from None
    except OSError as error:
        raise WrongUse(f"The folder {clean_line(str(out), 200)} can't be created: {error.strerror}.") from None


class Waiter:
    """Waits for jobs.

    Args:
        session: the session.
        ids: the jobs.
        json: print JSON lines instead of readable ones.
        out: copy finished songs into this folder.
    """

    def __init__(self, session: Session, ids: Iterable[int], *, json: bool, out: Path | None) -> None:
        self._session = session
        self._json = json
        self._out = out
        self._ended: Counter[Status] = Counter()
        self._failed: list[int] = []
        self._sourceless: list[int] = []
        self._began = session.clock.steady()
        self._services = [session.service.name]
        self._reported = ""
        self._unanswered = False
        """Whether the first call to the service is still outstanding."""
        self._reasons: set[str] = set()
        self._reasons_rev = -1
        self.known = set(ids)
        """Ids of all jobs, ended or not."""
        self.pending = set(self.known)
        """Ids of jobs that haven't ended; additional songs of a request are added when they appear."""

    async def wait(self, limit: asyncio.Timeout | None = None) -> int:
        """Dispatch, or follow the process that does, until every job has ended; return the exit code.

        Args:
            limit: the block with a deadline in which this is called; after it, pending requests aren't waited for.

        Raises:
            BadAddress, NotStarted, Unauthorized: retrying can't succeed; nothing was sent.
            NeedsAttention: all remaining jobs need attention.
            BaseException: the error that stopped the dispatcher, e.g. a damaged store.
        """
        services = {job.service for job in self._session.store.one_of_each_kind(self.pending)}
        self._services = sorted(services) or self._services
        if self._session.service.name in services:
            await self._look_first()
        async with self._session.dispatcher(services) as dispatcher:
            with Progress(self._session, self._services, self.pending, self.known) as progress:
                ends = asyncio.create_task(self._ends(progress), name="ends")
                try:
                    await self._watch(ends, dispatcher, progress)
                finally:
                    if limit is not None and limit.expired():
                        self._session.hurry()
                    ends.cancel()
                    await asyncio.wait((ends,))  # it uses the store, which is closed next
                    for job in self._session.store.in_status(tuple(self.pending), ENDED):
                        await self._end(self._session.store.job(job), progress)  # since the last look
                await ends
        return self.finish()

    def finish(self) -> int:
        """Print a summary line for several jobs, and how to retry those that failed; return the exit code."""
        if self._ended.total() > 1:
            self._print_summary()
        if self._failed:
            ids = id_ranges(self._failed).replace(",", "")
            put_message(f"`riffusion-tui retry {ids}` tries again.")
        for id in self._sourceless:
            put_message(
                f"Job {id} can't be retried, as the song that it edits is gone. Make that song again (`again`), then"
                " edit the new one."
            )
        return DONE if self._ended.total() == self._ended[Status.DONE] else SOME_FAILED

    def _print_summary(self) -> None:
        counts = [f"{self._ended[status]:,} {word}" for status, word in _END_WORDS.items() if self._ended[status]]
        took = length(self._session.clock.steady() - self._began)
        where = self._session.context.songs if self._out is None else self._out.absolute()
        songs = f" Songs are in {clean_line(str(where))}." if self._ended[Status.DONE] else ""
        put_message(f"{', '.join(counts)} in {took}.{songs}")

    async def _look_first(self) -> None:
        """Call the service once; if it is down or its response is invalid, it is retried later."""
        from riffusion_tui.services.base import BadAddress, NotStarted, ServiceError, Unauthorized

        self._unanswered = True
        try:
            await self._session.service.workload()
            self._unanswered = False
        except (BadAddress, NotStarted, Unauthorized):
            raise
        except ServiceError as error:
            self._unanswered = False
            put_message(f"{words_of(error)}\nWaiting for the service. ^C stops waiting; the queue is kept.")

    async def _watch(self, ends: asyncio.Task[None], dispatcher: Dispatcher, progress: Progress) -> None:
        """Show progress until `ends` is done; raise an error if every job is blocked for too long."""
        stuck = 0
        while not ends.done():
            await asyncio.wait((ends,), timeout=_CHECK_S)
            fault, blocking = dispatcher.fault(), self._blocking()
            stuck = stuck + 1 if (fault or blocking) and not ends.done() else 0
            disk = fault is not None or blocking == {DISK_BLOCKED}
            full = disk or disk_full(self._session.store, self._session.service.name)
            here = DISPLACED if dispatcher.displaced else ""
            self._report_once(
                words_of(fault) if isinstance(fault, Exception) else DISK_BLOCKED if full else here, progress
            )
            if dispatcher.stopped or stuck >= (_DISK_BLOCKED_CHECKS if disk else _BLOCKED_CHECKS):
                raise fault or NeedsAttention("\n".join(sorted(blocking)))
            progress.show()

    def _report_once(self, words: str, progress: Progress) -> None:
        """Report a full disk, or that another process took over, once."""
        if words and words != self._reported:
            progress.clear()
            put_message(words)
        self._reported = words

    async def _ends(self, progress: Progress) -> None:
        store = self._session.store
        while pending := tuple(self.pending):
            async for job in ended(store, pending, self._session.clock):
                self._join(set(store.siblings(job.id)))
                end = asyncio.ensure_future(self._end(job, progress))
                try:
                    await asyncio.shield(end)
                except asyncio.CancelledError:
                    await end  # time is up, but a later command would not copy this song
                    raise
            self.pending.difference_update(pending)  # the others were deleted in the meantime

    async def _end(self, job: Job, progress: Progress) -> None:
        """Copy a song that was made, and print the job."""
        file = await self._copied(job)
        self.pending.discard(job.id)
        self._ended[job.status] += 1
        if job.status is Status.FAILED:
            (self._sourceless if job.lost_source else self._failed).append(job.id)
        progress.clear()
        limits = limits_of(job, self._session.store)
        put(json_line(job, file, limits) if self._json else text_line(job, file))
        for limit in () if self._json else limits:
            put_message(f"{job.id}  {limit}")

    def silence(self) -> str:
        """Say that the service hasn't answered the first call; empty if it has."""
        return " The service hasn't answered." if self._unanswered else ""

    def maybe_sent(self) -> str:
        """Return how many pending jobs may have been sent, and what happens to them; empty if there are none."""
        number = len(self._session.store.in_status(tuple(self.pending), (Status.MAYBE_SENT,)))
        asks = f"{self._works()} asks the service before it sends it again."
        return f" {number:,} may have been sent; {asks}" if number else ""

    def put_errors(self) -> None:
        """Print the last errors of pending jobs, such as a download that breaks off again and again."""
        jobs = self._session.store.jobs_by_id(sorted(self.pending)).values()
        failing = [job for job in jobs if job.error]
        for job in failing[:_ERRORS]:
            put_message(f"{job.id}  {WORDS[job.status]}  {job.error}")
        if len(failing) > _ERRORS:
            put_message(f"… and {counted(len(failing) - _ERRORS, 'job')} more; see `riffusion-tui jobs`.")

    def how_to_continue(self, ids: str = "") -> str:
        """Return how to continue the remaining jobs; `--out` applies only to the command that has it."""
        what = f" with {ids}" if ids else ""
        if self._out is None:
            return f"Nothing is lost: {self._works()} continues{what}."
        songs, out = clean_line(str(self._session.context.songs)), clean_line(shlex.quote(str(self._out.absolute())))
        work = self._works(f" --out {out}")
        return f"Nothing is lost: {work} continues{what}. Without --out, the songs are saved only in {songs}."

    def _works(self, options: str = "") -> str:
        """Return the commands that continue the jobs: `work` for each service."""
        each = {name: self._context_of(name) for name in self._services}
        works = " and ".join(f"`{one.command(f'work{options}')}`" for one in each.values())
        paused = [name for name in each if self._is_paused(name)]
        resumed = " and ".join(f"`{each[name].command('resume')}`" for name in paused)
        return f"after {resumed}, {works}" if paused else works

    def _context_of(self, service: str) -> CommandContext:
        own = service == self._session.service.name
        return self._session.context if own else self._session.context.for_service(service)

    def _is_paused(self, service: str) -> bool:
        return any(gate.cause is WaitCause.PAUSED for gate in self._session.store.gates(service))

    def _join(self, ids: set[int]) -> None:
        """Wait for these jobs too."""
        self.pending |= ids - self.known
        self.known |= ids

    async def _copied(self, job: Job) -> str | None:
        if self._out is None or job.status is not Status.DONE:
            return None
        song = Path(job.file)
        to = free(self._out.absolute(), candidates(song.stem, song.suffix.removeprefix(".")))
        return str(await self._session.job_commands.save_as(job.id, to))

    def _blocking(self) -> set[str]:
        """Return what the user has to do; nothing while any job can continue."""
        store = self._session.store
        rev = store.rev
        if rev != self._reasons_rev:  # otherwise nothing has changed since the last check
            found = reasons(store, self.pending)
            self._reasons = {with_service(words, self._context_of(service)) for service, words in found}
            self._reasons_rev = rev
        return self._reasons

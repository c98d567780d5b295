"""`jobs`: list jobs."""

from __future__ import annotations

import shutil
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Container, Iterator, Mapping
from itertools import islice
from typing import NamedTuple

from riffusion_tui.cli.command_context import CommandContext
from riffusion_tui.cli.job_filter import filter_for, held_jobs, put_missing, with_numbers
from riffusion_tui.cli.parser import whole_number
from riffusion_tui.cli.printing.job_rows import fitting_rows
from riffusion_tui.cli.printing.output import WORDS, json_line, length, put, put_all, put_message
from riffusion_tui.cli.wiring.service_setup import is_local
from riffusion_tui.cli.wiring.session import dispatching_processes, open_store
from riffusion_tui.jobs.filter import Sort, sort_jobs
from riffusion_tui.jobs.held import HeldJobs
from riffusion_tui.jobs.model import Job, WaitCause
from riffusion_tui.jobs.status import Status
from riffusion_tui.store import Store

_EPILOG = """\
A filter consists of words, matched in prompt, title, genre, edit and error, and fields: status:done (or open, ended,
waits, held, attention), account:…, since:2h, genre:house, key:Am, bpm:90-120, length:<3:00, id:7-12. -word excludes;
put -- before it.
Numbers and ranges are jobs: `riffusion-tui jobs 7 9-12`. To find a number in a prompt, quote a phrase
that contains it: '"bossa 2000"'.

A job that waits or is held has its reason in parentheses. "stopped" is a song that no process makes any more:
`riffusion-tui work` or the screen continues it.

With --json each job is one line: id, status, prompt, service, user_id, job_id, title, duration_s, file, sha256, error,
seed.
"""

_PAGE = 500
"""Page size."""
_ROUTINE = frozenset({WaitCause.SLOTS, WaitCause.TURN})
"""Why jobs wait although nothing is wrong."""
_RUNNING = frozenset({Status.SENDING, Status.MAKING, Status.FETCHING})
"""What jobs aren't while no process runs: a song of this machine isn't made, one of a server isn't followed."""


def arguments(parser: ArgumentParser) -> None:
    """Declare the arguments of `jobs`."""
    parser.epilog = _EPILOG
    parser.add_argument("filter", nargs="*", metavar="FILTER", help="words and fields (default: all jobs)")
    orders = [str(sort) for sort in Sort]
    listed = f"{', '.join(orders[:-1])} or {orders[-1]}"
    parser.add_argument("--sort", choices=orders, default="newest", metavar="ORDER", help=f"{listed} (default: newest)")
    parser.add_argument("--reverse", action="store_true", help="reverse the order")
    parser.add_argument("--limit", action=whole_number(1, 10**9), metavar="N", help="show at most N jobs")
    parser.add_argument("--json", action="store_true", help="print one JSON line per job")


def run(args: Namespace, context: CommandContext) -> int:
    """List jobs."""
    with open_store(context, to_read=True) as store:
        return show(args, store, context.settings.service.name, dispatching_processes(context))


def show(args: Namespace, store: Store, service: str, attended: Container[str]) -> int:
    """List the jobs of an open store.

    Args:
        args: the command's arguments.
        store: the jobs.
        service: the active service; jobs of others are listed with its name.
        attended: the services whose jobs a process works on.
    """
    wanted = filter_for(with_numbers(args.filter), store)
    found = islice(filter(wanted, _ordered(store, Sort(args.sort), reverse=args.reverse)), args.limit)
    held = held_jobs(store)
    if args.json:
        for job in found:
            put(json_line(job._replace(status=Status.HELD) if held(job) else job))
        return put_missing(args.filter, store)
    newest = store.jobs(limit=1)
    digits = len(str(newest[0].id)) if newest else 0
    listed = _table(found, _Rows(digits, service, attended, held, store.nicknames()))
    code = put_missing(args.filter, store)
    if not listed and not code:
        put_message(f"No jobs match.{_status_meant(args.filter)}" if newest else "No jobs.")
    return code


def _status_meant(given: list[str]) -> str:
    """Return how to filter by a status, if that is a word of a filter; else an empty string."""
    status = next((word.lower() for word in given if word.lower() in set(Status)), "")
    return f" Jobs with this status: status:{status}." if status else ""


def _ordered(store: Store, sort: Sort, *, reverse: bool) -> Iterator[Job]:
    """Yield all jobs in order. When sorted by age they are paged, so that the first appears immediately."""
    if sort not in (Sort.NEWEST, Sort.OLDEST):
        yield from sort_jobs(store.jobs(), sort, reverse=reverse)
        return
    oldest_first = (sort is Sort.OLDEST) is not reverse
    page = store.jobs(limit=_PAGE, after=0 if oldest_first else None)
    while page:
        yield from page
        last = page[-1].id
        page = store.jobs(limit=_PAGE, after=last) if oldest_first else store.jobs(limit=_PAGE, before=last)


class _Rows(NamedTuple):
    """What a row consists of, apart from its job."""

    digits: int
    """Of the longest job number."""
    service: str
    attended: Container[str]
    held: HeldJobs
    names: Mapping[str, str]
    """Nicknames of accounts."""

    def row(self, job: Job) -> tuple[Job, str, str]:
        """Return a job with what precedes and what follows its prompt."""
        left = job.status in _RUNNING and job.service not in self.attended
        stopped = left and is_local(job.service)
        word = "stopped" if stopped else WORDS[Status.HELD if self.held(job) else job.status]
        before = f"{job.id:>{self.digits}}  {word:<10}  {length(job.duration_s):>5}  "
        before += f"@{job.service} " if job.service != self.service else ""
        before += _edited(job) if job.options.operation else ""
        before += f"{' '.join(job.title.split())}: " if job.title else ""
        waits = wait_words(job, self.held, self.names)
        why = "no process makes it" if stopped else "no process follows it" if left else waits
        return job, before, "".join(f" ({' '.join(text.split())})" for text in (why, job.error) if text)


def wait_words(job: Job, held: HeldJobs, names: Mapping[str, str]) -> str:
    """Return why a job is held or waits, with its account's name; empty if it doesn't, or only for its turn."""
    if job.status is Status.HELD:
        return str(WaitCause.USER)
    wait = held.wait(job)
    if wait is None or wait.cause in _ROUTINE:
        return ""
    return f"{names.get(wait.account, wait.account)}: {wait.cause.words}" if wait.account else wait.cause.words


def _table(jobs: Iterator[Job], rows: _Rows) -> bool:
    """Print the jobs; return False if there are none."""
    is_terminal, listed = sys.stdout.isatty(), False
    width = shutil.get_terminal_size((100, 24)).columns if is_terminal else 10_000
    while page := tuple(islice(jobs, _PAGE if is_terminal else 1)):
        listed = True
        put_all(fitting_rows(list(map(rows.row, page)), width))
    return listed


def _edited(job: Job) -> str:
    from riffusion_tui.tui.state.job_list.job_row import edit_of

    return f"{edit_of(job)}, "

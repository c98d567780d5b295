"""Commands on jobs (again, retry, cancel, hold, release, delete) and on the queue (pause, resume)."""

from __future__ import annotations

from argparse import ArgumentParser, ArgumentTypeError, Namespace
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import groupby

from riffusion_tui.cli.command_context import CommandContext
from riffusion_tui.cli.confirmation import confirm, deleting
from riffusion_tui.cli.errors import DONE, SOME_FAILED, WRONG_USE
from riffusion_tui.cli.job_filter import code_for
from riffusion_tui.cli.parser import add_jobs, add_service, add_waiting
from riffusion_tui.cli.printing.output import WORDS, LiveLine, counted, json_line, put_all, put_message
from riffusion_tui.cli.replay import made_by, warn_of_differences
from riffusion_tui.cli.runner import run_async
from riffusion_tui.cli.wait_for_jobs import check_out
from riffusion_tui.cli.wiring.session import Session, open_session, open_store
from riffusion_tui.dispatch.commands.store_commands import BulkResult
from riffusion_tui.dispatch.requests.song_locks import lockable, locked_options, unkept_edits
from riffusion_tui.jobs.id_ranges import id_ranges, no_jobs
from riffusion_tui.jobs.lock_names import LOCKS
from riffusion_tui.jobs.model import Job
from riffusion_tui.jobs.status import Status
from riffusion_tui.store import Store

_QUEUE = frozenset({"pause", "resume"})
_WITH_SERVICE = frozenset({"cancel", "again"})
"""Commands that involve the job's service."""


def arguments(parser: ArgumentParser) -> None:
    """Declare the command's arguments."""
    command = parser.get_default("command")
    if command in _QUEUE:
        add_service(parser)
        return
    add_jobs(parser)
    if command == "again":
        add_service(parser)
        parser.add_argument("--prompt", help="replace the prompt")
        parser.add_argument("--other-seed", action="store_true", help="same prompt with a new seed")
        parser.add_argument(
            "--lock",
            metavar="NAMES",
            action="extend",
            type=lock_names,
            help="properties to keep, whatever the prompt says: tempo,key,seed,form,band,lyrics or all",
        )
        add_waiting(parser, asks=False)
    if command == "delete":
        parser.add_argument("--yes", "-y", action="store_true", help="don't ask for confirmation; scripts need it")


def run(args: Namespace, context: CommandContext) -> int:
    """Run the command."""
    if args.command == "delete":
        jobs = counted(len(numbers(args)), "job")
        confirm(f"Delete {jobs}?", context, yes=args.yes, why=deleting(jobs), otherwise="Nothing was deleted.")
    if args.command == "again":
        check_out(args.out)
    if args.command not in _WITH_SERVICE or context.named:
        return run_async(_alone(args, context))
    codes = set()
    for name, ids in _by_service(numbers(args), context).items():
        whose = Namespace(**{**vars(args), "jobs": [ids]})
        codes.add(run_async(_alone(whose, context.with_service(name))))
    return max(codes - {WRONG_USE} | {SOME_FAILED} if WRONG_USE in codes and len(codes) > 1 else codes)


def _by_service(ids: Sequence[int], context: CommandContext) -> dict[str, list[int]]:
    """Group jobs by service; ids that don't exist go to the configured service, which reports them."""
    groups: dict[str, list[int]] = {}
    with open_store(context) as store:
        found = store.jobs_by_id(ids)
    for id in ids:
        whose = found[id].service if id in found else context.settings.service.name
        groups.setdefault(whose, []).append(id)
    return groups


async def _alone(args: Namespace, context: CommandContext) -> int:
    from riffusion_tui.cli.enqueue import made, put_limits, waits
    from riffusion_tui.cli.foreseen_limits import foreseen_limits

    async with open_session(context) as session:
        if args.command != "again":
            return await act(args, session)
        if not args.other_seed:
            warn_of_differences(made_by(numbers(args), session.store), context.settings.studio.pronunciation)
        jobs = await _repeated(args, session)
        if waits(args):
            return await made(session, jobs, args)
        limits = foreseen_limits(jobs)
        if args.json:
            put_all(json_line(job, limits=limits.get(job.id)) for job in jobs)
            return DONE
        code = report(BulkResult(tuple(job.id for job in jobs)), session.store)
        put_limits(limits)
        return code


def _in_shell(command: str) -> str:
    return f"`riffusion-tui {command}`"


async def act(args: Namespace, session: Session, command: Callable[[str], str] = _in_shell) -> int:
    """Run the command on an open session; return the exit code. `command` writes another command for a message."""
    job_commands = session.job_commands
    match args.command:
        case "pause":
            job_commands.pause()
            name, until = session.service.name, command("resume")
            put_message(f"The queue of {name} is paused until {until}; running jobs continue.")
            return DONE
        case "resume":
            job_commands.resume()
            put_message(f"Queue of {session.service.name} resumed.")
            return DONE
        case "again":
            return report(BulkResult(tuple(job.id for job in await _repeated(args, session))), session.store)
        case "cancel":
            with _progress(numbers(args), command) as progress:
                acted = await job_commands.cancel(numbers(args), progress)
            return report(acted, session.store, command=command)
    word = "deleted" if args.command == "delete" else ""
    with _progress(numbers(args), command) as progress:
        acted = _change(args.command, session, numbers(args), progress)
    return report(acted, session.store, word, command)


async def _repeated(args: Namespace, session: Session) -> tuple[Job, ...]:
    """Queue the songs once more, each with its own locks. Raises `NotPossible` before any is queued."""
    if args.lock is not None and not session.service.capabilities.fields:
        await session.service.fetch_capabilities()
    again = session.job_commands.again
    if args.lock is None:
        return again(numbers(args), prompt=args.prompt, other_seed=args.other_seed)
    store, can = session.store, session.service.capabilities
    kept = []
    for job in (store.job(id) for id in numbers(args)):
        song = store.song(job.id)
        names = [lock.name for lock in lockable(job, song, can)] if "all" in args.lock else dict.fromkeys(args.lock)
        kept.append((job.id, locked_options(job, song, can, names)))
        if lost := unkept_edits(job, lambda id: store.jobs_by_id([id]).get(id), can, names):
            put_message(f"Job {job.id} is an edited song; its locks don't keep: {', '.join(lost)}.")
    return tuple(
        made
        for id, options in kept
        for made in again((id,), prompt=args.prompt, options=options, other_seed=args.other_seed)
    )


def lock_names(text: str) -> tuple[str, ...]:
    """Parse `tempo,key` or `all`. Raises `ArgumentTypeError`."""
    names = tuple(dict.fromkeys(name.strip() for name in text.split(",")))
    if "all" in names:
        return ("all",)
    for name in names:
        if name not in LOCKS:
            raise ArgumentTypeError(f"invalid lock {name!r}: use {', '.join(LOCKS)} or all")
    return names


def _change(command: str, session: Session, ids: Sequence[int], progress: Callable[[int], None]) -> BulkResult:
    does = {
        "retry": session.job_commands.retry,
        "hold": session.job_commands.hold,
        "release": session.job_commands.release,
        "delete": session.job_commands.delete,
    }
    return does[command](ids, progress)


@contextmanager
def _progress(ids: Sequence[int], command: Callable[[str], str]) -> Iterator[Callable[[int], None]]:
    """Yield a progress callback; shows a live line on a terminal, but not in line mode, whose lines never change."""
    line = LiveLine()
    line.live = line.live and command is _in_shell
    try:
        yield lambda changed: line.show(f"{changed:,} of {len(ids):,}")
    finally:
        line.clear()


def report(acted: BulkResult, store: Store, word: str = "", command: Callable[[str], str] = _in_shell) -> int:
    """Print the jobs with `word`, by default their status, and why others are unchanged; return the exit code."""
    jobs = store.jobs_by_id(acted.ids).values()
    put_all(f"{job.id}  {word or WORDS[job.status]}  {' '.join(job.prompt.split())}" for job in jobs)
    known = store.jobs_by_id(id for id, _ in acted.left)
    for why, left in groupby((one for one in acted.left if one[0] in known), key=lambda one: one[1]):
        put_message(f"{id_ranges(id for id, _ in left)}  unchanged. {why}")
    if missing := [id for id, _ in acted.left if id not in known]:
        put_message(no_jobs(missing))
    if deleted := sorted(store.deleted_among(id for id, _ in acted.left)):
        put_message(f"{command(f'again {deleted[0]}')} makes a deleted job's song again.")
    if uncertain := [id for id, _ in acted.left if id in known and known[id].status is Status.MAYBE_SENT]:
        cancel, retry = (command(f"{word} {uncertain[0]}") for word in ("cancel", "retry"))
        put_message(f"If the service doesn't have its song, {cancel} and then {retry} send it again.")
    return code_for(missing, some=bool(acted.ids or known)) or (SOME_FAILED if acted.left else DONE)


def numbers(args: Namespace) -> tuple[int, ...]:
    """Return the jobs that a command names, each once; none for one on the queue."""
    return tuple(dict.fromkeys(id for ids in getattr(args, "jobs", ()) for id in ids))

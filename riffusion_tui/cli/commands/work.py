"""`work`: run the queue without a screen."""

from __future__ import annotations

import asyncio
from argparse import ArgumentParser, Namespace

from riffusion_tui.cli.command_context import CommandContext
from riffusion_tui.cli.enqueue import sent_by
from riffusion_tui.cli.errors import DONE, NEEDS_ATTENTION, NOT_IN_TIME, SOME_FAILED
from riffusion_tui.cli.parser import add_service, add_timeout, path
from riffusion_tui.cli.printing.output import counted, put, put_message
from riffusion_tui.cli.runner import run_async
from riffusion_tui.cli.wait_for_jobs import Waiter, check_out
from riffusion_tui.cli.wiring.detach import detach, detached, stop
from riffusion_tui.cli.wiring.service_setup import is_local
from riffusion_tui.cli.wiring.session import Session, dispatching_processes, open_session, open_store, presence
from riffusion_tui.dispatch.queue_summary import summarize
from riffusion_tui.file_lock import is_stopped
from riffusion_tui.jobs.clock import SystemClock
from riffusion_tui.jobs.status import ENDED, Status
from riffusion_tui.registry import SERVICES
from riffusion_tui.store import Store

_EPILOG = """\
Exits when no job can continue by itself. If another process already works for the service, waits for it and takes
over when it exits, or within 10 seconds if it is stopped (^Z); nothing is sent twice. `--detach` does the same in a
background process without a terminal. Each process works for one service; select it with `--service`, also for
`--status` and `--stop`.

Exit codes: 0 all done, 1 some failed or were refused, 3 the rest needs attention, 4 not finished in time.
"""


def arguments(parser: ArgumentParser) -> None:
    """Declare the arguments of `work`."""
    parser.epilog = _EPILOG
    add_timeout(parser, "stop after S seconds, finished or not; exit code 4")
    add_service(parser)
    parser.add_argument("--out", type=path, metavar="DIR", help="copy the songs into this folder")
    parser.add_argument("--json", action="store_true", help="print one JSON line per job when it ends")
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--detach", action="store_true", help="run in the background, without a terminal")
    what.add_argument("--status", action="store_true", help="show which processes send jobs and their progress")
    what.add_argument("--stop", action="store_true", help="stop the background process; the queue is kept")


def run(args: Namespace, context: CommandContext) -> int:
    """Work, or manage the background process."""
    if args.status:
        return _status(context)
    if args.stop:
        return _stop(context)
    check_out(args.out)
    if args.detach:
        return _detach(args, context)
    return run_async(_work(args, context))


async def _work(args: Namespace, context: CommandContext) -> int:
    async with open_session(context) as session:
        waiter: Waiter | None = None
        try:
            async with asyncio.timeout(args.timeout) as limit:
                code = DONE
                while ids := _open_jobs(session):
                    waiter = Waiter(session, ids, json=args.json, out=args.out)
                    code = max(code, await waiter.wait(limit))
        except TimeoutError:
            if waiter is not None:
                waiter.put_errors()
            number, sent = (len(waiter.pending), waiter.maybe_sent()) if waiter is not None else (0, "")
            put_message(f"Not finished in time: {number:,}.{sent} Nothing is lost; the next start continues.")
            return NOT_IN_TIME
        service = session.service.name
        put_message(f"Nothing left to do for {service}." if waiter is not None else f"Nothing is queued for {service}.")
        _name_others(session)
        return code


def _name_others(session: Session) -> None:
    """Say which other services have queued jobs, and what sends those."""
    for name in SERVICES:
        number = len(session.store.ids(name, Status.QUEUED)) if name != session.service.name else 0
        if number:
            are, them = ("is", "it") if number == 1 else ("are", "them")
            put_message(f"{counted(number, 'job')} of {name} {are} queued. {sent_by(name, them, session)}")


def _open_jobs(session: Session) -> tuple[int, ...]:
    """Return the ids of jobs that can continue; held jobs are skipped."""
    wanted = [status for status in Status if status not in ENDED and status is not Status.HELD]
    return session.store.ids(session.service.name, *wanted)


def _detach(args: Namespace, context: CommandContext) -> int:
    service = context.settings.service.name
    pid = dispatching_processes(context).get(service)
    if pid is not None and not is_stopped(pid):
        put_message(f"{presence(pid, service)}.")
        return DONE
    arguments = ["--timeout", str(args.timeout)] if args.timeout else []
    arguments += ["--out", str(args.out.absolute())] if args.out else []
    child = detach(context, arguments)
    if child.code is not None:
        put_message(f"Process {child.pid} has ended (exit code {child.code}).\n{child.words}".rstrip())
        return child.code
    look = f"`{context.command('work --status')}` shows its status."
    state = f"works for {service}" if child.working else f"has started and does not work for {service} yet"
    put_message(f"Process {child.pid} {state}. {look}")
    return DONE


def _stop(context: CommandContext) -> int:
    pid = stop(context)
    if pid is None:
        put_message(f"No background process for {context.settings.service.name}.")
        return SOME_FAILED
    put_message(f"Stopping process {pid}. Queued jobs stay queued.")
    return DONE


def _status(context: CommandContext) -> int:
    """Show the status of the service and, unless it was given, of all others with a process."""
    own, working = context.settings.service.name, dispatching_processes(context)
    with open_store(context, to_read=True) as store:
        codes = [
            _report(store, name, working.get(name), detached(context, name))
            for name in dict.fromkeys([own, *(() if context.named else working)])
        ]
    return max(codes)


def _report(store: Store, service: str, pid: int | None, alone: int | None) -> int:
    state = summarize(store, service, SystemClock().now())
    who = f"No process is sending jobs to {service}" if pid is None else presence(pid, service)
    where = " without a terminal" if pid is not None and alone == pid else ""
    paused = ", the queue is paused" if state.paused else ""
    making = "stopped" if state.making and pid is None and is_local(service) else "making"
    doing = f"{state.making} {making}, {state.fetching} fetching, {state.waiting} waiting{paused}"
    put(f"{who}{where}: {doing}.")
    names = store.nicknames()
    for banner in state.banners:
        account = names.get(banner.account or "", banner.account or "the service")
        put(f"{banner.cause.words}: {account}, {counted(banner.jobs, 'job')}. {banner.detail}".rstrip())
    return NEEDS_ATTENTION if state.banners else DONE

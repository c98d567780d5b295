"""Queue what `submit` and `batch` were given; wait for it if asked to."""

from __future__ import annotations

import asyncio
from argparse import Namespace
from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from riffusion_tui.cli.command_context import CommandContext
from riffusion_tui.cli.errors import NOT_IN_TIME, CommandError, WrongUse
from riffusion_tui.cli.exit_messages import code_of, words_of
from riffusion_tui.cli.options import fields_of
from riffusion_tui.cli.output import LiveLine, confirmed, json_line, put, put_all, say
from riffusion_tui.cli.runner import run_async
from riffusion_tui.cli.session import Session, opened
from riffusion_tui.cli.wait_for_jobs import Waiter, check_out
from riffusion_tui.dispatch.eta import estimate, openings, requests
from riffusion_tui.file_lock import holder
from riffusion_tui.jobs.batch_file import BatchItem
from riffusion_tui.jobs.model import Account, Job
from riffusion_tui.jobs.status import TAKES_SLOT, Status
from riffusion_tui.jobs.wait_reason import closed
from riffusion_tui.services.base import Capacity, ServiceError


def queue(asked: Sequence[BatchItem], args: Namespace, context: CommandContext) -> int:
    """Queue prompts; return the exit code."""
    _confirm(asked, args, context)
    check_out(args.out)
    return run_async(_queue(asked, args, context))


async def _queue(asked: Sequence[BatchItem], args: Namespace, context: CommandContext) -> int:
    async with opened(context) as session:
        _check_taken(args, session)
        if session.service.capabilities.near and any(one.options.account for one in asked):
            _check_accounts(asked, (await session.service.workload()).capacity)
        line = LiveLine()
        try:
            jobs = session.job_commands.submit_all(asked, lambda done: line.show(f"{done:,} queued"))
        finally:
            line.clear()
        if args.wait or args.timeout or args.out:
            return await _made(session, jobs, args)
        if args.json:
            put_all(map(json_line, jobs))
        say(_queued(jobs, session))
        return 0


async def _made(session: Session, jobs: Sequence[Job], args: Namespace) -> int:
    """Have the jobs made, here or by whoever already dispatches; return the exit code."""
    waiter = Waiter(session, (job.id for job in jobs), json=args.json, out=args.out)
    try:
        async with asyncio.timeout(args.timeout):
            return await waiter.wait()
    except TimeoutError:
        say(f"Not finished in time: {len(waiter.pending)} of {len(waiter.known)}. {waiter.goes_on()}")
        return NOT_IN_TIME
    except asyncio.CancelledError:
        if args.out and waiter.pending:
            say(waiter.goes_on())
        raise
    except (ServiceError, CommandError) as error:
        code = code_of(error)
        say(f"{words_of(error)}\n{waiter.goes_on(_ids(sorted(waiter.pending)))}")
        return error.code if isinstance(error, CommandError) else code or 1


def dry_run(asked: Sequence[BatchItem], args: Namespace, context: CommandContext) -> int:
    """Say what would be queued, on how many slots, and when it would be done; queue nothing."""
    return run_async(_dry_run(asked, args, context))


async def _dry_run(asked: Sequence[BatchItem], args: Namespace, context: CommandContext) -> int:
    async with opened(context) as session:
        _check_taken(args, session)
        session.job_commands.check_all(asked)
        capacity = (await session.service.workload()).capacity
        _check_accounts(asked, capacity)
        slots = sum(account.max_jobs for account in capacity)
        songs = sum(one.takes for one in asked)
        if not args.json:
            for one in asked:
                times = f" ×{one.takes}" if one.takes > 1 else ""
                put(" ".join(one.prompt.split()) + times)
        on = f"{many(slots, 'slot')} of {many(len(capacity), 'account')}"
        say(f"{many(len(asked), 'prompt')}, {many(songs, 'song')} on {on}; {_finish(session, capacity, songs)}.")
        return 0


def _check_accounts(asked: Sequence[BatchItem], capacity: Sequence[Capacity]) -> None:
    """Raise `WrongUse` for an account that the service does not have: its jobs would never be sent."""
    there = {one.account for one in capacity}
    for one in asked:
        if one.options.account is not None and one.options.account not in there:
            named = ", ".join(sorted(there)) or "none"
            raise WrongUse(f"There is no account {one.options.account!r}; there are: {named}.")


def _finish(session: Session, capacity: Sequence[Capacity], songs: int) -> str:
    """Say when that many more songs would be done, by the slots as the service has just said them."""
    store, service, now = session.store, session.service.name, session.clock.now()
    usual = store.usual_time(service)
    if usual is None:
        return "finish time unknown before a first song"
    making = store.standing(service, *TAKES_SLOT)
    ours = Counter(account for account, _, _ in requests(making))
    accounts = [
        Account(service, one.account, one.max_jobs, others=max(0, one.executing - ours[one.account]))
        for one in capacity
    ]
    shut = [gate for gate in store.gates(service) if closed(gate, now)]
    before = store.tally(service).by_status.get(Status.QUEUED, 0)
    done = estimate(songs + before, making, openings(accounts, shut), usual, now)
    if done is not None:
        return f"done about {datetime.fromtimestamp(done):%H:%M}"
    causes = sorted({str(gate.cause) for gate in shut if gate.until is None})
    return f"finish time unknown: {', '.join(causes) or 'others fill every slot'}"


def _confirm(asked: Sequence[BatchItem], args: Namespace, context: CommandContext) -> None:
    songs, limit = sum(one.takes for one in asked), context.settings.batch.confirm_above
    if songs <= limit or args.yes or not context.can_ask:
        return
    if not confirmed(f"Queue {songs} songs?"):
        raise WrongUse("Nothing was queued.")


def _check_taken(args: Namespace, session: Session) -> None:
    """Raise `WrongUse` where an argument asks for what the service takes no word of: the song would cost all the same.

    A file of prompts may name it: a session's receipt is asked for again of any service.
    """
    can = session.service.capabilities
    taken = {"seed": can.seed, "length": can.length, "title": can.title, "lyrics": can.given_lyrics}
    for name, takes in taken.items():
        if getattr(args, name) is not None and not takes:
            raise WrongUse(f"{session.service.name} takes no --{name}. Nothing was queued.")
    declared = {field.name for field in can.fields}
    for name in fields_of(args):
        if name not in declared:
            raise WrongUse(f"{session.service.name} takes no --{name}. Nothing was queued.")


def _queued(jobs: Sequence[Job], session: Session) -> str:
    now = f"Queued as {_ids([job.id for job in jobs])}."
    pid = holder(session.lock_file)
    if pid is not None:
        return f"{now} Process {pid} is at work for {session.service.name}."
    screen = f"the screen of {session.service.name}" if session.context.named else "the screen"
    return f"{now} Nothing works on it yet: `{session.context.command('work')}` makes it, or open {screen}."


def many(number: int, what: str) -> str:
    """Return `1 song`, `2 songs`."""
    return f"{number} {what}{'s' if number != 1 else ''}"


def _ids(ids: Sequence[int]) -> str:
    if len(ids) > 2 and ids[-1] - ids[0] == len(ids) - 1:
        return f"jobs {ids[0]}-{ids[-1]}"
    return f"job{'s' if len(ids) != 1 else ''} {', '.join(map(str, ids))}"

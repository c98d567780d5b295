"""Queue the prompts of `submit` and `batch`, and optionally wait for them."""

from __future__ import annotations

import asyncio
from argparse import Namespace
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from riffusion_tui.cli.command_context import CommandContext
from riffusion_tui.cli.confirmation import confirm
from riffusion_tui.cli.errors import NOT_IN_TIME, CommandError, WrongUse
from riffusion_tui.cli.exit_messages import advise_for, code_of, words_of
from riffusion_tui.cli.foreseen_limits import foreseen_limits
from riffusion_tui.cli.job_options import fields_of
from riffusion_tui.cli.printing.output import LiveLine, counted, json_line, put, put_all, put_message
from riffusion_tui.cli.runner import run_async
from riffusion_tui.cli.wait_for_jobs import Waiter, check_out
from riffusion_tui.cli.wiring.service_setup import base_urls
from riffusion_tui.cli.wiring.session import Session, lock_file, open_session, presence
from riffusion_tui.dispatch.accounts.account_names import named
from riffusion_tui.dispatch.errors import NotPossible
from riffusion_tui.dispatch.eta import estimate, openings, requests
from riffusion_tui.dispatch.queue_summary import usual_time
from riffusion_tui.dispatch.requests.job_builder import check_fields, check_seed
from riffusion_tui.file_lock import holder
from riffusion_tui.jobs.batch_file import BatchItem
from riffusion_tui.jobs.errors import listed
from riffusion_tui.jobs.id_ranges import id_ranges
from riffusion_tui.jobs.model import Account, Job, WaitCause
from riffusion_tui.jobs.status import TAKES_SLOT, Status
from riffusion_tui.jobs.wait_reason import closed
from riffusion_tui.services.base import Capabilities, ServiceError, Workload


def queue(items: Sequence[BatchItem], args: Namespace, context: CommandContext, *, listed: bool) -> int:
    """Queue prompts; return the exit code. Raises `BadAddress` for an invalid `--url`.

    More songs than `batch.confirm_above` need a yes; without a terminal, not if they are listed.

    Args:
        items: the prompts.
        args: the command's arguments.
        context: the command's context.
        listed: whether the user listed the prompts, in a file or one by one.
    """
    if args.url:
        base_urls(context)
    if context.can_ask or not listed:
        _confirm(items, args, context)
    check_out(args.out)
    return run_async(_queue(items, args, context))


async def _queue(items: Sequence[BatchItem], args: Namespace, context: CommandContext) -> int:
    async with open_session(context) as session:
        await _check_supported(items, args, session)
        items = await _with_ids(session, items)
        if session.service.capabilities.local:
            _check_accounts(session, items, {one.user_id for one in session.store.accounts(session.service.name)})
        if any(one.options.operation for one in items):
            await _ask_for_edits(items, session)
        line = LiveLine()
        try:
            jobs = session.job_commands.submit_all(items, lambda done: line.show(f"{done:,} queued"))
        finally:
            line.clear()
        if not waits(args):
            _report(jobs, args, session)
            return 0
        return await made(session, jobs, args)


def _report(jobs: Sequence[Job], args: Namespace, session: Session) -> None:
    """Print queued jobs that aren't waited for, and what the service can't keep of their prompts, if it is known."""
    if args.json:
        limits = foreseen_limits(jobs)
        put_all(json_line(job, limits=limits.get(job.id)) for job in jobs)
    put_message(_queued(jobs, session))
    if not args.json:  # planning takes a moment; that they are queued is said before
        put_limits(foreseen_limits(jobs))


def put_limits(limits: Mapping[int, Sequence[str]]) -> None:
    """Print what the service can't keep of the prompts of jobs, by their ids: each limit once."""
    jobs_of: dict[str, list[int]] = {}
    for id, each in limits.items():
        for limit in each:
            jobs_of.setdefault(limit, []).append(id)
    for limit, ids in jobs_of.items():
        put_message(f"{id_ranges(ids)}  {limit}")


async def _ask_for_edits(items: Sequence[BatchItem], session: Session) -> None:
    """Fetch the service's features if its profile lacks an edit, since they may depend on the server."""
    here = [one for one in items if one.service in ("", session.service.name)]
    if {one.options.operation for one in here} - {None, *session.service.capabilities.operations}:
        await session.service.fetch_capabilities()


def waits(args: Namespace) -> bool:
    """Whether a command with the options of `add_waiting` waits for the songs."""
    return bool(args.wait or args.timeout or args.out)


async def made(session: Session, jobs: Sequence[Job], args: Namespace) -> int:
    """Run the jobs, here or in the process that already dispatches; return the exit code."""
    waiter = Waiter(session, (job.id for job in jobs), json=args.json, out=args.out)
    try:
        async with asyncio.timeout(args.timeout) as limit:
            return await waiter.wait(limit)
    except TimeoutError:
        if not waiter.pending:  # the last job ended at that moment
            return waiter.finish()
        waiter.put_errors()
        number = f"{len(waiter.pending):,} of {len(waiter.known):,}"
        put_message(
            f"Not finished in time: {number}.{waiter.silence()}{waiter.maybe_sent()} {waiter.how_to_continue()}"
        )
        return NOT_IN_TIME
    except asyncio.CancelledError:
        if args.out and waiter.pending:
            put_message(waiter.how_to_continue())
        raise
    except (ServiceError, CommandError) as error:
        code = code_of(error)
        advise_for(error, session.context)
        put_message(f"{words_of(error)}\n{waiter.how_to_continue(_ids(sorted(waiter.pending)))}")
        return error.code if isinstance(error, CommandError) else code or 1


def dry_run(items: Sequence[BatchItem], args: Namespace, context: CommandContext) -> int:
    """Show prompts, slots and estimated finish time; queue nothing."""
    return run_async(_dry_run(items, args, context))


async def _dry_run(items: Sequence[BatchItem], args: Namespace, context: CommandContext) -> int:
    async with open_session(context) as session:
        await _check_supported(items, args, session)
        items = await _with_ids(session, items)
        session.job_commands.check_all(items)
        workload = await session.service.workload()
        capacity = workload.capacity
        _check_accounts(session, items, {account.account for account in capacity})
        slots = sum(account.max_jobs for account in capacity)
        songs = sum(one.takes for one in items)
        if not args.json:
            for one in items:
                times = f" ×{one.takes}" if one.takes > 1 else ""
                put(" ".join(one.prompt.split()) + times)
        on = f"{counted(slots, 'slot')} of {counted(len(capacity), 'account')}"
        if 0 < workload.concurrency < slots:
            on += f", {workload.concurrency} at a time"
        put_message(
            f"{counted(len(items), 'prompt')}, {counted(songs, 'song')} on {on}; {_finish(session, workload, items)}."
        )
        return 0


async def _with_ids(session: Session, items: Sequence[BatchItem]) -> Sequence[BatchItem]:
    """Return prompts with the ids of the accounts that they name."""
    accounts = {one.options.account for one in items} - {None, ""}
    if accounts and session.service.capabilities.local:
        await session.account_commands.refresh()  # a new account has no name yet
    ids = {account: session.account_commands.id_of(account) for account in accounts if account}
    if all(account == id for account, id in ids.items()):
        return items
    return [replace(one, options=one.options._replace(account=ids.get(one.options.account or ""))) for one in items]


def _check_accounts(session: Session, items: Sequence[BatchItem], there: Collection[str]) -> None:
    """Raise `WrongUse` for an account that isn't one of the service's, `there`: its jobs would never be sent."""
    wrong = [one for one in items if one.options.account is not None and one.options.account not in there]
    if wrong:
        known = ", ".join(named(session.store, list(there))) or "none"
        places = ((one, f"{one.where}: " if one.where else "") for one in wrong)
        unknown = (f"{place}Unknown account {one.options.account!r}; accounts: {known}." for one, place in places)
        raise WrongUse(listed(list(dict.fromkeys(unknown))))


def _finish(session: Session, workload: Workload, items: Sequence[BatchItem]) -> str:
    """Return when the songs would be done if they were queued now, based on the current slots."""
    store, service, now = session.store, session.service.name, session.clock.now()
    usual = usual_time(store, service)
    if usual is None:
        return "the finish time is known after the first song"
    making = store.with_status(service, *TAKES_SLOT)
    ours = Counter(account for account, _, _ in requests(making))
    accounts = [
        Account(service, one.account, one.max_jobs, others=max(0, one.executing - ours[one.account]))
        for one in workload.capacity
    ]
    shut = [gate for gate in store.gates(service) if closed(gate, now)]
    before = store.tally(service).by_status.get(Status.QUEUED, 0)
    songs = before + sum(one.takes for one in items)
    length, pins = usual.unrequested_s, Counter[str]()
    if length is not None:
        new = sum(one.takes * (one.options.length_s or length) for one in items)
        length = (before * store.requested_length(service, length) + new) / songs
    for one in items:
        if one.options.account is not None:
            pins[one.options.account] += one.takes
    opens = openings(accounts, shut)
    done = estimate(songs, making, opens, usual, now, length_s=length, pins=pins, concurrency=workload.concurrency)
    if done is not None:
        return f"done about {datetime.fromtimestamp(done):%H:%M}"
    causes = sorted({gate.cause.words for gate in shut if gate.until is None})
    return f"finish time unknown: {', '.join(causes) or 'all slots are used by others'}"


def _confirm(items: Sequence[BatchItem], args: Namespace, context: CommandContext) -> None:
    songs, limit = sum(one.takes for one in items), context.settings.batch.confirm_above
    if songs > limit:
        why = f"{songs:,} songs are more than batch.confirm_above ({limit:,})"
        confirm(f"Queue {songs:,} songs?", context, yes=args.yes, why=why, otherwise="Nothing was queued.")


async def _check_supported(items: Sequence[BatchItem], args: Namespace, session: Session) -> None:
    """Raise `WrongUse` for an argument that the service would ignore: the song would be charged anyway.

    Batch files may contain it, so that a receipt can be replayed with any service.
    """
    if _unsupported(args, session.service.capabilities):
        await session.service.fetch_capabilities()
    if names := _unsupported(args, session.service.capabilities):
        raise WrongUse(f"{session.service.name} doesn't support --{names[0]}. Nothing was queued.")
    can = session.service.capabilities
    takes = max((one.takes for one in items), default=1)
    try:
        check_fields(can.fields, fields_of(args))
        check_seed(args.seed, takes, can)
    except NotPossible as error:
        raise WrongUse(f"--{error}") from error


def _unsupported(args: Namespace, can: Capabilities) -> list[str]:
    taken = {"seed": can.seed, "length": can.length, "title": can.title, "lyrics": can.given_lyrics}
    declared = can.field_names
    return [
        *(name for name, takes in taken.items() if getattr(args, name) is not None and not takes),
        *(name for name in fields_of(args) if name not in declared),
    ]


def _queued(jobs: Sequence[Job], session: Session) -> str:
    """Return how the jobs are numbered, and for each of their services what sends or would send them."""
    services = Counter(job.service for job in jobs)
    only = len(services) == 1
    what = {name: "it" if len(jobs) == 1 else "them" if only else f"those of {name}" for name in services}
    sentences = (sent_by(name, what[name], session) for name in services)
    return " ".join((f"Queued as {_ids([job.id for job in jobs])}.", *sentences))


def sent_by(service: str, what: str, session: Session) -> str:
    """Return what sends a service's jobs, or how to start `what`; of a paused queue, how to resume it."""
    own = service == session.service.name
    context = session.context if own else session.context.for_service(service)
    if any(gate.cause is WaitCause.PAUSED for gate in session.store.gates(service)):
        return f"The queue of {service} is paused until `{context.command('resume')}`."
    pid = holder(lock_file(context))
    if pid is not None:
        return f"{presence(pid, service)}."
    screen = f"the screen of {service}" if context.named else "the screen"
    return f"To start {what}, run `{context.command('work')}` or open {screen}."


def _ids(ids: Sequence[int]) -> str:
    return f"job{'s' if len(ids) != 1 else ''} {id_ranges(ids)}"

"""Wait for jobs to end, in this process or another."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Iterable

from riffusion_tui.jobs.clock import Clock
from riffusion_tui.jobs.id_ranges import id_ranges
from riffusion_tui.jobs.model import FailureKind, Gate, Job, WaitCause
from riffusion_tui.jobs.status import ENDED, Status
from riffusion_tui.jobs.wait_reason import waiting
from riffusion_tui.registry import SERVICES
from riffusion_tui.services.profiles import profile_of
from riffusion_tui.store import Store

POLL_S = 0.2
"""How often to check the store for changes; takes microseconds."""
DISK_BLOCKED = "songs can't be written: free some disk space or make the folder writable"
"""`blocked` text for a disk error, the only cause that may resolve itself."""
_MAYBE_SENT = (
    "it may have been sent: if the service doesn't have the song, `riffusion-tui cancel JOB` and then"
    " `riffusion-tui retry JOB` send it again"
)
_USER_ACTIONS = {
    WaitCause.BROKEN: "session expired or key rejected: `riffusion-tui accounts repair USER_ID` sets a new one",
    WaitCause.TOKEN: "token rejected: `riffusion-tui token set` sets a new one",
    WaitCause.CREDITS: "no credits left: top up the account, then `riffusion-tui accounts` refreshes it",
    WaitCause.PAUSED: "the queue is paused: `riffusion-tui resume` resumes it",
    WaitCause.USER: "held: `riffusion-tui release JOB` releases it",
    WaitCause.DISK: DISK_BLOCKED,
    WaitCause.OUTDATED: "a newer version wrote the service's files: update riffusion-tui",
    WaitCause.UNREADABLE: "the service's responses are unreadable: `riffusion-tui doctor --service` checks its address",
}
_OF_SERVER = "fix what the server reports, or set its key with `riffusion-tui accounts repair USER_ID`"
"""Instead of the words for a broken account, if accounts are servers: their models may not load."""
_BLOCKING = {
    Status.MAYBE_SENT: (WaitCause.TOKEN,),
    Status.MAKING: (WaitCause.TOKEN, WaitCause.BROKEN, WaitCause.UNREADABLE),
    Status.FETCHING: (WaitCause.TOKEN, WaitCause.BROKEN, WaitCause.UNREADABLE, WaitCause.DISK),
}
"""What keeps jobs that were sent from being checked, polled or fetched, by status."""
_DELAYS = (WaitCause.FAULT, WaitCause.UPSTREAM, WaitCause.BUSY, WaitCause.SLOTS)
"""They only delay requests, and stay in the store after that until one is accepted."""
_PATIENT_TRIES = 3
"""Consecutive unreadable responses before attention is needed: a proxy may cause a single one."""
_DECIDED = (Status.HELD, Status.MAYBE_SENT)
"""Wait for a command that names them."""
_SENT = (Status.SENDING, Status.MAKING, Status.FETCHING, Status.MAYBE_SENT)


async def ended(store: Store, ids: Iterable[int], clock: Clock) -> AsyncIterator[Job]:
    """Yield each job as it ends (done, refused, failed, cancelled), starting with those that already have.

    A job that needs attention (*maybe sent*, or with a broken account or token) doesn't end: use a timeout
    (`asyncio.timeout`), and see `blocked`. Deleted jobs are skipped.
    """
    rev = store.rev
    pending = dict.fromkeys(ids)
    for id in store.in_status(tuple(pending), ENDED):
        del pending[id]
        yield store.job(id)
    while pending:
        changes = store.changed_since(rev)
        rev = changes.rev
        for id in changes.deleted:
            pending.pop(id, None)
        for job in changes.jobs:
            if job.id in pending and job.status in ENDED:
                del pending[job.id]
                yield job
        while pending and store.rev == rev:
            await clock.sleep(POLL_S)


def blocked(store: Store, job: Job, alike: Collection[int] = ()) -> str:
    """Return what the user has to do before the job can continue; empty if nothing.

    `alike` are all jobs that a command should name, empty: only this one.
    """
    numbers = id_ranges(alike or (job.id,)).replace(",", "")
    if job.status == Status.MAYBE_SENT and job.trouble == FailureKind.USER:
        return _MAYBE_SENT.replace("JOB", numbers)
    gates = [gate for gate in store.gates(job.service) if not _passing(gate)]
    if job.status in _BLOCKING:
        blocking = _BLOCKING[job.status]
        mine = [gate for gate in gates if gate.cause in blocking and gate.account in (None, job.account)]
        return _advice(store, job.service, mine[0].cause, mine[0].account, numbers) if mine else ""
    wait = waiting(job, store.accounts(job.service), gates, 0.0)
    return _advice(store, job.service, wait.cause, wait.account, numbers) if wait else ""


def _passing(gate: Gate) -> bool:
    return gate.cause in _DELAYS or (gate.cause == WaitCause.UNREADABLE and gate.tries < _PATIENT_TRIES)


def _advice(store: Store, service: str, cause: WaitCause, account: str | None, numbers: str) -> str:
    of_server = cause is WaitCause.BROKEN and service in SERVICES and profile_of(service).hosts
    words = _OF_SERVER if of_server else _USER_ACTIONS.get(cause, "").replace("JOB", numbers)
    if not words or not account:
        return words
    name = store.nicknames().get(account, account)
    return f"account {name}: {words.replace('USER_ID', name)}"


def reasons(store: Store, ids: Iterable[int]) -> set[tuple[str, str]]:
    """Return what the user has to do before any of the jobs can continue, with the service; empty if one can.

    Checks one job of each kind, and stops at the first that isn't blocked.
    """
    found: set[tuple[str, str]] = set()
    known = tuple(ids)
    for job in store.one_of_each_kind(known):
        words = blocked(store, job, store.in_status(known, (job.status,)) if job.status in _DECIDED else ())
        if not words:
            return set()
        found.add((job.service, words))
    return found


def disk_full(store: Store, service: str) -> bool:
    """Whether songs of the service wait until its disk has space; they continue by themselves."""
    return any(job.trouble == FailureKind.DISK for job in store.with_status(service, Status.MAKING))


async def drained(store: Store, service: str, clock: Clock) -> None:
    """Return when no job of the service can continue by itself: all have ended, are held or need attention."""
    while True:
        rev = store.rev
        if all(
            blocked(store, job) for job in (*store.with_status(service, *_SENT), *store.first_of_each_kind(service))
        ):
            return
        while store.rev == rev:
            await clock.sleep(POLL_S)

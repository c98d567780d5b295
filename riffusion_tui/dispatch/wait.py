"""Wait for jobs to end, whichever process works on them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable

from riffusion_tui.jobs.clock import Clock
from riffusion_tui.jobs.model import FailureKind, Gate, Job, WaitCause
from riffusion_tui.jobs.status import ENDED, Status
from riffusion_tui.jobs.wait_reason import waiting
from riffusion_tui.store import Store

LOOK_S = 0.2
"""How often the store is asked whether something changed; that costs microseconds."""
NO_ROOM = "songs can't be written: make room, or the folder writable"
"""What `blocked` says of a disk. It is the one thing that may pass by itself: somebody else's file goes."""
_PERSONS = {
    WaitCause.BROKEN: "an account lost its session: give it a new credential",
    WaitCause.TOKEN: "the token was refused: set a valid one",
    WaitCause.CREDITS: "no credits are left: top the account up, then refresh the accounts",
    WaitCause.PAUSED: "the queue is paused: resume it",
    WaitCause.PERSON: "held: release it",
    WaitCause.DISK: NO_ROOM,
    WaitCause.UNREADABLE: "the service's answers can't be used: check its address (riffusion-tui doctor --service)",
}
PATIENT_TRIES = 3
"""Answers in a row that can't be used before a person is asked for: a proxy may give one by accident."""
_SENT = (Status.SENDING, Status.MAKING, Status.FETCHING, Status.MAYBE_SENT)


async def ended(store: Store, ids: Iterable[int], clock: Clock) -> AsyncIterator[Job]:
    """Yield each job as it ends (done, refused, failed, cancelled), those that have already first.

    A job that needs a person to go on (*maybe sent* for good, an account or token to be mended) does not end: give the
    wait a time limit (`asyncio.timeout`), and see `blocked`. A job that is deleted is waited for no longer.
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
            await clock.sleep(LOOK_S)


def blocked(store: Store, job: Job) -> str:
    """Return what a person has to do before the job can go on; empty where it goes on by itself."""
    if job.status == Status.MAYBE_SENT:
        return "it may have been sent: decide whether to send it again" if job.trouble == FailureKind.PERSON else ""
    gates = [gate for gate in store.gates(job.service) if not _passing(gate)]
    if job.status in (Status.MAKING, Status.FETCHING):
        causes = {
            WaitCause.TOKEN,
            WaitCause.BROKEN,
            WaitCause.UNREADABLE,
            *([WaitCause.DISK] if job.status == Status.FETCHING else []),
        }
        mine = [gate for gate in gates if gate.cause in causes and gate.account in (None, job.account)]
        return _advice(mine[0].cause, mine[0].account) if mine else ""
    wait = waiting(job, store.accounts(job.service), gates, 0.0)
    return _advice(wait.cause, wait.account) if wait else ""


def _passing(gate: Gate) -> bool:
    return gate.cause == WaitCause.UNREADABLE and gate.tries < PATIENT_TRIES


def _advice(cause: WaitCause, account: str | None) -> str:
    words = _PERSONS.get(cause, "")
    return f"account {account}: {words}" if words and account else words


def reasons(store: Store, ids: Iterable[int]) -> set[str]:
    """Return what a person has to do before any of the jobs goes on; nothing while one of them can by itself.

    It asks once for each kind of job, and stops at the first that nothing stands in the way of.
    """
    found: set[str] = set()
    for job in store.alike(ids):
        words = blocked(store, job)
        if not words:
            return set()
        found.add(words)
    return found


async def drained(store: Store, service: str, clock: Clock) -> None:
    """Return when no job of the service can go on by itself: all ended, held, or waiting for a person."""
    while True:
        rev = store.rev
        if all(blocked(store, job) for job in (*store.standing(service, *_SENT), *store.heads(service))):
            return
        while store.rev == rev:
            await clock.sleep(LOOK_S)

"""What the top line, the banners and the status bar say.

It is worked out of the store's rows, so that every process on the folder says the same.
"""

from collections.abc import Sequence
from typing import NamedTuple

from riffusion_tui.dispatch.eta import Opening, estimate, held, openings, requests
from riffusion_tui.jobs.model import Account, Gate, Job, WaitCause
from riffusion_tui.jobs.status import NEEDS_PERSON, TAKES_SLOT, UNDER_WAY, Status
from riffusion_tui.jobs.wait_reason import closed
from riffusion_tui.store import Store, Tally, UsualDuration

URGENT = (
    WaitCause.TOKEN,
    WaitCause.BROKEN,
    WaitCause.CREDITS,
    WaitCause.DISK,
    WaitCause.OFFLINE,
    WaitCause.UNREADABLE,
)
"""Causes that stand above everything else on the screen, the most urgent first."""

GUESS_MOST = 0.9
"""How far a song is at most, as long as nobody but the clock says so."""


class Slots(NamedTuple):
    """An account's slots: `used` of `total`, others' jobs among them; `gate` is what stands in its way."""

    account: str
    used: int
    total: int
    gate: Gate | None = None
    error: str = ""
    credits: float | None = None


class Banner(NamedTuple):
    """Something that needs a person: which account (None: the whole service), since when, how many jobs it holds."""

    cause: WaitCause
    account: str | None
    since: float
    jobs: int
    detail: str = ""


class Countdown(NamedTuple):
    """The one line with a time in it: the wait that is over first. `jobs` wait for it; this is try `tries`."""

    cause: WaitCause
    account: str | None
    since: float
    until: float
    jobs: int
    tries: int
    detail: str = ""


class QueueSummary(NamedTuple):
    """A service's state in one value."""

    slots: tuple[Slots, ...]
    used: int
    total: int
    waiting: int
    held: int
    making: int
    """Sending and maybe sent among them: what fills a slot."""
    fetching: int
    needs_person: int
    banners: tuple[Banner, ...]
    """The most urgent first."""
    countdown: Countdown | None
    paused: bool
    finish_at: float | None
    """When the last song that can go on by itself is likely there; None where nobody knows, or nothing is to come."""
    usual_s: float | None
    """How long a song usually takes here; None before the first."""
    opens: tuple[Opening, ...]
    """What a further job could go to, for an estimate of it."""

    def share(self, job: Job, now: float) -> float | None:
        """Return how much of its usual time a making job has used, 0 to 0.9; None where it is unknown.

        It is a guess, so it never looks finished.
        """
        if job.status != Status.MAKING or job.accepted_at is None or not self.usual_s:
            return None
        return min(GUESS_MOST, max(0.0, now - job.accepted_at) / self.usual_s)


def look(store: Store, service: str, now: float) -> QueueSummary:
    """Read the store and work it out. A few short queries: call it when something changed, not on every tick."""
    making = store.standing(service, *TAKES_SLOT)
    usual = store.usual_time(service)
    return work_out(store.tally(service), store.accounts(service), store.gates(service), making, usual, now)


def work_out(
    tally: Tally,
    accounts: Sequence[Account],
    gates: Sequence[Gate],
    making: Sequence[Job],
    usual: UsualDuration | None,
    now: float,
) -> QueueSummary:
    """Work it out of rows. `making` are the jobs that fill slots."""
    shut = [gate for gate in gates if closed(gate, now)]
    slots = _slots(accounts, making, shut)
    queued = tally.by_status.get(Status.QUEUED, 0)
    opens = openings(accounts, shut)
    stuck = sum(_pinned(tally, one.user_id) for one in accounts if held(one.user_id, shut))
    can_go = 0 if held(None, shut) else max(0, queued - stuck)
    seen = [job for job in making if not _unseen(job, shut)]
    return QueueSummary(
        slots=slots,
        used=sum(one.used for one in slots),
        total=sum(one.total for one in slots),
        waiting=queued,
        held=tally.by_status.get(Status.HELD, 0),
        making=sum(tally.by_status.get(status, 0) for status in TAKES_SLOT),
        fetching=tally.by_status.get(Status.FETCHING, 0),
        needs_person=sum(tally.by_status.get(status, 0) for status in NEEDS_PERSON),
        banners=_banners(shut, tally, accounts),
        countdown=_countdown(shut, queued, tally),
        paused=any(gate.cause == WaitCause.PAUSED for gate in shut),
        finish_at=estimate(can_go, seen, opens, usual, now),
        usual_s=usual.median_s if usual else None,
        opens=opens,
    )


def _slots(accounts: Sequence[Account], making: Sequence[Job], shut: Sequence[Gate]) -> tuple[Slots, ...]:
    ours: dict[str | None, int] = {}
    for account, _, _ in requests(making):
        ours[account] = ours.get(account, 0) + 1
    return tuple(
        Slots(
            one.user_id,
            min(one.max_jobs, ours.get(one.user_id, 0) + one.others),
            one.max_jobs,
            next((gate for gate in shut if gate.account == one.user_id), None),
            one.error,
            one.credits,
        )
        for one in accounts
    )


def _unseen(job: Job, shut: Sequence[Gate]) -> bool:
    """Whether nobody can ask how far a job is until a person has mended something."""
    return any(
        gate.cause == WaitCause.TOKEN or (gate.cause, gate.account) == (WaitCause.BROKEN, job.account) for gate in shut
    )


def _pinned(tally: Tally, account: str | None) -> int:
    return tally.by_account.get((Status.QUEUED, account), 0)


def _banners(shut: Sequence[Gate], tally: Tally, accounts: Sequence[Account]) -> tuple[Banner, ...]:
    found = [gate for gate in shut if gate.cause in URGENT]
    found.sort(key=lambda gate: (URGENT.index(gate.cause), gate.since))
    return tuple(
        Banner(gate.cause, gate.account, gate.since, _jobs_behind(gate, shut, tally, accounts), gate.detail)
        for gate in found
    )


def _jobs_behind(gate: Gate, shut: Sequence[Gate], tally: Tally, accounts: Sequence[Account]) -> int:
    """Count the jobs that a gate holds: those under way and pinned there; all free ones, if no account takes them."""
    if gate.cause == WaitCause.DISK:
        return tally.by_status.get(Status.FETCHING, 0)
    if gate.account is None:
        return tally.by_status.get(Status.QUEUED, 0)
    stuck = sum(tally.by_account.get((status, gate.account), 0) for status in UNDER_WAY)
    free = all(held(one.user_id, shut) for one in accounts)
    return stuck + _pinned(tally, gate.account) + (_pinned(tally, None) if free else 0)


def _countdown(shut: Sequence[Gate], queued: int, tally: Tally) -> Countdown | None:
    timed = [gate for gate in shut if gate.until is not None and gate.cause != WaitCause.DISK]
    if not timed:
        return None
    gate = min(timed, key=lambda one: (one.account is not None, one.until or 0.0))
    jobs = queued if gate.account is None else _pinned(tally, gate.account) + _pinned(tally, None)
    return Countdown(gate.cause, gate.account, gate.since, gate.until or 0.0, jobs, gate.tries, gate.detail)

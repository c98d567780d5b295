"""Summary of a service's queue, for the top line, banners and status bar.

Computed from the store, so that every process on the data folder shows the same.
"""

from collections.abc import Sequence
from typing import NamedTuple

from riffusion_tui.dispatch.eta import Opening, estimate, held, openings, requests
from riffusion_tui.jobs.model import Account, FailureKind, Gate, Job, WaitCause
from riffusion_tui.jobs.status import NEEDS_ATTENTION, TAKES_SLOT, UNDER_WAY, Status
from riffusion_tui.jobs.wait_reason import closed
from riffusion_tui.registry import SERVICES
from riffusion_tui.services.profiles import profile_of
from riffusion_tui.store import Store, Tally, UsualDuration

_URGENT = (
    WaitCause.TOKEN,
    WaitCause.BROKEN,
    WaitCause.CREDITS,
    WaitCause.DISK,
    WaitCause.OUTDATED,
    WaitCause.OFFLINE,
    WaitCause.UNAVAILABLE,
    WaitCause.UNREADABLE,
)
"""Causes shown as banners, most urgent first."""

_MAX_GUESS = 0.9
"""Maximum of a progress that is only estimated from the time."""


class Slots(NamedTuple):
    """An account's slots: `used` of `total`, including others' jobs; `gate` is its closed gate, if any."""

    account: str
    used: int
    total: int
    gate: Gate | None = None
    error: str = ""
    credits: float | None = None


class Banner(NamedTuple):
    """A problem that needs attention: its account (None: the whole service), start and number of blocked jobs."""

    cause: WaitCause
    account: str | None
    since: float
    jobs: int
    detail: str = ""


class Countdown(NamedTuple):
    """The wait that ends first. `jobs` is the number of waiting jobs, `tries` the current try."""

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
    """Jobs that use a slot, including sending and maybe sent."""
    fetching: int
    needs_attention: int
    banners: tuple[Banner, ...]
    """Most urgent first."""
    countdown: Countdown | None
    paused_since: float | None
    """None unless the queue is paused."""
    finish_at: float | None
    """Estimated time of the last song that needs no attention; None if unknown or if there is none."""
    usual: UsualDuration | None
    """How long songs take; None before the first."""
    opens: tuple[Opening, ...]
    """Slots available to a further job, for estimating it."""
    concurrency: int = 0
    """How many songs the service makes at once, whatever its slots; 0: unknown."""
    behind: frozenset[int] = frozenset()
    """Running jobs that likely wait for a processor at the service."""

    @property
    def rendering(self) -> int:
        """Jobs that use a slot and don't wait for a processor at the service."""
        return self.making - len(self.behind)

    @property
    def in_line(self) -> int:
        """Jobs that wait, here or for a processor at the service."""
        return self.waiting + len(self.behind)

    @property
    def paused(self) -> bool:
        """Whether nothing is sent until someone resumes."""
        return self.paused_since is not None

    def share(self, job: Job, now: float) -> float | None:
        """Return how much of its usual time a making job has used, 0 to 0.9; None if unknown.

        It is a guess, so it never looks finished.
        """
        if job.status != Status.MAKING or job.accepted_at is None or self.usual is None or job.id in self.behind:
            return None
        return min(_MAX_GUESS, max(0.0, now - job.accepted_at) / max(1.0, self.usual.at(job.options.length_s)))


def usual_time(store: Store, service: str) -> UsualDuration | None:
    """Return how long a service's songs take, and how long they are if no length is requested; None before the first.

    The latest songs may all have been short, because that was requested.
    """
    usual = store.usual_time(service)
    default_s = profile_of(service).capabilities.default_length_s if service in SERVICES else None
    return usual._replace(default_length_s=default_s) if usual is not None else None


def summarize(store: Store, service: str, now: float) -> QueueSummary:
    """Read the store and compute the summary. A few short queries; call it on changes, not on every tick."""
    making = store.with_status(service, *TAKES_SLOT)
    usual, tally = usual_time(store, service), store.tally(service)
    length = usual.unrequested_s if usual is not None else None
    if length is not None and tally.by_status.get(Status.QUEUED):
        length = store.requested_length(service, length)
    return summarize_rows(tally, store.accounts(service), store.gates(service), making, usual, now, length)


def summarize_rows(
    tally: Tally,
    accounts: Sequence[Account],
    gates: Sequence[Gate],
    making: Sequence[Job],
    usual: UsualDuration | None,
    now: float,
    length_s: float | None = None,
) -> QueueSummary:
    """Compute the summary from rows. `making` use slots; `length_s` is the mean length of what is queued."""
    shut = [gate for gate in gates if closed(gate, now)]
    slots = _slots(accounts, making, shut)
    queued = tally.by_status.get(Status.QUEUED, 0)
    opens = openings(accounts, shut)
    pins = {one.user_id: _pinned(tally, one.user_id) for one in accounts if not held(one.user_id, shut)}
    stuck = sum(_pinned(tally, one.user_id) for one in accounts if one.user_id not in pins)
    concurrency = max((one.concurrency for one in accounts), default=0)
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
        needs_attention=sum(tally.by_status.get(status, 0) for status in NEEDS_ATTENTION),
        banners=_banners(shut, tally, accounts, making),
        countdown=_countdown(shut, queued, tally),
        paused_since=next((gate.since for gate in shut if gate.cause == WaitCause.PAUSED), None),
        finish_at=estimate(
            can_go, seen, opens, usual, now, length_s=length_s, pins=pins if can_go else {}, concurrency=concurrency
        ),
        usual=usual,
        opens=opens,
        concurrency=concurrency,
        behind=_behind(making, concurrency),
    )


def _behind(making: Sequence[Job], concurrency: int) -> frozenset[int]:
    """Return the running jobs after the first that a service makes at once."""
    running = sorted((job for job in making if job.status == Status.MAKING), key=lambda job: job.accepted_at or 0.0)
    return frozenset(job.id for job in running[concurrency:]) if concurrency else frozenset()


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
    """Whether a job can't be polled until the user has fixed something."""
    return any(
        gate.cause == WaitCause.TOKEN or (gate.cause, gate.account) == (WaitCause.BROKEN, job.account) for gate in shut
    )


def _pinned(tally: Tally, account: str | None) -> int:
    return tally.by_account.get((Status.QUEUED, account), 0)


def _banners(
    shut: Sequence[Gate], tally: Tally, accounts: Sequence[Account], making: Sequence[Job]
) -> tuple[Banner, ...]:
    found = [
        Banner(gate.cause, gate.account, gate.since, _jobs_behind(gate, shut, tally, accounts), gate.detail)
        for gate in shut
        if gate.cause in _URGENT
    ]
    stuck = [job for job in making if job.trouble == FailureKind.DISK]
    if stuck and not any(banner.cause == WaitCause.DISK for banner in found):
        since = min(job.accepted_at or job.created_at for job in stuck)
        jobs = len(stuck) + tally.by_status.get(Status.QUEUED, 0)
        found.append(Banner(WaitCause.DISK, None, since, jobs, stuck[0].error))
    return tuple(sorted(found, key=lambda banner: (_URGENT.index(banner.cause), banner.since)))


def _jobs_behind(gate: Gate, shut: Sequence[Gate], tally: Tally, accounts: Sequence[Account]) -> int:
    """Count the jobs a gate blocks: under way or pinned there, and all unpinned ones if no account is open."""
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

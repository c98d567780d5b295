"""Estimate when everything is done, from queued and running jobs and the time when each slot is free. Pure.

All times are absolute, so that the estimate only changes when a gate or a job does, not with every tick.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from heapq import heapify, heapreplace
from math import ceil
from types import MappingProxyType
from typing import NamedTuple

from riffusion_tui.jobs.model import Account, Gate, Job, WaitCause
from riffusion_tui.store import UsualDuration


class Opening(NamedTuple):
    """An account's available slots, and the earliest time to use them (absolute; 0.0: now)."""

    account: str
    slots: int
    at: float = 0.0


class _Running(NamedTuple):
    """A request that was accepted and is not finished."""

    account: str | None
    accepted: float
    takes_s: float


def held(account: str | None, gates: Sequence[Gate]) -> bool:
    """Whether an account (None: the service) is blocked until the user acts. Loading a model doesn't count."""
    return any(gate.account == account and gate.until is None and gate.cause is not WaitCause.WARMING for gate in gates)


def requests(making: Iterable[Job]) -> dict[tuple[str | None, str, float | None], float | None]:
    """Return the requests that use slots, and when each was accepted. A pair of songs is one request."""
    return {(job.account, job.ref, job.sent_at): job.accepted_at for job in making}


def openings(accounts: Iterable[Account], gates: Sequence[Gate]) -> tuple[Opening, ...]:
    """Return the slots that open at a known time. Slots used by others' jobs count as taken.

    A model may take seconds or minutes to load, so until then its slots don't count.
    """
    found = []
    for one in accounts:
        slots = one.max_jobs - one.others
        waits = [gate.until for gate in gates if gate.account in (None, one.user_id)]
        ends = [until for until in waits if until is not None]
        if slots > 0 and len(ends) == len(waits):
            found.append(Opening(one.user_id, slots, max(ends, default=0.0)))
    return tuple(found)


def estimate(
    queued: int,
    making: Sequence[Job],
    opens: Sequence[Opening],
    usual: UsualDuration | None,
    now: float,
    *,
    length_s: float | None = None,
    pins: Mapping[str, int] = MappingProxyType({}),
    concurrency: int = 0,
) -> float | None:
    """Return when queued and running jobs are likely done; None if unknown.

    The result is constant over time, except for overdue jobs and jobs that could start now.

    Args:
        queued: jobs that are not sent yet.
        making: jobs that use slots.
        opens: slots that open at a known time.
        usual: how long songs take.
        now: seconds since the epoch.
        length_s: mean length requested for the queued ones; None: the usual one.
        pins: account → how many of the queued jobs only it may run.
        concurrency: how many songs the service makes at once, whatever its slots; 0: no limit.
    """
    if usual is None or (queued and not opens) or not (queued or making):
        return None
    if any(number and all(one.account != account for one in opens) for account, number in pins.items()):
        return None  # a loading model, or one whose slots are used by others
    each, running = usual.at(length_s), _running(making, usual, now)
    if concurrency and concurrency < max(len(making), sum(one.slots for one in opens)):
        return _on_few(queued, running, opens, now, each, concurrency)
    ends: dict[str | None, list[float]] = {}
    for account, accepted, takes in running:
        ends.setdefault(account, []).append(max(now, accepted + takes))
    lasts = [max(some) for some in ends.values()]
    if queued:
        free = {one.account: _free(one, sorted(ends.get(one.account, [])), now) for one in opens}
        lasts.append(_last(queued, sorted(moment for some in free.values() for moment in some), each))
        lasts += [_last(number, sorted(free[account]), each) for account, number in pins.items() if number]
    return max(lasts)


def _running(making: Sequence[Job], usual: UsualDuration, now: float) -> list[_Running]:
    """Return the running requests, the first accepted first."""
    lengths = {(job.account, job.ref, job.sent_at): job.options.length_s for job in making}
    running = sorted(requests(making).items(), key=lambda one: one[1] or now)
    return [_Running(key[0], accepted or now, usual.at(lengths[key])) for key, accepted in running]


def _on_few(
    queued: int, running: Sequence[_Running], opens: Sequence[Opening], now: float, each: float, concurrency: int
) -> float:
    """Return when all is done if the service makes only `concurrency` songs at a time, in the order accepted."""
    # Their start times are unknown: an overdue song must have waited first, and is likely half done.
    servers = [
        accepted + takes if accepted + takes > now else now + takes / 2 for _, accepted, takes in running[:concurrency]
    ]
    servers += [now] * (concurrency - len(servers))
    heapify(servers)
    for _, _, takes in running[concurrency:]:
        heapreplace(servers, servers[0] + takes)
    if queued:
        begin = max(now, min(one.at for one in opens))
        servers.append(_last(queued, sorted(max(begin, moment) for moment in servers), each))
    return max(servers)


def _free(opening: Opening, ends: Sequence[float], now: float) -> list[float]:
    """Return when each slot of an account is free. Jobs beyond its slots (if it had more) have to end first."""
    begin = max(now, opening.at)
    busy = [max(begin, moment) for moment in ends[max(0, len(ends) - opening.slots) :]]
    return [begin] * (opening.slots - len(busy)) + busy


def _last(jobs: int, free: Sequence[float], each: float) -> float:
    """Return when the last of `jobs` ends, each taking `each` seconds in the first free slot (`free`: sorted)."""

    def begun(slot: int) -> list[int]:
        return [ceil((free[slot] - moment) / each) for moment in free[:slot]]  # jobs on earlier slots before this one

    used = bisect_left(range(len(free)), jobs, key=lambda slot: sum(begun(slot)))
    counts = [*begun(used - 1), 0]
    rounds, rest = divmod(jobs - sum(counts), used)
    ends = [moment + (count + rounds) * each for moment, count in zip(free[:used], counts, strict=True)]
    heapify(ends)
    for _ in range(rest):
        heapreplace(ends, ends[0] + each)
    return max(ends)

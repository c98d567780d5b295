"""Determine why a queued job waits, since when, until when, and the number of tries. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from riffusion_tui.jobs.model import Account, Gate, Job, WaitCause
from riffusion_tui.jobs.status import Status

_URGENCY = (
    WaitCause.PAUSED,
    WaitCause.TOKEN,
    WaitCause.BROKEN,
    WaitCause.CREDITS,
    WaitCause.DISK,
    WaitCause.OUTDATED,
    WaitCause.OFFLINE,
    WaitCause.UNAVAILABLE,
    WaitCause.WARMING,
    WaitCause.UNREADABLE,
    WaitCause.FAULT,
    WaitCause.UPSTREAM,
    WaitCause.BUSY,
    WaitCause.SLOTS,
)

_NO_DOWNLOADS = frozenset(
    {
        WaitCause.TOKEN,
        WaitCause.BROKEN,
        WaitCause.DISK,
        WaitCause.OUTDATED,
        WaitCause.OFFLINE,
        WaitCause.UNAVAILABLE,
    }
)

_NO_POLLS = frozenset({WaitCause.TOKEN, WaitCause.BROKEN})


class WaitReason(NamedTuple):
    """Why a job waits. `until` is absolute; None: until a slot is free or the user acts."""

    cause: WaitCause
    since: float
    until: float | None = None
    tries: int = 0
    account: str | None = None
    detail: str = ""


def closed(gate: Gate, now: float) -> bool:
    """Whether a gate is still closed: one whose deadline has passed only waits for the next try."""
    return gate.until is None or gate.until > now


def waiting(
    job: Job,
    accounts: Sequence[Account],
    gates: Sequence[Gate],
    now: float,
    loads: Mapping[str | None, int] | None = None,
) -> WaitReason | None:
    """Return why `job` waits, or None if it doesn't (it is not queued or held).

    Args:
        job: any job.
        accounts: its service's accounts.
        gates: its service's gates.
        now: seconds since the epoch.
        loads: slots used by this program's jobs, by account; None if unknown.
    """
    if job.status == Status.HELD:
        return WaitReason(WaitCause.USER, job.created_at)
    if job.status != Status.QUEUED:
        return None
    shut = [gate for gate in gates if closed(gate, now)]
    whole = [gate for gate in shut if gate.account is None]
    if whole:
        return _wait(min(whole, key=_urgency))
    pin = job.options.account
    possible = [one for one in accounts if pin in (None, one.user_id)]
    barred = [gate for one in possible if (gate := _first(one.user_id, shut))]
    if barred and len(barred) == len(possible):
        return _wait(min(barred, key=lambda gate: (gate.until or float("inf"), *_urgency(gate))))
    behind, filled = {gate.account for gate in barred}, loads or {}
    usable = [one for one in possible if one.user_id not in behind]
    if not usable or any(one.max_jobs > filled.get(one.user_id, 0) + one.others for one in usable):
        return WaitReason(WaitCause.TURN, job.created_at, account=pin)
    only = usable[0].user_id if len(usable) == 1 else None
    return WaitReason(
        WaitCause.SLOTS, job.created_at, account=only, detail=_use(usable, loads) if loads is not None else ""
    )


def poll_wait(job: Job, gates: Sequence[Gate]) -> WaitReason | None:
    """Return why the service can't be asked about a running job, or None if it can; `gates` are its service's."""
    return _most_urgent(_NO_POLLS, job, gates)


def download_wait(job: Job, gates: Sequence[Gate]) -> WaitReason | None:
    """Return why a finished song isn't downloaded, or None if nothing prevents it; `gates` are its service's."""
    return _most_urgent(_NO_DOWNLOADS, job, gates)


def _most_urgent(causes: frozenset[WaitCause], job: Job, gates: Sequence[Gate]) -> WaitReason | None:
    shut = [gate for gate in gates if gate.cause in causes and gate.account in (None, job.account)]
    return _wait(min(shut, key=_urgency)) if shut else None


def _use(accounts: Sequence[Account], loads: Mapping[str | None, int]) -> str:
    ours, theirs = sum(loads.get(one.user_id, 0) for one in accounts), sum(one.others for one in accounts)
    used = f"this program uses {ours} of {sum(one.max_jobs for one in accounts)} slots"
    return f"{used}, another client {theirs}" if theirs else used


def _first(account: str, shut: Sequence[Gate]) -> Gate | None:
    return min((gate for gate in shut if gate.account == account), key=_urgency, default=None)


def _urgency(gate: Gate) -> tuple[int, float]:
    return _URGENCY.index(gate.cause), gate.since


def _wait(gate: Gate) -> WaitReason:
    return WaitReason(gate.cause, gate.since, gate.until, gate.tries, gate.account, gate.detail)

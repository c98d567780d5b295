from __future__ import annotations

import asyncio
import time

import pytest

from riffusion_tui.jobs.clock import SystemClock
from riffusion_tui.jobs.model import Account, Cause, Gate, Job, Options
from riffusion_tui.jobs.status import Status, may_become
from riffusion_tui.jobs.waiting import Wait, waiting

NOW = 1000.0
A, B = Account("s", "a", 2), Account("s", "b", 1, others=1)


def job(status: Status = Status.QUEUED, pin: str | None = None) -> Job:
    return Job(1, "r", "one", Options(account=pin), "s", status, "b", created_at=500.0)


def gate(cause: Cause, account: str | None = None, until: float | None = None, since: float = 900.0) -> Gate:
    return Gate("s", account, cause, since, until, 2, "why")


@pytest.mark.parametrize(
    ("asked", "gates", "loads", "wait"),
    [
        (job(Status.MAKING), [gate(Cause.TOKEN)], None, None),
        (job(Status.HELD), [], None, Wait(Cause.PERSON, 500.0)),
        (job(), [], None, Wait(Cause.TURN, 500.0)),
        (job(), [], {"a": 2}, Wait(Cause.SLOTS, 500.0)),
        (job(), [], {"a": 1}, Wait(Cause.TURN, 500.0)),
        (job(pin="b"), [], None, Wait(Cause.SLOTS, 500.0, account="b")),
        (job(pin="stranger"), [], None, Wait(Cause.TURN, 500.0, account="stranger")),
        (job(), [gate(Cause.UPSTREAM, until=1020.0)], None, Wait(Cause.UPSTREAM, 900.0, 1020.0, 2, None, "why")),
        (job(), [gate(Cause.UPSTREAM, until=990.0)], None, Wait(Cause.TURN, 500.0)),
        (
            job(),
            [gate(Cause.UPSTREAM, until=1020.0), gate(Cause.TOKEN)],
            None,
            Wait(Cause.TOKEN, 900.0, None, 2, None, "why"),
        ),
        (job(), [gate(Cause.BROKEN, "a")], None, Wait(Cause.SLOTS, 500.0)),
        (
            job(),
            [gate(Cause.BROKEN, "a"), gate(Cause.BUSY, "b", 1010.0)],
            None,
            Wait(Cause.BUSY, 900.0, 1010.0, 2, "b", "why"),
        ),
        (
            job(pin="a"),
            [gate(Cause.BROKEN, "a"), gate(Cause.BUSY, "a", 1010.0)],
            None,
            Wait(Cause.BROKEN, 900.0, None, 2, "a", "why"),
        ),
    ],
)
def test_why_a_job_waits(asked: Job, gates: list[Gate], loads: dict[str | None, int] | None, wait: Wait | None) -> None:
    assert waiting(asked, [A, B], gates, NOW, loads) == wait


def test_without_accounts_a_job_waits_its_turn() -> None:
    assert waiting(job(), [], [], NOW) == Wait(Cause.TURN, 500.0)


def test_transitions() -> None:
    assert may_become(Status.QUEUED, Status.SENDING)
    assert may_become(Status.DONE, Status.DONE)
    assert not may_become(Status.MAKING, Status.SENDING), "what was accepted is never sent again by itself"
    assert not may_become(Status.MAYBE_SENT, Status.SENDING)


def test_the_machine_s_clock() -> None:
    clock = SystemClock()
    assert abs(clock.now() - time.time()) < 1
    before = clock.steady()
    asyncio.run(clock.sleep(0.01))
    assert clock.steady() - before >= 0.009

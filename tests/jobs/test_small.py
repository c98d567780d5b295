from __future__ import annotations

import asyncio
import sys
import time

import pytest

from riffusion_tui.jobs.clock import SystemClock
from riffusion_tui.jobs.model import Account, FailureKind, Gate, Job, Options, WaitCause
from riffusion_tui.jobs.status import Status, may_become
from riffusion_tui.jobs.wait_reason import WaitReason, waiting

NOW = 1000.0
_OURS = "this program uses 2 of 3 slots"
A, B = Account("s", "a", 2), Account("s", "b", 1, others=1)


def job(status: Status = Status.QUEUED, pin: str | None = None) -> Job:
    return Job(1, "r", "one", Options(account=pin), "s", status, "b", created_at=500.0)


def gate(cause: WaitCause, account: str | None = None, until: float | None = None, since: float = 900.0) -> Gate:
    return Gate("s", account, cause, since, until, 2, "why")


@pytest.mark.parametrize(
    ("requested", "gates", "loads", "wait"),
    [
        (job(Status.MAKING), [gate(WaitCause.TOKEN)], None, None),
        (job(Status.HELD), [], None, WaitReason(WaitCause.USER, 500.0)),
        (job(), [], None, WaitReason(WaitCause.TURN, 500.0)),
        (job(), [], {"a": 2}, WaitReason(WaitCause.SLOTS, 500.0, detail=f"{_OURS}, another client 1")),
        (
            job(pin="a"),
            [],
            {"a": 2},
            WaitReason(WaitCause.SLOTS, 500.0, account="a", detail="this program uses 2 of 2 slots"),
        ),
        (job(), [], {"a": 1}, WaitReason(WaitCause.TURN, 500.0)),
        (job(pin="b"), [], None, WaitReason(WaitCause.SLOTS, 500.0, account="b")),
        (job(pin="stranger"), [], None, WaitReason(WaitCause.TURN, 500.0, account="stranger")),
        (
            job(),
            [gate(WaitCause.UPSTREAM, until=1020.0)],
            None,
            WaitReason(WaitCause.UPSTREAM, 900.0, 1020.0, 2, None, "why"),
        ),
        (job(), [gate(WaitCause.UPSTREAM, until=990.0)], None, WaitReason(WaitCause.TURN, 500.0)),
        (
            job(),
            [gate(WaitCause.UPSTREAM, until=1020.0), gate(WaitCause.TOKEN)],
            None,
            WaitReason(WaitCause.TOKEN, 900.0, None, 2, None, "why"),
        ),
        (job(), [gate(WaitCause.BROKEN, "a")], None, WaitReason(WaitCause.SLOTS, 500.0, account="b")),
        (
            job(),
            [gate(WaitCause.BROKEN, "a"), gate(WaitCause.BROKEN, "b")._replace(since=800.0)],
            None,
            WaitReason(WaitCause.BROKEN, 800.0, None, 2, "b", "why"),
        ),
        (
            job(),
            [gate(WaitCause.BROKEN, "a"), gate(WaitCause.BUSY, "b", 1010.0)],
            None,
            WaitReason(WaitCause.BUSY, 900.0, 1010.0, 2, "b", "why"),
        ),
        (
            job(pin="a"),
            [gate(WaitCause.BROKEN, "a"), gate(WaitCause.BUSY, "a", 1010.0)],
            None,
            WaitReason(WaitCause.BROKEN, 900.0, None, 2, "a", "why"),
        ),
    ],
)
def test_a_waiting_job_has_a_reason(
    requested: Job, gates: list[Gate], loads: dict[str | None, int] | None, wait: WaitReason | None
) -> None:
    assert waiting(requested, [A, B], gates, NOW, loads) == wait


def test_a_job_waits_its_turn_without_accounts() -> None:
    assert waiting(job(), [], [], NOW) == WaitReason(WaitCause.TURN, 500.0)


def test_only_allowed_transitions_are_possible() -> None:
    assert may_become(Status.QUEUED, Status.SENDING)
    assert may_become(Status.DONE, Status.DONE)
    assert not may_become(Status.MAKING, Status.SENDING), "an accepted job is never resent automatically"
    assert not may_become(Status.MAYBE_SENT, Status.SENDING)


def test_the_system_clock_returns_real_time() -> None:
    clock = SystemClock()
    assert abs(clock.now() - time.time()) < 1
    before = clock.steady()
    asyncio.run(clock.sleep(0.01))
    assert clock.steady() - before >= 0.009


@pytest.mark.skipif(sys.platform != "linux", reason="Linux has a clock that counts suspended time")
def test_the_steady_clock_includes_time_spent_suspended(monkeypatch: pytest.MonkeyPatch) -> None:
    kernel = {time.CLOCK_MONOTONIC: 100.0, time.CLOCK_BOOTTIME: 3700.0}
    monkeypatch.setattr(time, "clock_gettime", kernel.__getitem__)
    assert SystemClock().steady() == 3700.0


def test_causes_are_shown_in_other_words_than_they_are_stored_in() -> None:
    assert (WaitCause.BROKEN.words, WaitCause.BROKEN.value) == ("session expired", "account lost its session")
    assert WaitCause.PAUSED.words == WaitCause.PAUSED.value == "paused"


@pytest.mark.parametrize(
    ("options", "trouble", "remote_id", "lost"),
    [
        (Options(operation="replace"), FailureKind.NOT_FOUND, None, True),
        (Options(operation="replace"), FailureKind.NOT_FOUND, "r1", False),
        (Options(operation="replace"), FailureKind.MODERATION, None, False),
        (Options(), FailureKind.NOT_FOUND, None, False),
    ],
)
def test_an_edit_has_lost_its_source_if_the_service_no_longer_finds_it(
    options: Options, trouble: FailureKind, remote_id: str | None, lost: bool
) -> None:
    failed = job(Status.FAILED)._replace(options=options, trouble=trouble, remote_id=remote_id)
    assert failed.lost_source is lost

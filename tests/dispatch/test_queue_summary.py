"""The queue's summary, and how commands wait."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from riffusion_tui.dispatch import QueueSummary, blocked, drained, ended, summarize
from riffusion_tui.dispatch.wait import disk_full, reasons
from riffusion_tui.jobs.model import Account, FailureKind, Gate, Job, Options, WaitCause
from riffusion_tui.jobs.status import Status
from riffusion_tui.services import base
from riffusion_tui.store import NewJob
from tests.dispatch.bench import Bench, bench
from tests.dispatch.virtual import run
from tests.dispatch.world import Slot, World


def making(accepted: float | None, id: int = 1) -> Job:
    return Job(id, f"ref{id}", "one", Options(), "world", Status.MAKING, "b", accepted_at=accepted)


def filled(b: Bench) -> None:
    """Add four waiting jobs (one pinned), one held, two making, one fetching, one failed, and two accounts."""
    b.store.put_accounts(
        "world", [Account("world", "a", 3, 2, "", 7.0, others=1), Account("world", "b", 2, error="broken")]
    )
    statuses = [Status.HELD, Status.FETCHING, Status.FAILED, *[Status.QUEUED] * 3, *[Status.MAKING] * 2]
    b.store.add([NewJob("one", Options(), "world", f"r{n}", "b", status=s) for n, s in enumerate(statuses)])
    b.store.add([NewJob("two", Options(account="b"), "world", "pinned", "b")])
    b.store.update(7, account="a", accepted_at=b.clock.now() - 30, sent_at=1.0)
    b.store.update(8, account="b", accepted_at=b.clock.now() - 10, sent_at=2.0)
    b.store.add_time("world", 60.0)


def seen(b: Bench) -> QueueSummary:
    return summarize(b.store, "world", b.clock.now())


def test_the_summary_counts_jobs_and_slots_and_estimates_the_end(tmp_path: Path) -> None:
    async def main() -> None:
        async with bench(tmp_path) as b:
            empty = seen(b)
            assert (empty.slots, empty.waiting, empty.finish_at, empty.usual) == ((), 0, None, None)
            assert empty.share(making(1.0), 2.0) is None
            filled(b)
            now = seen(b)
            assert [(one.account, one.used, one.total, one.error, one.credits) for one in now.slots] == [
                ("a", 2, 3, "", 7.0),
                ("b", 1, 2, "broken", None),
            ]
            assert (now.used, now.total, now.waiting, now.held) == (3, 5, 4, 1)
            assert (now.making, now.fetching, now.needs_attention) == (2, 1, 1)
            assert (now.banners, now.countdown, now.paused) == ((), None, False)
            assert now.finish_at == b.clock.now() + 110
            job = b.store.job(7)
            assert now.share(job, b.clock.now()) == 0.5
            assert now.share(job, 0.0) == 0.0
            assert now.share(job, b.clock.now() + 600) == 0.9
            assert now.share(b.store.job(1), b.clock.now()) is None

    run(main())


def test_gates_become_banners_or_the_countdown(tmp_path: Path) -> None:
    async def main() -> None:
        async with bench(tmp_path) as b:
            filled(b)
            now = b.clock.now()
            b.store.put_gate(Gate("world", "b", WaitCause.BROKEN, now - 60, detail="596"))
            b.store.put_gate(Gate("world", "a", WaitCause.BUSY, now, now + 20, 2))
            b.store.put_gate(Gate("world", None, WaitCause.UPSTREAM, now - 500, now - 100))
            state = seen(b)
            (banner,) = state.banners
            assert (banner.cause, banner.account, banner.since, banner.jobs) == (WaitCause.BROKEN, "b", now - 60, 2)
            assert state.countdown is not None
            assert (state.countdown.account, state.countdown.until, state.countdown.jobs) == ("a", now + 20, 3)
            assert [slot.gate.cause if slot.gate else None for slot in state.slots] == [
                WaitCause.BUSY,
                WaitCause.BROKEN,
            ]
            assert state.finish_at == now + 140, "three jobs on the two slots of a, after its gate opens"

            b.store.put_gate(Gate("world", None, WaitCause.OFFLINE, now, now + 5, 3))
            b.store.put_gate(Gate("world", None, WaitCause.DISK, now, now + 3))
            b.store.put_gate(Gate("world", "a", WaitCause.CREDITS, now))
            state = seen(b)
            assert [(one.cause, one.jobs) for one in state.banners] == [
                (WaitCause.BROKEN, 5),
                (WaitCause.CREDITS, 4),
                (WaitCause.DISK, 1),
                (WaitCause.OFFLINE, 4),
            ]
            assert state.countdown is not None
            assert (state.countdown.cause, state.countdown.jobs) == (WaitCause.OFFLINE, 4)
            assert state.finish_at is None, "every account needs the user"

            b.job_commands.pause()
            state = seen(b)
            assert state.paused
            assert state.finish_at == now + 30, "only running jobs will finish"

    run(main())


# -- waiting in a command


def test_jobs_are_yielded_as_they_end(tmp_path: Path) -> None:
    async def main() -> None:
        world = World({"a": Slot(2)}, iter([30.0, 10.0, 20.0, 5.0]).__next__)
        async with bench(tmp_path, world) as b:
            jobs = b.job_commands.submit(["one", "two", "three", "four", "five"], Options())
            await b.job_commands.cancel([jobs[3].id])
            seen: list[str] = []

            async def watch() -> None:
                ids = [job.id for job in jobs]
                seen.extend([job.prompt async for job in ended(b.store, ids, b.clock)])

            watching = asyncio.ensure_future(watch())
            async with b.dispatching():
                await asyncio.sleep(1)
                b.job_commands.delete([jobs[4].id])
                await watching
            assert seen == ["four", "two", "one", "three"]

    run(main())


PERSONS = [
    (Status.QUEUED, WaitCause.TOKEN, None, "token"),
    (Status.QUEUED, WaitCause.BROKEN, "a", "account a: session expired"),
    (Status.QUEUED, WaitCause.CREDITS, "a", "credits"),
    (Status.QUEUED, WaitCause.PAUSED, None, "paused"),
    (Status.QUEUED, WaitCause.DISK, None, "written"),
    (Status.QUEUED, WaitCause.OFFLINE, None, ""),
    (Status.HELD, None, None, "held"),
    (Status.QUEUED, None, None, ""),
    (Status.MAKING, WaitCause.TOKEN, None, "token"),
    (Status.MAKING, WaitCause.BROKEN, "a", "account a"),
    (Status.MAKING, WaitCause.BROKEN, "b", ""),
    (Status.MAKING, WaitCause.DISK, None, ""),
    (Status.FETCHING, WaitCause.DISK, None, "written"),
    (Status.MAYBE_SENT, None, None, ""),
    (Status.MAYBE_SENT, WaitCause.TOKEN, None, "token"),
    (Status.MAYBE_SENT, WaitCause.BROKEN, "a", ""),
    (Status.DONE, WaitCause.TOKEN, None, ""),
]


@pytest.mark.parametrize(("status", "cause", "account", "words"), PERSONS)
def test_a_job_that_needs_attention_has_advice(
    tmp_path: Path, status: Status, cause: WaitCause | None, account: str | None, words: str
) -> None:
    async def main() -> None:
        async with bench(tmp_path) as b:
            b.store.put_accounts("world", [Account("world", "a", 1)])
            (job,) = b.store.add([NewJob("one", Options(), "world", "ref", "b", status=status, account="a")])
            if cause:
                until = None if cause != WaitCause.OFFLINE else b.clock.now() + 9
                b.store.put_gate(Gate("world", account, cause, 1.0, until))
            output = blocked(b.store, job)
            assert words in output
            assert bool(output) == bool(words)

    run(main())


@pytest.mark.parametrize("cause", [WaitCause.FAULT, WaitCause.UPSTREAM])
@pytest.mark.parametrize("seconds", [-9.0, 9.0])
def test_a_delay_of_the_service_hides_no_account_that_needs_attention(
    tmp_path: Path, cause: WaitCause, seconds: float
) -> None:
    async def main() -> None:
        async with bench(tmp_path) as b:
            b.store.put_accounts("world", [Account("world", "a", 1)])
            (job,) = b.store.add([NewJob("one", Options(), "world", "ref", "b")])
            b.store.put_gate(Gate("world", None, cause, 1.0, b.clock.now() + seconds))
            assert blocked(b.store, job) == ""
            b.store.put_gate(Gate("world", "a", WaitCause.BROKEN, 1.0))
            assert blocked(b.store, job).startswith("account a: session expired")
            b.store.put_gate(Gate("world", None, WaitCause.OFFLINE, 1.0, b.clock.now() + 9))
            assert blocked(b.store, job) == "", "it may have been repaired meanwhile"

    run(main())


def test_the_advice_on_a_server_is_not_about_a_session(tmp_path: Path) -> None:
    async def main() -> None:
        async with bench(tmp_path) as b:
            b.store.put_accounts("acestep", [Account("acestep", "box:8001", 1)])
            (job,) = b.store.add([NewJob("one", Options(), "acestep", "ref", "b")])
            b.store.put_gate(Gate("acestep", "box:8001", WaitCause.BROKEN, 1.0, detail="can't load its model"))
            output = blocked(b.store, job)
            assert output.startswith("account box:8001: fix what the server reports")
            assert "`riffusion-tui accounts repair box:8001`" in output

    run(main())


def test_a_maybe_sent_job_needs_attention_only_after_its_checks(tmp_path: Path) -> None:
    async def main() -> None:
        async with bench(tmp_path) as b:
            (job,) = b.store.add([NewJob("one", Options(), "world", "ref", "b", status=Status.MAYBE_SENT)])
            assert blocked(b.store, job) == ""
            b.store.add([NewJob("two", Options(), "world", "ref", "b", status=Status.MAYBE_SENT)])
            b.store.add([NewJob("three", Options(), "world", "ref", "b", status=Status.HELD)])
            for id in (1, 2):
                b.store.update(id, trouble=FailureKind.USER)
            again = "`riffusion-tui cancel {0}` and then `riffusion-tui retry {0}` send"
            assert again.format(1) in blocked(b.store, b.store.job(1))
            (one,), (two,) = ([words for _, words in reasons(b.store, ids)] for ids in ([1, 2], [3]))
            assert again.format("1 2") in one
            assert two == "held: `riffusion-tui release 3` releases it"

    run(main())


def test_attention_is_needed_only_while_nothing_can_continue(tmp_path: Path) -> None:
    async def main() -> None:
        async with bench(tmp_path) as b:
            b.store.put_accounts("world", [Account("world", "a", 1), Account("world", "b", 1)])
            b.store.put_gate(Gate("world", "a", WaitCause.BROKEN, 1.0))
            requested = [NewJob("x", Options(account=pin), "world", "ref", "b") for pin in "a" * 700 + "b"]
            ids = [job.id for job in b.store.add(requested)]
            assert reasons(b.store, ids) == set()
            b.store.update(ids[-1], Status.HELD)
            assert {(service, words.partition(":")[0]) for service, words in reasons(b.store, ids)} == {
                ("world", "account a"),
                ("world", "held"),
            }
            assert reasons(b.store, []) == set()

    run(main())


def test_drained_waits_for_all_but_held_jobs(tmp_path: Path) -> None:
    async def main() -> None:
        world = World({"a": Slot(1)}, lambda: 20.0)
        async with bench(tmp_path, world) as b:
            b.job_commands.submit(["one", "two"], Options())
            (held,) = b.job_commands.submit(["three"], Options())
            b.job_commands.hold([held.id])
            async with b.dispatching():
                await drained(b.store, "world", b.clock)
            assert len(b.jobs(Status.DONE)) == 2

    run(main())


def test_the_estimate_includes_lengths_pins_and_processors(tmp_path: Path) -> None:
    async def main() -> None:
        async with bench(tmp_path) as b:
            b.store.put_accounts(
                "world", [Account("world", "a", 4, concurrency=1), Account("world", "b", 4, concurrency=1)]
            )
            b.store.add_time("world", 20.0, 100.0)
            now = b.clock.now()
            for number in range(2):
                (job,) = b.store.add([NewJob("one", Options(), "world", f"r{number}", "b")])
                b.store.update(job.id, Status.SENDING, "", sent_at=now + number)
                b.store.update(job.id, Status.MAKING, "", accepted_at=now + number, account="a")
            state = seen(b)
            assert state.behind == {2}, "the service makes one song at a time"
            assert (state.rendering, state.in_line) == (state.making - 1, state.waiting + 1)
            assert (state.share(b.store.job(1), now + 10), state.share(b.store.job(2), now + 10)) == (0.5, None)
            assert state.finish_at == now + 40
            b.store.add([NewJob("long", Options(length_s=300.0), "world", "r2", "b")])
            assert seen(b).finish_at == now + 100
            b.store.add([NewJob("pinned", Options(account="b"), "world", "r3", "b")])
            b.store.put_gate(Gate("world", "b", WaitCause.WARMING, now))
            assert seen(b).finish_at is None, "the loading time of a model is unknown"

    run(main())


def test_a_song_that_waits_for_the_services_disk_reports_it(tmp_path: Path) -> None:
    async def main() -> None:
        world = World({"a": Slot(1)}, lambda: 600.0)
        world.capabilities = world.capabilities._replace(schedules=False)
        found, full = world._find, [True]

        def waits(remote_id: str) -> base.RemoteSong | None:
            one = found(remote_id)
            return replace(one, disk_full=full[0]) if one else one

        world._find = waits
        async with bench(tmp_path, world) as b:
            first, second = b.job_commands.submit(["one", "two"], Options())
            async with b.dispatching():
                await b.until(lambda: b.store.job(first.id).trouble == FailureKind.DISK)
                job = b.store.job(first.id)
                assert (job.status, "Free some space" in job.error) == (Status.MAKING, True)
                assert disk_full(b.store, "world")
                (banner,) = summarize(b.store, "world", b.clock.now()).banners
                assert (banner.cause, banner.since, banner.jobs) == (WaitCause.DISK, job.accepted_at, 2)
                b.store.put_gate(Gate("world", None, WaitCause.DISK, b.clock.now()))
                assert len(summarize(b.store, "world", b.clock.now()).banners) == 1, "one banner per problem"
                b.store.drop_gate("world", None, WaitCause.DISK)
                full[0] = False
                await b.until(lambda: b.store.job(first.id).trouble is None)
                assert b.store.job(first.id).error == ""
                assert not disk_full(b.store, "world")
                assert b.store.job(second.id).status == Status.QUEUED

    run(main())

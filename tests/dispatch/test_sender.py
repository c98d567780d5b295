"""The effect of each response to a request."""

from __future__ import annotations

import asyncio
from itertools import pairwise
from pathlib import Path

import pytest

from riffusion_tui.jobs.model import Account, FailureKind, Options, WaitCause
from riffusion_tui.jobs.status import Status
from riffusion_tui.services import base
from riffusion_tui.store import NewJob
from tests.dispatch.bench import bench
from tests.dispatch.virtual import run
from tests.dispatch.world import Slot, World

CLEAR_ENDS = [
    (base.Refused("Moderated."), Status.REFUSED, FailureKind.MODERATION),
    (base.BadRequest("Wrong."), Status.FAILED, FailureKind.BAD_REQUEST),
    (base.Conflict("Not now."), Status.FAILED, FailureKind.BAD_REQUEST),
    (base.Forbidden("Not yours."), Status.FAILED, FailureKind.FORBIDDEN),
    (base.NotFound("No such account."), Status.FAILED, FailureKind.NOT_FOUND),
    (base.Expired("Gone."), Status.FAILED, FailureKind.EXPIRED),
]


@pytest.mark.parametrize(("error", "status", "trouble"), CLEAR_ENDS, ids=lambda one: getattr(one, "value", ""))
def test_a_final_error_is_never_resent(
    tmp_path: Path, error: base.ServiceError, status: Status, trouble: FailureKind
) -> None:
    async def main() -> None:
        world = World(duration=lambda: 5.0, faults={"create": [error]})
        async with bench(tmp_path, world) as b:
            first, second = b.job_commands.submit(["one", "two"], Options())
            async with b.dispatching():
                await b.until(lambda: b.store.job(second.id).status == Status.DONE)
            ended = b.store.job(first.id)
            assert (ended.status, ended.trouble, ended.error) == (status, trouble, str(error))
            assert [prompt for _, prompt, _ in world.posts] == ["one", "two"]
            assert world.per_prompt() == {"two": 1}

    run(main())


WAITS = [
    (base.UpstreamLimited("Too Many Requests"), 10),
    (base.RateLimited("Too Many Requests", retry_after_s=45), 45),
    (base.NotSent("No route."), 1),
    (base.BadAddress("No such scheme."), 1),
]


@pytest.mark.parametrize(("error", "least"), WAITS, ids=["upstream", "retry-after", "not sent", "bad address"])
def test_an_unaccepted_request_is_resent_after_a_wait(tmp_path: Path, error: base.ServiceError, least: float) -> None:
    async def main() -> None:
        world = World(duration=lambda: 5.0, faults={"create": [error]})
        async with bench(tmp_path, world) as b:
            (job,) = b.job_commands.submit(["one"], Options())
            async with b.dispatching():
                await b.until(lambda: b.all(Status.DONE))
            assert world.per_prompt() == {"one": 1}
            (first, _, _), (second, _, _) = world.posts
            assert least <= second - first <= 60
            assert b.store.job(job.id).tries == 2
            assert b.store.gates("world") == ()

    run(main())


@pytest.mark.parametrize(
    ("error", "least"), [(base.UpstreamLimited("Too Many Requests"), 10), (base.ServerFault("500"), 10)]
)
def test_an_accepted_request_in_flight_does_not_end_a_wait(
    tmp_path: Path, error: base.ServiceError, least: float
) -> None:
    async def main() -> None:
        world = World({"a": Slot(3), "b": Slot(3)}, lambda: 60.0, faults={"create": [error]})
        async with bench(tmp_path, world) as b:
            b.job_commands.submit([f"prompt {n}" for n in range(6)], Options())
            async with b.dispatching():
                await b.until(lambda: len(world.posts) > 2)
            first, second, third = (at for at, _, _ in world.posts)
            assert first == second, "one is refused while the other is accepted"
            assert third - first >= least

    run(main())


def test_only_the_busy_account_waits_and_for_at_least_ten_seconds(tmp_path: Path) -> None:
    async def main() -> None:
        world = World({"a": Slot(1, others=1), "b": Slot(1)}, lambda: 4.0)
        async with bench(tmp_path, world) as b:
            # The program's state is out of date: account a seems free.
            world.faults["workload"] = [base.ServerFault("Not now.")]
            b.job_commands.submit([f"prompt {n}" for n in range(6)], Options())
            async with b.dispatching():
                await b.until(lambda: world.busy == 1)
                gate = next(gate for gate in b.store.gates("world") if gate.cause == WaitCause.BUSY)
                assert gate.account == "a"
                assert gate.until is not None
                assert 10 <= gate.until - gate.since <= 30
                world.accounts_there["a"].others = 0
                await b.until(lambda: b.all(Status.DONE))
            assert set(world.per_prompt().values()) == {1}
            to_a = [at for at, _, account in world.posts if account == "a"]
            assert len(to_a) > 1, "the account is used again"
            assert to_a[1] - to_a[0] >= 10
            assert world.busy == 1
            limited = [(one.account, one.number) for one in b.store.daily("world", 0.0) if one.outcome == "limited"]
            assert limited == [("a", 1)]

    run(main())


def test_an_hour_of_429s_takes_a_bounded_number_of_requests(tmp_path: Path) -> None:
    async def main() -> None:
        world = World({"a": Slot(3), "b": Slot(3)})
        world.faults["create"] = [base.UpstreamLimited("Too Many Requests")] * 1000
        async with bench(tmp_path, world) as b:
            b.job_commands.submit([f"prompt {n}" for n in range(20)], Options())
            async with b.dispatching():
                await asyncio.sleep(3600)
                assert 10 <= len(world.posts) <= 40
                times = [at for at, _, _ in world.posts][1:]  # the first two were sent at the same moment
                assert all(later - earlier >= 10 for earlier, later in pairwise(times))
                assert b.all(Status.QUEUED)
                assert b.job_commands.next_now()
                before = len(world.posts)
                await asyncio.sleep(1)
                assert len(world.posts) == before + 1

    run(main())


def test_an_hour_of_server_errors_leaves_most_jobs_queued(tmp_path: Path) -> None:
    async def main() -> None:
        world = World({"a": Slot(3)})
        world.faults["create"] = [base.ServerFault("500")] * 1000
        async with bench(tmp_path, world) as b:
            b.job_commands.submit([f"prompt {n}" for n in range(100)], Options())
            async with b.dispatching():
                await asyncio.sleep(3600)
            assert len(world.posts) <= 15
            assert len(b.jobs(Status.QUEUED)) >= 85
            assert {job.trouble for job in b.jobs(Status.MAYBE_SENT)} <= {FailureKind.USER, FailureKind.SERVER}

    run(main())


def test_a_596_stops_only_its_account(tmp_path: Path) -> None:
    async def main() -> None:
        world = World({"a": Slot(2), "b": Slot(2)}, lambda: 10.0)
        async with bench(tmp_path, world) as b:
            held: set[str | None] = set()
            b.store.subscribe(lambda: held.update(gate.account for gate in b.store.gates("world")))
            free = b.job_commands.submit([f"prompt {n}" for n in range(8)], Options())
            (pinned,) = b.job_commands.submit(["only a"], Options(account="a"))
            async with b.dispatching():
                await b.until(lambda: len(world.posts) >= 3)
                world.accounts_there["a"].broken = True
                await b.until(lambda: len(b.jobs(Status.DONE)) >= 6)
                (gate,) = b.store.gates("world")
                assert (gate.cause, gate.account, gate.until) == (WaitCause.BROKEN, "a", None)
                await asyncio.sleep(300)
                assert b.store.job(pinned.id).status == Status.QUEUED
                world.accounts_there["a"].broken = False  # repaired by another client
                await b.until(lambda: b.all(Status.DONE), 120)
            assert set(world.per_prompt().values()) == {1}
            assert b.store.gates("world") == ()
            assert len(free) == 8
            assert held == {"a"}, "no other account was stopped"

    run(main())


def test_an_unnamed_broken_account_is_looked_up(tmp_path: Path) -> None:
    async def main() -> None:
        world = World({"a": Slot(2, broken=True)}, lambda: 5.0, names_broken=False)
        async with bench(tmp_path, world) as b:
            b.job_commands.submit(["one"], Options())
            world.faults["accounts"] = [base.NotFound("no list")]  # no account is known at first
            world.faults["workload"] = [base.NotFound("no list")]
            async with b.dispatching():
                await b.until(lambda: bool(b.store.gates("world")))
                await asyncio.sleep(20)
            (gate,) = b.store.gates("world")
            assert (gate.cause, gate.account) == (WaitCause.BROKEN, "a")
            assert len(world.posts) == 1

    run(main())


@pytest.mark.parametrize(
    "error",
    [
        base.NotFound("no accounts"),
        base.ServerFault("500"),
        base.Unauthorized("401"),
    ],
)
def test_an_unnamed_broken_account_stops_the_service_and_is_retried_with_backoff(
    tmp_path: Path, error: base.ServiceError
) -> None:
    async def main() -> None:
        world = World({}, lambda: 5.0)
        async with bench(tmp_path, world) as b:
            world.faults["create"] = [base.AccountBroken("pending error")] * 50
            world.faults["accounts"] = [base.NotFound("no list"), error]
            b.job_commands.submit(["one"], Options())
            async with b.dispatching():
                await b.until(lambda: any(gate.cause == WaitCause.BROKEN for gate in b.store.gates("world")))
                await asyncio.sleep(3600)
                assert len(world.posts) < 20
                assert b.all(Status.QUEUED)
                world.faults["create"] = []
                await b.until(lambda: b.all(Status.DONE))

    run(main())


def test_a_rejected_token_stops_everything_until_it_is_replaced(tmp_path: Path) -> None:
    async def main() -> None:
        world = World({"a": Slot(1)}, lambda: 30.0)
        async with bench(tmp_path, world) as b:
            b.job_commands.submit(["one", "two"], Options())
            async with b.dispatching():
                await b.until(lambda: bool(b.jobs(Status.MAKING)))
                world.token_ok = False
                await asyncio.sleep(3600)
                assert [gate.cause for gate in b.store.gates("world")] == [WaitCause.TOKEN]
                assert sum(world.calls.values()) < 150
                world.token_ok = True  # another process set a new token
                await b.until(lambda: b.all(Status.DONE))
            assert set(world.per_prompt().values()) == {1}

    run(main())


def test_missing_credits_stop_the_account_until_the_user_acts(tmp_path: Path) -> None:
    async def main() -> None:
        world = World({"a": Slot(1)}, lambda: 5.0, faults={"create": [base.NoCredits("No credits.")]})
        async with bench(tmp_path, world) as b:
            b.job_commands.submit(["one"], Options())
            async with b.dispatching():
                await asyncio.sleep(3600)
                assert len(world.posts) == 1
                assert [(gate.cause, gate.account) for gate in b.store.gates("world")] == [(WaitCause.CREDITS, "a")]
                await b.account_commands.refresh()
                await b.until(lambda: b.all(Status.DONE))

    run(main())


def test_pausing_stops_sending_and_running_jobs_continue(tmp_path: Path) -> None:
    async def main() -> None:
        world = World({"a": Slot(1)}, lambda: 10.0)
        async with bench(tmp_path, world) as b:
            b.job_commands.submit(["one", "two"], Options())
            async with b.dispatching():
                await b.until(lambda: bool(b.jobs(Status.MAKING)))
                b.job_commands.pause()
                await b.until(lambda: bool(b.jobs(Status.DONE)))
                await asyncio.sleep(100)
                assert len(world.posts) == 1
                b.job_commands.resume()
                await b.until(lambda: b.all(Status.DONE))

    run(main())


def test_closing_waits_for_a_request_in_flight(tmp_path: Path) -> None:
    async def main() -> None:
        world = World(latency=5.0)
        async with bench(tmp_path, world) as b:
            b.job_commands.submit(["one"], Options())
            async with b.dispatching():
                await b.until(lambda: bool(b.jobs(Status.SENDING)))
            assert b.all(Status.MAKING)

    run(main())


def test_closing_during_a_hanging_request_makes_it_maybe_sent(tmp_path: Path) -> None:
    async def main() -> None:
        world = World(faults={"create": ["hang"]})
        async with bench(tmp_path, world) as b:
            (job,) = b.job_commands.submit(["one"], Options())
            async with b.dispatching():
                await b.until(lambda: bool(world.made))
                before = b.clock.steady()
            assert b.clock.steady() - before <= 11
            assert b.store.job(job.id).status == Status.MAYBE_SENT
            async with b.dispatching():
                await b.until(lambda: b.all(Status.DONE))
            assert world.per_prompt() == {"one": 1}

    run(main())


def test_a_bug_in_a_client_makes_one_job_maybe_sent(tmp_path: Path) -> None:
    async def main() -> None:
        world = World({"a": Slot(1)})
        create = world.create

        async def broken(request: base.CreateRequest) -> base.Accepted:
            if request.prompt == "one":
                raise KeyError("a defect")
            return await create(request)

        world.create = broken
        async with bench(tmp_path, world) as b:
            first, second = b.job_commands.submit(["one", "two"], Options())
            async with b.dispatching():
                await b.until(lambda: b.store.job(second.id).status == Status.DONE)
            assert b.store.job(first.id).status == Status.MAYBE_SENT

    run(main())


def test_a_clock_set_back_between_two_starts_does_not_make_a_wait_longer(tmp_path: Path) -> None:
    async def main() -> None:
        limited = base.UpstreamLimited("429", retry_after_s=60.0)
        world = World({"a": Slot(1)}, lambda: 5.0, faults={"create": [limited]})
        async with bench(tmp_path, world) as b:
            b.job_commands.submit(["one"], Options())
            b.clock.jump = 86_400.0
            async with b.dispatching():
                await b.until(lambda: bool(b.store.gates("world")))
            b.clock.jump = 0.0
            async with b.dispatching():
                await b.until(lambda: b.all(Status.DONE))
            (first, _, _), (second, _, _) = world.posts
            assert 58 <= second - first <= 75

    run(main())


def test_an_open_ended_gate_with_a_future_start_is_kept(tmp_path: Path) -> None:
    async def main() -> None:
        async with bench(tmp_path) as b:
            b.clock.jump = 86_400.0
            b.job_commands.pause()
            b.clock.jump = 0.0
            b.job_commands.submit(["one"], Options())
            async with b.dispatching():
                await asyncio.sleep(5)
                (gate,) = b.store.gates("world")
                assert gate.since <= b.clock.now()
                assert gate.until is None
                assert b.all(Status.QUEUED)

    run(main())


def test_jobs_and_accounts_of_another_service_are_unchanged(tmp_path: Path) -> None:
    async def main() -> None:
        async with bench(tmp_path) as b:
            b.store.add([NewJob("one", Options(), "another", "ref", "batch")])
            b.store.put_accounts("another", [Account("another", "x", 1)])
            async with b.dispatching():
                await asyncio.sleep(60)
            assert b.all(Status.QUEUED)
            assert b.world.posts == []
            assert b.store.accounts("another")[0].user_id == "x"

    run(main())


def test_an_unreadable_response_pauses_the_service_and_fails_no_job(tmp_path: Path) -> None:
    async def main() -> None:
        world = World({"a": Slot(3)}, lambda: 2.0, faults={"create": [base.Unreadable("It is a web page.")] * 3})
        async with bench(tmp_path, world) as b:
            b.job_commands.submit(["one", "two", "three"], Options())
            async with b.dispatching():
                await b.until(lambda: bool(b.store.gates("world")))
                (gate,) = b.store.gates("world")
                assert (gate.cause, gate.detail) == (WaitCause.UNREADABLE, "It is a web page.")
                await asyncio.sleep(5)
                assert len(world.posts) == 1, "one request at a time probes the service"
                await b.until(lambda: b.all(Status.DONE))
                assert not b.store.gates("world")
            assert len(world.posts) == 6
            assert set(world.per_prompt().values()) == {1}

    run(main())

"""Which job runs on which account, and how many at once."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from riffusion_tui.jobs.model import Job, Options, WaitCause
from riffusion_tui.jobs.status import Status
from riffusion_tui.jobs.wait_reason import waiting
from tests.dispatch.bench import bench
from tests.dispatch.virtual import run
from tests.dispatch.world import Slot, World


def test_two_ids_in_one_response_are_two_takes_in_one_slot(tmp_path: Path) -> None:
    async def main() -> None:
        world = World({"a": Slot(2)}, lambda: 10.0, pairs="ids")
        async with bench(tmp_path, world) as b:
            b.job_commands.submit(["one", "two"], Options(), takes=2)
            async with b.dispatching():
                await b.until(lambda: len(b.store.jobs()) == 8 and b.all(Status.DONE))
            assert world.busy == 0
            assert sorted((job.prompt, job.take, job.takes) for job in b.store.jobs()) == [
                (prompt, take, 4) for prompt in ("one", "two") for take in (1, 2, 3, 4)
            ]
            assert len({job.file for job in b.store.jobs()}) == 8

    run(main())


def test_a_sibling_in_the_final_record_becomes_a_second_take(tmp_path: Path) -> None:
    async def main() -> None:
        world = World({"a": Slot(1)}, lambda: 10.0, pairs="siblings")
        async with bench(tmp_path, world) as b:
            b.job_commands.submit(["one"], Options())
            async with b.dispatching():
                await b.until(lambda: len(b.store.jobs()) == 2 and b.all(Status.DONE))
            assert sorted((job.take, job.takes, job.remote_id) for job in b.store.jobs()) == [
                (1, 2, "r0"),
                (2, 2, "r0-b"),
            ]

    run(main())


def test_a_jobs_own_limit_applies_only_to_that_job(tmp_path: Path) -> None:
    async def main() -> None:
        world = World({"a": Slot(3)}, lambda: 10.0)
        async with bench(tmp_path, world) as b:
            b.job_commands.submit(["one", "two"], Options(max_jobs=1))
            b.job_commands.submit(["three", "four"], Options())
            async with b.dispatching():
                await b.until(lambda: b.all(Status.DONE))
            assert world.busy == 0
            assert [prompt for _, prompt, _ in world.posts[:3]] == ["one", "three", "four"]

    run(main())


def test_a_job_pinned_to_an_unlisted_account_is_sent_there(tmp_path: Path) -> None:
    async def main() -> None:
        world = World({"a": Slot(1)}, lambda: 5.0)
        async with bench(tmp_path, world) as b:
            b.job_commands.submit(["one"], Options(account="stranger"))
            b.job_commands.submit(["two"], Options())
            async with b.dispatching():
                await b.until(lambda: b.all(Status.DONE))
            assert {(prompt, account) for _, prompt, account in world.posts} == {("one", "stranger"), ("two", "a")}

    run(main())


def test_a_service_without_accounts_is_used(tmp_path: Path) -> None:
    async def main() -> None:
        world = World({}, lambda: 5.0)
        async with bench(tmp_path, world) as b:
            b.job_commands.submit(["one", "two"], Options())
            async with b.dispatching():
                await b.until(lambda: b.all(Status.DONE))
            assert next(account for _, _, account in world.posts) is None
            assert set(world.per_prompt().values()) == {1}

    run(main())


def test_least_loaded_accounts_go_first_and_one_request_at_a_time_to_each(tmp_path: Path) -> None:
    async def main() -> None:
        world = World({"a": Slot(4), "b": Slot(4)}, lambda: 50.0, latency=1.0)
        async with bench(tmp_path, world) as b:
            b.job_commands.submit([f"prompt {n}" for n in range(8)], Options())
            async with b.dispatching():
                await b.until(lambda: b.all(Status.MAKING))
            assert sorted(account or "" for _, _, account in world.posts) == ["a"] * 4 + ["b"] * 4
            for name in "ab":
                times = [at for at, _, account in world.posts if account == name]
                assert all(later - earlier >= 1.0 for earlier, later in pairwise(times))

    run(main())


def test_jobs_of_other_clients_on_an_account_are_counted(tmp_path: Path) -> None:
    async def main() -> None:
        world = World({"a": Slot(3, others=2)}, lambda: 20.0)
        async with bench(tmp_path, world) as b:
            b.job_commands.submit([f"prompt {n}" for n in range(4)], Options())
            async with b.dispatching():
                await b.until(lambda: len(b.jobs(Status.DONE)) == 1)
                assert b.store.accounts("world")[0].others == 2
                world.accounts_there["a"].others = 0
                await b.until(lambda: b.all(Status.DONE))
            assert world.busy == 0

    run(main())


def test_a_job_reports_that_another_client_fills_the_account_and_the_next_check(tmp_path: Path) -> None:
    async def main() -> None:
        world = World({"a": Slot(1, others=1)}, lambda: 5.0)
        async with bench(tmp_path, world) as b:
            (job,) = b.job_commands.submit(["one"], Options())
            async with b.dispatching():
                await b.until(lambda: any(gate.tries == 2 for gate in b.store.gates("world")))
                now = b.clock.now()
                wait = waiting(b.store.job(job.id), b.store.accounts("world"), b.store.gates("world"), now)
                assert wait is not None
                assert (wait.cause, wait.account, wait.tries) == (WaitCause.SLOTS, "a", 2)
                assert wait.detail == "another client uses 1 of 1 slots: other-a-0"
                assert wait.until is not None
                assert 25 < wait.until - now <= 30
                world.accounts_there["a"].others = 0
                assert b.job_commands.next_now(), "a wait is ended"
                await b.until(lambda: b.all(Status.DONE))
                assert b.clock.now() - now < 20
                assert not b.store.gates("world")
            assert world.busy == 0

    run(main())


def test_a_busy_response_reports_whose_jobs_fill_the_account(tmp_path: Path) -> None:
    async def main() -> None:
        world = World({"a": Slot(1)}, lambda: 5.0)
        async with bench(tmp_path, world) as b, b.dispatching():
            await b.until(lambda: bool(b.store.accounts("world")))
            world.accounts_there["a"].others = 1
            (job,) = b.job_commands.submit(["one"], Options())
            await b.until(lambda: bool(b.store.gates("world")))
            wait = waiting(b.store.job(job.id), b.store.accounts("world"), b.store.gates("world"), b.clock.now())
            assert wait is not None
            assert (wait.cause, wait.account, wait.tries) == (WaitCause.BUSY, "a", 1)
            assert wait.detail == "another client uses 1 of 1 slots: other-a-0"

    run(main())


def test_a_job_queued_behind_another_clients_job_counts_down_at_once(tmp_path: Path) -> None:
    async def main() -> None:
        world = World({"a": Slot(1, others=1)}, lambda: 5.0)
        async with bench(tmp_path, world) as b, b.dispatching():
            await b.until(lambda: any(account.others for account in b.store.accounts("world")))
            await b.clock.sleep(5)
            queued = b.clock.now()
            b.job_commands.submit(["one"], Options())
            await b.until(lambda: bool(b.store.gates("world")))
            assert b.clock.now() - queued < 2
            assert b.job_commands.next_now(), "a wait is ended"

    run(main())


def test_a_failed_poll_clears_who_fills_the_slots(tmp_path: Path) -> None:
    async def main() -> None:
        world = World({"a": Slot(1, others=1)}, lambda: 5.0)
        async with bench(tmp_path, world) as b:
            b.job_commands.submit(["one"], Options())
            async with b.dispatching():
                await b.until(lambda: bool(b.store.gates("world")))
                world.token_ok = False
                await b.until(lambda: [gate.cause for gate in b.store.gates("world")] == [WaitCause.TOKEN])

    run(main())


def test_accounts_are_fetched_as_soon_as_a_rejected_token_is_replaced(tmp_path: Path) -> None:
    """The screen said `starting` for ten minutes, unless a job waited."""

    async def main() -> None:
        world = World({"a": Slot(1)}, lambda: 5.0, token_ok=False)
        async with bench(tmp_path, world) as b, b.dispatching():
            for _ in range(2):  # the first new token is rejected, too
                await b.until(lambda: [gate.cause for gate in b.store.gates("world")] == [WaitCause.TOKEN])
                checked = world.calls["accounts"]
                await b.clock.sleep(60)
                assert world.calls["accounts"] == checked, "not again with the same token"
                b.store.drop_gate("world", None, WaitCause.TOKEN)  # as the command does
                await b.clock.sleep(1)
            world.token_ok = True
            b.store.drop_gate("world", None, WaitCause.TOKEN)
            await b.clock.sleep(1)
            assert [account.user_id for account in b.store.accounts("world")] == ["a"]
            checked = world.calls["accounts"]
            await b.clock.sleep(60)
            assert world.calls["accounts"] == checked

    run(main())


def test_a_job_cancelled_while_it_is_chosen_is_not_sent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def main() -> None:
        world = World({"a": Slot(1)}, lambda: 5.0)
        async with bench(tmp_path, world) as b:
            first, second = b.job_commands.submit(["one", "two"], Options())
            choose = b.store.next_for

            def chosen(*args: Any, **fields: Any) -> Job | None:
                job = choose(*args, **fields)
                if job is not None and job.id == first.id:
                    b.job_commands.cancel_unsent([first.id])
                return job

            monkeypatch.setattr(b.store, "next_for", chosen)
            async with b.dispatching():
                await b.until(lambda: b.store.job(second.id).status == Status.DONE)
            assert b.store.job(first.id).status == Status.CANCELLED
            assert [prompt for _, prompt, _ in world.posts] == ["two"]

    run(main())

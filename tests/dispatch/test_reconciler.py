"""*Maybe sent* jobs: settled by proof or by the user; never sent again automatically."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from riffusion_tui.dispatch.sending.reconciler import _alike
from riffusion_tui.jobs.model import FailureKind, Options
from riffusion_tui.jobs.status import Status
from riffusion_tui.services import base
from tests.dispatch.bench import Bench, bench
from tests.dispatch.virtual import EPOCH, run
from tests.dispatch.world import Slot, World


def cut(world: World, word: str = "cut after") -> None:
    world.faults["create"] = [word]


async def done(b: Bench) -> None:
    async with b.dispatching():
        await b.until(lambda: b.all(Status.DONE), 3600)


@pytest.mark.parametrize("word", ["cut after", "fault after"])
def test_the_schedulers_reference_proves_a_request(tmp_path: Path, word: str) -> None:
    async def main() -> None:
        world = World(duration=lambda: 60.0)
        cut(world, word)
        async with bench(tmp_path, world) as b:
            b.job_commands.submit(["one", "two"], Options())
            await done(b)
            assert world.per_prompt() == {"one": 1, "two": 1}

    run(main())


def test_each_maybe_sent_job_gets_its_own_checks(tmp_path: Path) -> None:
    async def main() -> None:
        world = World(shows_refs=False)
        world.faults["create"] = ["cut before", "cut before"]
        async with bench(tmp_path, world) as b:
            jobs = b.job_commands.submit(["one", "two"], Options())
            waited: list[float] = []

            def next_is_left_to_the_user() -> bool:
                return b.store.job(jobs[len(waited)].id).trouble == FailureKind.USER

            async with b.dispatching():
                while len(waited) < 2:
                    await b.until(next_is_left_to_the_user)
                    waited.append(world.now - world.posts[len(waited)][0])
            assert len(world.posts) == 2
            assert all(30 <= seconds < 40 for seconds in waited), waited

    run(main())


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [(0.01, {"shows_prompts": False}), (30.0, {"shows_refs": False})],
    ids=["the song list's reference", "account, prompt and time without a reference"],
)
def test_a_finished_song_proves_its_request(tmp_path: Path, seconds: float, shown: dict[str, Any]) -> None:
    async def main() -> None:
        world = World(duration=lambda: seconds, **shown)
        cut(world)
        async with bench(tmp_path, world) as b:
            b.job_commands.submit(["one"], Options())
            await done(b)
            assert world.per_prompt() == {"one": 1}

    run(main())


@pytest.mark.parametrize(
    ("own_ref", "shows_refs", "seconds"),
    [(None, True, 60.0), (None, True, 0.01), (None, False, 0.01), ("mine", True, 0.01)],
    ids=["running, by our reference", "listed, by our reference", "listed, by its group", "listed, by both"],
)
def test_both_songs_of_a_pair_are_found(tmp_path: Path, own_ref: str | None, shows_refs: bool, seconds: float) -> None:
    async def main() -> None:
        world = World({"a": Slot(4)}, lambda: seconds, pairs="ids", shows_refs=shows_refs)
        cut(world)
        async with bench(tmp_path, world) as b:
            b.job_commands.submit(["one"], Options(reply_ref=own_ref))
            async with b.dispatching():
                await b.until(lambda: len(b.jobs(Status.DONE)) == 2, 3600)
            assert world.per_prompt() == {"one": 1}
            assert {(job.remote_id, job.take, job.takes) for job in b.store.jobs()} == {("r0", 1, 2), ("r0-b", 2, 2)}

    run(main())


@pytest.mark.parametrize(
    ("own_ref", "shows_refs", "shows_groups", "seconds"),
    [("mine", True, False, 60.0), ("mine", True, False, 0.01), (None, False, False, 0.01)],
    ids=["running, by a reference of one's own", "listed, by it without a group", "listed, without either"],
)
def test_ambiguous_songs_are_left_to_the_user(
    tmp_path: Path, own_ref: str | None, shows_refs: bool, shows_groups: bool, seconds: float
) -> None:
    async def main() -> None:
        world = World({"a": Slot(4)}, lambda: seconds, pairs="ids", shows_refs=shows_refs, shows_groups=shows_groups)
        cut(world)
        async with bench(tmp_path, world) as b:
            (job,) = b.job_commands.submit(["one"], Options(reply_ref=own_ref))
            async with b.dispatching():
                await b.until(lambda: b.store.job(job.id).trouble == FailureKind.USER, 50)
            assert len(world.posts) == 1

    run(main())


def test_identical_requests_are_left_to_the_user(tmp_path: Path) -> None:
    async def main() -> None:
        world = World(duration=lambda: 5.0, shows_refs=False)
        async with bench(tmp_path, world) as b:
            jobs = b.job_commands.submit(["one"], Options(), takes=2)
            for job in jobs:
                b.store.update(job.id, Status.SENDING, account="a", sent_at=EPOCH)
            await world.create(base.CreateRequest("one", Options(), jobs[1].ref, "a"))  # one of them arrived
            async with b.dispatching():
                await asyncio.sleep(7200)
                assert {(job.status, job.trouble) for job in b.store.jobs()} == {(Status.MAYBE_SENT, FailureKind.USER)}
                assert len(world.made) == len(world.posts) == 1

    run(main())


def test_a_request_that_never_arrived_is_left_to_the_user_to_resend(tmp_path: Path) -> None:
    async def main() -> None:
        world = World(duration=lambda: 5.0)
        cut(world, "cut before")
        async with bench(tmp_path, world) as b:
            first, second = b.job_commands.submit(["one", "two"], Options())
            async with b.dispatching():
                await b.until(lambda: b.store.job(first.id).trouble == FailureKind.USER)
                await asyncio.sleep(7200)
                assert [prompt for _, prompt, _ in world.posts] == ["one", "two"]
                assert b.store.job(second.id).status == Status.DONE
                b.job_commands.settle(first.id, sent=False)
                await b.until(lambda: b.all(Status.DONE))
            assert world.per_prompt() == {"one": 1, "two": 1}
            assert b.store.job(first.id).ref != first.ref

    run(main())


def test_a_unique_user_reference_is_sent_unchanged_and_proves_the_request(tmp_path: Path) -> None:
    async def main() -> None:
        world = World(duration=lambda: 30.0)
        cut(world)
        async with bench(tmp_path, world) as b:
            b.job_commands.submit(["one"], Options(reply_ref="mine"))
            await done(b)
            assert [one.request.ref for one in world.made] == ["mine"]

    run(main())


def test_a_user_reference_shared_by_two_jobs_proves_nothing(tmp_path: Path) -> None:
    async def main() -> None:
        world = World({"a": Slot(2)}, lambda: 30.0, shows_prompts=False)
        cut(world)
        async with bench(tmp_path, world) as b:
            first, second = b.job_commands.submit(["one", "two"], Options(reply_ref="mine"))
            async with b.dispatching():
                await b.until(lambda: b.store.job(first.id).trouble == FailureKind.USER)
                await b.until(lambda: b.store.job(second.id).status == Status.DONE)
            assert b.store.job(first.id).status == Status.MAYBE_SENT
            assert len(world.made) == 2

    run(main())


def test_an_old_song_with_the_users_reference_proves_nothing(tmp_path: Path) -> None:
    async def main() -> None:
        world = World({"a": Slot(2)}, lambda: 1e6, shows_prompts=False)
        request = base.CreateRequest("old", Options(), "mine", "a")
        async with bench(tmp_path, world) as b:
            await world.create(request)
            await asyncio.sleep(3600)
            cut(world, "cut before")
            (job,) = b.job_commands.submit(["one"], Options(reply_ref="mine"))
            async with b.dispatching():
                await b.until(lambda: b.store.job(job.id).trouble == FailureKind.USER)
            assert b.store.job(job.id).status == Status.MAYBE_SENT

    run(main())


def test_running_jobs_in_a_busy_response_prove_a_request(tmp_path: Path) -> None:
    async def main() -> None:
        world = World({"a": Slot(2)}, lambda: 500.0)
        world.faults["create"] = ["cut after"]
        async with bench(tmp_path, world) as b:
            first, _, _ = b.job_commands.submit(["one", "two", "three"], Options())
            # Scheduler and list fail, so only the busy response shows the job.
            world.faults["workload"] = [base.ServerFault("500")] * 500
            world.faults["songs"] = [base.ServerFault("500")] * 500
            world.accounts_there["a"].others = 1
            async with b.dispatching():
                await b.until(lambda: b.store.job(first.id).status == Status.MAKING)
                assert world.busy == 1
                assert b.store.job(first.id).remote_id == "r0"

    run(main())


def test_requests_in_flight_are_looked_up_before_anything_is_sent(tmp_path: Path) -> None:
    async def main() -> None:
        world = World({"a": Slot(10)}, lambda: 100.0)
        async with bench(tmp_path, world) as b:
            jobs = b.job_commands.submit([f"prompt {n}" for n in range(10)], Options())
            for job in jobs[:5]:  # as left by a killed process: four had arrived, one had not
                b.store.update(job.id, Status.SENDING, account="a", sent_at=EPOCH)
                if job is not jobs[4]:
                    await world.create(base.CreateRequest(job.prompt, job.options, job.ref, "a"))
            world.posts.clear()
            world.online = False
            async with b.dispatching():
                await asyncio.sleep(600)
                assert [b.store.job(job.id).status for job in jobs[:5]] == [Status.MAYBE_SENT] * 5
                assert world.posts == []
                world.online = True
                await b.until(lambda: bool(world.posts))
                assert [b.store.job(job.id).status for job in jobs[:4]] == [Status.MAKING] * 4
                await b.until(lambda: len(b.jobs(Status.DONE)) == 9)
            assert set(world.per_prompt().values()) == {1}
            assert b.store.job(jobs[4].id).status == Status.MAYBE_SENT

    run(main())


@pytest.mark.parametrize("call", ["workload", "songs"])
@pytest.mark.parametrize("error", [base.Unanswered("cut"), base.Unauthorized("401"), base.ServerFault("500")])
def test_a_failed_check_is_retried(tmp_path: Path, call: str, error: base.ServiceError) -> None:
    async def main() -> None:
        world = World(duration=lambda: 1.0, shows_refs=call == "workload")
        cut(world)
        async with bench(tmp_path, world) as b:
            b.job_commands.submit(["one"], Options())
            async with b.dispatching():
                await b.until(lambda: bool(b.jobs(Status.MAYBE_SENT)))
                world.faults[call] = [error, error]
                await b.until(lambda: b.all(Status.DONE), 3600)
            assert world.per_prompt() == {"one": 1}

    run(main())


def test_a_maybe_sent_request_frees_its_slot_after_a_while(tmp_path: Path) -> None:
    async def main() -> None:
        world = World({"a": Slot(1)}, lambda: 5.0)
        cut(world, "cut before")
        async with bench(tmp_path, world) as b:
            _, second = b.job_commands.submit(["one", "two"], Options())
            async with b.dispatching():
                await b.until(lambda: b.store.job(second.id).status == Status.DONE, 1200)

    run(main())


@pytest.mark.parametrize(
    ("song", "same"),
    [
        ({}, True),
        ({"ref": "other"}, False),
        ({"prompt": ""}, False),
        ({"prompt": "another"}, False),
        ({"created_at": None}, False),
        ({"created_at": EPOCH + 5000}, False),
        ({"created_at": EPOCH - 500}, False),
        ({"account": "b"}, False),
        ({"account": ""}, True),
    ],
)
def test_a_song_is_like_a_job_if_prompt_account_and_time_match(
    tmp_path: Path, song: dict[str, Any], same: bool
) -> None:
    async def main() -> None:
        async with bench(tmp_path) as b:
            (job,) = b.job_commands.submit(["one\n two"], Options())
            job = b.store.update(job.id, Status.SENDING, account="a", sent_at=EPOCH)
            fields: dict[str, Any] = {"prompt": "one two", "created_at": EPOCH + 1, "account": "a"} | song
            assert _alike(job, base.RemoteSong("r", finished=True, failed=False, **fields)) is same

    run(main())


@pytest.mark.parametrize(
    ("list_proves", "expected"),
    [(True, "may or may not have received this prompt"), (False, "list doesn't include prompts")],
)
def test_a_list_without_prompts_leaves_the_decision_to_the_user(
    tmp_path: Path, list_proves: bool, expected: str
) -> None:
    async def main() -> None:
        world = World(duration=lambda: 0.01, shows_refs=False, shows_prompts=False)
        world.capabilities = world.capabilities._replace(list_proves=list_proves)
        cut(world)
        async with bench(tmp_path, world) as b:
            (job,) = b.job_commands.submit(["one"], Options())
            async with b.dispatching():
                await b.until(lambda: b.store.job(job.id).trouble == FailureKind.USER, 120)
                assert (world.calls["songs"] > 0) is list_proves
                assert expected in b.store.job(job.id).error
                await asyncio.sleep(7200)
            assert b.store.job(job.id).status == Status.MAYBE_SENT
            assert len(world.posts) == 1

    run(main())

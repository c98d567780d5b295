"""The cost per song doesn't depend on the queue's length; many jobs change in one transaction."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Callable
from contextlib import suppress
from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from riffusion_tui.jobs.clock import SystemClock
from riffusion_tui.jobs.model import FailureKind, Job, Options
from riffusion_tui.jobs.status import Status
from riffusion_tui.store import NoSuchJob, StatusConflict, Store
from riffusion_tui.store.job_table import _INSERT, _VALUES, _row
from riffusion_tui.store.schema import migrate, migrations
from tests.store.test_store import Clock, clock, new, store

__all__ = ["clock", "store"]


def counted(store: Store) -> dict[tuple[str, str, str, int], int]:
    """Compute from the rows what the triggers keep in `counts`."""
    sql = "SELECT service, status, owner, slots, count(*) FROM jobs WHERE counted GROUP BY 1, 2, 3, 4"
    return {row[:4]: row[4] for row in store._all(sql)}


@settings(max_examples=60, deadline=None)
@given(st.randoms(use_true_random=False))
def test_counts_kept_by_triggers_match_the_rows(rng: random.Random) -> None:
    with TemporaryDirectory() as folder, Store.open(Path(folder) / "jobs.sqlite3", SystemClock()) as store:
        store._run("PRAGMA synchronous = OFF")
        _some_deeds(store, rng)
        kept = {row[:4]: row[4] for row in store._all("SELECT * FROM counts WHERE number != 0")}
        assert kept == counted(store)
        for account, used, total in product((None, "a", "b"), range(4), (None, 1, 3)):
            for pinned in (False, True):
                found = store.next_for("s", account, used, total, pinned=pinned)
                assert found == _first(store, account, used, total, pinned=pinned)


def _some_deeds(store: Store, rng: random.Random) -> None:
    for _ in range(rng.randrange(40)):
        options = Options(account=rng.choice((None, "a", "b")), max_jobs=rng.choice((None, 1, 2, 3)))
        ids = [job.id for job in store.jobs()] + [1]
        match rng.randrange(6):
            case 0 | 1:
                store.add([new(options=options, service=rng.choice("st"), position=rng.choice((None, -1.0)))])
            case 2:
                with suppress(StatusConflict, NoSuchJob):
                    store.update(rng.choice(ids), rng.choice(list(Status)), account=rng.choice((None, "a")))
            case 3:
                with suppress(NoSuchJob):
                    store.update(rng.choice(ids), options=options)
            case 4:
                store.delete(rng.sample(ids, 1))
            case _:
                store.move_all(ids, Status.HELD, "held", expected=(Status.QUEUED,))


def _first(store: Store, account: str | None, used: int, total: int | None, *, pinned: bool) -> Job | None:
    for job in store.queue("s"):
        pin, cap = job.options.account, job.options.max_jobs
        slots = used + 1 if total is None else total
        if (pin == account if pinned else pin in (None, account)) and used < (cap or slots):
            return job
    return None


def test_a_file_without_counts_is_counted_when_it_is_opened(tmp_path: Path, clock: Clock) -> None:
    file = tmp_path / "jobs.sqlite3"
    database = sqlite3.connect(file, isolation_level=None)
    migrate(database, file, migrations()[:1])
    for number, status in enumerate((Status.QUEUED, Status.QUEUED, Status.DONE, Status.MAKING), start=1):
        values = _row(new(status=status, account="a", options=Options(account="p")), number, number, 1.0, 1)
        database.execute(_INSERT + _VALUES, values)
    plans = {1: '{"seed": 1234567890123}', 2: '{"seed": "x"}', 3: "{}"}
    database.executemany("INSERT INTO songs VALUES (?, ?)", [(id, f'{{"plan": {plan}}}') for id, plan in plans.items()])
    database.execute("UPDATE jobs SET service = 'studio' WHERE id < 4")
    database.close()
    with Store.open(file, clock) as store:
        assert store.tally("studio").by_account == {(Status.QUEUED, "p"): 2}
        assert store.tally("s").by_account == {(Status.MAKING, "a"): 1}
        assert [store.job(id).seed for id in (1, 2, 3, 4)] == [1234567890123, None, None, None]
        found = store.next_for("studio", "p", 0, 1)
        assert found is not None
        assert found.id == 1


def test_many_jobs_are_moved_deleted_and_restored_at_once(store: Store) -> None:
    store.add([new(str(number)) for number in range(1200)])
    store.update(3, Status.SENDING)
    seen: list[int] = []
    moved = store.move_all(
        range(1, 2000), Status.HELD, "held", "by you", expected=(Status.QUEUED,), progress=seen.append
    )
    assert (len(moved), seen) == (1199, [500, 1000, 1199])
    assert [one.what for one in store.timeline(1200)] == ["queued", "held"]
    assert store.tally("s").by_status == {Status.HELD: 1199, Status.SENDING: 1}
    with pytest.raises(StatusConflict, match="can't become"):
        store.move_all([1], Status.DONE, "done", expected=(Status.QUEUED,))
    seen.clear()
    rev = store.rev
    assert len(store.delete([*range(1, 2000), 1], seen.append)) == 1199
    assert (seen, store.rev) == ([499, 999, 1199, 1199], rev + 1)
    assert len(store.restore(range(1, 2000))) == 1199
    assert list(store.jobs_by_id([5, 4, 9999])) == [5, 4]
    assert store.add([]) == ()


def test_the_list_can_be_paged_in_both_directions(store: Store) -> None:
    store.add([new(str(number)) for number in range(5)])
    assert [job.id for job in store.jobs(limit=2, after=2)] == [3, 4]
    assert store.ids("s", Status.QUEUED) == (1, 2, 3, 4, 5)
    store.place({1: 9.0, 5: -1.0})
    assert [job.id for job in store.queue("s")] == [5, 2, 3, 4, 1]


def test_distinct_jobs_are_returned_across_chunks(store: Store) -> None:
    store.add(
        [new(options=Options(account=pin, max_jobs=cap)) for pin in (None, "a") for cap in (None, 2) for _ in "12"]
    )
    assert [job.id for job in store.first_of_each_kind("s")] == [1, 3, 5, 7]
    store.update(2, Status.HELD)
    store.update(8, Status.FAILED, trouble=FailureKind.DISK)
    store.delete([7])
    assert sorted(job.id for job in store.one_of_each_kind(range(1, 2000))) == [1, 2, 5, 8]
    apart = [1, *range(1000, 2000), 3]
    assert [job.id for job in store.one_of_each_kind(apart)] == [1], "a kind in two chunks of ids is one kind"


QUERIES: dict[str, Callable[[Store], object]] = {
    "the next job of a full account": lambda store: store.next_for("s", "a", 3, 3),
    "the next job of a free account": lambda store: store.next_for("s", "a", 0, 3),
    "the songs of a request": lambda store: store.siblings(1),
    "the tally": lambda store: store.tally("s"),
    "pins": lambda store: store.pins("s"),
    "first of each kind": lambda store: store.first_of_each_kind("s"),
}


@pytest.mark.no_cover
@pytest.mark.parametrize("what", QUERIES)
def test_query_steps_do_not_depend_on_the_queue_length(store: Store, what: str) -> None:
    def steps() -> int:
        counted = 0

        def step() -> None:
            nonlocal counted
            counted += 1

        store._database.set_progress_handler(step, 10)
        QUERIES[what](store)
        store._database.set_progress_handler(None, 0)
        return counted

    store.add([new(str(n), options=Options(max_jobs=2)) for n in range(20)])
    store.update(1, Status.SENDING, sent_at=1.0)
    short = steps()
    store.add([new(str(n), options=Options(max_jobs=2)) for n in range(5000)])
    assert steps() <= short + 2

"""The list's order under any sequence of changes, sorts and filters equals a full sort."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from riffusion_tui.jobs.filter import Sort, compile_filter, sort_jobs
from riffusion_tui.jobs.model import Job, Options
from riffusion_tui.jobs.status import ENDED, UNDER_WAY, Status
from riffusion_tui.tui.state.job_list import incremental_sort, live_order, sorted_ids
from riffusion_tui.tui.state.job_list.arranged_jobs import LIVE, ORDERS
from riffusion_tui.tui.state.job_list.job_selection import JobList
from riffusion_tui.tui.state.job_list.sorted_ids import Key
from tests.tui.stage import NOON

IDS = st.integers(1, 14)
FILTERS = ("", "rain", "-sun", "status:done", "bpm:>80", "rain -status:done")


@st.composite
def jobs(draw: st.DrawFn) -> Job:
    """Any job of a few: many share a value, many have none."""
    id = draw(IDS)
    base = Job(
        id, f"rt-{id}", draw(st.sampled_from(["", "rain", "Sun"])), Options(), "studio", Status.QUEUED, f"b{id // 5}"
    )
    return base._replace(
        status=draw(st.sampled_from(list(Status))),
        position=float(draw(st.integers(0, 3))),
        created_at=NOON + id,
        accepted_at=draw(st.sampled_from([None, 1.0, 2.0])),
        ended_at=draw(st.sampled_from([None, 5.0, 6.0])),
        title=draw(st.sampled_from(["", "rain", "sun"])),
        duration_s=draw(st.sampled_from([None, 60.0, 90.0])),
        bpm=draw(st.sampled_from([None, 70.0, 90.0])),
        account=draw(st.sampled_from([None, "a", "b"])),
    )


STEPS = st.one_of(
    st.tuples(st.just("update"), st.lists(jobs(), max_size=5), st.lists(IDS, max_size=3)),
    st.tuples(st.just("sort"), st.sampled_from(ORDERS)),
    st.tuples(st.just("filter"), st.sampled_from(FILTERS)),
    st.tuples(st.just("arrange")),
)


def sorted_from_scratch(listed: JobList) -> list[int]:
    """Return the expected order, computed independently of the list."""
    shown = list(filter(compile_filter(listed.filter, NOON), listed.jobs.values()))
    if listed.sort != LIVE:
        return [job.id for job in sort_jobs(shown, Sort(listed.sort))]
    making = [job for job in shown if job.status in UNDER_WAY]
    making.sort(key=lambda job: (job.accepted_at or job.sent_at or job.position, job.id))
    waiting = [job for job in shown if job.status is Status.QUEUED]
    held = [job for job in shown if job.status is Status.HELD]
    ended = [job for job in shown if job not in making + waiting + held]
    queue = [sorted(some, key=lambda job: (job.position, job.id)) for some in (waiting, held)]
    active = {job.batch for job in listed.jobs.values() if job.status in UNDER_WAY | {Status.QUEUED}}
    both = [job for job in listed.jobs.values() if job.batch in active and job.status in ENDED - {Status.CANCELLED}]
    near = [job for job in newest(both)[: live_order.MAX_NEAR] if job in shown]
    return [job.id for job in [*making, *near, *queue[0], *queue[1], *newest(job for job in ended if job not in near)]]


def newest(jobs: Iterable[Job]) -> list[Job]:
    """Sort ended jobs, the newest first."""
    return sorted(jobs, key=lambda job: (job.ended_at or job.created_at, job.id), reverse=True)


def check(listed: JobList) -> None:
    """Rows, ids and the selection agree with each other."""
    assert [listed.row_of(id) for id in listed.order] == list(range(len(listed)))
    assert [listed.at(row).id for row in range(len(listed))] == listed.order
    assert (listed.selected in listed.order) == bool(listed.order)
    assert {id for id in listed.jobs if listed.row_of(id) is None}.isdisjoint(listed.order)
    for id, job in listed.jobs.items():
        assert [one.id for one in listed.same_request(job)] == sorted(
            other for other, one in listed.jobs.items() if one.prompt == job.prompt
        )
        assert listed.jobs[id] in listed.same_request(job)


@pytest.mark.parametrize("many", [1, 64])
@settings(deadline=None, max_examples=60)
@given(steps=st.lists(STEPS, max_size=14))
def test_any_sequence_of_changes_equals_a_full_sort(many: int, steps: list[tuple[Any, ...]]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(incremental_sort, "SLICE", 3)
        patch.setattr(sorted_ids, "_REBUILD_FROM", many)
        patch.setattr(live_order, "MAX_NEAR", 2)
        listed = JobList()
        for what, *reported in steps:
            before, was_arranging = list(listed.order), listed.arranging
            if what == "update":
                shift = listed.update(*reported)
                moved = shift.moved_from if shift.moved_from is not None else len(before)
                assert before[:moved] == listed.order[:moved]
                assert shift.moved_from is not None or before == listed.order
                if not listed.arranging:
                    shown = {job.id for job in reported[0] if listed.row_of(job.id) is not None}
                    assert all(row in shift.rows or row >= moved for row in map(listed.order.index, shown))
            elif what == "sort":
                listed.set_sort(str(reported[0]))
            elif what == "filter":
                listed.set_filter(str(reported[0]), NOON)
            else:
                assert listed.arrange() == listed.arranging
                assert was_arranging or not listed.arranging
            check(listed)
            if not listed.arranging:
                assert listed.order == sorted_from_scratch(listed)
        listed.finish()
        check(listed)
        assert listed.order == sorted_from_scratch(listed)


def test_a_long_list_keeps_its_order_until_the_new_one_is_complete() -> None:
    listed = JobList()
    fields: dict[str, Any] = {
        "prompt": "p",
        "options": Options(),
        "service": "studio",
        "status": Status.DONE,
        "batch": "b",
    }
    many = [Job(id, f"r{id}", bpm=float(id % 7), ended_at=float(id), **fields) for id in range(1, 3001)]
    listed.update(many)
    before = list(listed.order)
    listed.set_sort("tempo")
    listed.set_filter("bpm:>3", NOON)
    assert listed.arranging
    assert listed.order == before
    listed.update([many[9]._replace(bpm=0.5)], [7])
    assert listed.row_of(7) is None
    assert listed.row_of(10) is not None, "hidden only by the new filter"
    assert listed.statuses() == {Status.DONE}
    assert listed.arranging, "statuses() works at every step, and completes nothing"
    listed.mark_all()
    assert listed.order == sorted_from_scratch(listed), "marking uses the complete new order"
    assert listed.statuses() == {Status.DONE}
    assert listed.marks == set(listed.order)
    assert listed.sort == "tempo"


def test_many_changes_at_once_move_nothing_above_them() -> None:
    listed = JobList()
    fields: dict[str, Any] = {"prompt": "p", "options": Options(), "service": "studio", "batch": "b"}
    old = fields | {"batch": "old"}
    listed.update([Job(id, f"r{id}", status=Status.DONE, ended_at=float(id), **old) for id in range(1, 201)])
    queued = [Job(id, f"r{id}", status=Status.QUEUED, position=float(id), **fields) for id in range(201, 401)]
    listed.update([Job(500, "r", status=Status.MAKING, accepted_at=1.0, **fields)])
    assert listed.update(queued).moved_from == 1
    assert listed.update(queued) == sorted_ids.Shift(tuple(range(1, 201)))
    assert listed.update([], [job.id for job in queued]).moved_from == 1
    assert len(listed) == 201


@pytest.mark.parametrize("words", ["", "p"])
@pytest.mark.parametrize("sort", ORDERS)
def test_a_change_compares_with_few_jobs(sort: str, words: str, monkeypatch: pytest.MonkeyPatch) -> None:
    requested: list[Key] = []

    def counted(jobs: dict[int, Job], placing: Callable[[Job], Key]) -> sorted_ids.SortedIds:
        def key(id: int) -> Key:
            requested.append(placing(jobs[id]))
            return requested[-1]

        return sorted_ids.SortedIds(key)

    monkeypatch.setattr(incremental_sort, "order_of", counted)
    listed = JobList()
    fields: dict[str, Any] = {
        "prompt": "p",
        "options": Options(),
        "service": "studio",
        "status": Status.DONE,
        "batch": "b",
    }
    listed.update([Job(id, f"r{id}", ended_at=float(id), **fields) for id in range(1, 5001)])
    listed.set_sort(sort)
    listed.set_filter(words, NOON)
    listed.finish()
    for id in (1, 2500, 5000):
        requested.clear()
        listed.update([listed.jobs[id]._replace(bpm=1.0, title="q", ended_at=9000.0 - id)])
        assert 0 < len(requested) < 200
        requested.clear()
        listed.update([], [id])
        assert 0 < len(requested) < 100
    requested.clear()
    listed.update([Job(id, f"r{id}", ended_at=float(id), **fields) for id in range(6001, 7001)])
    assert len(requested) < 2 * 5000, "many adjacent jobs need few more comparisons"
    listed.finish()
    assert listed.order == sorted_from_scratch(listed)

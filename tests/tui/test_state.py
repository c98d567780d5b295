"""The screen's state without a screen: rows, times, the list, the editor's text."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from typing import Any

import pytest

from riffusion_tui.config.settings import Settings
from riffusion_tui.jobs.filter import FilterError
from riffusion_tui.jobs.model import FailureKind, Job, Options, WaitCause
from riffusion_tui.jobs.status import Status
from riffusion_tui.jobs.wait_reason import WaitReason
from riffusion_tui.tui.dependencies import UnderstoodWord
from riffusion_tui.tui.state import times
from riffusion_tui.tui.state.job_list import job_row
from riffusion_tui.tui.state.job_list.arranged_jobs import LIVE, ORDERS
from riffusion_tui.tui.state.job_list.job_selection import JobList
from riffusion_tui.tui.state.prompt.draft import Draft
from tests.tui.stage import NOON


def job(id: int, status: Status = Status.QUEUED, **fields: Any) -> Job:
    base = Job(
        id, f"rt-{id}", f"prompt {id}", Options(), "studio", status, f"b{id}", position=float(id), created_at=NOON + id
    )
    return base._replace(**fields)


# -- times


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [(0, "0:00"), (-3, "0:00"), (59.9, "0:59"), (61, "1:01"), (3599, "59:59"), (3600, "1:00:00"), (90_000, "1d01h")],
)
def test_spans_are_formatted(seconds: float, expected: str) -> None:
    assert times.span(seconds) == expected


def test_a_countdown_reaches_zero_at_its_end() -> None:
    assert times.countdown(NOON + 17, NOON) == "0:17"
    assert times.countdown(NOON + 0.2, NOON) == "0:01"
    assert times.countdown(NOON, NOON) == "0:00"
    assert times.countdown(NOON - 5, NOON) == "0:00"


@pytest.mark.parametrize(
    ("seconds", "expected"), [(2, (5, "s")), (23, (25, "s")), (70, (1, "min")), (540, (9, "min")), (20_000, (6, "h"))]
)
def test_estimates_are_rounded(seconds: float, expected: tuple[int, str]) -> None:
    assert times.rough(seconds) == expected


def test_a_time_on_another_day_shows_the_day() -> None:
    assert len(times.clock(NOON, NOON)) == 5
    assert re.fullmatch(r"Feb 1\d \d\d:\d\d", times.clock(NOON - 86_400 * 3, NOON))
    assert times.clock(NOON - 86_400 * 400, NOON).startswith("2024-")


# -- rows


def test_a_row_shows_state_time_and_reason() -> None:
    making = job_row.row_of(job(1, Status.MAKING, accepted_at=NOON - 72), None, 0.6, NOON)
    assert (making.word, making.time, making.share) == ("making", "1:12", 0.6)
    waits = job_row.row_of(job(2), WaitReason(WaitCause.BUSY, NOON - 9, NOON + 17, 2, "9ab0-1"), None, NOON)
    assert (waits.state, waits.time, waits.detail) == ("waits", "0:17", "429 full")
    offline = WaitReason(WaitCause.OFFLINE, NOON - 9, NOON + 17, 2)
    assert job_row.row_of(job(2), offline, None, NOON).time == "", "the status bar counts down for all rows"
    assert [job_row.ticks(job(2), wait) for wait in (offline, offline._replace(account="9ab0-1"))] == [False, True]
    held = job_row.row_of(job(3), WaitReason(WaitCause.BROKEN, NOON, account="5f72c91e-2b"), None, NOON)
    assert (held.state, held.word, held.detail) == ("held", "held", "by 5f72")
    done = job_row.row_of(job(4, Status.DONE, title="Vivid", duration_s=154.4, bpm=118.0, key="Am"), None, None, NOON)
    assert (done.time, done.detail, done.title) == ("2:34", "118 Am", "Vivid")
    keys = [job_row.short_key(key) for key in ("B", "Bb", "Bm", "F# dorian", "")]
    assert keys == ["B maj", "Bb maj", "Bm", "F# dor", ""]
    refused = job_row.row_of(job(5, Status.REFUSED, trouble=FailureKind.MODERATION), None, None, NOON)
    assert (refused.word, refused.detail) == ("refused", "edit it")


def test_every_state_and_cause_has_a_text() -> None:
    for status, cause in itertools.product(Status, [None, *WaitCause]):  # 170 items would take pytest longer
        wait = WaitReason(cause, NOON, None, 1, "5f72") if cause else None
        shown = job_row.row_of(job(1, status, trouble=None), wait, None, NOON)
        assert shown.word, (status, cause)
        assert len(shown.detail) <= 14, (status, cause)


@pytest.mark.parametrize("trouble", FailureKind)
def test_every_failure_has_a_text(trouble: FailureKind) -> None:
    assert job_row.row_of(job(1, Status.FAILED, trouble=trouble), None, None, NOON).detail


def test_brackets_and_line_breaks_of_a_prompt_survive() -> None:
    assert job_row.first_line("lofi [dark]\n  beat [/b]") == "lofi [dark] beat [/b]"


# -- the list


def test_the_default_order_is_running_waiting_held_ended() -> None:
    listed = JobList()
    listed.update(
        [
            job(1, Status.DONE, ended_at=10.0),
            job(2, Status.QUEUED, position=2),
            job(3, Status.HELD),
            job(4, Status.MAKING, accepted_at=5.0),
            job(5, Status.FAILED, ended_at=20.0),
            job(6, Status.QUEUED, position=1),
        ]
    )
    assert listed.order == [4, 6, 2, 3, 5, 1]


def test_the_selection_stays_on_its_job_until_it_is_removed() -> None:
    listed = JobList()
    listed.update([job(1), job(2), job(3)])
    listed.select(2)
    listed.update([job(2, Status.MAKING, accepted_at=1.0)])
    assert listed.chosen() == (2,)
    assert listed.row_of(2) == 0
    listed.update([], [2])
    assert listed.chosen() == (1,)
    listed.update([], [1, 3])
    listed.step(1)
    assert listed.current is None
    assert listed.chosen() == ()


def test_commands_apply_to_marked_jobs_in_the_order_shown() -> None:
    listed = JobList()
    listed.update([job(1), job(2), job(3), job(4, Status.DONE, ended_at=1.0)])
    assert listed.chosen() == (1,)
    listed.step(2)
    listed.toggle_mark()
    listed.select(1)
    listed.toggle_mark()
    assert listed.chosen() == (1, 3)
    listed.set_filter("status:done", NOON)
    assert listed.chosen() == (1, 3), "hidden jobs stay marked"
    listed.mark_all()
    assert listed.chosen() == (4, 1, 3)
    listed.mark_all()
    assert listed.chosen() == (1, 3)
    listed.set_filter("", NOON)
    listed.invert()
    assert listed.chosen() == (2, 4)
    listed.update([], [2])
    assert listed.chosen() == (4,)


@pytest.mark.parametrize("order", ORDERS)
def test_every_sort_order_sorts(order: str) -> None:
    listed = JobList()
    listed.set_sort(order)
    listed.update([job(n, Status.DONE, ended_at=float(n), title=f"t{-n}") for n in range(1, 5)])
    assert sorted(listed.order) == [1, 2, 3, 4]
    listed.update([job(9, Status.MAKING)])
    assert len(listed) == 5
    assert listed.row_of(9) is not None
    assert listed.row_of(None) is None
    assert listed.row_of(77) is None


def test_an_invalid_filter_changes_nothing() -> None:
    listed = JobList()
    listed.update([job(1), job(2)])
    with pytest.raises(FilterError):
        listed.set_filter("stauts:done", NOON)
    assert len(listed) == 2
    assert listed.filter == ""
    before = listed.selected
    listed.select(77)
    assert listed.selected == before


def test_a_job_that_is_not_loaded_yet_is_selected_later() -> None:
    listed = JobList()
    listed.update([job(1), job(2)])
    listed.select(3)
    listed.update([job(3)])
    assert listed.selected == 3
    listed.select(1)
    listed.update([job(4)])
    assert listed.selected == 1


def test_jumping_to_jobs_that_need_attention_wraps_around() -> None:
    listed = JobList()
    listed.update([job(1), job(2, Status.REFUSED, ended_at=1.0), job(3, Status.FAILED, ended_at=2.0)])
    assert [listed.next_needing_attention() for _ in range(3)] == [3, 2, 3]
    listed.update([], [2, 3])
    assert listed.next_needing_attention() is None


def test_ten_thousand_jobs_are_sorted_one_by_one() -> None:
    listed = JobList()
    listed.update([job(n, Status.DONE, ended_at=float(n)) for n in range(1, 10_001)])
    for n in range(1, 200):
        listed.update([job(n, Status.MAKING, accepted_at=float(n))])
    assert len(listed) == 10_000
    assert listed.order[:3] == [1, 2, 3]
    assert listed.sort == LIVE


# -- composing


def test_history_returns_to_the_unsent_text() -> None:
    composing = Draft(Settings())
    history = ("newest", "older", "oldest")
    assert composing.earlier("half a th", history) == "newest"
    assert composing.earlier("newest", history) == "older"
    assert composing.later(history) == "newest"
    assert composing.later(history) == "half a th"
    assert composing.later(history) is None
    assert composing.earlier("newest", history) == "older", "the current text is skipped"
    assert composing.earlier("older", history) == "oldest"
    assert composing.earlier("oldest", history) is None
    composing.written()
    assert composing.later(history) is None


def test_options_are_changed_reset_and_restored() -> None:
    composing = Draft(Settings())
    composing.change(instrumental=True, takes=3, seed=7, max_jobs=2)
    assert composing.takes == 3
    assert composing.changed_options() == {"instrumental", "takes", "seed", "max_jobs"}
    assert composing.count("a\n---\nb") == (2, 6)
    before = composing.options, composing.takes, dict(composing.kept)
    assert composing.reset() is True
    assert composing.changed_options() == frozenset()
    assert not composing.options.instrumental
    assert composing.kept == {}
    assert composing.reset() is False
    assert (composing.options, composing.takes, composing.kept) == before
    assert composing.reset() is True
    assert Draft(Settings()).reset() is None


def test_a_matrix_is_analyzed_prompt_by_prompt() -> None:
    from riffusion_tui.studio.engine.prompt import recognize
    from riffusion_tui.tui.state.prompt.draft import detected_in
    from riffusion_tui.tui.widgets.detected_line import one_tempo
    from tests.tui.stage import analyze

    def hear(prompt: str, options: Options) -> Sequence[UnderstoodWord]:
        return recognize(prompt)

    words = [one.word for one in detected_in("{lofi|garage} house", analyze, Options())]
    assert words == ["lofi", "garage", "house"]
    assert detected_in("{a|b|c|d|e|f|g|h|i|j}" * 6, analyze, Options()) == ()
    both = "lofi @studio\n---\nhouse @acestep\n---\njazzy"
    assert [one.word for one in detected_in(both, analyze, Options(), "studio")] == ["lofi", "jazzy"]
    elsewhere = {"acestep": analyze}.get
    both += "\n---\njazz @flowmusic"
    assert [one.word for one in detected_in(both, None, Options(), "studio", elsewhere)] == ["house"]
    apart = [one.word for one in detected_in("{lofi|garage} house, rainy, {90|120} bpm\n---\njazz", hear, Options())]
    assert apart == ["lofi house", "garage house", "rainy", "90 bpm", "120 bpm", "jazz"]
    assert one_tempo(["house", "90 bpm", "rain", "120 bpm"]) == ["house", "90/120 bpm", "rain"]
    assert one_tempo(["house", "90 bpm"]) == ["house", "90 bpm"]

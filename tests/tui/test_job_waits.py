"""Why a job waits, and since when, as the screen knows it."""

from __future__ import annotations

import pytest

from riffusion_tui.jobs.model import Account, WaitCause
from riffusion_tui.jobs.status import Status
from riffusion_tui.jobs.wait_reason import WaitReason
from riffusion_tui.tui.state.view_model import ViewModel
from tests.tui.stage import FIRST, NOON, Stage


@pytest.mark.parametrize(
    ("others", "cause", "detail"),
    [(1, WaitCause.TURN, ""), (2, WaitCause.SLOTS, "this program uses 1 of 3 slots, another client 2")],
)
def test_others_jobs_are_counted_once(stage: Stage, others: int, cause: WaitCause, detail: str) -> None:
    stage.store.put_accounts("studio", [Account("studio", FIRST, 3, others=others, seen_at=NOON)])
    stage.add("one", Status.MAKING, account=FIRST)
    wait = ViewModel(stage.deps).wait(stage.add("two"))
    assert wait is not None
    assert (wait.cause, wait.detail) == (cause, detail)


def test_a_song_waits_for_a_processor_since_it_was_accepted(stage: Stage) -> None:
    job = stage.add("one", Status.MAKING, age=9)
    stage.deps.dispatcher.progress = {job.id: 0.0}.get
    wait = ViewModel(stage.deps).wait(job)
    assert wait == WaitReason(WaitCause.PROCESSOR, NOON - 9)

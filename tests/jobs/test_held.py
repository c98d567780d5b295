"""Which jobs are held, and the filter for them."""

from __future__ import annotations

from riffusion_tui.jobs.filter import compile_filter
from riffusion_tui.jobs.held import HeldJobs
from riffusion_tui.jobs.model import Gate, Job, Options, WaitCause
from riffusion_tui.jobs.status import Status
from riffusion_tui.jobs.wait_reason import WaitReason, download_wait, poll_wait

ANY = Job(1, "r1", "rain", Options(), "studio", Status.QUEUED, "b1")
PINNED = ANY._replace(id=2, options=Options(account="a"))
BY_USER = ANY._replace(id=3, status=Status.HELD)
MADE = ANY._replace(id=4, status=Status.MAKING)
JOBS = (ANY, PINNED, BY_USER, MADE)


def test_a_problem_holds_the_jobs_of_an_account_and_the_user_any_job() -> None:
    waits = {None: WaitReason(WaitCause.TURN, 0.0), "a": WaitReason(WaitCause.BROKEN, 0.0)}
    held = HeldJobs(lambda job: waits.get(job.options.account))
    assert [job.id for job in JOBS if held(job)] == [2, 3]
    assert [held.wait(job) for job in JOBS] == [waits[None], waits["a"], None, None]
    assert not held.outdated()
    waits["a"] = WaitReason(WaitCause.SLOTS, 0.0)
    assert held(PINNED), "an answer stays the same"
    assert held.outdated()
    del waits[None]
    assert not HeldJobs(lambda job: waits.get(job.options.account))(ANY)


def test_the_filter_takes_held_and_waits_as_they_are_shown() -> None:
    def ids(text: str) -> list[int]:
        passes = compile_filter(text, 0.0, lambda job: job.id in (2, 3))
        return [job.id for job in JOBS if passes(job)]

    assert ids("status:held") == [2, 3]
    assert ids("-status:held") == [1, 4]
    assert ids("status:waits") == [1]
    assert ids("status:held,making") == [2, 3, 4]
    assert ids("status:waits,making") == [1, 4]
    assert ids("status:held,waits") == [1, 2, 3]
    assert ids("status:queued") == [1, 2]
    assert ids("status:queued,held") == [1, 2, 3]
    assert ids("status:open") == [1, 2, 3, 4]


def test_a_download_waits_for_the_most_urgent_of_what_prevents_it() -> None:
    made = MADE._replace(status=Status.FETCHING, account="a")
    others = [Gate("studio", "b", WaitCause.BROKEN, 1.0), Gate("studio", None, WaitCause.PAUSED, 1.0)]
    assert (download_wait(made, others), poll_wait(made, others)) == (None, None)
    assert poll_wait(made, [*others, Gate("studio", None, WaitCause.DISK, 2.0)]) is None
    full, broken = Gate("studio", None, WaitCause.DISK, 2.0, 9.0, 3, "full"), Gate("studio", "a", WaitCause.BROKEN, 3.0)
    assert download_wait(made, [*others, full]) == WaitReason(WaitCause.DISK, 2.0, 9.0, 3, None, "full")
    assert download_wait(made, [full, *others, broken]) == WaitReason(WaitCause.BROKEN, 3.0, account="a")

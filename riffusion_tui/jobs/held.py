"""Which jobs are held: by the user, or by a problem that only the user can solve."""

from __future__ import annotations

from collections.abc import Callable

from riffusion_tui.jobs.model import Job, WaitCause
from riffusion_tui.jobs.status import Status
from riffusion_tui.jobs.wait_reason import WaitReason

HOLDS = frozenset(
    {
        WaitCause.BROKEN,
        WaitCause.TOKEN,
        WaitCause.CREDITS,
        WaitCause.USER,
        WaitCause.DISK,
        WaitCause.OUTDATED,
        WaitCause.UNATTENDED,
    }
)
"""Wait causes that only the user can end."""


class HeldJobs:
    """Whether each job is held. What holds a queued job holds all jobs of its service and account.

    An answer is kept, so that a filter doesn't change while it is used.
    """

    def __init__(self, wait: Callable[[Job], WaitReason | None]) -> None:
        """Create it; `wait` returns why a job waits."""
        self._wait = wait
        self._known: dict[tuple[str, str | None], tuple[Job, WaitReason | None]] = {}
        """By service and account: a queued job, and why it waited."""

    def __call__(self, job: Job) -> bool:
        """Whether a job is held."""
        return job.status is Status.HELD or _holds(self.wait(job))

    def wait(self, job: Job) -> WaitReason | None:
        """Return why a queued job waits."""
        if job.status is not Status.QUEUED:
            return None
        queue = job.service, job.options.account
        if queue not in self._known:
            self._known[queue] = job, self._wait(job)
        return self._known[queue][1]

    def outdated(self) -> bool:
        """Whether an answer has changed since it was given."""
        return any(_holds(self._wait(job)) is not _holds(was) for job, was in self._known.values())


def _holds(wait: WaitReason | None) -> bool:
    return wait is not None and wait.cause in HOLDS

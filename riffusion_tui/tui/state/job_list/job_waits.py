"""Why each job on the screen waits, by the state of its service's queue."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from riffusion_tui.dispatch.queue_summary import QueueSummary, summarize
from riffusion_tui.jobs.model import Account, FailureKind, Gate, Job, WaitCause
from riffusion_tui.jobs.status import UNSENT, Status
from riffusion_tui.jobs.wait_reason import WaitReason, download_wait, poll_wait, waiting
from riffusion_tui.registry import SERVICES
from riffusion_tui.services.profiles import profile_of
from riffusion_tui.tui.dependencies import Dependencies
from riffusion_tui.tui.messages import message

_BY_USER = frozenset({WaitCause.USER, WaitCause.PAUSED})


class QueueState(NamedTuple):
    """The state of a service's queue."""

    accounts: Sequence[Account]
    gates: Sequence[Gate]
    summary: QueueSummary
    loads: Mapping[str | None, int]
    """Slots that this program's jobs use, by account."""
    attended: bool
    """Whether a process dispatches its jobs."""


class JobWaits:
    """Why each job waits. Services other than the active one are read when first needed after an update."""

    def __init__(self, deps: Dependencies) -> None:
        self._deps = deps
        self._queues: dict[str, QueueState] = {}
        self._lacks_token: dict[str, bool] = {}
        """Whether a service has no token, of those that need one; asking for it may unlock a keyring."""

    def update(self, accounts: Sequence[Account], gates: Sequence[Gate], summary: QueueSummary) -> None:
        """Set the state of the active service's queue; the others are read again."""
        active = QueueState(accounts, gates, summary, _loads(summary, accounts), attended=True)
        self._queues = {self._deps.service: active}

    def forget_tokens(self) -> None:
        """Look again which services have no token."""
        self._lacks_token.clear()

    def queue_of(self, job: Job) -> QueueState:
        """Return the state of the queue of a job's service."""
        service = job.service
        if service not in self._queues:
            store = self._deps.store
            summary, accounts = summarize(store, service, self._deps.clock.now()), store.accounts(service)
            attended = service in SERVICES and self._deps.dispatcher.dispatches(service)
            loads = _loads(summary, accounts)
            self._queues[service] = QueueState(accounts, store.gates(service), summary, loads, attended)
        return self._queues[service]

    def wait(self, job: Job) -> WaitReason | None:
        """Return why a job waits, or None; a running one may wait for a login, a processor or to be downloaded."""
        if job.status is Status.MAKING:
            return self._making_wait(job)
        if job.status is Status.FETCHING:
            return download_wait(job, self.queue_of(job).gates)
        return self._queue_wait(job) if job.status in UNSENT else None

    def _making_wait(self, job: Job) -> WaitReason | None:
        if (unseen := poll_wait(job, self.queue_of(job).gates)) is not None:
            return unseen
        since = job.accepted_at or self._deps.clock.now()
        if job.trouble is FailureKind.DISK:
            return WaitReason(WaitCause.DISK, since, detail=job.error)
        reported = self._deps.dispatcher.progress(job.id)
        waits = job.id in self.queue_of(job).summary.behind if reported is None else reported == 0.0
        cause = WaitCause.TURN if profile_of(job.service).hosts else WaitCause.PROCESSOR
        return WaitReason(cause, since) if waits else None

    def _queue_wait(self, job: Job) -> WaitReason | None:
        queue = self.queue_of(job)
        wait = waiting(job, queue.accounts, queue.gates, self._deps.clock.now(), queue.loads)
        if queue.attended or wait is None or wait.cause in _BY_USER:
            return wait
        detail = message("situation.no_token", service=job.service) if self._no_token(job.service) else ""
        return WaitReason(WaitCause.UNATTENDED, job.created_at, detail=detail)

    def _no_token(self, service: str) -> bool:
        if service not in self._lacks_token:
            needs = service in SERVICES and profile_of(service).authorization == "always"
            self._lacks_token[service] = needs and not self._deps.callbacks.is_set_up(service)
        return self._lacks_token[service]


def _loads(summary: QueueSummary, accounts: Sequence[Account]) -> dict[str | None, int]:
    others = {one.user_id: one.others for one in accounts}
    return {one.account: one.used - others.get(one.account, 0) for one in summary.slots}

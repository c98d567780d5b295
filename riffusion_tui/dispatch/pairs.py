"""A request that made several songs: each is a job of its own, a take beside the first."""

from __future__ import annotations

from riffusion_tui.jobs.model import Job
from riffusion_tui.jobs.status import Status
from riffusion_tui.store.values import NewJob


def sibling(job: Job, number: int, remote_id: str, status: Status, takes: int) -> NewJob:
    """Return the job of another song of `job`'s request.

    Args:
        job: the first song's, as it is now: account and times are the same.
        number: which other song, from 1.
        remote_id: what the service calls it.
        status: what it starts as.
        takes: how many takes of the prompt there are, with all songs of all its requests.
    """
    return NewJob(
        prompt=job.prompt,
        options=job.options,
        service=job.service,
        ref=job.ref,
        batch=job.batch,
        take=job.take + job.takes * number,
        takes=takes,
        parent=job.parent,
        position=job.position,
        status=status,
        account=job.account,
        remote_id=remote_id,
        sent_at=job.sent_at,
        accepted_at=job.accepted_at,
    )

"""The filter of `jobs` and `receipt`, applied to a store."""

from __future__ import annotations

import time
from collections.abc import Callable

from riffusion_tui.jobs.filter import compile_filter, with_account_ids
from riffusion_tui.jobs.held import HeldJobs
from riffusion_tui.jobs.model import Job
from riffusion_tui.jobs.wait_reason import WaitReason, waiting
from riffusion_tui.store import Store


def held_jobs(store: Store) -> HeldJobs:
    """Whether each job of a store is held."""

    def wait(job: Job) -> WaitReason | None:
        return waiting(job, store.accounts(job.service), store.gates(job.service), time.time())

    return HeldJobs(wait)


def filter_for(words: str, store: Store) -> Callable[[Job], bool]:
    """Return a predicate for the jobs of a store. Raises `FilterError`."""
    return compile_filter(with_account_ids(words, store.nicknames()), time.time(), held_jobs(store))

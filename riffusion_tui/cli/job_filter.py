"""The filter of `jobs` and `receipt`, applied to a store."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection

from riffusion_tui.cli.errors import DONE, SOME_FAILED, WRONG_USE
from riffusion_tui.cli.parser import split_numbers
from riffusion_tui.cli.printing.output import put_message
from riffusion_tui.jobs.filter import compile_filter, with_account_ids
from riffusion_tui.jobs.held import HeldJobs
from riffusion_tui.jobs.id_ranges import no_jobs
from riffusion_tui.jobs.model import Job
from riffusion_tui.jobs.wait_reason import WaitReason, waiting
from riffusion_tui.store import Store


def held_jobs(store: Store) -> HeldJobs:
    """Whether each job of a store is held."""

    def wait(job: Job) -> WaitReason | None:
        return waiting(job, store.accounts(job.service), store.gates(job.service), time.time())

    return HeldJobs(wait)


def with_numbers(given: list[str]) -> str:
    """Return a filter in which bare numbers and ranges are jobs."""
    numbers, words = split_numbers(given)
    return " ".join([*words, f"id:{','.join(numbers)}"] if numbers else words)


def put_missing(given: list[str], store: Store) -> int:
    """Say which of the numbers in a filter are no jobs, and return the exit code; a range may have gaps."""
    numbers, _ = split_numbers(given)
    single = {int(number) for number in numbers if number.isdecimal()}
    missing = single - store.jobs_by_id(single).keys()
    if missing:
        put_message(no_jobs(missing))
    return code_for(missing, some=len(missing) < len(set(numbers)))


def code_for(missing: Collection[int], *, some: bool) -> int:
    """Return the exit code of a command on jobs: a usage error if all are missing, unlike `some`."""
    return (SOME_FAILED if some else WRONG_USE) if missing else DONE


def filter_for(words: str, store: Store) -> Callable[[Job], bool]:
    """Return a predicate for the jobs of a store. Raises `FilterError`."""
    return compile_filter(with_account_ids(words, store.nicknames()), time.time(), held_jobs(store))

"""The filter line and the sort orders, for the list on the screen and for `jobs`. Pure.

A filter is words and fields, all of which must hold: a word is looked for in prompt, title, genre, error and number,
whatever its case; `"two words"` is one; `-word` must not be there. Fields: `status:` (a status, `open`, `ended`,
`waits`, `person`; several with commas), `account:`, `service:`, `batch:`, `genre:`, `key:`, `model:`, `verdict:`, `id:`
(`7`, `7-12`), `since:`/`until:` (`2h`, `3d`, `today`, `yesterday`, `2025-02-17`, `14:30`), `bpm:` and `length:`
(`90-120`, `>100`, `<3:00`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from enum import StrEnum

from riffusion_tui.jobs.model import Job


class FilterError(ValueError):
    """The filter can't be read; `str(error)` says which word and what was meant."""


class Sort(StrEnum):
    """Orders of the list."""

    NEWEST = "newest"
    OLDEST = "oldest"
    QUEUE = "queue"
    STATUS = "status"
    TITLE = "title"
    LENGTH = "length"
    TEMPO = "tempo"
    ACCOUNT = "account"
    FINISHED = "finished"


def compile_filter(text: str, now: float) -> Callable[[Job], bool]:
    """Return a test for jobs. `now` is what `since:` counts from, seconds since the epoch. Raises `FilterError`."""
    raise NotImplementedError


def sort_jobs(jobs: Iterable[Job], sort: Sort, *, reverse: bool = False) -> list[Job]:
    """Return the jobs in an order; equals stay newest first."""
    raise NotImplementedError

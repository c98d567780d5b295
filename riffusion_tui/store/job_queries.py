"""Queries of the store's jobs, songs and timelines. Changes: see `job_table`."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from itertools import islice
from typing import Any

from riffusion_tui.jobs.model import FailureKind, Job, JobEvent, Song
from riffusion_tui.jobs.status import ENDED, Status
from riffusion_tui.store.connection import Connection
from riffusion_tui.store.errors import NoSuchJob
from riffusion_tui.store.row_mapping import JOB_COLUMNS, RowTypes, to_job, to_jobs, to_song
from riffusion_tui.store.store_types import RetryFacts, Tally

_SELECT = f"SELECT {JOB_COLUMNS} FROM jobs "
_LIVE = "deleted_at IS NULL"
_BRIEF = {
    "[ref]": "''",
    "[position]": f"CASE WHEN status IN ({', '.join(repr(one.value) for one in ENDED)}) THEN 0.0 ELSE position END",
}
"""Columns that a list doesn't show → the constant that `briefly` reads instead, which takes no memory per row."""
_EVENT_TYPES = RowTypes(*JobEvent.__annotations__.values())
_COUNT_TYPES = RowTypes("str", "str", "int")
_KIND_TYPES = RowTypes("str", "int")
CHUNK = 500
"""Ids per statement: old versions of SQLite accept at most 999 values."""


class JobQueries(Connection):
    """Reads jobs, their songs and their timelines."""

    def job(self, id: int) -> Job:
        """Return one job, deleted or not. Raises `NoSuchJob`."""
        row = self._one(_SELECT + "WHERE id = ?", id)
        if not row:
            raise NoSuchJob(f"No job {id}.")
        with self._decoding():
            return to_job(row)

    def deleted_among(self, ids: Iterable[int]) -> set[int]:
        """Return those of `ids` that are deleted."""
        sql = f"SELECT id FROM jobs WHERE NOT {_LIVE} AND id IN ({{}})"
        return {row[0] for few, marks in chunks(ids) for row in self._all(sql.format(marks), *few)}

    def is_deleted(self, id: int) -> bool:
        """Whether a job is deleted; False if there is none."""
        return bool(self._one(f"SELECT 1 FROM jobs WHERE id = ? AND NOT {_LIVE}", id))

    def jobs_by_id(self, ids: Iterable[int]) -> dict[int, Job]:
        """Return the jobs that exist, deleted or not, by id; in the order of `ids`."""
        wanted = tuple(ids)
        found = {job.id: job for few, marks in chunks(wanted) for job in self._jobs(f"WHERE id IN ({marks})", *few)}
        return {id: found[id] for id in wanted if id in found}

    def jobs(self, *, limit: int | None = None, before: int | None = None, after: int | None = None) -> tuple[Job, ...]:
        """Return the jobs that are not deleted, newest (highest id) first.

        Args:
            limit: maximum number; None for all.
            before: only ids below this one, for paging.
            after: only ids above this one, oldest first.
        """
        last, count = 2**62 if before is None else before, -1 if limit is None else limit
        if after is not None:
            return self._jobs(f"WHERE id > ? AND {_LIVE} ORDER BY id LIMIT ?", after, count)
        return self._jobs(f"WHERE id < ? AND {_LIVE} ORDER BY id DESC LIMIT ?", last, count)

    def jobs_briefly(self, limit: int, before: int = 2**62) -> tuple[Job, ...]:
        """Return jobs as `jobs` does, in less memory: `ref` is empty, and `position` is 0 once a job has ended."""
        columns = ", ".join(_BRIEF.get(column, column) for column in JOB_COLUMNS.split(", "))
        sql = f"SELECT {columns} FROM jobs WHERE id < ? AND {_LIVE} ORDER BY id DESC LIMIT ?"
        rows = self._all(sql, before, limit)
        with self._decoding():
            return to_jobs(rows)

    def queue(self, service: str, limit: int | None = None) -> tuple[Job, ...]:
        """Return a service's queued jobs, in sending order."""
        where = f"WHERE service = ? AND status = 'queued' AND {_LIVE} ORDER BY position, id LIMIT ?"
        return self._jobs(where, service, -1 if limit is None else limit)

    def next_for(
        self, service: str, account: str | None, used: int, max_jobs: int | None, *, pinned: bool = False
    ) -> Job | None:
        """Return the first queued job that `account` can run now.

        Args:
            service: the service's name.
            account: an account; None returns only jobs that aren't pinned.
            used: the account's slots in use.
            max_jobs: the account's slots; None: unknown, no limit. A job's own `max_jobs` takes precedence.
            pinned: only jobs that are pinned to the account.
        """
        slots = used + 1 if max_jobs is None else max_jobs
        pins = (account,) if pinned else (None, account)
        kinds = [(pin, cap) for pin, cap in self._kinds(service) if pin in pins and used < (cap or slots)]
        return min(self._first_of_kinds(service, kinds), key=_place, default=None)

    def first_of_each_kind(self, service: str) -> tuple[Job, ...]:
        """Return the first queued job for each combination of pinned account and own `max_jobs`."""
        return tuple(self._first_of_kinds(service, self._kinds(service)))

    def _first_of_kinds(self, service: str, kinds: Iterable[tuple[str | None, int | None]]) -> Iterator[Job]:
        where = f"WHERE service = ? AND pin IS ? AND cap IS ? AND status = 'queued' AND {_LIVE}"
        for pin, cap in kinds:
            yield from self._jobs(where + " ORDER BY position, id LIMIT 1", service, pin, cap)

    def _kinds(self, service: str) -> list[tuple[str | None, int | None]]:
        """Return the distinct (pin, own `max_jobs`) of queued jobs: few, however long the queue is."""
        sql = "SELECT owner, slots FROM counts WHERE service = ? AND status = 'queued' AND number > 0"
        with self._decoding():
            rows = map(_KIND_TYPES.checked, self._all(sql, service))
            return [(owner or None, slots or None) for owner, slots in rows]

    def pins(self, service: str) -> tuple[str, ...]:
        """Return the accounts that queued jobs are pinned to."""
        return tuple(sorted({pin for pin, _ in self._kinds(service) if pin is not None}))

    def ids(self, service: str, *statuses: Status) -> tuple[int, ...]:
        """Return the ids of a service's jobs with any of `statuses`, by position; far cheaper than the jobs."""
        marks = ", ".join("?" * len(statuses))
        where = f"service = ? AND status IN ({marks}) AND {_LIVE} ORDER BY position, id"
        return tuple(row[0] for row in self._all(f"SELECT id FROM jobs WHERE {where}", service, *statuses))

    def in_status(self, ids: Iterable[int], statuses: Collection[Status], *, deleted: bool = True) -> tuple[int, ...]:
        """Return those of `ids` with any of `statuses`, by id; with or without deleted ones."""
        words, live = ", ".join("?" * len(statuses)), "" if deleted else f"AND {_LIVE}"
        sql = f"SELECT id FROM jobs WHERE id IN ({{}}) AND status IN ({words}) {live} ORDER BY id"
        return tuple(row[0] for few, marks in chunks(ids) for row in self._all(sql.format(marks), *few, *statuses))

    def retry_facts(self, ids: Iterable[int]) -> dict[int, RetryFacts]:
        """Return, for each of `ids` that exists, what decides how it is retried; far cheaper than the jobs."""
        sql = (
            "SELECT id, status, trouble, coalesce(remote_id, '') != '',"
            " coalesce(json_extract(options, '$.reply_ref'), '') FROM jobs WHERE id IN ({})"
        )
        rows = (row for few, marks in chunks(ids) for row in self._all(sql.format(marks), *few))
        with self._decoding():
            return {
                id: RetryFacts(Status(status), None if trouble is None else FailureKind(trouble), bool(song), ref)
                for id, status, trouble, song, ref in rows
            }

    def one_of_each_kind(self, ids: Iterable[int]) -> Iterator[Job]:
        """Yield one job of each kind among `ids`; jobs of a kind wait for the same thing. Deleted ones are skipped.

        A kind is a service, a status, an account (that runs the job, or that it is pinned to) and a failure kind.
        """
        seen: set[tuple[Any, ...]] = set()
        kind = "service, status, owner, trouble"
        for few, marks in chunks(ids):
            sql = f"SELECT {kind}, min(id) FROM jobs WHERE id IN ({marks}) AND {_LIVE} GROUP BY {kind}"
            for *one, id in self._all(sql, *few):
                if tuple(one) not in seen:
                    seen.add(tuple(one))
                    yield self.job(id)

    def with_status(self, service: str, *statuses: Status) -> tuple[Job, ...]:
        """Return a service's jobs with any of `statuses`, by position."""
        marks = ", ".join("?" * len(statuses))
        where = f"WHERE service = ? AND status IN ({marks}) AND {_LIVE} ORDER BY position, id"
        return self._jobs(where, service, *statuses)

    def batch(self, batch: str) -> tuple[Job, ...]:
        """Return the jobs of one submission, by id."""
        return self._jobs(f"WHERE batch = ? AND {_LIVE} ORDER BY id", batch)

    def siblings(self, id: int) -> tuple[int, ...]:
        """Return the ids of the jobs from the same request as job `id`, without deleted ones."""
        # `+batch` disables the index on batches, which finds all jobs queued together; that on requests finds a few.
        sql = f"""SELECT other.id FROM jobs one JOIN jobs other ON other.ref = one.ref AND other.sent_at = one.sent_at
            WHERE one.id = ? AND other.id != one.id AND +other.batch = one.batch AND other.{_LIVE}
            ORDER BY +other.id"""
        return tuple(row[0] for row in self._all(sql, id))

    def with_remote_id(self, service: str, remote_id: str) -> Job | None:
        """Return the job, deleted or not, that follows a song of the service."""
        return next(iter(self._jobs("WHERE remote_id = ? AND service = ? ORDER BY id", remote_id, service)), None)

    def count_requests(self, service: str, ref: str) -> int:
        """Count the service's jobs with a `replyRef`, including deleted ones; a pair of songs counts as one."""
        sql = "SELECT count(DISTINCT coalesce(sent_at, -id)) FROM jobs WHERE ref = ? AND service = ?"
        return int(self._one(sql, ref, service)[0])

    def song(self, job_id: int) -> Song | None:
        """Return a job's song, or None."""
        row = self._one("SELECT body FROM songs WHERE job_id = ?", job_id)
        with self._decoding():
            return to_song(job_id, row[0]) if row else None

    def timeline(self, job_id: int) -> tuple[JobEvent, ...]:
        """Return a job's events, oldest first."""
        rows = self._all("SELECT job_id, at, what, detail FROM happenings WHERE job_id = ? ORDER BY id", job_id)
        with self._decoding():
            return tuple(JobEvent(*_EVENT_TYPES.checked(row)) for row in rows)

    def tally(self, service: str) -> Tally:
        """Return a service's job counts by status; triggers maintain them, so the cost doesn't grow with the queue."""
        sql = "SELECT status, owner, sum(number) FROM counts WHERE service = ? AND number > 0 GROUP BY status, owner"
        by_status: dict[Status, int] = {}
        by_account: dict[tuple[Status, str | None], int] = {}
        with self._decoding():
            for word, owner, number in map(_COUNT_TYPES.checked, self._all(sql, service)):
                status = Status(word)
                by_status[status] = by_status.get(status, 0) + number
                if status not in ENDED:
                    by_account[status, owner or None] = number
        return Tally(by_status, by_account)

    def _jobs(self, where: str, *values: Any) -> tuple[Job, ...]:
        rows = self._all(_SELECT + where, *values)
        with self._decoding():
            return to_jobs(rows)


def chunks(ids: Iterable[int]) -> Iterator[tuple[tuple[int, ...], str]]:
    """Yield ids in chunks of a few hundred, each with its SQL placeholders."""
    rest = iter(ids)
    while few := tuple(islice(rest, CHUNK)):
        yield few, ", ".join("?" * len(few))


def _place(job: Job) -> tuple[float, int]:
    return job.position, job.id

"""Changes to the store's jobs, songs and timelines. Reading them: see `job_queries`."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from itertools import chain
from typing import Any, Unpack

from riffusion_tui.jobs.model import Job, Song
from riffusion_tui.jobs.status import ENDED, UNDER_WAY, Status, in_sentence, may_become, predicate
from riffusion_tui.store.errors import StatusConflict
from riffusion_tui.store.job_queries import CHUNK, JobQueries, chunks
from riffusion_tui.store.row_mapping import JOB_COLUMNS, from_fields, from_options, from_song, to_jobs
from riffusion_tui.store.store_types import JobChanges, NewJob

_INSERT = """INSERT INTO jobs("id", "ref", "prompt", "options", "service", "status", "batch", "take", "takes", "parent",
"position", "account", "remote_id", "created_at", "sent_at", "accepted_at", "rev", "pin", "cap") VALUES """
_VALUES = "(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
_ROWS_PER_STATEMENT = 50
"""Jobs per statement that adds them; one each takes twice as long."""
_NOTE = "INSERT INTO happenings(job_id, at, what, detail)"
_CLEARED = '"status" = ?, "trouble" = NULL, "error" = \'\''
Progress = Callable[[int], None]
"""Called with the number of jobs that a long transaction has changed so far."""


def quiet(changed: int) -> None:
    """Ignore progress."""


class Jobs(JobQueries):
    """Adds, changes and deletes jobs; saves songs and timeline entries."""

    def add(self, new: Sequence[NewJob], progress: Progress = quiet) -> tuple[Job, ...]:
        """Add jobs, all or none; they are on disk when this returns."""
        if not new:
            return ()
        with self.bulk(len(new)):
            last = self._one("SELECT max(position) FROM jobs")[0] or 0.0
            first = int((self._one("SELECT seq FROM sqlite_sequence WHERE name = 'jobs'") or (0,))[0]) + 1
            now, rev = self._clock.now(), self._next_rev()
            for start in range(0, len(new), _ROWS_PER_STATEMENT):
                few = new[start : start + _ROWS_PER_STATEMENT]
                rows = (_row(job, first + at, last + at + 1, now, rev) for at, job in enumerate(few, start))
                self._run(_INSERT + ", ".join([_VALUES] * len(few)), *chain.from_iterable(rows))
                if (done := start + len(few)) % CHUNK == 0 or done == len(new):
                    progress(done)
            which = "FROM jobs WHERE id BETWEEN ? AND ?"
            ids = first, first + len(new) - 1
            self._run(f"{_NOTE} SELECT id, ?, status, '' {which}", now, *ids)
            added = self._all(f"SELECT {JOB_COLUMNS} {which} ORDER BY id", *ids)
        with self._decoding():
            return to_jobs(added)

    def update(
        self,
        id: int,
        status: Status | None = None,
        happening: str = "",
        detail: str = "",
        expected: Status | None = None,
        **fields: Unpack[JobChanges],
    ) -> Job:
        """Change a job and return the updated job.

        A change of status clears the failure and error unless `fields` sets them; `ended_at` follows the status.

        Args:
            id: the job.
            status: its new status; None keeps the current one.
            happening: text for the timeline; empty adds no entry.
            detail: details for the timeline.
            expected: the status it must have now, for compare-and-set across processes.
            fields: other fields to change.

        Raises:
            NoSuchJob: the job doesn't exist.
            StatusConflict: its status is not `expected`, or it can't change to `status`.
        """
        with self.transaction():
            now = self.job(id)
            if expected is not None and now.status != expected:
                raise StatusConflict(f"Job {id} {predicate(now.status)}, and is no longer {in_sentence(expected)}.")
            columns = from_fields(fields)
            if status is not None and status != now.status:
                columns = self._moved(now, status) | columns
            self._set(id, columns)
            if happening:
                self._note(id, happening, detail)
            return self.job(id)

    def _moved(self, job: Job, status: Status) -> dict[str, Any]:
        if not may_become(job.status, status):
            raise StatusConflict(f"Job {job.id} is {job.status.value} and can't become {status.value}.")
        ended = self._clock.now() if status in ENDED else None
        return {"status": status, "trouble": None, "error": "", "ended_at": ended}

    def _set(self, id: int, columns: dict[str, Any]) -> None:
        columns["rev"] = self._next_rev()
        marks = ", ".join(f'"{name}" = ?' for name in columns)
        self._run(f"UPDATE jobs SET {marks} WHERE id = ?", *columns.values(), id)

    def move_all(
        self,
        ids: Iterable[int],
        status: Status,
        happening: str,
        detail: str = "",
        *,
        expected: Collection[Status],
        progress: Progress = quiet,
    ) -> tuple[int, ...]:
        """Change those of `ids` with one of the `expected` statuses to `status`, in one transaction; return them by id.

        Skips deleted jobs, clears failure and error, as `update` does, and adds an entry to each timeline.
        """
        moved: list[int] = []
        ids = tuple(ids)
        _check(expected, status)
        ended = self._clock.now() if status in ENDED else None
        with self.bulk(len(ids)):
            for few, marks in chunks(self.in_status(ids, expected, deleted=False)):
                change = f'{_CLEARED}, "ended_at" = ?, "rev" = ? WHERE id IN ({marks})'
                self._run(f"UPDATE jobs SET {change}", status, ended, self._next_rev(), *few)
                self._note_all(few, marks, happening, detail)
                moved += few
                progress(len(moved))
        return tuple(moved)

    def queue_again(
        self,
        refs: Mapping[int, str],
        happening: str,
        detail: str = "",
        *,
        expected: Collection[Status],
        progress: Progress = quiet,
    ) -> tuple[int, ...]:
        """Queue those jobs of `refs` that have one of the `expected` statuses; return them by id.

        Each gets its new reference, and neither account nor song. Otherwise as `move_all`.
        """
        queued: list[int] = []
        _check(expected, Status.QUEUED)
        change = f'{_CLEARED}, "ended_at" = NULL, "rev" = ?, "ref" = new_ref(id), "remote_id" = NULL, "account" = NULL'
        with self.bulk(len(refs)):
            self._database.create_function("new_ref", 1, refs.__getitem__)  # far cheaper than a statement for each
            for few, marks in chunks(self.in_status(refs, expected, deleted=False)):
                sql = f"UPDATE jobs SET {change} WHERE id IN ({marks})"
                self._run(sql, Status.QUEUED, self._next_rev(), *few)
                self._note_all(few, marks, happening, detail)
                queued += few
                progress(len(queued))
        return tuple(queued)

    def _note_all(self, few: Sequence[int], marks: str, what: str, detail: str) -> None:
        """Add the same entry to the timelines of a few hundred jobs."""
        sql = f"{_NOTE} SELECT id, ?, ?, ? FROM jobs WHERE id IN ({marks})"
        self._run(sql, self._clock.now(), what, detail, *few)

    def judge_all(self, ids: Iterable[int], verdict: str, progress: Progress = quiet) -> tuple[int, ...]:
        """Rate those of `ids` that are done, in one transaction; return them by id."""
        judged: list[int] = []
        ids = tuple(ids)
        with self.bulk(len(ids)):
            for few, _ in chunks(self.in_status(ids, (Status.DONE,), deleted=False)):
                marks = ", ".join("?" * len(few))
                self._run(
                    f'UPDATE jobs SET "verdict" = ?, "rev" = ? WHERE id IN ({marks})',
                    verdict,
                    self._next_rev(),
                    *few,
                )
                judged += few
                progress(len(judged))
        return tuple(judged)

    def place(self, positions: Mapping[int, float]) -> None:
        """Set the queue positions of jobs, in one transaction."""
        with self.transaction():
            rows = [(position, self._next_rev(), id) for id, position in positions.items()]
            self._many('UPDATE jobs SET "position" = ?, "rev" = ? WHERE id = ?', rows)

    def delete(self, ids: Sequence[int], progress: Progress = quiet) -> tuple[int, ...]:
        """Delete jobs that are not under way; return their ids. `restore` undoes it."""
        return self._mark(ids, self._clock.now(), progress)

    def restore(self, ids: Sequence[int], progress: Progress = quiet) -> tuple[int, ...]:
        """Restore deleted jobs; return their ids."""
        return self._mark(ids, None, progress)

    def _mark(self, ids: Sequence[int], deleted_at: float | None, progress: Progress) -> tuple[int, ...]:
        """Set or clear `deleted_at`; return the ids that changed."""
        under_way = ", ".join(f"'{status}'" for status in UNDER_WAY)
        which = "IS NOT NULL" if deleted_at is None else f"IS NULL AND status NOT IN ({under_way})"
        done: list[int] = []
        with self.bulk(len(ids)):
            for few, marks in chunks(dict.fromkeys(ids)):
                sql = f"SELECT id FROM jobs WHERE id IN ({marks}) AND deleted_at {which}"
                found = {row[0] for row in self._all(sql, *few)}
                mine = [id for id in few if id in found]
                if mine:
                    sql = f"UPDATE jobs SET deleted_at = ?, rev = ? WHERE id IN ({', '.join('?' * len(mine))})"
                    self._run(sql, deleted_at, self._next_rev(), *mine)
                done += mine
                progress(len(done))
        return tuple(done)

    def put_song(self, song: Song) -> None:
        """Save a job's song, replacing an earlier one."""
        with self.transaction():
            self._run("INSERT OR REPLACE INTO songs VALUES (?, ?)", song.job_id, from_song(song))
            self._set(song.job_id, {})

    def note(self, job_id: int, what: str, detail: str = "") -> None:
        """Add an entry to a job's timeline."""
        with self.transaction():
            self._note(job_id, what, detail)
            self._set(job_id, {})

    def _note(self, job_id: int, what: str, detail: str) -> None:
        self._run(f"{_NOTE} VALUES (?, ?, ?, ?)", job_id, self._clock.now(), what, detail)


def _check(expected: Collection[Status], status: Status) -> None:
    for one in expected:
        if not may_become(one, status):
            raise StatusConflict(f"A job that is {one.value} can't become {status.value}.")


def _row(job: NewJob, id: int, end: float, now: float, rev: int) -> tuple[Any, ...]:
    """Return the values for `_INSERT`."""
    position = end if job.position is None else job.position
    options = (from_options(job.options), job.service, job.status, job.batch, job.take, job.takes, job.parent)
    times = (position, job.account, job.remote_id, now, job.sent_at, job.accepted_at, rev)
    return (id, job.ref, job.prompt, *options, *times, job.options.account, job.options.max_jobs)

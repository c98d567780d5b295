"""The jobs' part of the store."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Unpack

from riffusion_tui.jobs.model import Job, JobEvent, Song
from riffusion_tui.jobs.status import ENDED, UNDER_WAY, Status, may_become
from riffusion_tui.store.connection import Connection
from riffusion_tui.store.errors import NoSuchJob, StatusConflict
from riffusion_tui.store.records import JobChanges, NewJob, Tally
from riffusion_tui.store.row_mapping import JOB_COLUMNS, from_fields, from_options, from_song, to_job, to_jobs, to_song

_INSERT = """INSERT INTO jobs("ref", "prompt", "options", "service", "status", "batch", "take", "takes", "parent",
"position", "account", "remote_id", "created_at", "sent_at", "accepted_at", "rev", "pin", "cap")
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"""
_SELECT = f"SELECT {JOB_COLUMNS} FROM jobs "  # noqa: S608 (the columns are this room's own)
_LIVE = "deleted_at IS NULL"
_PINS = (Status.QUEUED, Status.HELD)
_COUNTED = tuple(status for status in Status if status not in (Status.DONE, Status.CANCELLED))


class Jobs(Connection):
    """Jobs, their songs and their timelines."""

    def add(self, new: Sequence[NewJob]) -> tuple[Job, ...]:
        """Add jobs, all or none; they are on the disk when this returns."""
        with self.together():
            last = self._one("SELECT max(position) FROM jobs")[0] or 0.0
            now = self._clock.now()
            return tuple(self.job(self._add(job, last + place, now)) for place, job in enumerate(new, start=1))

    def _add(self, job: NewJob, end: float, now: float) -> int:
        position = end if job.position is None else job.position
        options = (from_options(job.options), job.service, job.status, job.batch, job.take, job.takes, job.parent)
        times = (position, job.account, job.remote_id, now, job.sent_at, job.accepted_at, self._next_rev())
        pins = (job.options.account, job.options.max_jobs)
        id = self._insert(_INSERT, (job.ref, job.prompt, *options, *times, *pins))
        self._note(id, job.status.value, "")
        return id

    def job(self, id: int) -> Job:
        """Return one job, deleted or not. Raises `NoSuchJob`."""
        row = self._one(_SELECT + "WHERE id = ?", id)
        if not row:
            raise NoSuchJob(f"There is no job {id}.")
        return to_job(row)

    def jobs(self, *, limit: int | None = None, before: int | None = None) -> tuple[Job, ...]:
        """Return the jobs that are not deleted, newest (highest id) first.

        Args:
            limit: at most so many; None for all.
            before: only ids below this one, to read on where the last call ended.
        """
        last = 2**62 if before is None else before
        where = f"WHERE id < ? AND {_LIVE} ORDER BY id DESC LIMIT ?"
        return self._jobs(where, last, -1 if limit is None else limit)

    def queue(self, service: str, limit: int | None = None) -> tuple[Job, ...]:
        """Return a service's queued jobs, the next to be sent first."""
        where = f"WHERE service = ? AND status = 'queued' AND {_LIVE} ORDER BY position, id LIMIT ?"
        return self._jobs(where, service, -1 if limit is None else limit)

    def next_for(
        self, service: str, account: str | None, used: int, max_jobs: int | None, *, pinned: bool = False
    ) -> Job | None:
        """Return the first queued job that `account` may take now.

        Args:
            service: whose queue.
            account: an account; None takes only jobs that are pinned to none.
            used: the account's slots that are filled.
            max_jobs: how many it has; None: unknown, always one more. A job's own `max_jobs` counts instead.
            pinned: only jobs that are pinned to the account.
        """
        whose = "pin = ?" if pinned else "(pin IS NULL OR pin = ?)"
        where = (
            f"WHERE service = ? AND status = 'queued' AND {_LIVE} AND {whose}"
            " AND ? < coalesce(cap, ?) ORDER BY position, id LIMIT 1"
        )
        slots = used + 1 if max_jobs is None else max_jobs
        return next(iter(self._jobs(where, service, account, used, slots)), None)

    def pins(self, service: str) -> tuple[str, ...]:
        """Return the accounts that queued jobs are pinned to."""
        where = f"service = ? AND status = 'queued' AND {_LIVE} AND pin IS NOT NULL"
        return tuple(row[0] for row in self._all(f"SELECT DISTINCT pin FROM jobs WHERE {where}", service))  # noqa: S608

    def standing(self, service: str, *statuses: Status) -> tuple[Job, ...]:
        """Return a service's jobs in any of `statuses`, by position."""
        marks = ", ".join("?" * len(statuses))
        where = f"WHERE service = ? AND status IN ({marks}) AND {_LIVE} ORDER BY position, id"
        return self._jobs(where, service, *statuses)

    def batch(self, batch: str) -> tuple[Job, ...]:
        """Return the jobs of one submission, by id."""
        return self._jobs(f"WHERE batch = ? AND {_LIVE} ORDER BY id", batch)

    def siblings(self, id: int) -> tuple[int, ...]:
        """Return the ids of the jobs, deleted ones not among them, that came of the same request as job `id`."""
        sql = f"""SELECT other.id FROM jobs one JOIN jobs other ON other.batch = one.batch
            WHERE one.id = ? AND other.id != one.id AND other.{_LIVE} AND other.ref = one.ref
            AND other.sent_at = one.sent_at ORDER BY other.id"""  # noqa: S608
        return tuple(row[0] for row in self._all(sql, id))

    def with_remote_id(self, service: str, remote_id: str) -> Job | None:
        """Return the job, deleted or not, that follows a song of the service."""
        return next(iter(self._jobs("WHERE remote_id = ? AND service = ? ORDER BY id", remote_id, service)), None)

    def refs(self, service: str, ref: str) -> int:
        """Count the service's jobs, deleted ones too, that go by a `replyRef`; a pair of songs is one."""
        sql = "SELECT count(DISTINCT coalesce(sent_at, -id)) FROM jobs WHERE ref = ? AND service = ?"
        return int(self._one(sql, ref, service)[0])

    def _jobs(self, where: str, *values: Any) -> tuple[Job, ...]:
        return to_jobs(self._all(_SELECT + where, *values))

    def update(
        self,
        id: int,
        status: Status | None = None,
        happening: str = "",
        detail: str = "",
        expected: Status | None = None,
        **fields: Unpack[JobChanges],
    ) -> Job:
        """Change a job and return it as it is now.

        A job that moves forgets its trouble and error unless `fields` say them; `ended_at` follows the status.

        Args:
            id: which.
            status: where it goes; None leaves it where it is.
            happening: what its timeline says of it; empty adds no line.
            detail: more of it, for the timeline.
            expected: where it must be now, for compare-and-set across processes.
            fields: what else changes.

        Raises:
            NoSuchJob: there is none.
            Moved: it is not where `expected` says, or may not go to `status`.
        """
        with self.together():
            now = self.job(id)
            if expected is not None and now.status != expected:
                raise StatusConflict(f"Job {id} is {now.status.value}, no longer {expected.value}.")
            columns = from_fields(fields)
            if status is not None and status != now.status:
                columns = self._moved(now, status) | columns
            self._set(id, columns)
            if happening:
                self._note(id, happening, detail)
            return self.job(id)

    def _moved(self, job: Job, status: Status) -> dict[str, Any]:
        if not may_become(job.status, status):
            raise StatusConflict(f"Job {job.id} is {job.status.value}: it can't become {status.value}.")
        ended = self._clock.now() if status in ENDED else None
        return {"status": status, "trouble": None, "error": "", "ended_at": ended}

    def _set(self, id: int, columns: dict[str, Any]) -> None:
        columns["rev"] = self._next_rev()
        marks = ", ".join(f'"{name}" = ?' for name in columns)
        self._run(f"UPDATE jobs SET {marks} WHERE id = ?", *columns.values(), id)  # noqa: S608

    def delete(self, ids: Sequence[int]) -> tuple[int, ...]:
        """Take jobs that are not under way out of every list; return those taken. `restore` brings them back."""
        taken = []
        with self.together():
            for id in ids:
                if self.job(id).status not in UNDER_WAY and not self._deleted(id):
                    self._set(id, {"deleted_at": self._clock.now()})
                    taken.append(id)
        return tuple(taken)

    def restore(self, ids: Sequence[int]) -> tuple[Job, ...]:
        """Bring deleted jobs back."""
        with self.together():
            back = [id for id in ids if self._deleted(id)]
            for id in back:
                self._set(id, {"deleted_at": None})
            return tuple(map(self.job, back))

    def _deleted(self, id: int) -> bool:
        return self._one("SELECT deleted_at FROM jobs WHERE id = ?", id)[:1] not in ((), (None,))

    def put_song(self, song: Song) -> None:
        """Keep what a job made, in place of what was kept of it before."""
        with self.together():
            self._run("INSERT OR REPLACE INTO songs VALUES (?, ?)", song.job_id, from_song(song))
            self._set(song.job_id, {})

    def song(self, job_id: int) -> Song | None:
        """Return what a job made, or None."""
        row = self._one("SELECT body FROM songs WHERE job_id = ?", job_id)
        return to_song(job_id, row[0]) if row else None

    def note(self, job_id: int, what: str, detail: str = "") -> None:
        """Add a line to a job's timeline."""
        with self.together():
            self._note(job_id, what, detail)
            self._set(job_id, {})

    def _note(self, job_id: int, what: str, detail: str) -> None:
        now = self._clock.now()
        self._run("INSERT INTO happenings(job_id, at, what, detail) VALUES (?, ?, ?, ?)", job_id, now, what, detail)

    def timeline(self, job_id: int) -> tuple[JobEvent, ...]:
        """Return what happened to a job, oldest first."""
        rows = self._all("SELECT job_id, at, what, detail FROM happenings WHERE job_id = ? ORDER BY id", job_id)
        return tuple(JobEvent(*row) for row in rows)

    def tally(self, service: str) -> Tally:
        """Count a service's jobs by status and account, from an index; the past, which may be long, is left out."""
        marks = ", ".join("?" * len(_COUNTED))
        where = f"WHERE service = ? AND status IN ({marks}) AND {_LIVE} GROUP BY status, pin, account"
        sql = f"SELECT status, pin, account, count(*) FROM jobs {where}"  # noqa: S608
        by_status: dict[Status, int] = {}
        by_account: dict[tuple[Status, str | None], int] = {}
        for word, pin, account, number in self._all(sql, service, *_COUNTED):
            status = Status(word)
            by_status[status] = by_status.get(status, 0) + number
            if status not in ENDED:
                key = (status, pin if status in _PINS else account)
                by_account[key] = by_account.get(key, 0) + number
        return Tally(by_status, by_account)

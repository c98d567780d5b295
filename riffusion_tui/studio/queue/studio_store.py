"""Accounts and jobs in SQLite, durable when a method returns. Not thread-safe; see `queue.database`."""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

from riffusion_tui.regular_file import open_regular
from riffusion_tui.studio.queue.studio_job import AccountSession, State, StudioAccount, StudioJob

_SCHEMA = 1
_BUSY_S = 15.0


class NewerFile(OSError):
    """A newer version of this program wrote the database; `str(error)` says what to do."""

    def __init__(self, file: Path) -> None:
        super().__init__(
            f"update riffusion-tui (a newer version wrote {file.name}), or set RIFFUSION_TUI_HOME to another folder"
        )


def check_version(file: Path) -> None:
    """Raise `NewerFile` if a newer version wrote the file. A file that is missing or can't be read is ignored."""
    with (
        suppress(sqlite3.Error),
        closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", timeout=1.0, uri=True)) as database,
    ):
        if database.execute("PRAGMA user_version").fetchone()[0] > _SCHEMA:
            raise NewerFile(file)


class StudioStore:
    """The studio's database. Every method may raise `sqlite3.Error`, and opening it `NewerFile`."""

    def __init__(self, file: Path) -> None:
        self._file = file
        # Only the owner may read it; SQLite gives its WAL files the same mode.
        os.close(open_regular(file, os.O_RDWR | os.O_CREAT))
        self._db = sqlite3.connect(file, timeout=_BUSY_S, isolation_level=None)
        self._db.row_factory = sqlite3.Row
        try:
            self._db.execute("PRAGMA journal_mode = WAL")
            # FULL: a job that got 200 survives a power failure.
            self._db.execute("PRAGMA synchronous = FULL")
            with self.transaction():
                self._migrate()
        except BaseException:  # even ^C must not leave the file open
            self._db.close()
            raise

    def _migrate(self) -> None:
        version = self._db.execute("PRAGMA user_version").fetchone()[0]
        if version > _SCHEMA:
            raise NewerFile(self._file)
        if version == 0:
            schema = Path(__file__).with_name("schema.sql").read_text(encoding="utf-8")
            for statement in _statements(schema):
                self._db.execute(statement)
            self._db.execute(f"PRAGMA user_version = {_SCHEMA}")

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Run the block as one transaction: all or nothing. Other processes wait. One inside another joins it."""
        if self._db.in_transaction:
            yield
            return
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:  # even ^C must not leave a transaction open
            self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    # Accounts

    def accounts(self) -> list[StudioAccount]:
        """List all accounts, oldest first."""
        rows = self._db.execute("SELECT * FROM account ORDER BY created_at, rowid").fetchall()
        return [_account(row) for row in rows]

    def account(self, user_id: str) -> StudioAccount | None:
        """Return one account."""
        row = self._db.execute("SELECT * FROM account WHERE user_id = ?", (user_id,)).fetchone()
        return _account(row) if row else None

    def put_account(self, account: StudioAccount) -> None:
        """Add an account, or replace the one with the same `user_id`."""
        self._db.execute(
            "INSERT INTO account (user_id, max_jobs, engine, cookie_mark, session, error, created_at)"
            " VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (user_id) DO UPDATE SET max_jobs = excluded.max_jobs,"
            " cookie_mark = excluded.cookie_mark, session = excluded.session, error = excluded.error",
            (
                account.user_id,
                account.max_jobs,
                account.engine,
                account.cookie_mark,
                json.dumps(asdict(account.session)),
                account.error,
                account.created_at,
            ),
        )

    def remove_account(self, user_id: str) -> None:
        """Delete an account; its jobs remain."""
        self._db.execute("DELETE FROM account WHERE user_id = ?", (user_id,))

    def use_cookie(self, mark: str, at: float) -> bool:
        """Record that a cookie was posted; return False if it was posted before."""
        added = self._db.execute("INSERT OR IGNORE INTO used_cookie VALUES (?, ?)", (mark, at))
        return added.rowcount == 1

    # Jobs

    def add_job(self, job: StudioJob) -> None:
        """Queue a new job."""
        self._db.execute(
            "INSERT INTO job (id, user_id, state, request, reply_url, reply_ref, base, created_at)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                job.id,
                job.user_id,
                job.state,
                json.dumps(job.request),
                job.reply_url,
                job.reply_ref,
                job.base,
                job.created_at,
            ),
        )

    def job(self, id: str) -> StudioJob | None:
        """Return one job."""
        return next(iter(self._jobs("WHERE id = ?", id)), None)

    def songs(self, user_id: str, offset: int, limit: int) -> list[StudioJob]:
        """List an account's jobs, newest first."""
        return self._jobs("WHERE user_id = ? ORDER BY seq DESC LIMIT ? OFFSET ?", user_id, limit, offset)

    def tracked(self) -> list[StudioJob]:
        """List the jobs in the scheduler, oldest first, without the engine's requests, which are slow to read."""
        columns = "id, user_id, state, base, created_at, tracked, reply_url, reply_ref, ended_at, error"
        rows = self._db.execute(f"SELECT {columns} FROM job WHERE tracked = 1 ORDER BY seq").fetchall()
        return [_job(row, request={}, made={}) for row in rows]

    def running_counts(self) -> dict[str, int]:
        """Count the jobs in the scheduler by account; this needs only an index."""
        rows = self._db.execute("SELECT user_id, count(*) FROM job WHERE tracked = 1 GROUP BY user_id").fetchall()
        return {row[0]: row[1] for row in rows}

    def unreported(self) -> list[StudioJob]:
        """List the ended jobs whose final callback hasn't been sent."""
        return self._jobs("WHERE told = 0 AND reply_url IS NOT NULL AND ended_at IS NOT NULL ORDER BY seq")

    def making(self) -> frozenset[str]:
        """Return the ids of the jobs marked as being made."""
        return frozenset(row[0] for row in self._db.execute("SELECT id FROM job WHERE state = ?", (State.MAKING,)))

    def requeue_orphaned(self, making: Collection[str], check: Callable[[], None]) -> int:
        """Requeue the jobs marked as being made, except those in `making`; return how many.

        `check` raises unless this process holds the folder's lock.
        """
        if not self.making().difference(making):
            return 0
        with self.transaction():
            check()
            lost = self.making().difference(making)
            for id in lost:
                self._db.execute("UPDATE job SET state = 'queued' WHERE id = ? AND state = ?", (id, State.MAKING))
        return len(lost)

    def claim(self, count: int, check: Callable[[], None]) -> list[StudioJob]:
        """Take up to `count` queued jobs, oldest first, and mark them as being made; `check` as above."""
        # Called twice a second: don't lock out other processes unless there is a job to take.
        if not self._db.execute("SELECT EXISTS (SELECT 1 FROM job WHERE state = 'queued')").fetchone()[0]:
            return []
        with self.transaction():
            check()
            jobs = self._jobs("WHERE state = 'queued' ORDER BY seq LIMIT ?", count)
            for job in jobs:
                self._db.execute("UPDATE job SET state = ? WHERE id = ?", (State.MAKING, job.id))
        return jobs

    def requeue_interrupted(self, now: float, id: str | None = None) -> None:
        """Requeue the jobs of a maker or renderers that died, or one of them; end those that were cancelled."""
        self._db.execute(
            "UPDATE job SET state = 'failed', ended_at = ?, error = 'Cancelled before it was finished.'"
            " WHERE state = ? AND tracked = 0 AND (? IS NULL OR id = ?)",
            (now, State.MAKING, id, id),
        )
        self._db.execute(
            "UPDATE job SET state = 'queued' WHERE state = ? AND (? IS NULL OR id = ?)", (State.MAKING, id, id)
        )

    def end(self, id: str, state: State, at: float, *, error: str | None = None, made: str = "{}") -> bool:
        """End a job; return False if it has already ended or doesn't exist."""
        ended = self._db.execute(
            "UPDATE job SET state = ?, tracked = 0, ended_at = ?, error = ?, made = ?"
            " WHERE id = ? AND ended_at IS NULL",
            (state, at, error, made, id),
        )
        return ended.rowcount == 1

    def untrack(self, id: str) -> None:
        """Remove a job from the scheduler: free its slot and stop its callbacks."""
        self._db.execute("UPDATE job SET tracked = 0, told = 1 WHERE id = ?", (id,))

    def mark_reported(self, id: str) -> None:
        """Record that the final callback was sent, or won't be."""
        self._db.execute("UPDATE job SET told = 1 WHERE id = ?", (id,))

    def remove_job(self, id: str) -> None:
        """Delete a job and its song."""
        self._db.execute("DELETE FROM job WHERE id = ?", (id,))

    def _jobs(self, where: str, *values: object) -> list[StudioJob]:
        rows: Sequence[sqlite3.Row] = self._db.execute(f"SELECT * FROM job {where}", values).fetchall()
        return [_job(row, json.loads(row["request"]), json.loads(row["made"] or "{}")) for row in rows]


def _statements(script: str) -> list[str]:
    statements, buffer = [], ""
    for line in script.splitlines(keepends=True):
        buffer += line
        if sqlite3.complete_statement(buffer):
            statements.append(buffer)
            buffer = ""
    return statements


def _account(row: sqlite3.Row) -> StudioAccount:
    return StudioAccount(
        user_id=row["user_id"],
        max_jobs=row["max_jobs"],
        created_at=row["created_at"],
        cookie_mark=row["cookie_mark"],
        session=AccountSession(**json.loads(row["session"])),
        error=row["error"],
        engine=row["engine"],
    )


def _job(row: sqlite3.Row, request: dict[str, Any], made: dict[str, Any]) -> StudioJob:
    return StudioJob(
        id=row["id"],
        user_id=row["user_id"],
        state=State(row["state"]),
        request=request,
        base=row["base"],
        created_at=row["created_at"],
        tracked=bool(row["tracked"]),
        reply_url=row["reply_url"],
        reply_ref=row["reply_ref"],
        ended_at=row["ended_at"],
        error=row["error"],
        made=made,
    )

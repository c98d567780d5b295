"""A connection to the database: opening, transactions and revisions."""

from __future__ import annotations

import fcntl
import sqlite3
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from copy import copy
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from riffusion_tui.jobs.clock import Clock
from riffusion_tui.store.database_file import create_file, identity
from riffusion_tui.store.errors import DamagedDatabase, DiskFull, MovedDatabase, ReadOnly, StoreError
from riffusion_tui.store.lock_check import Lock
from riffusion_tui.store.row_mapping import UNDECODABLE, whole
from riffusion_tui.store.schema import all_columns, columns, migrate, migrations, schema, tables
from riffusion_tui.store.snapshot import snapshot
from riffusion_tui.store.sqlite_errors import guarded

BUSY_S = 5.0
"""How long a call waits for another process's transaction. Those take milliseconds."""

_OPEN_S = 1.5
"""How long opening waits for another program that keeps the file locked."""

_OPEN: Counter[tuple[int, int]] = Counter()
"""Databases that this process has open: (device, inode) → connections. Closing any other descriptor of such a file
drops SQLite's locks on it; another process would then remove the write-ahead log, and later writes would be lost."""
_OPENING = threading.Lock()

_CACHE_KIB = 256
"""Page cache per connection. Small, since jobs that were read are already in memory."""
_BULK_CACHE_KIB = 16_384
"""The same while many rows change."""
_BULK_ROWS = 1000
"""Rows from which on they are many."""


class _Transaction:
    """The transaction of a connection, if one is open."""

    __slots__ = ("open", "rev")

    def __init__(self) -> None:
        self.open = False
        self.rev: int | None = None
        """Its revision, once it has changed something."""


class Connection:
    """An open database. Writes inside `transaction` form one transaction."""

    def __init__(self, path: Path, clock: Clock, database: sqlite3.Connection, file: tuple[int, int] | None) -> None:
        self._path = path
        self._file = file
        self._clock = clock
        self._database = database
        self._transaction = _Transaction()
        self._listeners: list[Callable[[], None]] = []
        self._check: Callable[[], None] | None = None
        self._version = self._data_version()
        self.unwritable: StoreError | None = None
        """Why this is a copy in memory that can't be changed; None: it is the file."""

    @classmethod
    def open(cls, path: Path, clock: Clock, lock: Lock = fcntl.lockf) -> Self:
        """Open the file at `path`; if missing, create it with mode 0600 (its folder 0700).

        Args:
            path: the file.
            clock: the time.
            lock: locks a file; tried first, since SQLite waits for minutes if the file system has no locks.

        Raises:
            CannotOpen: and its kinds `ReadOnly`, `NewerDatabase`, `DamagedDatabase`; `DiskFull`, `DatabaseLocked`.
        """
        with _OPENING:
            if not _OPEN[identity(path)]:
                create_file(path, lock)
            with guarded(path):
                database = sqlite3.connect(path, timeout=BUSY_S, isolation_level=None)
            file = identity(path)
            _OPEN[file] += 1
        try:
            with guarded(path):
                _configure(database)
                migrate(database, path, migrations(), schema())
                return cls(path, clock, database, file)
        except BaseException:  # even ^C must not leave the file open
            database.close()
            with _OPENING:
                _OPEN[file] -= 1
            raise

    @classmethod
    def open_to_read(cls, path: Path, clock: Clock) -> Self:
        """Open the file at `path` like `open`; if the disk is full or read-only, a copy in memory, without changes.

        Raises:
            CannotOpen: and its kinds, like `open`; `DiskFull` or `ReadOnly` if there is no file, or it can't be read.
        """
        try:
            return cls.open(path, clock)
        except (DiskFull, ReadOnly) as error:
            database, why = snapshot(path, BUSY_S), error
            if database is None:
                raise
        with guarded(path):
            _configure(database)
            migrate(database, path, migrations(), schema())
            database.execute("PRAGMA query_only = ON")
            result = cls(path, clock, database, None)
        result.unwritable = why
        return result

    def close(self) -> None:
        """Close the file. Closing twice is harmless."""
        self._database.close()
        if self._file is not None:
            with _OPENING:
                _OPEN[self._file] -= 1
            self._file = None

    def checked(self, check: Callable[[], None] | None) -> Self:
        """Return this database with `check` called in each transaction first; an exception from it prevents the change.

        `check` runs while no other process can write; None: no check.
        """
        result = copy(self)
        result._check = check
        return result

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def path(self) -> Path:
        """Path of the database file."""
        return self._path

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Run the block as one transaction: all or nothing. Listeners are called once. Raises `StoreError`."""
        if self._transaction.open:
            yield
            return
        if self.unwritable is not None:
            raise type(self.unwritable)(str(self.unwritable))
        self.check_in_place()
        with guarded(self._path):
            self._database.execute("BEGIN IMMEDIATE")
        self._transaction.open = True
        try:
            if self._check is not None:
                self._check()
            yield
            with guarded(self._path):
                self._database.execute("COMMIT")
        except BaseException:  # even ^C must not leave a transaction open
            with suppress(sqlite3.Error):  # after some errors, SQLite has already rolled back
                self._database.execute("ROLLBACK")
            raise
        finally:
            self._transaction.open = False
            changed, self._transaction.rev = self._transaction.rev is not None, None
        if changed:
            self._notify()

    @contextmanager
    def bulk(self, rows: int) -> Iterator[None]:
        """Run the block as one transaction that changes so many rows; for many, a large cache saves writes of pages."""
        if rows < _BULK_ROWS:
            with self.transaction():
                yield
            return
        self._run(f"PRAGMA cache_size = -{_BULK_CACHE_KIB}")
        try:
            with self.transaction():
                yield
        finally:
            self._run(f"PRAGMA cache_size = -{_CACHE_KIB}")
            self._run("PRAGMA shrink_memory")

    def check_in_place(self) -> None:
        """Raise `MovedDatabase` if the open file is no longer the one at its path. Takes microseconds."""
        if self._file is not None and identity(self._path) != self._file:
            raise MovedDatabase(self._path)

    def check(self) -> None:
        """Check every page and index of the file, and that it has all tables and columns. Raises `DamagedDatabase`."""
        there = {name for (name,) in self._all("SELECT name FROM sqlite_master WHERE type = 'table'")}
        if missing := sorted(tables() - there):
            raise DamagedDatabase(f"{self._path}: the database is damaged (no such table: {', '.join(missing)}).")
        with guarded(self._path):
            missing = sorted(all_columns() - columns(self._database))
        if missing:
            raise DamagedDatabase(f"{self._path}: the database is damaged (no such column: {', '.join(missing)}).")
        if self._one("PRAGMA quick_check(1)") != ("ok",):
            raise DamagedDatabase(f"{self._path}: the database is damaged.")

    @contextmanager
    def _decoding(self) -> Iterator[None]:
        """Map undecodable values, which come from damaged pages, to `DamagedDatabase`."""
        try:
            yield
        except UNDECODABLE as error:
            raise DamagedDatabase(f"{self._path}: the database is damaged.") from error

    @contextmanager
    def _reading(self) -> Iterator[None]:
        """Run several reads on one snapshot."""
        if self._transaction.open:
            yield
            return
        with guarded(self._path):
            self._database.execute("BEGIN")
        try:
            yield
        finally:
            with suppress(sqlite3.Error):
                self._database.execute("ROLLBACK")

    def subscribe(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Call `listener` after each commit of this `Store`, and when `poll` detects another's. Return an unsubscriber.

        A listener must not raise and should only set a flag: it runs inside the writer's call.
        """
        self._listeners.append(listener)

        def stop() -> None:
            with suppress(ValueError):
                self._listeners.remove(listener)

        return stop

    def poll(self) -> bool:
        """Check whether another process (or another `Store`) wrote, and notify listeners. Takes microseconds."""
        version = self._data_version()
        if version == self._version:
            return False
        self._version = version
        self._notify()
        return True

    def _notify(self) -> None:
        for listener in tuple(self._listeners):
            listener()

    def _data_version(self) -> int:
        return int(self._one("PRAGMA data_version")[0])

    def _next_rev(self, also: str = "") -> int:
        """Return this transaction's revision; `also` names a counter column to set to it."""
        rev = self._transaction.rev
        if rev is None:
            self._run("UPDATE counter SET rev = rev + 1")
            with self._decoding():
                rev = self._transaction.rev = whole(self._one("SELECT rev FROM counter"))
        if also:
            self._run(f"UPDATE counter SET {also} = ?", rev)
        return rev

    def _run(self, sql: str, *values: Any) -> int:
        """Run one statement; return the number of rows changed."""
        with guarded(self._path):
            return self._database.execute(sql, values).rowcount

    def _many(self, sql: str, rows: Iterable[Sequence[Any]]) -> None:
        """Run one statement for each row."""
        with guarded(self._path):
            self._database.executemany(sql, rows)

    def _all(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        with guarded(self._path):
            return self._database.execute(sql, values).fetchall()

    def _one(self, sql: str, *values: Any) -> tuple[Any, ...]:
        """Return the first row, or an empty tuple."""
        with guarded(self._path):
            row: tuple[Any, ...] | None = self._database.execute(sql, values).fetchone()
        return row or ()


def _configure(database: sqlite3.Connection) -> None:
    _log_ahead(database)
    database.execute("PRAGMA synchronous = FULL")
    database.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")


def _log_ahead(database: sqlite3.Connection) -> None:
    """Switch to write-ahead logging, retrying if another process is creating the file at the same time."""
    end = time.monotonic() + _OPEN_S
    database.execute("PRAGMA busy_timeout = 100")  # per try
    while True:
        try:
            database.execute("PRAGMA journal_mode = WAL")
            break
        except sqlite3.OperationalError as error:
            if time.monotonic() > end or error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
                raise
            time.sleep(0.05)
    database.execute(f"PRAGMA busy_timeout = {1000 * BUSY_S:.0f}")

"""SQLite's errors → the store's."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from riffusion_tui.store.errors import CannotOpen, DamagedDatabase, DatabaseLocked, DiskFull, ReadOnly, StoreError

_KINDS: dict[int, tuple[type[StoreError], str]] = {
    sqlite3.SQLITE_FULL: (DiskFull, "no space left on the disk"),
    sqlite3.SQLITE_IOERR: (DiskFull, "writing to the disk failed"),
    sqlite3.SQLITE_BUSY: (DatabaseLocked, "locked by another process"),
    sqlite3.SQLITE_LOCKED: (DatabaseLocked, "locked by another process"),
    sqlite3.SQLITE_READONLY: (ReadOnly, "the file or its folder is read-only"),
    sqlite3.SQLITE_CORRUPT: (DamagedDatabase, "the database is damaged"),
    sqlite3.SQLITE_NOTADB: (DamagedDatabase, "the file is not a database"),
    sqlite3.SQLITE_ERROR: (DamagedDatabase, "the database is damaged ({error})"),  # no such table, malformed JSON
}


@contextmanager
def guarded(path: Path) -> Iterator[None]:
    """Map SQLite's errors to `StoreError`."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        kind, words = _KINDS.get(code, (CannotOpen, "can't use the database ({error})"))
        raise kind(f"{path}: {words.format(error=error)}.") from error

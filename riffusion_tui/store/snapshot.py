"""A copy of the database in memory: on a full or read-only disk, SQLite can't open it, as it shares a file to do so."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path


def snapshot(path: Path, wait_s: float) -> sqlite3.Connection | None:
    """Return a copy of the database at `path`, with all that was committed; None if it can't be read.

    Args:
        path: the file, which is not changed.
        wait_s: how long to wait for another process, in seconds.
    """
    for access, lock in _ways(path):
        copy = sqlite3.connect(":memory:", isolation_level=None)
        with (
            suppress(sqlite3.Error),
            closing(sqlite3.connect(f"{path.absolute().as_uri()}?{access}", timeout=wait_s, uri=True)) as source,
        ):
            source.execute(f"PRAGMA locking_mode = {lock}")
            source.backup(copy)
            if copy.execute("PRAGMA user_version").fetchone()[0]:  # else it is empty: just created, or truncated
                return copy
        copy.close()
    return None


def _ways(path: Path) -> Iterator[tuple[str, str]]:
    """Yield how to open the file: parameters of its address, and the locking mode."""
    yield "mode=rw", "EXCLUSIVE"  # on a full disk: what others share is in memory
    yield "mode=ro", "NORMAL"  # on a read-only disk, beside what a crashed process shared
    log = path.with_name(f"{path.name}-wal")
    if not log.exists() or not log.stat().st_size:  # it would be ignored
        yield "immutable=1", "NORMAL"  # on a read-only disk

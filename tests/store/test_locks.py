"""A database that can't be locked or that another program holds is reported immediately, with advice."""

from __future__ import annotations

import errno
import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from riffusion_tui.file_lock import FileLock
from riffusion_tui.jobs.clock import SystemClock
from riffusion_tui.jobs.model import Options
from riffusion_tui.store import CannotOpen, DatabaseLocked, Store
from riffusion_tui.store.errors import LocksUnsupported
from riffusion_tui.store.lock_check import check_locks
from riffusion_tui.store.store_types import NewJob

WITHIN_S = 2.5
"""Two seconds, and what a busy machine takes."""


def failing(number: int) -> Callable[..., None]:
    def lock(*_: Any) -> None:
        raise OSError(number, os.strerror(number))

    return lock


def test_a_file_system_without_locks_is_reported_at_once(tmp_path: Path) -> None:
    start = time.monotonic()
    with pytest.raises(LocksUnsupported, match="doesn't support locks") as raised:
        Store.open(tmp_path / "jobs.sqlite3", SystemClock(), failing(errno.ENOLCK))
    assert time.monotonic() - start < WITHIN_S
    assert "RIFFUSION_TUI_HOME" in raised.value.advice


def test_a_folder_is_checked_for_locks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    check_locks(tmp_path)
    with pytest.raises(CannotOpen, match="No such file"):
        check_locks(tmp_path / "missing")
    monkeypatch.setattr("fcntl.lockf", failing(errno.ENOLCK))
    with pytest.raises(LocksUnsupported, match="doesn't support locks"):
        check_locks(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_other_lock_errors_are_reported(tmp_path: Path) -> None:
    with pytest.raises(CannotOpen, match="Input/output error"):
        Store.open(tmp_path / "jobs.sqlite3", SystemClock(), failing(errno.EIO))


def test_a_lock_held_briefly_by_another_process_is_not_an_error(tmp_path: Path) -> None:
    Store.open(tmp_path / "jobs.sqlite3", SystemClock(), failing(errno.EAGAIN)).close()


@pytest.mark.parametrize("is_new", [True, False])
def test_a_file_locked_by_another_program_is_reported_within_two_seconds(tmp_path: Path, is_new: bool) -> None:
    path = tmp_path / "jobs.sqlite3"
    if not is_new:
        Store.open(path, SystemClock()).close()
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("PRAGMA locking_mode = EXCLUSIVE")
        other.execute("BEGIN EXCLUSIVE")
        other.execute("CREATE TABLE held (one)")
        start = time.monotonic()
        with pytest.raises(DatabaseLocked, match="locked by another process"):
            Store.open(path, SystemClock())
        assert time.monotonic() - start < WITHIN_S


def test_a_failed_lock_leaves_no_file_open(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fcntl.flock", failing(errno.ENOLCK))
    before = len(list(Path("/dev/fd").iterdir()))
    with pytest.raises(OSError, match=os.strerror(errno.ENOLCK)):
        FileLock(tmp_path / "a.lock").acquire()
    assert len(os.listdir("/dev/fd")) == before  # noqa: PTH208 (a count)


def test_closing_a_second_store_keeps_the_locks_of_the_first(tmp_path: Path) -> None:
    path = tmp_path / "jobs.sqlite3"
    clock = SystemClock()
    with Store.open(path, clock) as first:
        first.add([NewJob("before", Options(), "studio", "a", "b")])
        Store.open(path, clock).close()
        script = "file = sqlite3.connect(sys.argv[1]); print(*file.execute('SELECT prompt FROM jobs')); file.close()"
        run = [sys.executable, "-c", f"import sqlite3, sys; {script}", str(path)]
        subprocess.run(run, check=True, capture_output=True)
        first.add([NewJob("after", Options(), "studio", "c", "b")])
        seen = subprocess.run(run, check=True, capture_output=True, text=True).stdout
    assert "after" in seen, "the other process removed the write-ahead log as if it were unused"

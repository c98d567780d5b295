"""The database file: creation, and failures of disk, file and other processes. All real."""

from __future__ import annotations

import errno
import os
import resource
import shutil
import sqlite3
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from riffusion_tui.jobs.clock import SystemClock
from riffusion_tui.jobs.model import Options
from riffusion_tui.jobs.status import Status
from riffusion_tui.store import (
    DamagedDatabase,
    DatabaseLocked,
    DiskFull,
    MovedDatabase,
    NewerDatabase,
    NewJob,
    ReadOnly,
    Store,
    StoreError,
    connection,
    snapshot,
)
from riffusion_tui.store.schema import migrate, migrations, schema

CLOCK = SystemClock()


def new(prompt: str = "one") -> NewJob:
    return NewJob(prompt, Options(), "s", "ref", "b")


def test_the_file_is_private_from_its_first_byte(tmp_path: Path) -> None:
    mask = os.umask(0)
    try:
        with Store.open(tmp_path / "data" / "deep" / "jobs.sqlite3", CLOCK) as store:
            store.add([new()])
            modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in store.path.parent.iterdir()}
            above = (store.path.parent, store.path.parent.parent)
            assert {stat.S_IMODE(folder.stat().st_mode) for folder in above} == {0o700}
    finally:
        os.umask(mask)
    assert set(modes.values()) == {0o600}
    assert len(modes) == 3


def test_a_moved_or_replaced_database_is_not_written(tmp_path: Path) -> None:
    here, there = tmp_path / "data", tmp_path / "moved"
    with Store.open(here / "jobs.sqlite3", CLOCK) as store:
        store.add([new("before")])
        here.rename(there)
        with pytest.raises(MovedDatabase, match=r"data/jobs\.sqlite3 was moved or deleted\."):
            store.add([new("lost")])
        with Store.open(here / "jobs.sqlite3", CLOCK) as other:
            with pytest.raises(MovedDatabase):
                store.add([new("lost")])
            other.add([new("elsewhere")])
        shutil.rmtree(here)
        there.rename(here)
        store.add([new("after")])
        assert [job.prompt for job in store.jobs()] == ["after", "before"]


def test_the_database_is_durable_and_allows_concurrent_use(tmp_path: Path) -> None:
    with Store.open(tmp_path / "jobs.sqlite3", CLOCK) as store:
        assert store._one("PRAGMA journal_mode") == ("wal",)
        assert store._one("PRAGMA synchronous") == (2,)
        assert store._one("PRAGMA cache_size") == (-256,), "no second copy of the file in memory"
    store.close()


@pytest.mark.no_cover
def test_opening_a_hundred_thousand_jobs_is_quick(tmp_path: Path) -> None:
    with Store.open(tmp_path / "jobs.sqlite3", CLOCK) as store:
        store.add([new()])
        names = (
            '"ref", "prompt", "options", "service", "status", "batch", "take", "takes", "position", "created_at", "rev"'
        )
        copies = "WITH RECURSIVE n(i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i <= 100000)"
        with store.transaction():
            store._run(
                f"INSERT INTO jobs({names}) {copies} SELECT 'r', 'p', '{{}}', 's', 'done', 'b', 1, 1, i, 0, 1 FROM n"
            )
    began = CLOCK.steady()
    with Store.open(tmp_path / "jobs.sqlite3", CLOCK) as store:
        assert len(store.jobs(limit=200)) == 200
        assert store.next_for("s", "a", 0, 1) is not None
        store.add([new()])
        for _ in range(20):  # the screen counts ten times a second while jobs change
            assert store.tally("s").by_status == {Status.QUEUED: 2}
        assert CLOCK.steady() - began < 0.5
        assert len(store.jobs()) == 100_002


def test_a_new_file_can_be_opened_concurrently(tmp_path: Path) -> None:
    gate = threading.Barrier(8)
    errors: list[StoreError] = []

    def open_and_add() -> None:
        try:
            gate.wait()
            with Store.open(tmp_path / "jobs.sqlite3", CLOCK) as store:
                store.add([new()])
        except StoreError as error:
            errors.append(error)

    threads = [threading.Thread(target=open_and_add) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    with Store.open(tmp_path / "jobs.sqlite3", CLOCK) as store:
        assert len(store.jobs()) == 8


def test_a_file_that_is_not_a_database_is_unchanged(tmp_path: Path) -> None:
    path = tmp_path / "jobs.sqlite3"
    path.write_bytes(b"this is not a database" * 100)
    with pytest.raises(DamagedDatabase, match="not a database"):
        Store.open(path, CLOCK)
    assert path.read_bytes() == b"this is not a database" * 100


def test_a_file_with_broken_pages_is_reported_as_damaged(tmp_path: Path) -> None:
    path = tmp_path / "jobs.sqlite3"
    with Store.open(path, CLOCK) as store:
        store.add([new("x" * 500) for _ in range(200)])
    with path.open("r+b") as file:
        file.seek(4096)
        file.write(os.urandom(path.stat().st_size - 4096))
    with pytest.raises(DamagedDatabase), Store.open(path, CLOCK) as store:
        store.jobs()


def test_a_file_of_a_newer_version_is_unchanged(tmp_path: Path) -> None:
    path = tmp_path / "jobs.sqlite3"
    Store.open(path, CLOCK).close()
    database = sqlite3.connect(path)
    database.execute("PRAGMA user_version = 99")
    database.close()
    with pytest.raises(NewerDatabase, match="schema 99"):
        Store.open(path, CLOCK)


def test_migrations_run_once_and_a_failing_one_is_rolled_back(tmp_path: Path) -> None:
    path = tmp_path / "jobs.sqlite3"
    Store.open(path, CLOCK).close()
    database = sqlite3.connect(path, isolation_level=None)
    more = [*migrations(), "CREATE TABLE extra (a);\nINSERT INTO extra VALUES (1);\n"]
    migrate(database, path, more)
    migrate(database, path, more)
    assert database.execute("SELECT * FROM extra").fetchall() == [(1,)]
    with pytest.raises(sqlite3.OperationalError):
        migrate(database, path, [*more, "CREATE TABLE other (a);\nNONSENSE;\n"])
    assert database.execute("PRAGMA user_version").fetchone() == (len(more),)
    with pytest.raises(sqlite3.OperationalError):
        database.execute("SELECT * FROM other")
    database.close()


def test_a_new_file_has_the_schema_that_the_migrations_lead_to(tmp_path: Path) -> None:
    found = []
    for name, whole in (("new", schema()), ("migrated", None)):
        with closing(sqlite3.connect(tmp_path / name, isolation_level=None)) as database:
            migrate(database, tmp_path / name, migrations(), whole)
            tables = [row[0] for row in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
            questions = [
                "PRAGMA user_version",
                "SELECT * FROM pragma_table_list WHERE name != 'sqlite_schema' ORDER BY name",
                "SELECT name, type, sql FROM sqlite_master WHERE type != 'table' ORDER BY name",
                *(f"PRAGMA table_xinfo({table})" for table in sorted(tables)),
                *(f"PRAGMA index_list({table})" for table in sorted(tables)),
                *(f"SELECT * FROM {table}" for table in sorted(tables)),
            ]
            found.append({question: database.execute(question).fetchall() for question in questions})
    assert found[0] == found[1]


def test_a_file_that_becomes_read_only_is_reported(tmp_path: Path) -> None:
    with Store.open(tmp_path / "jobs.sqlite3", CLOCK) as store:
        store.add([new()])
        store._run("PRAGMA query_only = 1")
        with pytest.raises(ReadOnly):
            store.add([new()])
        store._run("PRAGMA query_only = 0")
        assert len(store.jobs()) == 1


def test_a_file_that_another_process_keeps_locked_is_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "BUSY_S", 0.05)
    with Store.open(tmp_path / "jobs.sqlite3", CLOCK) as store, Store.open(store.path, CLOCK) as other:
        with other.transaction():
            other.add([new("theirs")])
            with pytest.raises(DatabaseLocked):
                store.add([new("ours")])
        store.add([new("ours")])
        assert len(store.jobs()) == 2


def test_a_new_file_that_another_process_keeps_locked_is_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "BUSY_S", 0.0)
    monkeypatch.setattr(time, "sleep", lambda seconds: None)
    path = tmp_path / "jobs.sqlite3"
    database = sqlite3.connect(path, isolation_level=None)
    database.execute("CREATE TABLE t (a)")
    database.execute("BEGIN EXCLUSIVE")
    with pytest.raises(DatabaseLocked):
        Store.open(path, CLOCK)
    database.close()


FULL_DISK = """
import resource, signal, sys
from pathlib import Path
from riffusion_tui.jobs.clock import SystemClock
from riffusion_tui.jobs.model import Options
from riffusion_tui.store import DiskFull, NewJob, Store
store = Store.open(Path(sys.argv[1]), SystemClock())
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, resource.RLIM_INFINITY))
made = 0
try:
    while True:
        store.add([NewJob("x" * 1000, Options(), "s", "ref", "b") for _ in range(10)])
        made += 10
except DiskFull as error:
    assert len(store.jobs()) == made, "the change that failed left nothing behind"
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    store.add([NewJob("after", Options(), "s", "ref", "b")])
    print(made + 1)
"""


def test_a_full_disk_loses_no_confirmed_job(tmp_path: Path) -> None:
    path = tmp_path / "jobs.sqlite3"
    done = subprocess.run([sys.executable, "-c", FULL_DISK, str(path)], capture_output=True, text=True, check=True)
    with Store.open(path, CLOCK) as store:
        assert len(store.jobs()) == int(done.stdout)
        assert store._one("PRAGMA integrity_check") == ("ok",)
    assert resource.getrlimit(resource.RLIMIT_FSIZE)[0] == resource.RLIM_INFINITY


def test_sqlites_own_error_of_a_full_disk_has_its_type(tmp_path: Path) -> None:
    # A limit on the size of files is an I/O error to SQLite; a disk without free space isn't.
    with Store.open(tmp_path / "jobs.sqlite3", CLOCK) as store:
        pages = store._one("PRAGMA page_count")[0]
        store._run(f"PRAGMA max_page_count = {pages + 2}")
        with pytest.raises(DiskFull, match="no space left on the disk"):
            store.add([new("x" * 1000)] * 100)
        assert store.jobs() == ()
        store._run("PRAGMA max_page_count = 100000")
        store.add([new("after")])
        assert [job.prompt for job in store.jobs()] == ["after"]


@pytest.fixture
def full_disk() -> Iterator[Callable[[], None]]:
    """Return a function after which no file of this process can grow; SQLite can't create what processes share."""
    yield lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (0, resource.RLIM_INFINITY))
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))


def test_a_queue_on_a_full_disk_can_be_read(tmp_path: Path, full_disk: Callable[[], None]) -> None:
    path = tmp_path / "jobs.sqlite3"
    with Store.open(path, CLOCK) as store:
        store.add([new("saved")])
    writer = subprocess.run([sys.executable, "-c", CRASHED, str(path)], capture_output=True, check=True)
    assert writer.stderr == b""
    assert path.with_name("jobs.sqlite3-wal").stat().st_size > 0, "the last job is in the log only"
    path.with_name("jobs.sqlite3-shm").unlink()
    full_disk()
    with pytest.raises(DiskFull):
        Store.open(path, CLOCK)
    with Store.open_to_read(path, CLOCK) as store:
        assert [job.prompt for job in store.jobs()] == ["crashed", "saved"]
        assert isinstance(store.unwritable, DiskFull)
        with pytest.raises(DiskFull):  # the advice is to free space
            store.add([new("lost")])
    with pytest.raises(DiskFull):
        Store.open_to_read(tmp_path / "missing.sqlite3", CLOCK)


def test_a_queue_on_a_read_only_disk_can_be_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, full_disk: Callable[[], None]
) -> None:
    path = tmp_path / "jobs.sqlite3"
    with Store.open(path, CLOCK) as store:
        store.add([new("saved")])
    other = tmp_path / "other.sqlite3"
    shutil.copy(path, other)
    other.with_name("other.sqlite3-wal").write_bytes(b"not yet in the file")

    def fail(*_: object, **__: object) -> int:
        raise OSError(errno.EROFS, os.strerror(errno.EROFS))

    monkeypatch.setattr(os, "open", fail)
    ways = snapshot._ways
    monkeypatch.setattr(snapshot, "_ways", lambda path: [way for way in ways(path) if way[0] != "mode=rw"])
    full_disk()
    with Store.open_to_read(path, CLOCK) as store:
        assert [job.prompt for job in store.jobs()] == ["saved"]
    with pytest.raises(ReadOnly):
        Store.open_to_read(other, CLOCK)


CRASHED = """
import os, sqlite3, sys
database = sqlite3.connect(sys.argv[1], isolation_level=None)
database.execute("UPDATE counter SET rev = rev + 1")
columns = ", ".join(row[1] for row in database.execute("PRAGMA table_info(jobs)") if row[1] not in ("id", "prompt"))
database.execute(f"INSERT INTO jobs (prompt, {columns}) SELECT 'crashed', {columns} FROM jobs")
os._exit(0)
"""

KILLED = """
import itertools, sys
from pathlib import Path
from riffusion_tui.jobs.clock import SystemClock
from riffusion_tui.jobs.model import Options
from riffusion_tui.store import NewJob, Store
store = Store.open(Path(sys.argv[1]), SystemClock())
for number in itertools.count():
    store.add([NewJob(f"{sys.argv[2]} {number} {n}", Options(), "s", "ref", "b") for n in range(3)])
    print(number, flush=True)
"""


def test_confirmed_jobs_survive_kill_9_and_batches_are_atomic(tmp_path: Path) -> None:
    path = tmp_path / "jobs.sqlite3"
    confirmed = 0
    for turn in range(5):
        command = [sys.executable, "-c", KILLED, str(path), str(turn)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as writer:
            assert writer.stdout is not None
            for _ in range(3 + turn):
                writer.stdout.readline()
            writer.kill()
            confirmed += 3 + turn + len(writer.stdout.readlines())
    with Store.open(path, CLOCK) as store:
        jobs = store.jobs()
        assert confirmed * 3 <= len(jobs) <= (confirmed + 5) * 3
        assert len(jobs) % 3 == 0
        assert len({job.prompt for job in jobs}) == len(jobs)
    copy = tmp_path / "copy.sqlite3"
    shutil.copy(path, copy)
    with Store.open(copy, CLOCK) as store:
        assert len(store.jobs()) == len(jobs)

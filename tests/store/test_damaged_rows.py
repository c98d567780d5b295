"""Values and tables that no version writes: another program changed the file, or a page is damaged."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from riffusion_tui.jobs.clock import SystemClock
from riffusion_tui.jobs.model import Account, Gate, Options, Song, WaitCause
from riffusion_tui.store import DamagedDatabase, NewJob, Store
from riffusion_tui.store.rescue import rescue
from riffusion_tui.store.schema import tables

CLOCK = SystemClock()
COLUMNS = [
    ("jobs", "prompt"),
    ("jobs", "options"),
    ("jobs", "status"),
    ("jobs", "take"),
    ("jobs", "position"),
    ("jobs", "sent_at"),
    ("jobs", "error"),
    ("jobs", "account"),
    ("songs", "body"),
    ("happenings", "at"),
    ("happenings", "what"),
    ("accounts", "max_jobs"),
    ("accounts", "error"),
    ("gates", "cause"),
    ("gates", "until"),
    ("prompts", "text"),
    ("times", "seconds"),
    ("nicknames", "name"),
    ("counts", "owner"),
    ("counts", "number"),
    ("counter", "rev"),
]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A database with at least one row in each table."""
    path = tmp_path / "jobs.sqlite3"
    with Store.open(path, CLOCK) as store:
        (job, _) = store.add([NewJob(prompt, Options(), "s", prompt, "b") for prompt in ("one", "two")])
        store.put_song(Song(job.id))
        store.put_accounts("s", [Account("s", "one@example.com", 1)])
        store.put_nickname("s", "one@example.com", "one")
        store.put_gate(Gate("s", None, WaitCause.FAULT, 1.0))
        store.remember_prompt("one")
        store.add_time("s", 3.0)
    return path


def change(file: Path, sql: str) -> None:
    with closing(sqlite3.connect(file)) as database:
        database.execute(sql)
        database.commit()


def read_all(file: Path) -> None:
    with Store.open(file, CLOCK) as store:
        store.jobs()
        store.job(1)
        store.song(1)
        store.timeline(1)
        store.tally("s")
        store.first_of_each_kind("s")
        store.accounts("s")
        store.gates()
        store.prompts()
        store.nicknames()
        store.usual_time("s")
        store.requested_length("s", 1.0)
        assert store.rev > 0
        store.changed_since(0)
        store.remember_prompt("two")
        store.add_time("s", 4.0)
        store.put_gate(Gate("s", None, WaitCause.FAULT, 2.0))


def test_a_whole_database_is_read(file: Path) -> None:
    read_all(file)


@pytest.mark.parametrize(("table", "column"), COLUMNS)
def test_a_value_of_another_type_is_reported(file: Path, table: str, column: str) -> None:
    change(file, f"UPDATE {table} SET {column} = x'6f6e65'")
    with pytest.raises(DamagedDatabase, match=r"jobs\.sqlite3: the database is damaged"):
        read_all(file)


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE accounts SET at_once = -1",
        "UPDATE accounts SET max_jobs = -1",
        "UPDATE accounts SET executing = -9223372036854775808",
        "UPDATE accounts SET others = -2",
        "UPDATE counter SET rev = 9223372036854775807",
        "UPDATE counter SET rev = 1e300",
        *(f"UPDATE times SET seconds = {seconds}" for seconds in ("0", "-5", "1e300", "9e999")),
        *(f"UPDATE times SET length = {length}" for length in ("1e-300", "1e300", "9e999")),
        "UPDATE jobs SET rev = 9223372036854775807; UPDATE counter SET rev = 9223372036854775807",
    ],
)
def test_an_impossible_number_is_reported_and_rescued(file: Path, sql: str) -> None:
    for one in sql.split("; "):
        change(file, one)
    with pytest.raises(DamagedDatabase, match=r"jobs\.sqlite3: the database is damaged"):
        read_all(file)
    assert rescue(file, CLOCK).jobs == 2
    read_all(file)


@pytest.mark.parametrize("table", sorted(tables()))
def test_a_missing_table_is_reported(file: Path, table: str) -> None:
    change(file, f"DROP TABLE {table}")
    with pytest.raises(DamagedDatabase, match=rf"the database is damaged \(no such table: {table}\)\.$"):
        Store.open(file, CLOCK).check()
    with pytest.raises(DamagedDatabase, match=r"the database is damaged \(no such table: "):
        read_all(file)
    assert rescue(file, CLOCK).jobs == (0 if table == "jobs" else 2)


@pytest.mark.parametrize(("table", "column"), [*COLUMNS, ("jobs", "genre"), ("jobs", "seed")])
def test_a_missing_column_is_reported_and_not_read_as_a_text(file: Path, table: str, column: str) -> None:
    change(file, f"ALTER TABLE {table} RENAME COLUMN {column} TO other")
    with Store.open(file, CLOCK) as store:
        with pytest.raises(DamagedDatabase, match=rf"the database is damaged \(no such column: {table}\.{column}\)\.$"):
            store.check()
        if table == "jobs":
            for read in (store.jobs, lambda: store.job(1), lambda: store.changed_since(0)):
                with pytest.raises(DamagedDatabase, match=f"no such column: {column}"):
                    read()


def test_the_other_jobs_are_rescued(file: Path) -> None:
    change(file, "UPDATE jobs SET prompt = x'ff' WHERE id = 1")
    assert rescue(file, CLOCK).jobs == 1
    with Store.open(file, CLOCK) as store:
        assert [job.prompt for job in store.jobs()] == ["two"]

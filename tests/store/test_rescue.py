"""Readable jobs of a damaged database are rescued, and nothing is sent again automatically."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from riffusion_tui.jobs.clock import SystemClock
from riffusion_tui.jobs.model import Account, Options, Song
from riffusion_tui.jobs.status import Status
from riffusion_tui.store import DamagedDatabase, NewJob, Store, StoreError
from riffusion_tui.store.rescue import rescue
from riffusion_tui.store.schema import migrate, migrations

CLOCK = SystemClock()


def filled(path: Path, count: int) -> None:
    """Make a store with `count` jobs: the first queued, the second being sent, the others cancelled."""
    with Store.open(path, CLOCK) as store:
        jobs = store.add(
            [
                NewJob(f"prompt {number} " + "x" * 500, Options(), "studio", f"ref-{number}", "b")
                for number in range(count)
            ]
        )
        store.update(jobs[1].id, Status.SENDING)
        for job in jobs[2:]:
            store.update(job.id, Status.CANCELLED, happening="cancelled")
        store.put_song(Song(jobs[2].id, lyrics="la"))
        store.put_accounts("studio", [Account("studio", "a", 3), Account("studio", "b", 3)])
        store.remember_prompt("typed")
        store.add_time("studio", 12.0)


def test_a_damaged_page_costs_only_its_own_rows(tmp_path: Path) -> None:
    path = tmp_path / "jobs.sqlite3"
    filled(path, 200)
    whole = bytearray(path.read_bytes())
    # In the middle of the file's table of jobs: rows before and after it stay readable.
    middle = whole.index(b"prompt 100 ") // 4096 * 4096
    whole[middle : middle + 4096] = b"\xff" * 4096
    path.write_bytes(whole)
    saved = rescue(path, CLOCK)
    assert 180 <= saved.jobs < 200
    assert saved.held == 1
    assert saved.damaged.read_bytes() == whole
    assert len(saved.lost) == 200 - saved.jobs
    assert 101 in saved.lost
    with Store.open(path, CLOCK) as store:
        jobs = {job.id: job for job in store.jobs()}
        assert len(jobs) == saved.jobs
        assert {1, 2, 3, 200} <= set(jobs)
        assert jobs[1].status is Status.HELD
        assert jobs[2].status is Status.MAYBE_SENT
        assert jobs[200].prompt.startswith("prompt 199 ")
        song = store.song(3)
        assert song is not None
        assert song.lyrics == "la"
        assert [account.user_id for account in store.accounts("studio")] == ["a", "b"]
        assert store.prompts() == ("typed",)
        assert store.usual_time("studio") is not None
        assert store.timeline(200)
        (new,) = store.add([NewJob("new", Options(), "studio", "ref", "b")])
        assert new.id == 201
        assert [job.id for job in store.changed_since(jobs[200].rev).jobs] == [201]
    assert path.stat().st_mode & 0o777 == 0o600
    assert not list(tmp_path.glob(".rescue-*"))


def test_rescuing_a_file_that_is_not_a_database_gives_an_empty_one(tmp_path: Path) -> None:
    path = tmp_path / "jobs.sqlite3"
    path.write_bytes(b"no database " * 1000)
    with pytest.raises(DamagedDatabase):
        Store.open(path, CLOCK)
    saved = rescue(path, CLOCK)
    assert (saved.jobs, saved.held) == (0, 0)
    with Store.open(path, CLOCK) as store:
        assert store.jobs() == ()


def test_invalid_rows_are_skipped(tmp_path: Path) -> None:
    path = tmp_path / "jobs.sqlite3"
    filled(path, 5)
    with Store.open(path, CLOCK) as store:
        store._run("CREATE TABLE loose AS SELECT * FROM jobs")
        store._run("DROP TABLE jobs")
        store._run("ALTER TABLE loose RENAME TO jobs")
        store._run("UPDATE jobs SET prompt = NULL WHERE id = 4")
    assert rescue(path, CLOCK).jobs == 4


@pytest.mark.parametrize(
    ("column", "value", "fixed"),
    [
        ("status", "'canceled'", Status.HELD),
        ("status", "'canceled', sent_at = 5", Status.MAYBE_SENT),
        ("options", "'{'", Options()),
        ("created_at", "'then'", None),
        ("trouble", "'unknown'", None),
        ("position", "x'00'", 3.0),
        ("ref", "7.5, ref = x'ff'", "rescued-3"),
        ("tries", "'many'", 0),
        ("seed", "1.5", None),
        ("duration_s", "'long'", None),
        ("error", "x'ff'", ""),
        ("rev", "'new'", None),
        ("deleted_at", "x'01'", None),
    ],
)
def test_an_invalid_value_of_a_job_gets_its_default(tmp_path: Path, column: str, value: str, fixed: object) -> None:
    path = tmp_path / "jobs.sqlite3"
    filled(path, 6)
    with closing(sqlite3.connect(path)) as database, database:
        database.execute(f"UPDATE jobs SET {column} = {value} WHERE id = 3")
    saved = rescue(path, CLOCK)
    assert (saved.jobs, saved.repaired, saved.lost) == (6, (3,), ())
    with Store.open(path, CLOCK) as store:
        store.check()
        job = store.job(3)
        assert job.prompt.startswith("prompt 2 ")
        assert job.status is (fixed if column == "status" else Status.CANCELLED)
        assert fixed is None or getattr(job, column) == fixed
        assert len(store.jobs()) == 6


@pytest.mark.parametrize("column", ["prompt", "service"])
def test_a_job_without_a_readable_prompt_or_service_is_listed_as_lost(tmp_path: Path, column: str) -> None:
    path = tmp_path / "jobs.sqlite3"
    filled(path, 6)
    with closing(sqlite3.connect(path)) as database, database:
        database.execute(f"UPDATE jobs SET {column} = x'ff00' WHERE id IN (3, 6)")
    saved = rescue(path, CLOCK)
    assert (saved.jobs, saved.repaired, saved.lost) == (4, (), (3, 6))
    with Store.open(path, CLOCK) as store:
        assert sorted(job.id for job in store.jobs()) == [1, 2, 4, 5]


def test_a_missing_column_of_prompts_loses_all_jobs_by_name(tmp_path: Path) -> None:
    path = tmp_path / "jobs.sqlite3"
    filled(path, 3)
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("ALTER TABLE jobs RENAME COLUMN prompt TO other")
    assert rescue(path, CLOCK).lost == (1, 2, 3)


def test_an_unreadable_song_costs_only_its_details(tmp_path: Path) -> None:
    path = tmp_path / "jobs.sqlite3"
    filled(path, 6)
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("UPDATE songs SET body = '{'")
    assert rescue(path, CLOCK).jobs == 6
    with Store.open(path, CLOCK) as store:
        assert store.song(3) is None


def test_jobs_of_an_older_version_are_rescued(tmp_path: Path) -> None:
    path = tmp_path / "jobs.sqlite3"
    with closing(sqlite3.connect(path)) as database:
        migrate(database, path, migrations()[:1])
    filled(tmp_path / "newer", 6)
    with closing(sqlite3.connect(path)) as database, database:
        columns = ", ".join(f'"{row[1]}"' for row in database.execute("PRAGMA table_info(jobs)"))
        database.execute("ATTACH ? AS newer", [str(tmp_path / "newer")])
        database.execute(f"INSERT INTO jobs SELECT {columns} FROM newer.jobs")
        database.execute("UPDATE jobs SET file = ? WHERE id = 4", [b"/songs/\xff.mp3"])
    assert rescue(path, CLOCK).jobs == 6
    with Store.open(path, CLOCK) as store:
        jobs = {job.id: job for job in store.jobs()}
        assert (len(jobs), jobs[6].seed, jobs[4].file) == (6, None, os.fsdecode(b"/songs/\xff.mp3"))


def test_a_rescue_in_an_unwritable_folder_leaves_the_old_file_unchanged(tmp_path: Path) -> None:
    path = tmp_path / "folder" / "jobs.sqlite3"
    with pytest.raises((OSError, StoreError)):
        rescue(path, CLOCK)
    assert not path.exists()


@pytest.mark.parametrize(("kept", "least"), [(0.92, 0.8), (0.5, 0.3)])
def test_a_truncated_file_gives_its_remaining_rows(tmp_path: Path, kept: float, least: float) -> None:
    path = tmp_path / "jobs.sqlite3"
    filled(path, 300)
    whole = path.read_bytes()
    path.write_bytes(whole[: int(len(whole) * kept)])
    saved = rescue(path, CLOCK)
    assert least * 300 <= saved.jobs < 300
    with Store.open(path, CLOCK) as store:
        assert len(store.jobs()) == saved.jobs


def test_rows_between_two_damaged_pages_are_saved(tmp_path: Path) -> None:
    path = tmp_path / "jobs.sqlite3"
    filled(path, 200)
    whole = bytearray(path.read_bytes())
    for prompt in (b"prompt 50 ", b"prompt 150 "):
        page = whole.index(prompt) // 4096 * 4096
        whole[page : page + 4096] = b"\xff" * 4096
    path.write_bytes(whole)
    assert rescue(path, CLOCK).jobs >= 170


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE jobs SET options = char(0)",
        "UPDATE jobs SET status = char(0, 0)",
        "UPDATE jobs SET trouble = 'x'",
        "UPDATE songs SET body = '[]'",
    ],
)
def test_values_that_no_version_writes_count_as_damage(tmp_path: Path, damage: str) -> None:
    path = tmp_path / "jobs.sqlite3"
    filled(path, 3)
    with closing(sqlite3.connect(path)) as database:
        database.execute("PRAGMA ignore_check_constraints = ON")
        database.execute(damage)
        database.commit()
    with Store.open(path, CLOCK) as store:
        store.check()
        for read in (lambda: store.job(3), store.jobs, lambda: store.changed_since(0), lambda: store.song(3)):
            try:
                read()
            except DamagedDatabase:
                break
        else:
            pytest.fail("it was read")


def test_the_check_includes_pages_without_jobs(tmp_path: Path) -> None:
    path = tmp_path / "jobs.sqlite3"
    filled(path, 200)
    path.write_bytes(path.read_bytes()[:-4096] + bytes(4096))
    with Store.open(path, CLOCK) as store, pytest.raises(DamagedDatabase):
        store.check()

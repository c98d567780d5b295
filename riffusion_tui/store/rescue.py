"""Recover the readable rows of a damaged database into a new one. The damaged file is kept next to it."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from riffusion_tui.jobs.clock import Clock
from riffusion_tui.jobs.model import Job
from riffusion_tui.jobs.status import Status
from riffusion_tui.store.row_mapping import ACCOUNT_COLUMNS, UNDECODABLE, to_account, to_job, to_song
from riffusion_tui.store.store import Store
from riffusion_tui.store.usual_duration import usual_duration

_SUFFIXES = ("", "-wal", "-shm")
"""Suffixes of SQLite's database files."""
_MAX_ID = 1_000_000
"""How many ids after the first damage are tried if the end of the table can't be read."""
_MAX_REV = 2**62
"""Revisions from here on are damage: SQLite can't count beyond 2**63."""
_TYPES: Mapping[str, tuple[type, ...]] = {"TEXT": (str,), "INTEGER": (int,), "REAL": (int, float)}
_ROWS = ("jobs", "songs", "happenings", "accounts", "prompts", "times", "nicknames")
"""Tables to recover. Gates are left out: the dispatcher closes them again."""


@dataclass(frozen=True, slots=True)
class Rescued:
    """Number of jobs recovered, and the damaged file's new path. `held` jobs may have been sent already."""

    jobs: int
    held: int
    damaged: Path
    repaired: tuple[int, ...] = ()
    """Ids of jobs with unreadable values, which are now the defaults."""
    lost: tuple[int, ...] = ()
    """Ids of jobs that were not recovered."""


def rescue(path: Path, clock: Clock) -> Rescued:
    """Replace the damaged file at `path` by a new one with all readable rows.

    No other process may have the file open. The last changes may be lost, so nothing is sent again automatically:
    queued jobs become held, and jobs that were being sent become *maybe sent*.

    Raises:
        StoreError: the new file can't be created; the old one is unchanged.
        OSError: likewise.
    """
    with TemporaryDirectory(dir=path.parent, prefix=".rescue-") as folder:
        copy, fresh = Path(folder) / "old", Path(folder) / "new"
        for end in _SUFFIXES:
            with suppress(FileNotFoundError):
                shutil.copy(f"{path}{end}", f"{copy}{end}")
        Store.open(fresh, clock).close()
        held, repaired = _fill(copy, fresh, clock.now())
        jobs, lost = _counts(copy, fresh)
        aside = path.with_name(f"{path.name}.damaged-{datetime.fromtimestamp(clock.now()):%Y%m%d-%H%M%S}")
        for end in _SUFFIXES:
            with suppress(FileNotFoundError):
                Path(f"{path}{end}").rename(f"{aside}{end}")
        fresh.rename(path)
    return Rescued(jobs, held, aside, repaired, lost)


def _counts(old: Path, new: Path) -> tuple[int, tuple[int, ...]]:
    """Return the number of jobs in the new file, and the ids that only the old one had: no id is ever unused."""
    with closing(sqlite3.connect(old)) as source, closing(sqlite3.connect(new)) as target:
        there = {id for (id,) in target.execute("SELECT id FROM jobs")}
        source.execute("PRAGMA writable_schema = ON")
        numbers = [*_rows(source, "SELECT seq FROM sqlite_sequence WHERE name = 'jobs'"), (max(there, default=0),)]
        seen = [number for (number,) in numbers if isinstance(number, int) and number <= len(there) + _MAX_ID]
    last = max(seen, default=0)
    return len(there), tuple(id for id in range(1, last + 1) if id not in there)


def _fill(old: Path, new: Path, now: float) -> tuple[int, tuple[int, ...]]:
    """Copy every readable row; return the number of jobs that are now held, and the ids of repaired ones."""
    with closing(sqlite3.connect(old)) as source, closing(sqlite3.connect(new)) as target:
        source.execute("PRAGMA writable_schema = ON")  # otherwise a truncated file can't be read at all
        repaired: set[int] = set()
        for table in _ROWS:
            _copy(source, target, table, repaired, now)
        was_queued = target.execute("SELECT count(*) FROM jobs WHERE status = ?", [Status.QUEUED]).fetchone()[0]
        for before, then in ((Status.QUEUED, Status.HELD), (Status.SENDING, Status.MAYBE_SENT)):
            target.execute("UPDATE jobs SET status = ? WHERE status = ?", [then, before])
        target.execute(
            "UPDATE counter SET rev = 1 + (SELECT coalesce(max(rev), 0) FROM jobs WHERE rev < ?)", [_MAX_REV]
        )
        target.execute("UPDATE counter SET accounts_rev = rev, gates_rev = rev")
        target.execute("UPDATE jobs SET rev = (SELECT rev FROM counter)")
        target.commit()
        target.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return int(was_queued), tuple(sorted(repaired))


def _copy(source: sqlite3.Connection, target: sqlite3.Connection, table: str, repaired: set[int], now: float) -> None:
    """Copy a table's rows: from both ends up to the damage, and those between damaged places."""
    # An older version's file lacks columns: SQLite would take their quoted names for texts. They get their defaults.
    there = {row[1] for row in _rows(source, f"PRAGMA table_info({table})")}
    types = {row[1]: row[2] for row in target.execute(f"PRAGMA table_info({table})") if row[1] in there}
    columns = list(types)
    if not columns:
        return
    names = ", ".join(f'"{name}"' for name in columns)
    first = columns[0]
    marks = ", ".join("?" * len(columns))
    # IGNORE skips rows that were copied already, and those that violate a constraint because of the damage.
    insert = f"INSERT OR IGNORE INTO {table} ({names}) VALUES ({marks})"

    def keep(row: tuple[object, ...]) -> None:
        if _is_readable(table, types, row):
            target.execute(insert, row)
        elif table == "jobs" and (fixed := _repaired(types, row, now)) is not None:
            repaired.add(fixed[0])
            target.execute(insert, fixed)

    ends: list[int] = []
    for order in ("ASC", "DESC"):
        last: object = None
        for row in _rows(source, f"SELECT {names} FROM {table} ORDER BY {first} {order}"):
            last = row[0]
            keep(row)
        ends.append(last if isinstance(last, int) else 0)
    if types[first] != "INTEGER":
        return
    for row in _between(source, f"SELECT {names} FROM {table} WHERE {first} > ? ORDER BY {first}", *ends):
        keep(row)


def _repaired(types: Mapping[str, str], row: tuple[object, ...], now: float) -> tuple[Any, ...] | None:
    """Return a job's row with defaults instead of values that can't be read; None without a prompt or a service."""
    values: dict[str, Any] = dict(zip(types, row, strict=True))
    id = values.get("id")
    if not (isinstance(id, int) and isinstance(values.get("prompt"), str) and isinstance(values.get("service"), str)):
        return None
    sent = isinstance(values.get("sent_at"), int | float)
    known = Job._field_defaults | {
        "id": id,
        "ref": f"rescued-{id}",
        "prompt": values["prompt"],
        "service": values["service"],
        "batch": "rescued",
        "options": "{}",
        "position": float(id),
        "created_at": now,
        "status": Status.MAYBE_SENT.value if sent else Status.HELD.value,
    }
    default = {name: known.get(name) for name in types}
    return tuple(
        value if _is_readable("jobs", types, tuple((default | {name: value}).values())) else default[name]
        for name, value in values.items()
    )


def _is_readable(table: str, types: Mapping[str, str], row: tuple[object, ...]) -> bool:
    """Whether the store can read a row: one wrong bit may make a value invalid and leave its page intact."""
    for (column, declared), value in zip(types.items(), row, strict=True):
        expected = (str, bytes) if column == "file" else _TYPES[declared]  # a path may not be valid UTF-8
        if value is not None and not isinstance(value, expected):
            return False
    values: dict[str, Any] = dict(zip(types, row, strict=True))
    try:
        if table == "accounts":
            to_account(tuple(values.get(name, 0) for name in ACCOUNT_COLUMNS))
        elif table == "jobs":
            to_job(tuple(values.get(name) for name in Job._fields))
        elif table == "songs":
            to_song(0, str(values["body"]))
        elif table == "times":
            usual_duration([(values["seconds"], values.get("length"))])
    except UNDECODABLE:
        return False
    return True


def _between(source: sqlite3.Connection, sql: str, low: int, high: int) -> Iterator[tuple[object, ...]]:
    """Read the rows between damaged places, skipping ahead in growing steps until rows can be read again."""
    high = high or low + _MAX_ID
    step = 1
    while low + step < high:
        before = low
        for row in _rows(source, sql, low + step):
            yield row
            low = int(str(row[0]))
        step = 1 if low > before else step * 2


def _rows(source: sqlite3.Connection, sql: str, *values: object) -> Iterator[tuple[object, ...]]:
    """Yield rows until the end or the damage."""
    try:
        for row in source.execute(sql, values):
            # SQLite reads pages past the end of a file as zeros.
            if not any(isinstance(value, str) and "\0" in value for value in row):
                yield row
    except sqlite3.Error:
        return

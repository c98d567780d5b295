"""The schema of the database: its SQL, and the migrations that a file needs."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing, suppress
from functools import cache
from pathlib import Path

from riffusion_tui.store.errors import NewerDatabase

_HERE = Path(__file__).parent


@cache
def schema() -> str:
    """Return the SQL of the current schema, for an empty file."""
    return (_HERE / "schema.sql").read_text(encoding="utf-8")


def tables() -> set[str]:
    """Return the names of the tables of the current schema."""
    return {line.split()[2] for line in schema().splitlines() if line.startswith("CREATE TABLE ")}


def columns(database: sqlite3.Connection) -> set[str]:
    """Return the columns of a file's tables, each as `table.column`."""
    sql = "SELECT one.name || '.' || own.name FROM sqlite_master one, pragma_table_xinfo(one.name) own"
    return {name for (name,) in database.execute(f"{sql} WHERE one.type = 'table'")}


@cache
def all_columns() -> frozenset[str]:
    """Return the columns of the current schema."""
    with closing(sqlite3.connect(":memory:")) as empty:
        empty.executescript(schema())
        return frozenset(columns(empty))


@cache
def migrations() -> tuple[str, ...]:
    """Return the SQL of every migration, from an empty file to the current schema."""
    return tuple(file.read_text(encoding="utf-8") for file in sorted((_HERE / "migrations").glob("*.sql")))


def migrate(database: sqlite3.Connection, path: Path, steps: Sequence[str], whole: str | None = None) -> None:
    """Run the migrations that a file has not had yet.

    Args:
        database: the open file.
        path: its path, for messages.
        steps: the migrations.
        whole: the schema that they lead to, which an empty file gets at once; None: run them there too.

    Raises:
        NewerDatabase: the file has had more migrations.
        sqlite3.Error: one of them failed; none was run.
    """
    if _version(database) == len(steps):
        return
    database.execute("BEGIN IMMEDIATE")
    try:
        had = _version(database)
        if had > len(steps):
            raise NewerDatabase(
                f"{path}: written by a newer riffusion-tui (schema {had}; this one supports {len(steps)})."
            )
        for step in [whole] if whole and not had else steps[had:]:
            for statement in step.split(";\n"):
                database.execute(statement)
        database.execute(f"PRAGMA user_version = {len(steps)}")
        database.execute("COMMIT")
    except BaseException:  # even ^C must not leave a half-migrated schema
        with suppress(sqlite3.Error):
            database.execute("ROLLBACK")
        raise


def _version(database: sqlite3.Connection) -> int:
    return int(database.execute("PRAGMA user_version").fetchone()[0])

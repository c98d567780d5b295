"""Jobs and songs in one SQLite file, shared by every process that uses the data folder."""

from riffusion_tui.store.database_file import file_error
from riffusion_tui.store.errors import (
    CannotOpen,
    DamagedDatabase,
    DatabaseLocked,
    DiskFull,
    LocksUnsupported,
    MovedDatabase,
    NewerDatabase,
    NoSuchJob,
    ReadOnly,
    StatusConflict,
    StoreError,
)
from riffusion_tui.store.lock_check import check_locks
from riffusion_tui.store.store import Store
from riffusion_tui.store.store_types import Changes, JobChanges, NewJob, Tally
from riffusion_tui.store.usual_duration import UsualDuration

__all__ = [
    "CannotOpen",
    "Changes",
    "DamagedDatabase",
    "DatabaseLocked",
    "DiskFull",
    "JobChanges",
    "LocksUnsupported",
    "MovedDatabase",
    "NewJob",
    "NewerDatabase",
    "NoSuchJob",
    "ReadOnly",
    "StatusConflict",
    "Store",
    "StoreError",
    "Tally",
    "UsualDuration",
    "check_locks",
    "file_error",
]

"""Jobs and songs in one SQLite file, shared by every process that uses the data folder."""

from riffusion_tui.store.connection import check_locks
from riffusion_tui.store.errors import (
    DamagedDatabase,
    Full,
    Locked,
    NoLocks,
    NoSuchJob,
    ReadOnly,
    StatusConflict,
    StoreError,
    TooNew,
    Unusable,
)
from riffusion_tui.store.store import Store
from riffusion_tui.store.store_types import Changes, JobChanges, NewJob, Tally
from riffusion_tui.store.usual_duration import UsualDuration

__all__ = [
    "Changes",
    "DamagedDatabase",
    "Full",
    "JobChanges",
    "Locked",
    "NewJob",
    "NoLocks",
    "NoSuchJob",
    "ReadOnly",
    "StatusConflict",
    "Store",
    "StoreError",
    "Tally",
    "TooNew",
    "Unusable",
    "UsualDuration",
    "check_locks",
]

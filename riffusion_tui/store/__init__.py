"""Jobs and songs in one SQLite file, shared by every process that works on the folder."""

from riffusion_tui.store.errors import (
    Damaged,
    Full,
    Locked,
    Moved,
    NoSuchJob,
    ReadOnly,
    StoreError,
    TooNew,
    Unusable,
)
from riffusion_tui.store.store import Store
from riffusion_tui.store.values import Changes, Fields, NewJob, Tally, Usual

__all__ = [
    "Changes",
    "Damaged",
    "Fields",
    "Full",
    "Locked",
    "Moved",
    "NewJob",
    "NoSuchJob",
    "ReadOnly",
    "Store",
    "StoreError",
    "Tally",
    "TooNew",
    "Unusable",
    "Usual",
]

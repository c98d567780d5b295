"""What can go wrong with the store.

StoreError
├── Unusable        the folder or the file can't be opened or made
│   ├── ReadOnly        the folder, the file or its disk can't be written
│   ├── NoLocks         its file system has no file locks
│   ├── TooNew          a newer riffusion-tui made it
│   └── Damaged         it is not a database any more, or pages of it are broken
├── Full            the disk is full: the change was not made
├── Locked          another process kept it locked for too long: the change was not made
├── NoSuchJob       there is no job with that number
└── Moved           the job is not where the caller thinks it is, or can't go where it is sent
"""

from __future__ import annotations


class StoreError(Exception):
    """The store could not do it. `str(error)` names the file; `advice` says what to do; nothing was half written."""

    advice = "Run `riffusion-tui doctor`."


class Unusable(StoreError):
    """The file can't be opened or made."""

    advice = "Check that the folder exists and is yours."


class ReadOnly(Unusable):
    """The folder, the file or its disk can't be written."""

    advice = "Make the folder writable; what is in it is untouched."


class NoLocks(Unusable):
    """The file system has no locks: two programs could write the file at once."""

    advice = (
        "Set RIFFUSION_TUI_HOME to a folder on a local disk, or have the network file system mounted with locks"
        " (NFS: lockd, without `nolock`)."
    )


class TooNew(Unusable):
    """A newer riffusion-tui wrote this file."""

    advice = "Update riffusion-tui; the file was left as it is."


class DamagedDatabase(Unusable):
    """It is not a database any more, or parts of it are broken."""

    advice = "The file was left as it is; `riffusion-tui doctor --rescue` saves what can be read."


class Full(StoreError):
    """The disk is full: the last change was not made."""

    advice = "Free some space; everything before this change is kept."


class Locked(StoreError):
    """Another process kept the file locked for too long: the last change was not made."""

    advice = "Close the other program that has the file open, then try again."


class NoSuchJob(StoreError):
    """There is no job with that number."""

    advice = "`riffusion-tui jobs` lists them."


class StatusConflict(StoreError):
    """The job is not where the caller thinks it is, or can't go where it is sent."""

    advice = "Look at the job again: something else has changed it meanwhile."

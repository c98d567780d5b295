"""Errors of the store.

StoreError
├── CannotOpen          the folder or the file can't be opened or created
│   ├── ReadOnly            the folder, the file or its disk is read-only
│   ├── LocksUnsupported    the file system doesn't support file locks
│   ├── NotAFile            a folder, a pipe or a device is in the place of a file
│   ├── MovedDatabase       moved, deleted or replaced while it was open
│   ├── NewerDatabase       written by a newer riffusion-tui
│   └── DamagedDatabase     no longer a database, or some pages are corrupt
├── DiskFull            the disk is full; the change was not saved
├── DatabaseLocked      another process held the lock for too long; the change was not saved
├── NoSuchJob           no job with that number
└── StatusConflict      the job's status is not the expected one, or doesn't allow the change
"""

from __future__ import annotations

from pathlib import Path

_STILL_WORK = "The screen, `riffusion-tui jobs`, `riffusion-tui receipt` and `riffusion-tui cat JOB` still work."


class StoreError(Exception):
    """A store operation failed and changed nothing. `str(error)` names the file; `advice` says what to do."""

    advice = "Try again."


class CannotOpen(StoreError):
    """The file can't be opened or created."""

    advice = "Check that the folder exists and belongs to you."


class ReadOnly(CannotOpen):
    """The folder, the file or its disk is read-only."""

    advice = f"Make the file and its folder writable; their contents are unchanged. {_STILL_WORK}"


class LocksUnsupported(CannotOpen):
    """The file system has no locks, so two programs could write the file at once."""

    advice = (
        "Set RIFFUSION_TUI_HOME to a folder on a local disk, or mount the network file system with locks"
        " (NFS: with lockd, without `nolock`)."
    )


class NotAFile(CannotOpen):
    """A folder, a pipe or a device is in the place of a file."""

    advice = "Move it away, then try again."


class MovedDatabase(CannotOpen):
    """The file was moved, deleted or replaced while it was open. What was written to it now could be lost."""

    advice = "Move it back to continue, or restart to begin with an empty queue."

    def __init__(self, path: Path) -> None:
        """`path` is where it was."""
        super().__init__(f"{path} was moved or deleted.")
        self.path = path


class NewerDatabase(CannotOpen):
    """A newer riffusion-tui wrote this file."""

    advice = "Update riffusion-tui; the file is unchanged."


class DamagedDatabase(CannotOpen):
    """The file is no longer a database, or some pages are corrupt."""

    advice = "The file is unchanged; `riffusion-tui doctor --rescue` recovers what is readable."


class DiskFull(StoreError):
    """The disk is full; the last change was not saved."""

    advice = (
        "Free some disk space, or raise the limit for the size of files (`ulimit -f`) if there is one; earlier changes"
        f" are saved. {_STILL_WORK}"
    )


class DatabaseLocked(StoreError):
    """Another process held the lock for too long; the last change was not saved."""

    advice = "Close the other program that has the file open, then try again."


class NoSuchJob(StoreError):
    """No job has that number."""

    advice = "`riffusion-tui jobs` lists them."


class StatusConflict(StoreError):
    """The job's status is not the expected one, or doesn't allow the change."""

    advice = "The job has changed in the meantime. Check its status, then try again."

"""Who dispatches for a folder: the process that holds the lock. The lock dies with its process."""

from __future__ import annotations

from pathlib import Path


class Lock:
    """An advisory lock on a file (flock). The file holds the holder's process id, for a person to read."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @property
    def held(self) -> bool:
        """Whether this object holds it."""
        raise NotImplementedError

    def acquire(self) -> bool:
        """Try once, without waiting. True if it is ours now."""
        raise NotImplementedError

    def release(self) -> None:
        """Let it go."""
        raise NotImplementedError


def holder(path: Path) -> int | None:
    """Return the id of the process that dispatches for the lock file at `path`; None where nobody does."""
    raise NotImplementedError

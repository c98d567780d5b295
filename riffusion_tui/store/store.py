"""The store: every job, song, account and gate, in one SQLite file that several processes share.

A call returns once what it wrote is on the disk (WAL, synchronous=FULL). Calls are short and synchronous; one `Store`
belongs to one thread. Errors: see `riffusion_tui.store.errors`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self, Unpack

from riffusion_tui.jobs.clock import Clock
from riffusion_tui.jobs.model import Account, Cause, Gate, Happening, Job, Song
from riffusion_tui.jobs.status import Status
from riffusion_tui.store.values import Changes, Fields, NewJob, Tally, Usual


class Store:
    """One open database. Use as a context manager, or `close()` it."""

    @classmethod
    def open(cls, path: Path, clock: Clock) -> Self:
        """Open the file at `path`, made with mode 0600 (its folder 0700) where it is missing.

        Raises:
            Unusable: and its kinds `ReadOnly`, `TooNew`, `Damaged`; `Full`, `Locked`.
        """
        raise NotImplementedError

    def close(self) -> None:
        """Close the file. Closing twice is harmless."""
        raise NotImplementedError

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def path(self) -> Path:
        """Where the file is."""
        raise NotImplementedError

    @contextmanager
    def together(self) -> Iterator[None]:
        """Make every write inside one transaction: all of it is kept, or nothing. Listeners hear of it once."""
        raise NotImplementedError

    # -- jobs

    def add(self, new: Sequence[NewJob]) -> tuple[Job, ...]:
        """Add jobs, all or none; they are on the disk when this returns."""
        raise NotImplementedError

    def job(self, id: int) -> Job:
        """Return one job, deleted or not. Raises `NoSuchJob`."""
        raise NotImplementedError

    def jobs(self, *, limit: int | None = None, before: int | None = None) -> tuple[Job, ...]:
        """Return the jobs that are not deleted, newest (highest id) first.

        Args:
            limit: at most so many; None for all.
            before: only ids below this one, to read on where the last call ended.
        """
        raise NotImplementedError

    def queue(self, service: str, limit: int | None = None) -> tuple[Job, ...]:
        """Return a service's queued jobs, the next to be sent first."""
        raise NotImplementedError

    def standing(self, service: str, *statuses: Status) -> tuple[Job, ...]:
        """Return a service's jobs in any of `statuses`, by position."""
        raise NotImplementedError

    def batch(self, batch: str) -> tuple[Job, ...]:
        """Return the jobs of one submission, by id."""
        raise NotImplementedError

    def changed_since(self, rev: int) -> Changes:
        """Return what changed after revision `rev`; 0 gives everything there is."""
        raise NotImplementedError

    def update(
        self,
        id: int,
        status: Status | None = None,
        happening: str = "",
        detail: str = "",
        expected: Status | None = None,
        **fields: Unpack[Fields],
    ) -> Job:
        """Change a job and return it as it is now.

        Args:
            id: which.
            status: where it goes; None leaves it where it is.
            happening: what its timeline says of it; empty adds no line.
            detail: more of it, for the timeline.
            expected: where it must be now, for compare-and-set across processes.
            fields: what else changes.

        Raises:
            NoSuchJob: there is none.
            Moved: it is not where `expected` says, or may not go to `status`.
        """
        raise NotImplementedError

    def delete(self, ids: Sequence[int]) -> tuple[int, ...]:
        """Take jobs that are not under way out of every list; return those taken. `restore` brings them back."""
        raise NotImplementedError

    def restore(self, ids: Sequence[int]) -> tuple[Job, ...]:
        """Bring deleted jobs back."""
        raise NotImplementedError

    def put_song(self, song: Song) -> None:
        """Keep what a job made, in place of what was kept of it before."""
        raise NotImplementedError

    def song(self, job_id: int) -> Song | None:
        """Return what a job made, or None."""
        raise NotImplementedError

    def timeline(self, job_id: int) -> tuple[Happening, ...]:
        """Return what happened to a job, oldest first."""
        raise NotImplementedError

    def tally(self, service: str) -> Tally:
        """Count a service's jobs by status and account, from an index."""
        raise NotImplementedError

    # -- accounts and gates

    def accounts(self, service: str) -> tuple[Account, ...]:
        """Return a service's accounts as last seen, by id."""
        raise NotImplementedError

    def put_accounts(self, service: str, accounts: Sequence[Account]) -> None:
        """Make these the service's accounts; any other is taken out, with its gates."""
        raise NotImplementedError

    def gates(self, service: str) -> tuple[Gate, ...]:
        """Return what stands in a service's way."""
        raise NotImplementedError

    def put_gate(self, gate: Gate) -> None:
        """Close a gate, in place of an earlier one of the same service, account and cause."""
        raise NotImplementedError

    def drop_gate(self, service: str, account: str | None, cause: Cause) -> bool:
        """Open a gate; False if there was none."""
        raise NotImplementedError

    # -- what was typed, how long it takes

    def remember_prompt(self, text: str) -> None:
        """Put a text on top of the editor's history; one that is there already moves up. The oldest fall out."""
        raise NotImplementedError

    def prompts(self, limit: int = 500) -> tuple[str, ...]:
        """Return the editor's history, newest first."""
        raise NotImplementedError

    def add_time(self, service: str, seconds: float) -> None:
        """Note how long a song took, from accepted to finished."""
        raise NotImplementedError

    def usual_time(self, service: str) -> Usual | None:
        """Return how long the service's latest 50 songs took; None where there is no song yet."""
        raise NotImplementedError

    # -- changes

    def subscribe(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Call `listener` after each commit of this `Store`, and when `poll` sees another's. Returns how to stop it.

        A listener must not raise and should only set a flag: it runs inside the writer's call.
        """
        raise NotImplementedError

    def poll(self) -> bool:
        """Look whether another process (or another `Store`) wrote; tell the listeners. Costs microseconds."""
        raise NotImplementedError

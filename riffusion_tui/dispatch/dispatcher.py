"""The dispatcher: sends queued jobs when an account has a slot, follows them, fetches their songs.

It knows no screen and no HTTP. Everything it decides is in the store before it acts, so it can be killed at any moment.
"""

from __future__ import annotations

import random
from pathlib import Path
from types import TracebackType
from typing import Self

from riffusion_tui.dispatch.lock import Lock
from riffusion_tui.jobs.clock import Clock
from riffusion_tui.services.base import Service
from riffusion_tui.store import Store


class Dispatcher:
    """Works for as long as it is entered: `async with Dispatcher(…)`.

    While another process holds the lock it follows: it only notices what that one does, and takes over within
    seconds when it goes away.
    """

    def __init__(
        self,
        store: Store,
        service: Service,
        *,
        clock: Clock,
        rng: random.Random,
        folder: Path,
        lock: Lock,
        format: str | None = None,
    ) -> None:
        """Take the parts.

        Args:
            store: the jobs; `Dispatcher` polls it for other processes' changes too.
            service: who makes the songs.
            clock: time.
            rng: jitter.
            folder: where songs go; made when the first one comes.
            lock: who dispatches for the data folder.
            format: what to download, one of the service's formats; None for its first.
        """
        raise NotImplementedError

    @property
    def leading(self) -> bool:
        """Whether this process dispatches; else another does."""
        raise NotImplementedError

    async def __aenter__(self) -> Self:
        raise NotImplementedError

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        raise NotImplementedError

    def fault(self) -> BaseException | None:
        """Return the error that stopped it (a full or damaged store), or None while it works."""
        raise NotImplementedError

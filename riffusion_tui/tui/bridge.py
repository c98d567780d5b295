"""Notify the screen of changes in the store, at most ten times per second."""

from __future__ import annotations

import asyncio
import contextvars
from collections.abc import Callable

from riffusion_tui.store import Store

MIN_INTERVAL_S = 0.1
"""Minimum interval between two updates, in seconds."""


class Bridge:
    """Calls `look` after the store changed, but at most once per `MIN_INTERVAL_S`."""

    def __init__(self, store: Store, look: Callable[[], None]) -> None:
        self._store = store
        self._look = look
        self._due: asyncio.TimerHandle | None = None
        self._last = 0.0
        self._stop: Callable[[], None] = lambda: None
        self._context = contextvars.copy_context()

    def open(self) -> None:
        """Start listening; must be called in the event loop."""
        self._context = contextvars.copy_context()
        self._stop = self._store.subscribe(self._changed)

    def close(self) -> None:
        """Stop listening."""
        self._stop()
        if self._due is not None:
            self._due.cancel()
            self._due = None

    def _changed(self) -> None:
        if self._due is None:
            loop = asyncio.get_running_loop()
            # In the screen's context, not the writer's: Textual timers need the context's active app.
            self._due = loop.call_at(max(loop.time(), self._last + MIN_INTERVAL_S), self.now, context=self._context)

    def soon(self, seconds: float) -> None:
        """Update again after some seconds: there were more changes than one update reads."""
        if self._due is None:
            loop = asyncio.get_running_loop()
            self._due = loop.call_later(seconds, self.now, context=self._context)

    @property
    def due(self) -> bool:
        """Whether the store changed since the last update."""
        return self._due is not None

    def now(self) -> None:
        """Update now, without waiting for the minimum interval."""
        if self._due is not None:
            self._due.cancel()
        self._due = None
        self._last = asyncio.get_running_loop().time()
        self._look()

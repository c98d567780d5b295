"""Run the store in a separate thread, so that commits don't block the event loop."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Concatenate, ParamSpec, TypeVar

from riffusion_tui.studio.queue.studio_store import StudioStore

P = ParamSpec("P")
T = TypeVar("T")


class Database:
    """Opens the store on the first call and runs all calls in one thread, in order."""

    def __init__(self, file: Path, prepare: Callable[[StudioStore], None]) -> None:
        self._file = file
        self._prepare = prepare
        self._store: StudioStore | None = None
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="studio-store")

    async def run(self, call: Callable[Concatenate[StudioStore, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run `call(store, …)` in the store's thread; a call that has started finishes even if the caller is cancelled.

        Raises:
            sqlite3.Error: the file can't be read or written.
        """
        return await asyncio.get_running_loop().run_in_executor(
            self._thread, lambda: call(self._open(), *args, **kwargs)
        )

    def _open(self) -> StudioStore:
        if self._store is None:
            store = StudioStore(self._file)
            with store.transaction():
                self._prepare(store)
            self._store = store
        return self._store

    def close(self) -> None:
        """Finish pending calls and close the file."""
        self._thread.submit(self._close)
        self._thread.shutdown(wait=True)

    def _close(self) -> None:
        if self._store is not None:
            self._store.close()

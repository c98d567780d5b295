"""Keeps on the disk what is to be there at the next start, a moment after it changed and at the end."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from riffusion_tui.config.errors import FolderError
from riffusion_tui.config.session_state import SessionState, load_remembered, save_remembered

AFTER_S = 0.7
"""Seconds of silence after which it is written: what a crash may cost."""


class Autosave:
    """Writes what `now` says, beside the screen: a slow disk holds no key up."""

    def __init__(self, file: Path, now: Callable[[SessionState], SessionState]) -> None:
        """Read what was kept.

        Args:
            file: where it is.
            now: what is to be remembered, made of what was remembered before.
        """
        self._file = file
        self._now = now
        self.before = load_remembered(file)
        self._kept = self.before
        self._due: asyncio.TimerHandle | None = None
        self._writing: asyncio.Task[None] | None = None
        self._one = asyncio.Lock()

    def soon(self) -> None:
        """Write it once nothing has changed for a moment."""
        self._stop()
        self._due = asyncio.get_running_loop().call_later(AFTER_S, self._begin)

    async def aclose(self) -> None:
        """Write it now, a prompt that was not made in any case: another screen may have written its own since."""
        self._stop()
        await self._write(anyway=bool(self._now(self.before).draft))

    def _begin(self) -> None:
        self._due = None
        self._writing = asyncio.create_task(self._write(), name="remembering")

    async def _write(self, *, anyway: bool = False) -> None:
        async with self._one:
            value = self._now(self.before)
            if value == self._kept and not anyway:
                return
            with suppress(FolderError):  # a full or read-only disk has a banner of its own
                await asyncio.to_thread(save_remembered, self._file, value)
                self._kept = value

    def _stop(self) -> None:
        if self._due is not None:
            self._due.cancel()
            self._due = None

"""Save the session state shortly after each change and on exit."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from riffusion_tui.config.errors import FolderError
from riffusion_tui.config.session_state import SessionState, load_session_state, save_session_state
from riffusion_tui.store import StoreError
from riffusion_tui.tui.session.session_files import PromptHistory, claim, restore

DELAY_S = 0.7
"""Delay before saving, in seconds; the most that a crash can lose."""


class Autosave:
    """Saves the value of `now` in a thread, so that a slow disk doesn't block keys."""

    def __init__(self, first: Path, now: Callable[[SessionState], SessionState], history: PromptHistory) -> None:
        """Load the saved state.

        Args:
            first: the state file of the first screen; see `session_files`.
            now: returns the state to save, given the previously saved state.
            history: the editor's.
        """
        self._file, self._lock = claim(first)
        self._now = now
        self.more = 0
        """Drafts of other screens that are now in the history."""
        try:
            self.before, self.more = restore(first, self._file, history)
        except (StoreError, FolderError):  # a banner reports a full or read-only disk
            self.before = load_session_state(self._file)
        self._kept = self.before
        self._restoring = self._file.with_suffix(".restoring")
        self._is_restoring = False
        self.set_aside = False
        """Whether the draft went to the history, as the last start ended before it was shown."""
        if self.before.draft and self._restoring.exists():
            with suppress(StoreError):
                history.remember_prompt(self.before.draft)
                self.before, self.set_aside = self.before._replace(draft=""), True
        self._due: asyncio.TimerHandle | None = None
        self._writing: asyncio.Task[None] | None = None
        self._one = asyncio.Lock()

    def restoring(self) -> None:
        """Record that the draft is about to be shown: if that ends the program, the next start does without it."""
        self._is_restoring = True
        with suppress(OSError):
            self._restoring.touch()

    def restored(self) -> None:
        """Record that the draft was shown, or that there was none."""
        self._is_restoring = False
        with suppress(OSError):
            self._restoring.unlink(missing_ok=True)

    def soon(self) -> None:
        """Save after a short delay without changes."""
        self._stop()
        self._due = asyncio.get_running_loop().call_later(DELAY_S, self._begin)

    async def aclose(self) -> None:
        """Save now, and leave the file to the next screen, which restores the draft that was written last."""
        self._stop()
        await self._write(anyway=bool(self._now(self.before).draft))
        if self._lock is not None:
            self._lock.release()

    def _begin(self) -> None:
        self._due = None
        self._writing = asyncio.create_task(self._write(), name="remembering")

    async def _write(self, *, anyway: bool = False) -> None:
        async with self._one:
            if self._is_restoring:
                return  # the editor doesn't have the draft yet
            value = self._now(self.before)
            if value == self._kept and not anyway:
                return
            if not self._file.parent.exists():
                return  # the data folder was moved: a new one would be in the way when the user moves it back
            with suppress(FolderError):  # a banner reports a full or read-only disk
                await asyncio.to_thread(save_session_state, self._file, value)
                self._kept = value

    def _stop(self) -> None:
        if self._due is not None:
            self._due.cancel()
            self._due = None

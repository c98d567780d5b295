"""Commands on many jobs at a time, without holding up a key."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from riffusion_tui.tui.messages import message

if TYPE_CHECKING:
    from riffusion_tui.dispatch.commands.job_commands import JobCommands
    from riffusion_tui.dispatch.commands.store_commands import BulkResult
    from riffusion_tui.store.job_table import Progress
    from riffusion_tui.tui.dialogs import DialogApp


T = TypeVar("T")

THREADED_FROM = 200
"""Number of jobs at which a command runs in a thread; fewer take some milliseconds."""


class BulkCommands:
    """Runs commands on jobs, and reports what they changed."""

    def __init__(self, app: DialogApp) -> None:
        self._app = app

    def report(self, what: str, result: BulkResult) -> None:
        """Show how many jobs were changed, and why the others were not."""
        done = message(f"acted.{what}", n=len(result.ids)) if result.ids else ""
        if not result.left:
            if done:
                self._app.show_message(done, "done")
            return
        id, why = result.left[0]
        left = message("acted.left", n=len(result.left), id=id, why=why)
        self._app.show_message(f"{left} {done}".strip(), "waits")  # the reason first: a narrow line cuts the rest

    async def run(self, what: str, count: int, act: Callable[[JobCommands, Progress], T]) -> T:
        """Change `count` jobs in one transaction; many in a thread, with a line that counts them.

        Args:
            what: selects the progress text, `acting.WHAT`.
            count: the number of jobs.
            act: makes the change.
        """
        from riffusion_tui.store.job_table import quiet

        commands = self._app.deps.job_commands
        if count < THREADED_FROM:
            return act(commands, quiet)
        loop, shown = asyncio.get_running_loop(), ""

        def show(done: int) -> None:
            nonlocal shown
            shown = message(f"acting.{what}", n=done, of=count)
            self._app.show_message(shown)

        def progress(done: int) -> None:
            loop.call_soon_threadsafe(show, done)

        show(0)
        try:
            return await asyncio.to_thread(commands.on_own_connection, lambda own: act(own, progress))
        finally:
            self._app.take_back_message(shown)
            self._app.deps.store.poll()

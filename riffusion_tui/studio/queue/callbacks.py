"""Tells `replyUrl` how a song gets on: the song's record, by POST, every few seconds and at the end.

The payload was never published; the vendor's other APIs post the record that their GET answers, so this does too.
"""

from __future__ import annotations

import asyncio
import json
import logging
import sqlite3
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from riffusion_tui.jobs.clock import Clock
from riffusion_tui.studio.queue.callback_client import CallbackClient, NotReached
from riffusion_tui.studio.queue.database import Database
from riffusion_tui.studio.queue.studio_job import StudioJob
from riffusion_tui.studio.queue.studio_store import StudioStore

EVERY_S = 5.0
"""Between two words on a song's progress."""
WAITS_S = (2.0, 10.0, 60.0)
"""Before each further try to tell the end; then it is given up."""
_MOST = 200
_log = logging.getLogger("riffusion_tui.studio")


class Callbacks:
    """Sends records outward, a few at a time; what can't be sent never holds up a song."""

    def __init__(
        self,
        database: Database,
        outward: CallbackClient,
        record: Callable[[StudioJob], dict[str, Any]],
        clock: Clock,
    ) -> None:
        self._database = database
        self._outward = outward
        self._record = record
        self._clock = clock
        self._running: dict[str, asyncio.Task[None]] = {}
        self._ends: set[asyncio.Task[None]] = set()

    def begun(self, job: StudioJob) -> None:
        """A song is being made from now on: tell of its progress."""
        if job.reply_url is not None and len(self._running) < _MOST:
            self._running[job.id] = asyncio.create_task(self._progress(job, job.reply_url))

    def over(self, job: StudioJob) -> None:
        """A song is not being made any more."""
        running = self._running.pop(job.id, None)
        if running is not None:
            running.cancel()

    def ended(self, job: StudioJob) -> None:
        """A song has its final status: tell it, and try again a few times."""
        if job.reply_url is not None:
            task = asyncio.create_task(self._end(job, job.reply_url))
            self._ends.add(task)
            task.add_done_callback(self._ends.discard)

    async def _progress(self, job: StudioJob, url: str) -> None:
        while True:
            await self._clock.sleep(EVERY_S)
            with suppress(sqlite3.Error):
                current = await self._database.run(StudioStore.job, job.id)
                if current is None or not current.tracked:
                    return
                await self._post(url, current)

    async def _end(self, job: StudioJob, url: str) -> None:
        for wait in (*WAITS_S, None):
            if await self._post(url, job) or wait is None:
                break
            await self._clock.sleep(wait)
        # A note that can't be made means that the end is told once more, after the next start.
        with suppress(sqlite3.Error):
            await self._database.run(StudioStore.told, job.id)

    async def _post(self, url: str, job: StudioJob) -> bool:
        try:
            await self._outward.post(url, json.dumps(self._record(job)).encode())
        except NotReached as reason:
            _log.info("replyUrl of job %s: %s", job.id, reason)
            return False
        return True

    async def close(self) -> None:
        """Stop telling; ends that were not told are told at the next start."""
        tasks = [*self._running.values(), *self._ends]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

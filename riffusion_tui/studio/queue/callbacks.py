"""Post a song's record to its `replyUrl`: every few seconds while it is made, and when it ends.

The payload isn't documented. The vendor's other APIs post the record that their GET returns, and so does this.
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
from riffusion_tui.studio.queue.callback_client import CallbackClient, CallbackError
from riffusion_tui.studio.queue.database import Database
from riffusion_tui.studio.queue.studio_job import StudioJob
from riffusion_tui.studio.queue.studio_store import StudioStore

INTERVAL_S = 5.0
"""Interval between progress callbacks, in seconds."""
RETRY_DELAYS_S = (2.0, 10.0, 60.0)
"""Delays before each retry of the final callback, in seconds; after the last retry it is dropped."""
_MAX_SENT = 200
_log = logging.getLogger("riffusion_tui.studio")


class Callbacks:
    """Sends callbacks in the background; a failing one never delays a song."""

    def __init__(
        self,
        database: Database,
        client: CallbackClient,
        record: Callable[[StudioJob], dict[str, Any]],
        clock: Clock,
    ) -> None:
        self._database = database
        self._client = client
        self._record = record
        self._clock = clock
        self._running: dict[str, asyncio.Task[None]] = {}
        self._ends: set[asyncio.Task[None]] = set()

    def started(self, job: StudioJob) -> None:
        """Start progress callbacks for a song."""
        if job.reply_url is not None and len(self._running) < _MAX_SENT:
            self._running[job.id] = asyncio.create_task(self._progress(job, job.reply_url))

    def stopped(self, job: StudioJob) -> None:
        """Stop progress callbacks for a song."""
        running = self._running.pop(job.id, None)
        if running is not None:
            running.cancel()

    def ended(self, job: StudioJob) -> None:
        """Send the final callback for a song, with retries."""
        if job.reply_url is not None:
            task = asyncio.create_task(self._end(job, job.reply_url))
            self._ends.add(task)
            task.add_done_callback(self._ends.discard)

    async def _progress(self, job: StudioJob, url: str) -> None:
        while True:
            await self._clock.sleep(INTERVAL_S)
            with suppress(sqlite3.Error):
                current = await self._database.run(StudioStore.job, job.id)
                if current is None or not current.tracked:
                    return
                await self._post(url, current)

    async def _end(self, job: StudioJob, url: str) -> None:
        for wait in (*RETRY_DELAYS_S, None):
            if await self._post(url, job) or wait is None:
                break
            await self._clock.sleep(wait)
        # If this can't be saved, the final callback is sent again after the next start.
        with suppress(sqlite3.Error):
            await self._database.run(StudioStore.mark_reported, job.id)

    async def _post(self, url: str, job: StudioJob) -> bool:
        try:
            await self._client.post(url, json.dumps(self._record(job)).encode())
        except CallbackError as reason:
            _log.info("replyUrl of job %s: %s", job.id, reason)
            return False
        return True

    async def close(self) -> None:
        """Stop all callbacks; unsent final ones are sent after the next start."""
        tasks = [*self._running.values(), *self._ends]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

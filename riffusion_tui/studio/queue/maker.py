"""Take queued jobs, render them and store the results. A lock lets one process per data folder do this.

A process that is stopped (^Z, SIGSTOP) is displaced by another studio on the folder, which makes its songs. It notices
before it changes the queue: each of its transactions begins with `_check`.
"""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from riffusion_tui.file_lock import Displaced, FileLock
from riffusion_tui.jobs.clock import Clock
from riffusion_tui.studio.queue.callbacks import Callbacks
from riffusion_tui.studio.queue.database import Database
from riffusion_tui.studio.queue.finished_songs import keep
from riffusion_tui.studio.queue.folders import Folders, Unsafe, private
from riffusion_tui.studio.queue.render_task import NO_SPACE, PROGRESS, Outcome, RenderOrder, make
from riffusion_tui.studio.queue.renderers import Crashed, Renderers, RenderersGone, Stuck
from riffusion_tui.studio.queue.studio_job import StudioJob
from riffusion_tui.studio.queue.studio_store import StudioStore
from riffusion_tui.studio.studio_settings import StudioSettings
from riffusion_tui.takeover import Contender, let_finish

POLL_S = 1.0
"""Interval for checking whether another process queued jobs or died, in seconds."""
_RETRY_S = 2.0
_MAX_RETRY_S = 30.0
"""Longest pause before a song is rendered again on a full disk, in seconds; the pauses double."""
_LOCKED_S = 1.0
"""How long a displaced process may keep the database locked before it is resumed to finish its transaction."""
_log = logging.getLogger("riffusion_tui.studio")


class Maker:
    """Makes the songs of a data folder, one per renderer at a time."""

    def __init__(
        self,
        settings: StudioSettings,
        *,
        folders: Folders,
        database: Database,
        renderers: Renderers,
        callbacks: Callbacks,
        clock: Clock,
        on_end: Callable[[], None] | None = None,
    ) -> None:
        self._settings = settings
        self._on_end = on_end
        self._folders = folders
        self._database = database
        self._renderers = renderers
        self._callbacks = callbacks
        self._clock = clock
        self._lock = FileLock(folders.lock)
        self._contender = Contender(self._lock)
        self._looked_at = clock.steady()
        self._making: dict[str, asyncio.Task[None]] = {}
        self._wake = asyncio.Event()
        self._took_over = False
        self._without_space: set[str] = set()
        self.folder_fault = ""
        """What is wrong with the data folder, so that no song can be made, and what to do; empty if nothing."""

    def lacks_space(self, id: str) -> bool:
        """Whether a song waits until the disk has space; False if another process makes it."""
        return id in self._without_space

    def wake(self) -> None:
        """Check for queued jobs now."""
        self._wake.set()

    async def concurrency(self) -> int:
        """Return how many songs are made at once; 0 if no renderer can be reached."""
        return await self._renderers.count()

    async def run(self) -> None:
        """Make songs until cancelled."""
        trouble = ""
        try:
            while True:
                self._wake.clear()
                try:
                    await self._scan()
                    trouble = self.folder_fault = ""
                except Displaced as error:
                    _log.warning("%s", error)
                    await self._stop()
                except (sqlite3.Error, OSError) as error:
                    # A full disk or a locked file is temporary, and the queue is safe on disk.
                    if trouble != str(error):
                        trouble = str(error)
                        _log.warning("the queue can't be read: %s", trouble)
                    self.folder_fault = await asyncio.to_thread(_fault_of, self._folders)
                    await self._clock.sleep(_RETRY_S)
                with suppress(TimeoutError):
                    # Not wait_for: in Python 3.11 it can swallow the cancellation on shutdown.
                    async with asyncio.timeout(POLL_S):
                        await self._wake.wait()
        finally:
            await self._stop()

    async def _stop(self) -> None:
        """Stop making songs, and let another process make them."""
        for task in self._making.values():
            task.cancel()
        await asyncio.gather(*self._making.values(), return_exceptions=True)
        self._lock.release()
        self._took_over = False

    def _check(self) -> None:
        """Raise `Displaced` unless this process makes the songs."""
        if not self._lock.current:
            raise Displaced("Another process makes the songs now: it took over while this one did not respond.")

    def _leads(self) -> bool:
        """Take the lock if possible, or show that this process is alive; return whether it makes the songs."""
        looked_at, self._looked_at = self._looked_at, self._clock.steady()
        if not self._lock.held:
            # A call is also late if this process itself was stopped, which is no reason to displace another.
            return self._contender.take(min(self._looked_at - looked_at, POLL_S))
        self._check()
        self._lock.answer()
        return True

    async def _scan(self) -> None:
        if not self._leads():
            return
        if not self._took_over:
            if (displaced := self._contender.displaced) is not None:
                await asyncio.to_thread(_let_finish, self._folders.database, displaced)
            await self._database.run(_take_over, self._folders, self._clock.now(), self._check)
            self._took_over = True
            for job in await self._database.run(StudioStore.unreported):
                self._callbacks.ended(job)
        lost = await self._database.run(StudioStore.requeue_orphaned, frozenset(self._making), self._check)
        if lost:
            _log.warning("requeued %d songs that no process was making", lost)
        room = await self._renderers.count() - len(self._making)
        if room > 0:
            for job in await self._database.run(StudioStore.claim, room, self._check):
                self._making[job.id] = asyncio.create_task(self._make(job))

    async def _make(self, job: StudioJob) -> None:
        self._callbacks.started(job)
        try:
            outcome = await self._render(job)
            await self._settle(job, outcome)
        except RenderersGone:
            # If that fails, the next check finds the job without a maker.
            with suppress(sqlite3.Error, OSError):
                await self._database.run(_requeue, self._clock.now(), job.id, self._check)
        except Displaced:
            _log.info("job %s is left to another process", job.id)
        finally:
            self._callbacks.stopped(job)
            self._without_space.discard(job.id)
            del self._making[job.id]
            self.wake()

    async def _render(self, job: StudioJob) -> Outcome:
        """Render a song; if the disk is full, retry until there is space."""
        pause_s = _RETRY_S
        try:
            while (outcome := await self._attempt(job)).full:
                if not self.lacks_space(job.id):
                    _log.warning("job %s is waiting for disk space: %s", job.id, outcome.error)
                self._without_space.add(job.id)
                await self._clock.sleep(pause_s)
                pause_s = min(2 * pause_s, _MAX_RETRY_S)
            return outcome
        finally:
            self._without_space.discard(job.id)

    async def _attempt(self, job: StudioJob) -> Outcome:
        folder = self._folders.work(job.id, self._lock.epoch)
        order = RenderOrder(
            self._settings.engine,
            job.request,
            str(folder),
            soundfont=self._settings.soundfont,
            pronunciation=self._settings.pronunciation,
        )
        try:
            private(folder)
            (folder / PROGRESS).unlink(missing_ok=True)
            began = self._clock.steady()
            outcome = await self._renderers.run(make, order, self._settings.song_timeout_s)
            if outcome.made is not None:
                outcome.made["making_s"] = round(self._clock.steady() - began, 3)
            return outcome
        except Crashed:
            return Outcome(error="The engine crashed while making this song; other songs are not affected.")
        except OSError as error:
            message = f"The song's folder can't be written: {error.strerror or error}"
            return Outcome(error=message, full=error.errno in NO_SPACE)
        except RenderersGone:
            raise
        except Stuck:
            return Outcome(error=f"The engine did not finish within {self._settings.song_timeout_s:g} seconds.")
        except Exception:  # noqa: BLE001 (the maker's boundary: every job must end, whatever an executor raises)
            _log.exception("job %s", job.id)
            return Outcome(error="Internal error; see the studio's log.")

    async def _settle(self, job: StudioJob, outcome: Outcome) -> None:
        while True:
            try:
                work = self._folders.work(job.id, self._lock.epoch)
                ended = await self._database.run(
                    keep, self._folders, job.id, work, outcome, self._clock.now(), self._check
                )
            except (sqlite3.Error, OSError) as error:
                _log.warning("a finished song can't be stored yet: %s", error)
                if isinstance(error, OSError) and error.errno in NO_SPACE:
                    self._without_space.add(job.id)
                await self._clock.sleep(_RETRY_S)
                continue
            if ended is not None:
                self._callbacks.ended(ended)
            if self._on_end is not None:
                self._on_end()
            return


def _fault_of(folders: Folders) -> str:
    """Return what has to be moved away or made writable before songs can be made; empty if nothing is known."""
    try:
        folders.make()
    except Unsafe as error:
        return str(error)
    except OSError:
        pass
    return ""


def _let_finish(file: Path, displaced: int) -> None:
    """Make sure that the process that this one displaced doesn't keep the database locked."""
    with closing(sqlite3.connect(file, timeout=_LOCKED_S, isolation_level=None)) as database:

        @contextmanager
        def transaction() -> Iterator[None]:
            database.execute("BEGIN IMMEDIATE")
            try:
                yield
            finally:
                database.execute("ROLLBACK")

        let_finish(displaced, transaction, sqlite3.OperationalError)


def _take_over(store: StudioStore, folders: Folders, now: float, check: Callable[[], None]) -> None:
    folders.tidy(now)
    with store.transaction():
        check()
        for id in store.making():
            folders.remove_work(id, keep=folders.current_work(id))
        store.requeue_interrupted(now)


def _requeue(store: StudioStore, now: float, id: str, check: Callable[[], None]) -> None:
    with store.transaction():
        check()
        store.requeue_interrupted(now, id)

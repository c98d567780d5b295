"""Convert a finished song to another format on demand, by making it again from its prompt and seed.

Only the MP3 is stored permanently: the engine makes the same song from the same request, and a WAV with its stems is a
hundred times larger. Other formats are cached. A song of another engine version isn't converted: it would be another
song.
"""

from __future__ import annotations

import asyncio
import os
import shutil
from pathlib import Path

from riffusion_tui.studio.engine.song_request import extension, pronouncer_of
from riffusion_tui.studio.errors import Broken, InvalidRequest, NotReady, Unavailable
from riffusion_tui.studio.queue.folders import Folders, private
from riffusion_tui.studio.queue.render_task import Outcome, RenderOrder, make
from riffusion_tui.studio.queue.renderers import Renderers, RenderFailure
from riffusion_tui.studio.queue.studio_job import State, StudioJob
from riffusion_tui.studio.studio_settings import StudioSettings

_CONCURRENCY = 1
_MAX_WAITING = 16


class Formats:
    """Returns a song's file in a format, from the cache or by making it."""

    def __init__(self, settings: StudioSettings, folders: Folders, renderers: Renderers) -> None:
        self._settings = settings
        self._folders = folders
        self._renderers = renderers
        self._turn = asyncio.Semaphore(_CONCURRENCY)
        self._making: dict[Path, asyncio.Task[None]] = {}

    async def file(self, job: StudioJob, format: str) -> Path:
        """Return the file of a finished song in `format`.

        Raises:
            NotReady: the song is not finished, or failed.
            InvalidRequest: the engine doesn't support that format, or another version of it made the song.
            Unavailable: too many downloads are waiting, or the disk is full.
            Broken: the engine failed.
        """
        if job.state is not State.COMPLETED:
            raise NotReady(f"Song {job.id} is not completed: {job.error or job.state}")
        if format == job.made["format"]:
            return self._folders.song(job.id) / str(job.made["file"])
        file = self._folders.cache / f"{job.id}.{extension(format)}"
        if file.exists():
            os.utime(file)
            return file
        job.check_engine_version(f"download that song as {format}")
        if file not in self._making:
            if len(self._making) >= _MAX_WAITING:
                raise Unavailable("Too many downloads are being prepared: try again later")
            self._making[file] = asyncio.create_task(self._make(job, format, file))
            self._making[file].add_done_callback(lambda task: self._over(file, task))
        # A client that disconnects doesn't stop it for others, and can fetch the file from the cache later.
        await asyncio.shield(self._making[file])
        return file

    def _over(self, file: Path, task: asyncio.Task[None]) -> None:
        self._making.pop(file, None)
        if not task.cancelled():
            task.exception()

    async def _make(self, job: StudioJob, format: str, file: Path) -> None:
        async with self._turn:
            folder = self._folders.work(f"{job.id}-{format}")
            private(folder)
            try:
                outcome = await self._render(
                    RenderOrder(
                        self._settings.engine,
                        job.request,
                        str(folder),
                        format,
                        self._settings.soundfont,
                        pronouncer_of(job.made.get("pronunciation", "")),
                    )
                )
                if outcome.made is None:
                    raise InvalidRequest(outcome.error or "The download was cancelled")
                await asyncio.to_thread(self._keep, folder / str(outcome.made["file"]), file)
            finally:
                shutil.rmtree(folder, ignore_errors=True)

    async def _render(self, order: RenderOrder) -> Outcome:
        try:
            return await self._renderers.run(make, order, self._settings.song_timeout_s)
        except RenderFailure:
            raise Broken("The engine failed to make this format") from None

    def _keep(self, made: Path, file: Path) -> None:
        private(file.parent)
        made.replace(file)
        kept = sorted(file.parent.iterdir(), key=lambda one: one.stat().st_mtime, reverse=True)
        size = 0
        for one in kept:
            size += one.stat().st_size
            if size > self._settings.cache_bytes and one != file:
                one.unlink(missing_ok=True)

    async def close(self) -> None:
        """Stop all conversions."""
        tasks = list(self._making.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

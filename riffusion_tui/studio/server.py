"""The studio as one object: an ASGI app and the maker.

In process, without a port:

    async with Studio(StudioSettings(data_dir=folder)) as studio:
        client = httpx.AsyncClient(transport=httpx.ASGITransport(studio.app), base_url="http://studio")

On a port: `riffusion_tui.studio.serve`.
"""

from __future__ import annotations

import asyncio
import random
from contextlib import suppress
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from riffusion_tui.jobs.clock import Clock, SystemClock
from riffusion_tui.secret import Secret
from riffusion_tui.studio.http.access_control import AccessControl, PortRules
from riffusion_tui.studio.http.record import song_record
from riffusion_tui.studio.http.signing import Signer
from riffusion_tui.studio.queue import account_rules
from riffusion_tui.studio.queue.callback_client import CallbackClient
from riffusion_tui.studio.queue.callbacks import Callbacks
from riffusion_tui.studio.queue.database import Database
from riffusion_tui.studio.queue.folders import Folders, read_or_create_secret
from riffusion_tui.studio.queue.maker import Maker
from riffusion_tui.studio.queue.pool_renderers import PoolRenderers
from riffusion_tui.studio.queue.renderers import Renderers
from riffusion_tui.studio.queue.studio_job import StudioJob
from riffusion_tui.studio.queue.studio_store import check_version
from riffusion_tui.studio.studio_settings import StudioSettings, cores

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Executor
    from pathlib import Path

    from starlette.types import ASGIApp, Receive, Scope, Send

    from riffusion_tui.studio.http.handlers import StudioContext
    from riffusion_tui.studio.queue.formats import Formats

_SIDE_WORK = 1
"""Size of the second pool, for lyrics and downloads: they neither wait for songs nor delay them.

It is on this machine even if a cluster renders the songs: stems are hundreds of megabytes.
"""


class Studio:
    """Serves the API and makes the songs. Open it with `async with`; closing it ends its renderers immediately.

    Several studios, in one or more processes, may share a data folder: all of them serve requests, and a lock decides
    which one makes the songs.
    """

    app: ASGIApp
    """The app for in-process use, at any base URL, e.g. `http://studio`; `gated` returns one for a port."""
    token: Secret
    """The token that requests need (`Authorization: Bearer …`)."""

    def __init__(
        self,
        settings: StudioSettings,
        *,
        clock: Clock | None = None,
        rng: random.Random | None = None,
        executor: Callable[[], Executor] | None = None,
        on_end: Callable[[], None] | None = None,
    ) -> None:
        """Create a studio; opening it is up to the caller.

        Args:
            settings: the studio's settings.
            clock: the time source.
            rng: picks accounts and ids.
            executor: called with the number of concurrent songs; returns the executor that renders them, by default a
                process pool. It is called again if that executor breaks.
            on_end: called in the event loop when a song is finished or failed.
        """
        self._settings = settings
        self._clock = clock or SystemClock()
        self._rng = rng or random.Random()
        self._executor = executor or self._process
        self._on_end = on_end
        self._folders = Folders(settings.data_dir.absolute())

    async def __aenter__(self) -> Self:
        """Open the data folder and resume songs that an earlier studio left unfinished.

        Raises:
            OSError: the folder can't be written, or a newer version of this program did (`NewerFile`).
            Unsafe: a secret's file is readable by others.
            ClusterError: the cluster's address or certificates are wrong. An unreachable cluster is no error.
        """
        folders, settings = self._folders, self._settings
        self._renderers = self._song_renderers()
        folders.make()
        check_version(folders.database)
        self.token = settings.token or read_or_create_secret(folders.token)
        self._key = read_or_create_secret(folders.key)
        self._signer = Signer(self._key)
        self._database = Database(folders.database, self._prepare)
        self._side: Renderers = PoolRenderers(self._executor, _SIDE_WORK)
        self._callbacks = Callbacks(
            self._database, CallbackClient(allow_private=settings.allow_private_callbacks), self._record, self._clock
        )
        self._maker = Maker(
            settings,
            folders=folders,
            database=self._database,
            renderers=self._renderers,
            callbacks=self._callbacks,
            clock=self._clock,
            on_end=self._on_end,
        )
        self._answers = _LazyApp(self._context)
        self.app = self.gated(None)
        self._running = asyncio.create_task(self._maker.run())
        return self

    @property
    def token_file(self) -> Path:
        """The file with the token, unless the settings give one."""
        return self._folders.token

    def gated(self, rules: PortRules | None) -> ASGIApp:
        """Return the app behind a gate with `rules` (None: check only the token)."""
        return AccessControl(self._answers, self.token, self._clock, rules)

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop making songs; unfinished ones resume at the next start."""
        self._running.cancel()
        with suppress(asyncio.CancelledError):
            await self._running
        await self._answers.close()
        await self._callbacks.close()
        await self._renderers.close()
        await self._side.close()
        await asyncio.to_thread(self._database.close)

    def _prepare(self, store: Any) -> None:
        account_rules.ensure(store, self._settings, self._clock.now(), self._rng)

    def _record(self, job: StudioJob) -> dict[str, Any]:
        from riffusion_tui.studio.queue.running_songs import progress_of

        return song_record(job, job.base, self._signer, progress_of(self._folders)(job))

    def _song_renderers(self) -> Renderers:
        settings = self._settings
        if settings.cluster is None:
            return PoolRenderers(self._executor, settings.renderers or cores())
        from riffusion_tui.studio.cluster.cluster_renderers import ClusterRenderers

        return ClusterRenderers(
            settings.cluster,
            settings.cluster_certificates or self._folders.root / "cluster",
            engine=settings.engine,
            soundfont=settings.soundfont,
            clock=self._clock,
        )

    def _process(self) -> Executor:
        from riffusion_tui.studio.queue.process_pool import LifelineProcess

        return LifelineProcess(self._settings.niceness, self._folders.engine_log)

    def _context(self) -> StudioContext:
        from riffusion_tui.studio.http.handlers import StudioContext
        from riffusion_tui.studio.queue.admission import UpstreamLimit
        from riffusion_tui.studio.queue.formats import Formats
        from riffusion_tui.studio.queue.moderation import Moderation

        return StudioContext(
            settings=self._settings,
            folders=self._folders,
            database=self._database,
            moderation=Moderation(self._folders.moderation),
            side=self._side,
            formats=Formats(self._settings, self._folders, self._side),
            maker=self._maker,
            signer=self._signer,
            key=self._key,
            clock=self._clock,
            rng=self._rng,
            limit=UpstreamLimit(self._settings.upstream_rate),
        )


class _LazyApp:
    """The app, imported and built on the first request, so that opening a studio is fast."""

    def __init__(self, context: Callable[[], StudioContext]) -> None:
        self._context = context
        self._app: ASGIApp | None = None
        self._formats: Formats | None = None
        self._turn = asyncio.Lock()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async with self._turn:
            if self._app is None:
                self._app = await asyncio.to_thread(self._build)
            app: ASGIApp = self._app
        await app(scope, receive, send)

    def _build(self) -> ASGIApp:
        from riffusion_tui.studio.http.asgi import build

        context = self._context()
        self._formats = context.formats
        return build(context)

    async def close(self) -> None:
        if self._formats is not None:
            await self._formats.close()

"""The studio's connection to a scheduler, established in the background and again when it is lost."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import CancelledError
from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit

from riffusion_tui.jobs.clock import Clock
from riffusion_tui.studio.cluster.certificates import Certificates
from riffusion_tui.studio.cluster.cluster_address import ClusterAddress, is_loopback
from riffusion_tui.studio.cluster.cluster_errors import SchedulerUnreachable
from riffusion_tui.studio.cluster.dask_library import load_dask, log_through, security_of
from riffusion_tui.studio.cluster.render_versions import RenderVersions, differences, render_versions, version_label
from riffusion_tui.studio.cluster.scheduler_calls import DASHBOARD_HOST, METADATA, Census, census, counted, grouped
from riffusion_tui.studio.cluster.scheduler_probe import probe

_RETRY_S = 1.0
_CHECK_S = 0.25
_ANSWER_S = 5.0
_log = logging.getLogger("riffusion_tui.studio")


class ClusterConnection:
    """A Dask client that is replaced when its scheduler is gone."""

    def __init__(
        self,
        address: ClusterAddress,
        certificates: Certificates | None,
        *,
        engine: str,
        soundfont: str | None,
        clock: Clock,
        on_event: Callable[[dict[str, Any]], None],
    ) -> None:
        """Create it; nothing connects yet.

        Args:
            address: the scheduler's.
            certificates: needed unless the address is this machine's.
            engine: `module:name` of the engine that songs are made with.
            soundfont: as in `StudioSettings`.
            clock: the time between tries.
            on_event: called in the event loop with each message about an order.
        """
        self._address = address
        self._certificates = certificates
        self._engine = engine
        self._soundfont = soundfont
        self._clock = clock
        self._on_event = on_event
        self._client: Any = None
        self._keeper: asyncio.Task[None] | None = None
        self._versions: RenderVersions = {}
        self._logged: Census | None = None
        self.label = ""
        """Resource that fitting renderers offer; known once connected."""

    @property
    def client(self) -> Any:
        """The Dask client, or None if there is no connection now."""
        return self._client if self._client is not None and self._client.status == "running" else None

    @property
    def topic(self) -> str:
        """Where renderers log the progress of this client's orders."""
        return f"riffusion-tui-{self._client.id}"

    def start(self) -> None:
        """Connect in the background, and again whenever the connection is lost."""
        if self._keeper is None or self._keeper.done():
            self._keeper = asyncio.create_task(self._keep(), name="cluster")

    async def count(self) -> int:
        """Ask the scheduler how many renderers have this studio's versions; 0 if it can't be reached."""
        client = self.client
        if client is None:
            return 0
        try:
            async with asyncio.timeout(_ANSWER_S):
                found: Census = await client.run_on_scheduler(census, self.label)
        except Exception as error:  # noqa: BLE001 (the boundary to Dask: it raises many types when its client is closing)
            _log.info("the scheduler did not say how many renderers there are: %r", error)
            return 0
        self._log_changes(found)
        return found.fitting

    async def close(self) -> None:
        """Disconnect; the scheduler then stops this studio's orders."""
        if self._keeper is not None:
            self._keeper.cancel()
            with suppress(asyncio.CancelledError):
                await self._keeper
            self._keeper = None

    async def _keep(self) -> None:
        trouble = ""
        while True:
            try:
                await self._connect()
                trouble = ""
                while self.client is not None:
                    await self._clock.sleep(_CHECK_S)
                _log.warning("the connection to the cluster at %s is lost; songs wait", self._address.url)
            except OSError as error:
                if str(error) != trouble:
                    trouble = str(error)
                    _log.warning("%s Songs wait.", trouble)
            finally:
                await self._disconnect()
            await self._clock.sleep(_RETRY_S)

    async def _connect(self) -> None:
        await asyncio.to_thread(probe, self._address, self._certificates)
        await asyncio.to_thread(load_dask)
        self._versions = await asyncio.to_thread(render_versions, self._engine, self._soundfont)
        self.label = version_label(self._versions)
        try:
            client = self._client = await open_client(self._address, self._certificates)
            await client.set_metadata([METADATA, client.id], dict(self._versions))
            client.subscribe_topic(self.topic, self._receive)
            dashboard = await describe_dashboard(client)
        except (OSError, CancelledError) as error:
            raise SchedulerUnreachable(f"The scheduler at {self._address.url} does not answer: {error}.") from None
        _log.info("songs are rendered by the cluster at %s; %s", self._address.url, dashboard)

    async def _disconnect(self) -> None:
        client, self._client, self._logged = self._client, None, None
        if client is not None:
            with suppress(OSError, TimeoutError):
                async with asyncio.timeout(_ANSWER_S):
                    await client.close(timeout=1)

    def _receive(self, event: tuple[float, dict[str, Any]]) -> None:
        self._on_event(event[1])

    def _log_changes(self, found: Census) -> None:
        """Log how many renderers there are, and why others can't be used, whenever that changes."""
        before, self._logged = self._logged, found
        if before is None or before.fitting != found.fitting:
            _log.info("the cluster has %s", counted(found.fitting, "renderer"))
        if before is None or before.others != found.others:
            for line in describe_others(self._versions, found.others):
                _log.warning("%s", line)


async def open_client(address: ClusterAddress, certificates: Certificates | None) -> Any:
    """Return a connected Dask client; the caller closes it. Raises `OSError` if the scheduler does not answer."""
    dask = load_dask()
    log_through(_log)
    return await dask.Client(
        address.url,
        security=security_of(address, certificates),
        asynchronous=True,
        set_as_default=False,
        timeout=_ANSWER_S,
        name="riffusion-tui-studio",
    )


async def describe_dashboard(client: Any) -> str:
    """Describe where Dask's dashboard is."""
    link = client.dashboard_link
    if not link:
        return "it has no dashboard"
    host = await client.get_metadata([DASHBOARD_HOST], default="")
    if host and is_loopback(host):
        parts = urlsplit(link)
        return f"dashboard: {parts.scheme}://{host}:{parts.port}{parts.path} on the scheduler's machine"
    return f"dashboard: {link}"


def describe_others(here: RenderVersions, others: tuple[dict[str, str], ...]) -> list[str]:
    """Describe the renderers with other versions: how many there are, and what differs."""
    return [
        f"{counted(number, 'renderer')} not used, since the songs would differ: {differences(here, versions)}"
        if versions
        else f"{counted(number, 'worker')} not used: not started by `riffusion-tui renderer`"
        for versions, number in grouped(others)
    ]

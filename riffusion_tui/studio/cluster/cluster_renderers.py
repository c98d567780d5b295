"""Renderers of a cluster: orders go out, bytes come back, and no folder is shared."""

from __future__ import annotations

import asyncio
import os
import uuid
from concurrent.futures import CancelledError
from contextlib import suppress
from pathlib import Path
from typing import Any

from riffusion_tui.jobs.clock import Clock
from riffusion_tui.studio.cluster.cluster_connection import ClusterConnection
from riffusion_tui.studio.cluster.cluster_inspection import check_cluster_settings
from riffusion_tui.studio.cluster.dask_library import load_dask
from riffusion_tui.studio.cluster.remote_render import RemoteOrder, RemoteOutcome, render
from riffusion_tui.studio.queue.render_task import CANCEL, Outcome, RenderOrder, write_progress
from riffusion_tui.studio.queue.renderers import Crashed, RenderersGone, Stuck, Work, retrieve_exception

_CHECK_S = 0.25
_GRACE_S = 15.0
_MAX_STARTS = 4
"""Dask gives up an order after it has killed this many renderers."""


class _RunningOrder:
    """The studio's view of an order at the cluster."""

    def __init__(self, folder: Path, clock: Clock) -> None:
        self._folder = folder
        self._clock = clock
        self.starts = 0
        self._started_at: float | None = None

    def receive(self, message: dict[str, Any]) -> None:
        """Handle a message that its renderer logged."""
        if message.get("state") == "started":
            self.starts += 1
            self._started_at = self._clock.steady()
        elif self._folder.exists():
            with suppress(OSError):
                write_progress(self._folder, float(message["share"]), str(message["what"]))

    @property
    def cancelled(self) -> bool:
        """Whether the studio cancelled it."""
        return not self._folder.exists() or (self._folder / CANCEL).exists()

    def overdue(self, timeout_s: float) -> bool:
        """Whether it exceeded its time limit, which starts when a renderer begins."""
        return self._started_at is not None and self._clock.steady() - self._started_at > timeout_s


class ClusterRenderers:
    """See `Renderers`. An order that loses its renderer is rendered by another one."""

    def __init__(self, address: str, certificates: Path, *, engine: str, soundfont: str | None, clock: Clock) -> None:
        """Check everything that can be checked without connecting.

        Args:
            address: the scheduler's, as `tls://host:8786`.
            certificates: folder of the certificates; not needed for `tcp://` on this machine.
            engine: `module:name` of the engine; renderers must have the same version.
            soundfont: as in `StudioSettings`; renderers must have the same one.
            clock: the time.

        Raises:
            ClusterError: the extra is not installed, or address or certificates can't be used.
        """
        scheduler, found = check_cluster_settings(address, certificates)
        self._clock = clock
        self._orders: dict[str, _RunningOrder] = {}
        self._connection = ClusterConnection(
            scheduler, found, engine=engine, soundfont=soundfont, clock=clock, on_event=self._receive
        )

    async def count(self) -> int:
        """Return how many renderers are connected to the scheduler now and have the studio's versions."""
        self._connection.start()
        return await self._connection.count()

    async def run(self, work: Work, order: RenderOrder, timeout_s: float) -> Outcome:
        """Return the outcome of `work(order)`; see `Renderers.run`. `timeout_s` begins when a renderer does."""
        running = _RunningOrder(Path(order.folder), self._clock)
        while True:
            answer = await self._attempt(work, order, timeout_s, running)
            if answer is None and running.starts >= _MAX_STARTS:
                raise Crashed
            if answer is not None:
                await asyncio.to_thread(_write, Path(order.folder), answer.files)
                return answer.outcome

    async def _attempt(
        self, work: Work, order: RenderOrder, timeout_s: float, running: _RunningOrder
    ) -> RemoteOutcome | None:
        """Render an order; return None if Dask gave it up because all its renderers died."""
        client = self._connection.client
        if client is None:
            raise RenderersGone
        key = f"riffusion-tui-render-{uuid.uuid4().hex}"
        self._orders[key] = running
        remote = RemoteOrder(work, order, self._connection.topic, _GRACE_S)
        future = client.submit(render, remote, key=key, pure=False, resources={self._connection.label: 1})
        answer = asyncio.ensure_future(future.result())
        try:
            while not (await asyncio.wait({answer}, timeout=_CHECK_S))[0]:
                if client.status != "running":
                    raise RenderersGone
                if await asyncio.to_thread(lambda: running.cancelled):
                    return RemoteOutcome(Outcome())
                if running.overdue(timeout_s):
                    raise Stuck
            return _answer_of(answer)
        finally:
            del self._orders[key]
            answer.cancel()
            answer.add_done_callback(retrieve_exception)
            future.release()  # its renderer notices that it is no longer wanted, and stops

    def _receive(self, message: dict[str, Any]) -> None:
        running = self._orders.get(message.get("key", ""))
        if running is not None:
            running.receive(message)

    async def close(self) -> None:
        """Disconnect; renderers stop this studio's orders."""
        await self._connection.close()


def _answer_of(answer: asyncio.Future[RemoteOutcome]) -> RemoteOutcome | None:
    if answer.cancelled():
        raise RenderersGone
    error = answer.exception()
    if error is None:
        return answer.result()
    if isinstance(error, load_dask().KilledWorker):
        return None
    if isinstance(error, CancelledError | OSError):
        raise RenderersGone  # the connection was lost, or a renderer while it was sending its result
    raise error


def _write(folder: Path, files: dict[str, bytes]) -> None:
    """Write what came back into an order's folder, durably. Raises `OSError`."""
    for name, content in files.items():
        descriptor = os.open(folder / Path(name).name, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
        with os.fdopen(descriptor, "wb") as opened:
            opened.write(content)
            opened.flush()
            os.fsync(descriptor)

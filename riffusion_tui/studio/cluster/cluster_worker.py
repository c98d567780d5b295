"""The process of one renderer of a cluster: a Dask worker with one thread. `renderer_group` starts and restarts it."""

from __future__ import annotations

import asyncio
import os
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from riffusion_tui.studio.cluster.certificates import certificates_in
from riffusion_tui.studio.cluster.cluster_address import read_cluster_address
from riffusion_tui.studio.cluster.cluster_errors import OtherVersions
from riffusion_tui.studio.cluster.dask_library import load_dask, log_errors_only, security_of
from riffusion_tui.studio.cluster.remote_render import use_soundfont
from riffusion_tui.studio.cluster.render_versions import RenderVersions, differences, render_versions, version_label
from riffusion_tui.studio.cluster.scheduler_calls import METADATA, studio_versions
from riffusion_tui.studio.queue.render_task import prepare

LOST = os.EX_TEMPFAIL
"""Exit code: the scheduler is gone or does not answer."""
UNFIT = os.EX_CONFIG
"""Exit code: versions or the soundfont differ from the studio's."""
_CONNECT_S = 10.0
_CHECK_S = 0.25


@dataclass(frozen=True, slots=True)
class WorkerSettings:
    """Settings of a cluster's renderer."""

    cluster: str
    """The scheduler's address."""
    certificates: Path | None
    engine: str
    soundfont: str | None
    name: str
    """Unique in the cluster."""
    scratch: str
    """Folder for songs being made."""
    niceness: int = 10
    host: str | None = None
    """Address of this machine that the scheduler reaches; None: detected."""
    port: int = 0
    """Where it listens; 0: any free port."""


def work(settings: WorkerSettings, lifeline: Connection, trouble: Connection) -> None:
    """Render songs until the scheduler is gone or `lifeline` closes; the process then exits.

    Args:
        settings: how.
        lifeline: nothing is ever sent over it.
        trouble: gets the reason if it ends with `UNFIT`.
    """
    prepare(lifeline, settings.niceness, None)
    try:
        asyncio.run(_work(settings))
    except OtherVersions as error:
        trouble.send(str(error))
        os._exit(UNFIT)
    except OSError:
        pass
    # A thread may still be rendering a song that is no longer wanted.
    os._exit(LOST)


async def _work(settings: WorkerSettings) -> None:
    dask = load_dask()
    log_errors_only()
    address = read_cluster_address(settings.cluster)
    security = security_of(address, certificates_in(settings.certificates) if settings.certificates else None)
    versions = render_versions(settings.engine, settings.soundfont)
    use_soundfont(settings.soundfont)
    await _compare(dask, address.url, security, versions)
    worker = await dask.Worker(
        address.url,
        nthreads=1,
        name=settings.name,
        security=security,
        resources={version_label(versions): 1},
        startup_information={METADATA: lambda _: dict(versions)},
        memory_limit=0,
        local_directory=settings.scratch,
        dashboard_address="127.0.0.1:0",
        host=settings.host,
        port=settings.port,
        death_timeout=_CONNECT_S,
    )
    while worker.status.name in ("running", "paused"):  # noqa: ASYNC110 (Dask waits for running songs before it reports that)
        await asyncio.sleep(_CHECK_S)


async def _compare(dask: Any, url: str, security: Any, versions: RenderVersions) -> None:
    """Compare versions with the connected studios. Without any, the label ensures that only matching orders arrive.

    Raises:
        OtherVersions: there are studios, and this renderer's songs would differ from all of theirs.
        OSError: the scheduler does not answer.
    """
    async with dask.Client(
        url, security=security, asynchronous=True, set_as_default=False, timeout=_CONNECT_S
    ) as client:
        studios = await client.run_on_scheduler(studio_versions)
    if studios and versions not in studios:
        raise OtherVersions(
            f"This renderer's songs would differ from the studio's: {differences(versions, studios[0])}; install the "
            "same version and soundfont on both."
        )

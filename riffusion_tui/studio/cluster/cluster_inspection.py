"""Inspect a cluster for `doctor`: its renderers, and whether the studio can use them."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import NamedTuple

from riffusion_tui.studio.cluster.certificates import Certificates, certificates_in
from riffusion_tui.studio.cluster.cluster_address import ClusterAddress, read_cluster_address
from riffusion_tui.studio.cluster.cluster_connection import describe_dashboard, describe_others, open_client
from riffusion_tui.studio.cluster.cluster_errors import SchedulerUnreachable
from riffusion_tui.studio.cluster.dask_library import check_extra
from riffusion_tui.studio.cluster.render_versions import render_versions, version_label
from riffusion_tui.studio.cluster.scheduler_calls import Census, census
from riffusion_tui.studio.cluster.scheduler_probe import probe


class ClusterState(NamedTuple):
    """The result of an inspection."""

    renderers: int
    """Number of renderers that match the studio."""
    unfit: tuple[str, ...]
    """A sentence for each kind of renderer that doesn't."""
    dashboard: str
    """Where Dask's dashboard is."""


def check_cluster_settings(cluster: str, folder: Path) -> tuple[ClusterAddress, Certificates | None]:
    """Check what can be checked without connecting.

    Args:
        cluster: the scheduler's address.
        folder: the certificates'.

    Raises:
        ClusterError: the extra is missing, or the address or the certificates can't be used.
    """
    check_extra()
    address = read_cluster_address(cluster)
    return address, certificates_in(folder) if address.encrypted else None


async def inspect_cluster(
    address: ClusterAddress, certificates: Certificates | None, *, engine: str, soundfont: str | None
) -> ClusterState:
    """Connect to a scheduler and look at its renderers.

    Args:
        address: the scheduler's.
        certificates: needed if the address is encrypted.
        engine: as in `StudioSettings`.
        soundfont: as in `StudioSettings`.

    Raises:
        ClusterError: the scheduler can't be reached, or one side refuses the other's certificate.
    """
    await asyncio.to_thread(probe, address, certificates)
    versions = await asyncio.to_thread(render_versions, engine, soundfont)
    try:
        async with await open_client(address, certificates) as client:
            found: Census = await client.run_on_scheduler(census, version_label(versions))
            dashboard = await describe_dashboard(client)
    except OSError as error:
        raise SchedulerUnreachable(f"The scheduler at {address.url} does not answer: {error}.") from None
    return ClusterState(found.fitting, tuple(describe_others(versions, found.others)), dashboard)

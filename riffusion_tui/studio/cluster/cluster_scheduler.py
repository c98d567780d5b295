"""Dask's scheduler with this program's settings: certificates off this machine, one song per renderer at a time."""

from __future__ import annotations

import asyncio
import logging
import signal
from pathlib import Path

from riffusion_tui.studio.cluster.certificates import certificates_in
from riffusion_tui.studio.cluster.cluster_address import ClusterAddress, is_loopback
from riffusion_tui.studio.cluster.cluster_errors import ClusterError
from riffusion_tui.studio.cluster.dask_library import load_dask, security_of
from riffusion_tui.studio.cluster.scheduler_calls import DASHBOARD_HOST


def run_scheduler(host: str, port: int, certificates: Path, dashboard: str) -> None:
    """Run a scheduler until SIGINT or SIGTERM. Its address is the first line of standard output.

    Args:
        host: address to listen on; unless it is loopback, certificates are required.
        port: 0 takes a free one.
        certificates: folder of the certificates. Without one, a scheduler on loopback is unencrypted.
        dashboard: where Dask's dashboard listens, as `host:port`.

    Raises:
        ClusterError: the extra or certificates are missing, or the address can't be listened on.
    """
    encrypted = not is_loopback(host) or certificates.is_dir()
    address = ClusterAddress("tls" if encrypted else "tcp", host, port)
    asyncio.run(_run(address, certificates if encrypted else None, dashboard))


async def _run(address: ClusterAddress, certificates: Path | None, dashboard: str) -> None:
    dask = load_dask()
    # Studios ask each second how many renderers there are, and Dask would log it.
    logging.getLogger("distributed.worker").setLevel(logging.WARNING)
    security = security_of(address, certificates_in(certificates) if certificates is not None else None)
    ended = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, ended.set)
    try:
        scheduler = dask.Scheduler(
            host=address.host,
            port=address.port,
            protocol=f"{address.scheme}://",
            security=security,
            dashboard_address=dashboard,
        )
        await scheduler
    except (OSError, ValueError) as error:
        raise ClusterError(f"The scheduler can't listen on {address.url}: {error}.") from None
    scheduler.set_metadata([DASHBOARD_HOST], dashboard.rpartition(":")[0])
    print(scheduler.address, flush=True)
    await ended.wait()
    await scheduler.close()

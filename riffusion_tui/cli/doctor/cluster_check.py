"""The check of `doctor` for a cluster. Never raises."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Literal, NamedTuple

from riffusion_tui.cli.command_context import CommandContext
from riffusion_tui.cli.errors import NEEDS_ATTENTION, WRONG_USE
from riffusion_tui.cli.wiring.service_setup import certificates_folder
from riffusion_tui.studio.cluster.certificates import days_left
from riffusion_tui.studio.cluster.cluster_errors import CertificateProblem, ClusterError
from riffusion_tui.studio.cluster.cluster_inspection import check_cluster_settings, inspect_cluster
from riffusion_tui.studio.cluster.scheduler_calls import counted
from riffusion_tui.studio.studio_settings import SKETCH_ENGINE

_WARNING_DAYS = 30


class ClusterFinding(NamedTuple):
    """One finding of `doctor` about a cluster."""

    state: Literal["good", "warn", "bad"]
    message: str
    code: int = WRONG_USE
    """The exit code if this is bad."""


def check_cluster(context: CommandContext, *, connect: bool) -> Iterator[ClusterFinding]:
    """Check the address and certificates of the settings' cluster; with `connect`, also the scheduler and renderers."""
    table = context.settings.studio
    try:
        address, certificates = check_cluster_settings(table.cluster, certificates_folder(context))
        if certificates is not None and (left := days_left(certificates, datetime.now(UTC))) < _WARNING_DAYS:
            message = f"the certificates expire in {left} days; make new ones and copy them to each machine"
            yield ClusterFinding("warn" if left >= 0 else "bad", message, NEEDS_ATTENTION)
        if not connect:
            yield ClusterFinding("good", f"songs are rendered by the cluster at {address.url}")
            return
        state = asyncio.run(
            inspect_cluster(address, certificates, engine=SKETCH_ENGINE, soundfont=table.soundfont or None)
        )
    except ClusterError as error:
        yield ClusterFinding("bad", str(error), NEEDS_ATTENTION if isinstance(error, CertificateProblem) else WRONG_USE)
        return
    if state.renderers:
        message = f"{counted(state.renderers, 'renderer')} at {address.url}; {state.dashboard}"
        yield ClusterFinding("good", message)
    else:
        message = f"no renderers at {address.url}: start `riffusion-tui renderer` on other machines; {state.dashboard}"
        yield ClusterFinding("warn", message)
    yield from (ClusterFinding("warn", message) for message in state.unfit)

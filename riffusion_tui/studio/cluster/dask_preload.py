"""Turns a worker started by another program into a renderer: `dask worker --preload` with this module's name.

For dask-jobqueue, the Kubernetes operator and the like. The worker needs `--nthreads 1`; it searches for a soundfont.
"""

from __future__ import annotations

import asyncio
from typing import Any

from riffusion_tui.studio.cluster.render_versions import render_versions, version_label
from riffusion_tui.studio.cluster.scheduler_calls import METADATA
from riffusion_tui.studio.studio_settings import SKETCH_ENGINE


async def dask_setup(worker: Any) -> None:
    """Offer the label of this installation's versions. Dask calls it before the worker registers."""
    versions = await asyncio.to_thread(render_versions, SKETCH_ENGINE, None)
    label = version_label(versions)
    worker.state.total_resources[label] = worker.state.available_resources[label] = 1
    worker.startup_information[METADATA] = lambda _: dict(versions)

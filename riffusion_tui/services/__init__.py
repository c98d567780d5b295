"""What can make songs: one protocol (`base`), an adapter for each service. httpx is imported in this room only.

The adapters load when they are first asked for: `import riffusion_tui.services` costs nothing and loads no HTTP client.
As a library (see `riffusion_tui.services.riffusion` for an example that runs)::

    from riffusion_tui.services import AceStepService, FlowMusicService, RiffusionService
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from riffusion_tui.lazily import lazily

if TYPE_CHECKING:
    from riffusion_tui.services.acestep.client import AceStepService
    from riffusion_tui.services.flowmusic.client import FlowMusicService
    from riffusion_tui.services.riffusion.client import RiffusionService

__all__ = ["AceStepService", "FlowMusicService", "RiffusionService"]
__getattr__ = lazily(
    __name__,
    {
        "AceStepService": "acestep.client",
        "FlowMusicService": "flowmusic.client",
        "RiffusionService": "riffusion.client",
    },
)

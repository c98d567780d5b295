"""The services that make songs: one protocol (`base`) and an adapter per service. Only this package imports httpx.

Adapters are imported on first use, so `import riffusion_tui.services` is fast and loads no HTTP client.
As a library (see `riffusion_tui.services.riffusion` for a complete example)::

    from riffusion_tui.services import AceStepService, FlowMusicService, RiffusionService
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from riffusion_tui.lazy_imports import lazy_getattr

if TYPE_CHECKING:
    from riffusion_tui.services.acestep.client import AceStepService
    from riffusion_tui.services.flowmusic.client import FlowMusicService
    from riffusion_tui.services.riffusion.client import RiffusionService

__all__ = ["AceStepService", "FlowMusicService", "RiffusionService"]
__getattr__ = lazy_getattr(
    __name__,
    {
        "AceStepService": "acestep.client",
        "FlowMusicService": "flowmusic.client",
        "RiffusionService": "riffusion.client",
    },
)

"""The services that there are: name → its profile, as `module:NAME` below `riffusion_tui.services`.

A further service is a folder of its own and one line here. Only names stand here, so that every room may read them.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

SERVICES: Mapping[str, str] = MappingProxyType(
    {
        "studio": "riffusion.profile:STUDIO",
        "riffusion": "riffusion.profile:RIFFUSION",
        "flowmusic": "flowmusic.profile:FLOWMUSIC",
        "acestep": "acestep.profile:ACESTEP",
    }
)

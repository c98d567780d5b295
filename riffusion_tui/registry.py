"""The registered services: name → profile, as `module:NAME` under `riffusion_tui.services`.

To add a service, add a folder and one line here. This module contains only names, so every package may import it.
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

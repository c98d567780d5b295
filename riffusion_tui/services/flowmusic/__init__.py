"""Flow Music's API v1, Riffusion's living successor at the same vendor."""

from __future__ import annotations

from riffusion_tui.lazily import lazily

__getattr__ = lazily(__name__, {"FlowMusicService": "client"})

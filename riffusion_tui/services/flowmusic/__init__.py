"""The Flow Music API v1, the vendor's successor to Riffusion."""

from __future__ import annotations

from riffusion_tui.lazily import lazily

__getattr__ = lazily(__name__, {"FlowMusicService": "client"})

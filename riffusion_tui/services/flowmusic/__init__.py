"""The Flow Music API v1, the vendor's successor to Riffusion."""

from __future__ import annotations

from riffusion_tui.lazy_imports import lazy_getattr

__getattr__ = lazy_getattr(__name__, {"FlowMusicService": "client"})

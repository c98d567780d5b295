"""Text → plan: the doors of the room `understand`."""

from __future__ import annotations

from riffusion_tui.studio.engine.base import Heard
from riffusion_tui.studio.engine.understand.planning import plan
from riffusion_tui.studio.engine.understand.reading import read
from riffusion_tui.studio.engine.understand.report import plan_json

__all__ = ["hear", "plan", "plan_json"]


def hear(text: str) -> tuple[Heard, ...]:
    """The words of `text` that the engine understands, as they are typed: quick enough for every key pressed."""
    return read(text).heard()

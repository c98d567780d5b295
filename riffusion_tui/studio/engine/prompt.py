"""Text → plan: the public functions of `understand`."""

from __future__ import annotations

from riffusion_tui.studio.engine.types import RecognizedTerm
from riffusion_tui.studio.engine.understand.mentions import read
from riffusion_tui.studio.engine.understand.planning import plan
from riffusion_tui.studio.engine.understand.report import plan_json

__all__ = ["plan", "plan_json", "recognize"]


def recognize(text: str) -> tuple[RecognizedTerm, ...]:
    """Return the words of `text` that the engine understands. Fast enough to call on every keystroke."""
    return read(text).recognized()

"""Text → plan: the public functions of `understand`."""

from __future__ import annotations

from riffusion_tui.studio.engine.song_plan import RecognizedTerm
from riffusion_tui.studio.engine.understand.planning.plan import plan
from riffusion_tui.studio.engine.understand.planning.report import plan_json
from riffusion_tui.studio.engine.understand.reading.read_prompt import read

__all__ = ["plan", "plan_json", "recognize", "stated"]


def stated(text: str) -> dict[str, str]:
    """Return what `text` says in so many words; what it leaves open is missing.

    The names: `tempo` in bpm, `key` (`C minor`), `meter` (`3/4`), `length` in seconds, `language` (`de`), and `vocals`,
    which can only be `none`.
    """
    reading = read(text)
    key, mode = reading.first("key"), reading.first("mode")
    silent = any(term.meaning == "none" for term in reading.positive("vocal"))
    silent = silent or any(term.meaning == "voice" for term in reading.negative("vocal"))
    found = {
        "tempo": reading.first("tempo"),
        "key": f"{key} {mode or 'major'}" if key else None,
        "meter": reading.first("meter"),
        "length": reading.first("length"),
        "language": reading.first("language"),
        "vocals": "none" if silent else None,
    }
    return {name: value for name, value in found.items() if value}


def recognize(text: str) -> tuple[RecognizedTerm, ...]:
    """Return the words of `text` that the engine understands. Fast enough to call on every keystroke."""
    return read(text).recognized()

"""Moving sections to where a prompt wants them: the chorus to the start, a solo to the end."""

from __future__ import annotations

from dataclasses import replace

from riffusion_tui.studio.engine.compose.form import SectionTemplate, usual_name
from riffusion_tui.studio.engine.song_plan import Plan
from riffusion_tui.studio.engine.structure_hints import CHORUS_FIRST, SOLO_LAST

_CHORUS, _SOLO = "chorus", "solo"


def in_stated_places(parts: list[SectionTemplate], plan: Plan) -> list[SectionTemplate]:
    """Return sections, with sizes in bars, in the places that the prompt gives them; as long as `parts`."""
    if CHORUS_FIRST in plan.structure:
        parts = _with_chorus_first(parts)
    return _with_solo_last(parts) if SOLO_LAST in plan.structure else parts


def _with_chorus_first(parts: list[SectionTemplate]) -> list[SectionTemplate]:
    """Return the sections with a chorus in place of the intro, or, without one, with their first chorus in front."""
    at = next((i for i, part in enumerate(parts) if part.kind == _CHORUS), None)
    if at is None or at == 0:
        return parts
    if parts[0].kind == "intro" and at > 1:
        return [replace(parts[at], size=parts[0].size), *parts[1:]]
    front = 1 if parts[0].kind == "intro" else 0
    return [parts[at], *parts[:front], *parts[front:at], *parts[at + 1 :]]


def _with_solo_last(parts: list[SectionTemplate]) -> list[SectionTemplate]:
    """Return the sections with their last solo right before the ending."""
    solos = [i for i, part in enumerate(parts) if part.kind == _SOLO and part.name == usual_name(_SOLO)]
    end = len(parts) - (parts[-1].kind == "ending")
    if not solos or solos[-1] == end - 1:
        return parts
    at = solos[-1]
    return [*parts[:at], *parts[at + 1 : end], parts[at], *parts[end:]]

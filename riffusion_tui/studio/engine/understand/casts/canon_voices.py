"""Who plays a canon: at least two players of single lines, without a band."""

from __future__ import annotations

from riffusion_tui.studio.engine.instrument_groups import SINGERS
from riffusion_tui.studio.engine.song_plan import KEYLESS, Plan
from riffusion_tui.studio.engine.structure_hints import CANON
from riffusion_tui.studio.engine.understand.words import tables

_VOICES = 2


def has_one_line(name: str) -> bool:
    """Whether an instrument plays tunes and no chords."""
    roles = tables.instruments()[name].roles
    return name not in SINGERS and "lead" in roles and not {"chords", "drums"} & set(roles)


def is_canon(plan: Plan) -> bool:
    """Whether the prompt asks for a canon, and its exact cast can play one."""
    voices = [name for name in plan.cast if name in tables.instruments() and has_one_line(name)]
    return CANON in plan.structure and len(voices) >= _VOICES and plan.vocals == "none" and plan.mode != KEYLESS

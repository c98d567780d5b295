"""How softly a song is played and mastered: as quiet or soft as the prompt says, by `styles/mixing.toml`."""

from __future__ import annotations

from riffusion_tui.studio.engine.datafiles import read_data
from riffusion_tui.studio.engine.genre_files import genres
from riffusion_tui.studio.engine.song_plan import Plan

_QUIET_BELOW = 0.5
"""A song that is called quiet has less energy than this."""
_GENTLE_UNTIL = 0.42
"""The usual energy of a genre whose whole band can play softly; in others, soft means few drums and mild guitars."""


def softness(plan: Plan) -> str:
    """Return `quiet`, `soft` or, for all other songs, an empty text."""
    tables = read_data("mixing.toml")
    if plan.genre in tables["quiet"]["words"]:
        return "quiet"
    if plan.energy >= _QUIET_BELOW:
        return ""
    words = wanted(plan)
    if words & set(tables["quiet"]["words"]):
        return "quiet"
    soft = bool(plan.cast) or float(genres()[plan.genre]["genre"]["feel"][0]) <= _GENTLE_UNTIL
    return "soft" if soft and words & set(tables["soft"]["words"]) else ""


def wanted(plan: Plan) -> set[str]:
    """Return the prompt's words that were understood, without those that it excludes."""
    return {one.word.lower() for one in plan.understood if one.kind != "avoid"}


def dynamics(plan: Plan) -> float:
    """Return the factor on the velocities of a song's notes: softer notes have a darker timbre."""
    found = softness(plan)
    return float(read_data("mixing.toml")[found]["dynamics"]) if found else 1.0

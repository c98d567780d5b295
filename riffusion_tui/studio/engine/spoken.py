"""Whether lyrics are sung or spoken in rhythm, by `styles/delivery.toml`."""

from __future__ import annotations

from functools import cache

from riffusion_tui.studio.engine.datafiles import read_data
from riffusion_tui.studio.engine.types import Plan


def is_spoken(plan: Plan) -> bool:
    """Return whether the lyrics are spoken in rhythm, as in rap."""
    rows = read_data("delivery.toml")["spoken"]
    found = {word for term in plan.understood if term.kind == "vocal" for word in (*term.word.lower().split(),)}
    if found & _listed(rows["sung"]):
        return False
    return bool(found & _listed(rows["words"])) or plan.genre in rows["genres"]


@cache
def _listed(words: str) -> frozenset[str]:
    return frozenset(word.strip() for word in words.split(","))

"""Whether lyrics are sung, rapped or recited, by `styles/delivery.toml`."""

from __future__ import annotations

from typing import Literal

from riffusion_tui.studio.engine.datafiles import read_data, split_words
from riffusion_tui.studio.engine.song_plan import Plan

Delivery = Literal["sung", "rapped", "recited"]
"""Rapped lyrics are spoken in the rhythm of the music, recited ones at the pace of speech."""


def delivery_of(plan: Plan) -> Delivery:
    """Return how a song's lyrics are delivered."""
    rows = read_data("delivery.toml")["spoken"]
    found = _words(plan, "vocal")
    if found.intersection(split_words(rows["sung"])):
        return "sung"
    if found.intersection(split_words(rows["rapped"])):
        return "rapped"
    if found.intersection(split_words(rows["recited"])):
        return "rapped" if _words(plan, "genre").intersection(split_words(rows["rapped"])) else "recited"
    return "rapped" if plan.genre in rows["genres"] else "sung"


def _words(plan: Plan, kind: str) -> set[str]:
    terms = {term.word.lower() for term in plan.understood if term.kind == kind}
    brief = split_words(read_data("delivery.toml")["spoken"]["brief"])
    return {word for term in terms.difference(brief) for word in term.split()}

"""Whether lyrics are sung, rapped or recited, by `styles/delivery.toml`."""

from __future__ import annotations

from functools import cache
from typing import Literal

from riffusion_tui.studio.engine.datafiles import read_data
from riffusion_tui.studio.engine.types import Plan

Delivery = Literal["sung", "rapped", "recited"]
"""Rapped lyrics are spoken in the rhythm of the music, recited ones at the pace of speech."""


def delivery_of(plan: Plan) -> Delivery:
    """Return how a song's lyrics are delivered."""
    rows = read_data("delivery.toml")["spoken"]
    found = _words(plan, "vocal")
    if found & _listed(rows["sung"]):
        return "sung"
    if found & _listed(rows["rapped"]):
        return "rapped"
    if found & _listed(rows["recited"]):
        return "rapped" if _words(plan, "genre") & _listed(rows["rapped"]) else "recited"
    return "rapped" if plan.genre in rows["genres"] else "sung"


def _words(plan: Plan, kind: str) -> set[str]:
    terms = {term.word.lower() for term in plan.understood if term.kind == kind}
    return {word for term in terms - _listed(read_data("delivery.toml")["spoken"]["brief"]) for word in term.split()}


@cache
def _listed(words: str) -> frozenset[str]:
    return frozenset(word.strip() for word in words.split(","))

"""What a prompt says about single players: who is excluded, who plays a solo, who begins the song."""

from __future__ import annotations

from collections.abc import Iterator

from riffusion_tui.studio.engine.compose import catalog
from riffusion_tui.studio.engine.datafiles import read_data
from riffusion_tui.studio.engine.song_plan import PartColor, Plan
from riffusion_tui.studio.engine.structure_hints import LEVEL, WITHOUT

MELODY = "melody"
"""Excluded, it stands for tunes and answers."""
CHORDS = "chords"
"""Excluded, it stands for chords, struck and held."""
CLEAN = "electric guitar"
"""The guitar that is clean unless a genre drives it."""


def avoided(plan: Plan | PartColor, name: str) -> bool:
    """Whether a plan, or a further prompt, excludes an instrument by name, by family, or as drums or vocals."""
    return is_among(plan.avoided, name)


def is_among(wanted: tuple[str, ...], name: str) -> bool:
    """Whether names and families cover an instrument by name, by family, or as drums or vocals.

    A brass section is covered with its trumpets.
    """
    known = catalog.instrument(name)
    family = str(known.get("family", ""))
    apart = name in read_data("cast.toml")["apart"].get(family, ())
    led = read_data("cast.toml")["led"].get(name)
    words = {name, led or name} | (set() if apart else {family}) | ({"vocals"} if family == "voice" else set())
    if {"drums", "percussion"} & (words | set(known.get("roles", ()))):
        words |= {"drums"} | ({"percussion"} if "drums" not in known.get("roles", ()) else set())
    return any(word in words for word in wanted)


def prompted_db(plan: Plan, role: str, instrument: str) -> float:
    """Return by how many dB the prompt wants a track louder than usual, somewhere at least; negative if softer."""
    rules = read_data("cast.toml")["levels"]
    louder = (*plan.louder, *(name for level, _, name in placed_levels(plan) if level == "louder"))
    raised = float(rules["louder"]) * is_level_of(louder, role, instrument)
    return raised - float(rules["softer"]) * is_level_of(plan.softer, role, instrument)


def is_level_of(names: tuple[str, ...], role: str, instrument: str) -> bool:
    """Whether names of who is louder or softer cover a whole track."""
    return "vocals" in names if role == "vocal" else is_among(names, instrument)


def placed_levels(plan: Plan) -> Iterator[tuple[str, str, str]]:
    """Yield who is louder or softer in some sections: `louder` or `softer`, the sections, and a name or family."""
    for hint in (one.removeprefix(LEVEL) for one in plan.structure if one.startswith(LEVEL)):
        level, _, rest = hint.partition(" in ")
        places, _, name = rest.rpartition(": ")
        yield level, places, name


def soloists(plan: Plan) -> frozenset[str]:
    """Return the instruments of which the prompt wants a solo."""
    return frozenset(hint.removesuffix(" solo") for hint in plan.structure if hint.endswith(" solo"))


def is_clean(plan: Plan) -> bool:
    """Whether the prompt names a clean guitar."""
    return any(term.meaning == CLEAN and "clean" in term.word.lower() for term in plan.understood)


def openers(plan: Plan) -> frozenset[str]:
    """Return the instruments with which the prompt begins the song."""
    hints = (hint for hint in plan.structure if hint.endswith(" intro") and not hint.startswith(WITHOUT))
    return frozenset(hint.removeprefix("solo ").removesuffix(" intro") for hint in hints)

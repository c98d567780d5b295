"""The energy of each section: by its kind and genre, the plan's hints and its place in the song."""

from __future__ import annotations

from dataclasses import replace

from riffusion_tui.studio.engine.datafiles import read_data
from riffusion_tui.studio.engine.genre_files import overrides
from riffusion_tui.studio.engine.score import Section
from riffusion_tui.studio.engine.song_plan import PartColor, Plan

_MIN_ENERGY, _MAX_ENERGY = 0.05, 1.0
HIGH = frozenset({"chorus", "drop"})
MAIN = HIGH | {"verse"}
"""Kinds of main sections: verses, and the high points."""


def usual(genre: str) -> dict[str, float]:
    """Return the energy of each kind of section in a genre."""
    curve: dict[str, float] = {}
    for table in (read_data("forms.toml")["energy"], *overrides("energy", genre)):
        curve |= table
    return curve


def shaped(plan: Plan, sections: tuple[Section, ...]) -> tuple[Section, ...]:
    """Return the sections with the energy that the plan's hints and further prompts give them."""
    count = len(sections)
    found = []
    for index, section in enumerate(sections):
        energy = _hinted(plan, section, index / max(1, count - 1))
        for part in plan.parts:
            if plays_in(part, section, sections):
                energy += part.strength * 0.7 * (part.energy - plan.energy)
        found.append(replace(section, energy=round(min(_MAX_ENERGY, max(_MIN_ENERGY, energy)), 3)))
    return tuple(found)


def plays_in(part: PartColor, section: Section, sections: tuple[Section, ...]) -> bool:
    """Whether the middle of a section is in the time range of a further prompt."""
    last = sections[-1]
    per_bar = last.start / max(1, sum(s.bars for s in sections[:-1])) if len(sections) > 1 else 1.0
    end = last.start + last.bars * per_bar
    middle = (section.start + section.bars * per_bar / 2) / max(end, 1e-6)
    return part.start <= middle < part.end or (part.end >= 1 and middle >= 1)


def _hinted(plan: Plan, section: Section, gone: float) -> float:
    """Return a section's energy after the prompt's hints about the form."""
    energy = section.energy
    if section.kind not in ("intro", "ending", "breakdown"):
        energy += 0.1 * gone
    energy += 0.35 * (plan.energy - 0.5)
    hints = set(plan.structure)
    if "builds up" in hints and section.kind != "ending":
        energy = 0.45 * energy + 0.55 * (0.12 + 0.88 * gone)
    if "quiet-loud" in hints:
        energy += 0.1 if section.kind in HIGH else -0.16
    if "big chorus" in hints and section.kind in HIGH:
        energy += 0.1
    if "loop" in hints and section.kind not in ("intro", "ending"):
        energy = 0.4 * energy + 0.6 * (0.35 + 0.5 * plan.energy)
    if section.kind == "ending" and "quiet ending" in hints:
        energy = min(energy, 0.22)
    elif section.kind == "ending" and "big ending" in hints:
        energy = max(energy, 0.9)
    elif section.kind == "ending" and "sudden end" in hints:
        energy = max(energy, 0.5 + 0.5 * plan.energy)
    return energy

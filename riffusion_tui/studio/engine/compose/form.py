"""A form: the sections of a song in time, and the templates that they are made from."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from riffusion_tui.studio.engine.compose import energy
from riffusion_tui.studio.engine.score import Section

NAMES = {"prechorus": "Pre-Chorus", "ending": "Ending"}
"""Displayed names of sections that are not just their kind."""
_PART = re.compile(r"^(\w+)(?:=([^@:]+?))?\s+(\d+)(?:@(\d+))?(?::([\d.]+))?$")


@dataclass(frozen=True, slots=True)
class SectionTemplate:
    """A section of a form: kind, displayed name, size in units (later in bars), priority, and energy if it sets one."""

    kind: str
    name: str
    size: int
    priority: int = 1
    energy: float | None = None


def total_size(parts: Iterable[SectionTemplate]) -> int:
    """Return the size of all these sections."""
    return sum(part.size for part in parts)


@dataclass(frozen=True, slots=True)
class Form:
    """The sections in time."""

    sections: tuple[Section, ...]
    bar: float
    """Beats per bar."""
    beats: float
    """Beats of the whole song; the last bar may be longer or shorter than the others."""
    unit: int
    """Bars per unit."""
    templates: tuple[SectionTemplate, ...] = ()
    """What the sections were made from, with sizes in bars."""

    @property
    def closing(self) -> float:
        """Start of the song's last chord, in beats."""
        last = self.sections[-1]
        return last.start + (last.bars - 1) * self.bar


def read_parts(text: str) -> tuple[SectionTemplate, ...]:
    """Read `verse=Head 2@1:0.5, chorus 2`: kind, name, units, priority, energy.

    Raises:
        ValueError: a section can't be parsed.
    """
    parts = []
    for piece in text.split(","):
        found = _PART.match(piece.strip())
        if not found:
            raise ValueError(f"not a part of a form: {piece}")
        kind, name, size, priority, energy = found.groups()
        shown = name or usual_name(kind)
        parts.append(SectionTemplate(kind, shown, int(size), int(priority or 1), float(energy) if energy else None))
    return tuple(parts)


def usual_name(kind: str) -> str:
    """Return the name under which a kind of section is displayed."""
    return NAMES.get(kind, kind.capitalize())


def last_high(parts: list[SectionTemplate]) -> int:
    """Return the index of the last chorus or drop and what leads to it; the last index if there is only one."""
    at = next((i for i in range(len(parts) - 1, 0, -1) if parts[i].kind in energy.HIGH), len(parts) - 1)
    while at > 1 and parts[at - 1].kind in ("prechorus", "breakdown", "bridge"):
        at -= 1
    return at

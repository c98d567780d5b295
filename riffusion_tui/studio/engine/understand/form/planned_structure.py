"""The hints about the form of a plan."""

from __future__ import annotations

from riffusion_tui.studio.engine.structure_hints import ORDER, WITHOUT, WITHOUT_SOLOS
from riffusion_tui.studio.engine.understand.form.form_hints import structure
from riffusion_tui.studio.engine.understand.instruments.exclusions import kit_hint, level_hints, placed_hints
from riffusion_tui.studio.engine.understand.reading.mentions import Reading
from riffusion_tui.studio.engine.understand.words import tables


def planned_structure(
    reading: Reading, players: tuple[str, ...], *, given: bool = False, tuneless: bool = False
) -> tuple[str, ...]:
    """Return the hints about the form, without solos if the cast is one soloist or nobody has a tune.

    Given lyrics have the sections that they have: then none is excluded, and their order is their own.
    """
    excluded = {f"{WITHOUT}{section}" for section in tables.sections().values()} if given else set()
    hints = tuple(
        hint for hint in structure(reading) if hint not in excluded and not (given and hint.startswith(ORDER))
    )
    if players:
        hints = (
            *(hint for hint in hints if not hint.endswith("solo") or len(set(players)) > 1),
            "only these",
            *kit_hint(reading),
        )
    placed = (*placed_hints(reading, given=given), *level_hints(reading))
    return (*dict.fromkeys((*hints, *placed)), *((WITHOUT_SOLOS,) if tuneless else ()))

"""Composing: Plan + seed -> Score. Pure Python; the same plan gives the same score in every process.

`form` lays the sections out, `harmony` their chords; `cast` says who plays, `layers` when; `drums`, `bass`, `comp`,
`melody` and `counter` write the notes, `finish` makes them human and clean. What a genre is made of lies in `styles/`.
"""

from __future__ import annotations

from riffusion_tui.studio.engine.base import Plan, Score
from riffusion_tui.studio.engine.compose import arrange, cast, form, harmony, manners
from riffusion_tui.studio.engine.compose.dice import Dice

__all__ = ["compose"]


def compose(plan: Plan, *, title: str | None = None) -> Score:
    """Write the song that `plan` describes; prompt and seed of the plan decide everything left open.

    Args:
        plan: what to make.
        title: a given title; one is found when None.
    """
    dice = Dice(plan.prompt, plan.seed)
    shape = form.lay_out(plan, dice.of("form"))
    manner = manners.manner(plan.genre)
    lifts = (0,) * len(shape.sections)
    chords = harmony.harmonize(plan, shape, dice, dice.pick(manner.colours, "colour"), lifts)
    desk = arrange.Desk(plan, shape, chords, dice, manner, lifts)
    parts = arrange.tracks(desk, cast.seats(plan, dice), None)
    return Score(
        plan=plan,
        title=title or plan.genre.title(),
        sections=shape.sections,
        chords=chords.all(),
        tracks=parts,
        lyrics="[Instrumental]",
        lyric_lines=(),
        beats=shape.beats,
    )

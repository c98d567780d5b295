"""Composing: Plan + seed -> Score. Pure Python; the same plan gives the same score in every process.

`form` lays the sections out, `harmony` their chords; `cast` says who plays, `layers` when; `drums`, `bass`, `comp`,
`melody` and `counter` write the notes, `finish` makes them human and clean. What a genre is made of lies in `styles/`.
"""

from __future__ import annotations

from riffusion_tui.studio.engine.base import LyricLine, Note, Plan, Score
from riffusion_tui.studio.engine.compose import arrange, cast, form, harmony, manners, sung, words
from riffusion_tui.studio.engine.compose.dice import Dice
from riffusion_tui.studio.engine.compose.tunes import Desk, Tunes
from riffusion_tui.studio.engine.lyrics import title as title_of

__all__ = ["compose"]


def compose(plan: Plan, *, title: str | None = None, lyrics: str | None = None, lyrics_strength: float = 1.0) -> Score:
    """Write the song that `plan` describes; prompt and seed of the plan decide everything left open.

    Args:
        plan: what to make.
        title: a given title; one is found when None.
        lyrics: given lyrics, for a song that is sung.
        lyrics_strength: 0 leaves given lyrics aside, 1 keeps every line, between as many as fit.
    """
    dice = Dice(plan.prompt, plan.seed)
    shape = form.lay_out(plan, dice.of("form"))
    manner = manners.manner(plan.genre)
    shape = form.lifted(plan, shape, dice.of("lift"), manner.lifts)
    colours = manners.manner(plan.blend).colours if plan.blend else manner.colours
    desk = Desk(plan, shape, harmony.harmonize(plan, shape, dice, dice.pick(colours, "colour")), dice, manner)
    tunes = Tunes(desk)
    text, voice, lines = _voice(desk, tunes, lyrics or "", lyrics_strength)
    parts = arrange.tracks(desk, tunes, cast.seats(plan, dice), voice)
    found = title or title_of(plan)
    return Score(plan, found, shape.sections, desk.harmony.all(), parts, text, tuple(lines), shape.beats)


def _voice(desk: Desk, tunes: Tunes, given: str, strength: float) -> tuple[str, list[Note] | None, list[LyricLine]]:
    """The words as text, the voice's notes and its lines; nobody sings when the plan says so."""
    plan = desk.plan
    if plan.vocals == "none" or {"vocals", "voice"} & set(plan.avoided):
        return "[Instrumental]", None, []
    dealt = words.deal(plan, desk.form, given, strength)
    seat = arrange.voice(desk)
    notes, lines = sung.sing(desk, tunes, dealt, seat.low, seat.high)
    if not notes:
        return "[Instrumental]", None, []
    return sung.text(dealt, tuple(section.kind for section in desk.form.sections)), notes, lines

"""Hand percussion: patterns of low, high and muted strokes, given to the sounds of the instrument that plays them."""

from __future__ import annotations

from riffusion_tui.studio.engine.base import Note
from riffusion_tui.studio.engine.compose import drums, library
from riffusion_tui.studio.engine.compose.cue import Cue
from riffusion_tui.studio.engine.compose.dice import Dice
from riffusion_tui.studio.engine.datafiles import read_data


def play(cues: list[Cue], instrument: str, dice: Dice) -> list[Note]:
    """Strokes of one percussion instrument through the song."""
    plan = cues[0].plan
    strokes = read_data("cast.toml")["strokes"]
    names = strokes.get(instrument, strokes["percussion"])
    hits = {stroke: drums.HITS[name] for stroke, name in zip(("low", "high", "mute"), names, strict=True)}
    table = library.table("grooves.toml", "percussion")
    own = tuple(e for e in table if instrument in e.serves)
    served = library.serving("grooves.toml", "percussion", plan.genre, library.family_of(plan.genre))
    entries = drums.in_meter(own, plan) or drums.in_meter(served, plan) or drums.in_meter(table, plan) or table
    groove = dice.pick(entries, "percussion", instrument)
    return drums.play(cues, groove, (), dice.of("percussion", instrument), hits)

"""Composing: Plan + seed -> Score. Pure Python; the same plan gives the same score in every process.

`form` lays out the sections, `harmony` their chords; `cast` chooses the players, `layers` when they play; `drums`,
`bass`, `comp`, `melody` and `countermelody` write the notes, `humanize` adds swing and timing. What makes a genre is
data in `styles/`.
"""

from __future__ import annotations

from riffusion_tui.studio.engine.compose import arrange, arrangement_style, cast, form, harmony, lyric_placement, sung
from riffusion_tui.studio.engine.compose.dice import Dice
from riffusion_tui.studio.engine.compose.song_context import SongContext, Tunes
from riffusion_tui.studio.engine.lyrics import title as title_of
from riffusion_tui.studio.engine.types import LyricLine, Note, Plan, Score

__all__ = ["compose"]


def compose(plan: Plan, *, title: str | None = None, lyrics: str | None = None, lyrics_strength: float = 1.0) -> Score:
    """Compose the song that `plan` describes; its prompt and seed decide everything else.

    Args:
        plan: what to make.
        title: the song's title; None to write one.
        lyrics: the lyrics of a vocal song; None to write some.
        lyrics_strength: 0 ignores `lyrics`, 1 keeps every line, in between as many lines as fit.
    """
    dice = Dice(plan.prompt, plan.seed)
    shape = form.lay_out(plan, dice.of("form"))
    style = arrangement_style.style_of(plan.genre)
    shape = form.lifted(plan, shape, dice.of("lift"), style.lifts)
    colours = arrangement_style.style_of(plan.blend).colours if plan.blend else style.colours
    song = SongContext(plan, shape, harmony.harmonize(plan, shape, dice, dice.pick(colours, "colour")), dice, style)
    tunes = Tunes(song)
    text, voice, lines = _voice(song, tunes, lyrics or "", lyrics_strength)
    parts = arrange.tracks(song, tunes, cast.seats(plan, dice), voice)
    found = title or title_of(plan)
    return Score(plan, found, shape.sections, song.harmony.all(), parts, text, tuple(lines), shape.beats)


def _voice(
    song: SongContext, tunes: Tunes, given: str, strength: float
) -> tuple[str, list[Note] | None, list[LyricLine]]:
    """Return the lyrics as text, the vocal notes (None for an instrumental) and the lines with their times."""
    plan = song.plan
    if plan.vocals == "none" or {"vocals", "voice"} & set(plan.avoided):
        return "[Instrumental]", None, []
    placed = lyric_placement.place_lines(plan, song.form, given, strength)
    seat = arrange.voice(song)
    notes, lines = sung.sing(song, tunes, placed, seat.low, seat.high)
    if not notes:
        return "[Instrumental]", None, []
    return sung.text(placed, tuple(section.kind for section in song.form.sections)), notes, lines

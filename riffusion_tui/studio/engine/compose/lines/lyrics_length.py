"""How long a song has to be to sing all the given lyrics."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from math import ceil

from riffusion_tui.studio.engine.compose.form import Form
from riffusion_tui.studio.engine.compose.lines.given_lyrics import GivenLyrics
from riffusion_tui.studio.engine.compose.lines.lyric_faults import lines_left
from riffusion_tui.studio.engine.compose.lines.lyric_placement import place_lines, written_sections
from riffusion_tui.studio.engine.score import LyricLine
from riffusion_tui.studio.engine.song_plan import MAX_LENGTH_S, Plan

_FEWEST_BARS = 0.25
"""Bars that a line takes at least; the fastest have twice as many. More lines than that fit into no song."""
_GROWTH = 1.15
_ROUND_S = 10
"""Lengths that are tried: each so many times the one before, rounded up to so many seconds."""


def length_for_all(
    plan: Plan, lay_out: Callable[[Plan], tuple[Plan, Form]], given: GivenLyrics, sung: Sequence[LyricLine]
) -> float | None:
    """Return `Plan.lyrics_length_s` for a song.

    Args:
        plan: the song's.
        lay_out: returns the form of a plan, and the plan with its length.
        given: the user's lyrics.
        sung: the song's lines.
    """
    if plan.locks.form or not lines_left(plan, given, [line.text for line in sung]):
        return None
    lines = sum(len(section.lines) for section in written_sections(plan, given))
    bar = plan.bar
    if lines * _FEWEST_BARS * bar * 60 / plan.bpm > MAX_LENGTH_S:
        return 0.0
    fixed = tuple((name, value) for name, value in plan.chosen if name != "length_s")
    length_s = plan.length_s
    while length_s < MAX_LENGTH_S:
        length_s = min(MAX_LENGTH_S, ceil(length_s * _GROWTH / _ROUND_S) * _ROUND_S)
        longer, form = lay_out(replace(plan, length_s=length_s, chosen=fixed))
        placed = place_lines(longer, form, given)
        if not lines_left(longer, given, [line.text for lines in placed.sections for line in lines]):
            return length_s
    return 0.0

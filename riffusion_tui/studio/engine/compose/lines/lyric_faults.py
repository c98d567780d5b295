"""What a form lacks for given lyrics: lines that aren't sung, are sung too fast, too often or out of order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from riffusion_tui.studio.engine.compose.form import Form
from riffusion_tui.studio.engine.compose.lines.given_lines import CHORUSES
from riffusion_tui.studio.engine.compose.lines.given_lyrics import GivenLyrics
from riffusion_tui.studio.engine.compose.lines.line_pace import FAST, FASTEST
from riffusion_tui.studio.engine.compose.lines.lyric_placement import LyricPlacement, missing, parsed, place_lines
from riffusion_tui.studio.engine.lyrics import Lyrics
from riffusion_tui.studio.engine.song_plan import Plan

_FORMED = frozenset({"verse", "chorus", "bridge"})
"""Kinds that a form should have if the given lyrics have them."""


def faults(plan: Plan, form: Form, given: GivenLyrics) -> tuple[int, int]:
    """Return how many of the given lines would not be sung, and how many sections out of order or as another kind."""
    own = parsed(given.text, plan.language)
    placed = place_lines(plan, form, given)
    kinds = {"chorus" if section.kind in CHORUSES else section.kind for section in form.sections}
    wanted = {section.kind for section in own.sections if section.lines and section.kind in _FORMED}
    return missing(own, placed), _out_of_order(own, placed) + len(wanted - kinds)


def _out_of_order(own: Lyrics, placed: LyricPlacement) -> int:
    """Return how many of the given sections are first sung before the section that they follow."""
    sung = list(dict.fromkeys(line.text for lines in placed.sections for line in lines))
    firsts = dict.fromkeys(section.lines[0].text for section in own.sections if section.lines)
    places = [sung.index(line) for line in firsts if line in sung]
    return sum(later < earlier for earlier, later in pairwise(places))


def has_bridge(plan: Plan, given: GivenLyrics) -> bool:
    """Whether the given lyrics have a bridge with words."""
    return any(section.kind == "bridge" and section.lines for section in parsed(given.text, plan.language).sections)


def left_out(plan: Plan, form: Form, given: GivenLyrics) -> int:
    """Return how many of the given lines would not be sung."""
    return missing(parsed(given.text, plan.language), place_lines(plan, form, given))


def lines_left(plan: Plan, given: GivenLyrics, sung: Sequence[str]) -> int:
    """Return how many of the given lines are not among those that are sung; one that is given twice has to be twice."""
    own = parsed(given.text, plan.language)
    return (Counter(line.text for section in own.sections for line in section.lines) - Counter(sung)).total()


def is_repeated(plan: Plan, given: GivenLyrics, sung: Sequence[str]) -> bool:
    """Whether a given line is sung more often than it is written."""
    own = parsed(given.text, plan.language)
    written_once = Counter(line.text for section in own.sections for line in section.lines)
    return any(count > written_once[text] > 0 for text, count in Counter(sung).items())


def is_crowded(plan: Plan, form: Form, given: GivenLyrics) -> bool:
    """Whether the lines would have to be sung too fast to be understood."""
    placed = place_lines(plan, form, given)
    bar_s = form.bar * 60 / plan.bpm
    pace = [
        len(line.syllables) / (bars * bar_s)
        for lines, bars in zip(placed.sections, placed.bars, strict=True)
        for line in lines
    ]
    return bool(pace) and (max(pace) > FASTEST or sum(pace) / len(pace) > FAST)

"""How long lines take: how many bars each has, when the singer rests, and how fast words can still be understood."""

from __future__ import annotations

from collections.abc import Sequence
from math import log2

from riffusion_tui.studio.engine.compose.arrangement_style import is_answered, style_of
from riffusion_tui.studio.engine.compose.casting.choir_kinds import sings_alone
from riffusion_tui.studio.engine.compose.form import Form
from riffusion_tui.studio.engine.compose.lines.given_lines import CHORUSES, Lines, WrittenSection
from riffusion_tui.studio.engine.lyrics import Lyrics, SungLine
from riffusion_tui.studio.engine.score import Section
from riffusion_tui.studio.engine.song_plan import Plan
from riffusion_tui.studio.engine.spoken import Delivery, delivery_of

_SLOW_BPM, _SLOW_ENERGY = 88.0, 0.42
"""Below this tempo and energy, the singer rests after each line."""
_SYLLABLE_S = 0.37
"""Seconds per syllable of given lyrics, with the rest after the line."""
FAST, FASTEST = 3.8, 5.5
"""Syllables a second: on average, and in the fastest line, beyond which words can't be understood."""
HARDEST: dict[Delivery, float] = {"sung": 8.0, "rapped": 8.0, "recited": 6.5}
"""Syllables a second beyond which a line is left out rather than hurried."""
BREATH, BREATH_S = 0.5, 0.2
"""Beats of rest after a line, at least; seconds, if its last syllable would be short."""
_LONGEST = 4.0
"""Bars of a line, at most."""


def span_of(form: Form, section: Section, at: float, bars: float) -> float:
    """Return the beats of a line that starts `at` a bar of a section and has so many bars, if these are there."""
    end = form.closing - section.start if section is form.sections[-1] else section.bars * form.bar
    return min(bars * form.bar, end - at * form.bar)


def seconds_for(plan: Plan, form: Form, section: Section, at: float, bars: float) -> float:
    """Return the seconds for a line's words, without the breath after them. See `span_of`."""
    span, beat_s = span_of(form, section, at, bars), 60 / plan.bpm
    return max(span - BREATH, span - BREATH_S / beat_s) * beat_s


def bars_for(plan: Plan, lines: Lines, usual: float) -> float:
    """Return the bars that some lines take, with the rests after them; `usual` is a line's, from `usual_bars`."""
    each = unhurried(plan, lines, usual)
    return len(lines) * each * (2 if has_rests(plan) and len(lines) > 1 and each == usual else 1)


def usual_bars(plan: Plan, words: Sequence[WrittenSection]) -> float:
    """Return the bars that a line of the given sections usually has."""
    return line_bars(plan, _seconds_of(plan, [one.lines for one in words]))


def unhurried(plan: Plan, lines: Lines, usual: float) -> float:
    """Return the usual bars of a line, or more if the longest of some lines needs them."""
    beat_s = 60 / plan.bpm
    least_s = max(len(line.syllables) for line in lines) / FASTEST
    each = usual
    while each < _LONGEST and (each * plan.bar - BREATH) * beat_s < least_s:
        each *= 2
    return each


def has_rests(plan: Plan) -> bool:
    """Whether the singer rests after each line: if the band answers, and in slow songs that aren't rapped.

    Singers without accompaniment do not: there would be silence.
    """
    if sings_alone(plan):
        return False
    return is_answered(plan) or (plan.pulse < _SLOW_BPM and plan.energy < _SLOW_ENERGY and delivery_of(plan) == "sung")


def slowest(plan: Plan, form: Form, lines: Sequence[SungLine], room: int, usual: float) -> float:
    """Return the usual bars per line, or more if the longest line needs them and all have room."""
    longest = max((len(line.syllables) for line in lines), default=0)
    least_s = longest / HARDEST[delivery_of(plan)]
    each = usual
    while each < _LONGEST and each * form.bar * 60 / plan.bpm < least_s and len(lines) <= room // 2:
        each, room = each * 2, room // 2
    return each


def fastest(plan: Plan, kind: str, lines: Sequence[SungLine], usual: float, strength: float) -> float:
    """Return the fewest bars per line, at least half a bar: choruses, and all lines at full strength, may be faster."""
    bar_s = plan.bar * 60 / plan.bpm
    longest = max(len(line.syllables) for line in lines)
    free = strength >= 1 or kind in CHORUSES
    most = max(FASTEST, HARDEST[delivery_of(plan)]) if free else FASTEST
    each = usual
    while each > 0.5 and longest / (each / 2 * bar_s) <= most:
        each /= 2
    return each


def seconds_of_a_line(plan: Plan, lyrics: Lyrics) -> float:
    """Return how long a line of given lyrics takes: long lines more than is usual."""
    return _seconds_of(plan, [section.lines for section in lyrics.sections])


def _seconds_of(plan: Plan, sections: Sequence[Lines]) -> float:
    lengths = [len(line.syllables) for lines in sections for line in lines]
    usual = style_of(plan.genre).line_s
    return max(usual, _SYLLABLE_S * sum(lengths) / len(lengths)) if lengths else usual


def line_bars(plan: Plan, seconds: float) -> float:
    """Return the bars per line: 1, 2 or 4, whichever is nearest to `seconds`."""
    bar_s = plan.bar * 60 / plan.bpm
    return min((1.0, 2.0, 4.0), key=lambda bars: abs(log2(bars * bar_s / seconds)))

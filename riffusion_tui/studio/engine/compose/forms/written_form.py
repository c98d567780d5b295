"""The form of a song with given lyrics: their sections in their order, each once, with little played between them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from math import ceil

from riffusion_tui.studio.engine.compose.form import Form, SectionTemplate, total_size, usual_name
from riffusion_tui.studio.engine.compose.forms.form_fit import INTERLUDE
from riffusion_tui.studio.engine.compose.forms.form_layout import as_long_as, beats_of, placed
from riffusion_tui.studio.engine.compose.lines.given_lines import CHORUSES, WrittenSection, beginnings, fewer_repeats
from riffusion_tui.studio.engine.compose.lines.given_lyrics import GivenLyrics
from riffusion_tui.studio.engine.compose.lines.line_pace import bars_for, fastest, usual_bars
from riffusion_tui.studio.engine.compose.lines.lyric_placement import written_sections
from riffusion_tui.studio.engine.compose.placed_players import SUNG
from riffusion_tui.studio.engine.requested_sections import requested_kinds, stated_bars
from riffusion_tui.studio.engine.score import RING_S
from riffusion_tui.studio.engine.song_plan import MAX_LENGTH_S, Plan

_PLAYED = {"Intro": (4, 12.0), "Ending": (4, 12.0), "Solo": (8, 20.0), INTERLUDE: (4, 12.0), "Breakdown": (4, 12.0)}
"""Bars and seconds of what is played between the words, at most, by name."""
_FEWEST = 4
"""Lines that make a song; fewer are sung again and again."""
_MANY = 4
"""Sections from which on there is an interlude."""
_STRETCHED = 1.35
"""How much longer a song of a requested length may be than its words need, without repeats."""
_SHORTER = (("solo", INTERLUDE, 0), ("intro", "Intro", 0), ("solo", "Solo", 4), ("ending", "Ending", 1))
"""What gets shorter first in a short song, and its fewest bars."""


def as_written(plan: Plan, given: GivenLyrics) -> tuple[Plan, Form] | None:
    """Return the form that the given lyrics have, and the plan with its length.

    A song of a requested length may leave out repeated sections, sing the others faster, as far as their strength
    allows, or leave out the last ones. None if it has no room for any, or so much that words have to be repeated, if
    there are few words, or if it would be longer than any song.
    """
    words = written_sections(plan, given)
    if sum(len(section.lines) for section in words) < _FEWEST:
        return None
    bar = plan.bar
    parts = _with_played(plan, words)
    beats = total_size(parts) * bar
    if "length_s" not in dict(plan.chosen):
        beats = beats_of(plan)
        bars = max(1, int(beats / bar + 0.4))
        parts = next(filter(None, _options(plan, words, bars, given.strength)), [])
    if not parts or beats * 60 / plan.bpm + RING_S > MAX_LENGTH_S:
        return None
    form = Form(placed(parts, plan), bar, beats, 1, tuple(parts))
    return as_long_as(plan, form), form


def _options(
    plan: Plan, words: Sequence[WrittenSection], bars: int, strength: float
) -> Iterator[list[SectionTemplate]]:
    """Yield the sections in so many bars, with ever fewer repeats, then sung faster and without the last ones."""
    for some in fewer_repeats(words):
        yield _of_length(_with_played(plan, some), bars)
    for some in [*reversed(list(fewer_repeats(words))), *beginnings(words)]:
        parts = _with_played(plan, some)
        yield _of_length(_hurried(plan, parts, some, bars, strength), bars)


def _hurried(
    plan: Plan, parts: Sequence[SectionTemplate], words: Sequence[WrittenSection], bars: int, strength: float
) -> list[SectionTemplate]:
    """Return the sections with half the bars for those that have most, as often as their words can be understood."""
    found = list(parts)
    sung = [at for at, part in enumerate(found) if part.kind in SUNG]
    usual = usual_bars(plan, words)
    each = [section for section in words if section.lines]
    least = {
        at: ceil(len(one.lines) * fastest(plan, one.kind, one.lines, usual, strength))
        for at, one in zip(sung, each, strict=True)
    }
    halved = [
        replace(part, size=_halved(part.size, least[at])) if at in least else part for at, part in enumerate(found)
    ]
    if _fewest_bars(halved) > bars:
        return halved
    while _fewest_bars(found) > bars:
        slow = [at for at in sung if found[at].size // 2 >= least[at]]
        if not slow:
            break
        at = max(slow, key=lambda at: (found[at].size, at))
        found[at] = replace(found[at], size=found[at].size // 2)
    return found


def _halved(size: int, least: float) -> int:
    """Return the bars of a section that is halved as often as possible."""
    while size // 2 >= least:
        size //= 2
    return size


def _fewest_bars(parts: Sequence[SectionTemplate]) -> int:
    """Return the bars of the sections if what is played is as short as possible."""
    least = {(kind, name): fewest for kind, name, fewest in _SHORTER}
    return sum(min(part.size, least.get((part.kind, part.name), part.size)) for part in parts)


def _with_played(plan: Plan, words: Sequence[WrittenSection]) -> list[SectionTemplate]:
    """Return the sections with an intro and an ending, what the prompt asks for, and an interlude in a long song."""
    usual = usual_bars(plan, words)
    found = [_sung(plan, section, usual) if section.lines else _played(plan, section.kind) for section in words]
    for kind in ("breakdown", "solo"):
        if kind in requested_kinds(plan) and all(part.kind != kind for part in found):
            kinds = [part.kind for part in found]
            high = [at for at in range(1, len(found)) if kinds[at] in CHORUSES and kinds[at - 1] not in CHORUSES]
            found.insert(high[-1] if len(high) > 1 else len(found), _played(plan, kind))
    after = [at for at, part in enumerate(found[1:], 1) if part.kind == "verse" and found[at - 1].kind in CHORUSES]
    if len(words) >= _MANY and after and all(part.kind in SUNG for part in found):
        found.insert(after[0], replace(_played(plan, "solo", INTERLUDE), energy=0.5))
    opens = [] if words[0].name == usual_name("intro") else [_played(plan, "intro")]
    return [*opens, *found, _played(plan, "ending")]


def _sung(plan: Plan, section: WrittenSection, usual: float) -> SectionTemplate:
    """Return a section with room for its lines, in an even number of bars, or in those that the prompt states.

    `usual` is the number of bars of a line, from `usual_bars`.
    """
    size = ceil(bars_for(plan, section.lines, usual))
    step = 4 if size > 4 else 2
    return SectionTemplate(
        section.kind, section.name, max(size, stated_bars(plan).get(section.kind, ceil(size / step) * step))
    )


def _played(plan: Plan, kind: str, name: str = "") -> SectionTemplate:
    """Return a section without words: of as many bars as the prompt states, else of few in a slow song."""
    size, longest_s = _PLAYED[name or usual_name(kind)]
    while size > 2 and size * plan.bar * 60 / plan.bpm > longest_s:
        size //= 2
    return SectionTemplate(kind, name or usual_name(kind), size if name else stated_bars(plan).get(kind, size))


def _of_length(parts: list[SectionTemplate], bars: int) -> list[SectionTemplate]:
    """Return the sections in so many bars: what is played gets shorter, or longer; none if that isn't possible."""
    needed = total_size(parts)
    if bars > _STRETCHED * needed:
        return []
    over = needed - bars
    found = list(parts)
    for kind, name, fewest in _SHORTER:
        for at, part in enumerate(found):
            if over > 0 and (part.kind, part.name) == (kind, name):
                size = max(min(fewest, part.size), part.size - over)
                size -= size % 2 if fewest == 0 else 0
                over -= part.size - size
                found[at] = replace(part, size=size)
    if over > 0:
        return []
    found = [part for part in found if part.size]
    at = next((at for at, part in enumerate(found) if part.kind in ("solo", "intro")), len(found) - 1)
    even = -over - -over % 2 if at < len(found) - 1 else 0
    found[at] = replace(found[at], size=found[at].size + even)
    return [*found[:-1], replace(found[-1], size=found[-1].size - over - even)]

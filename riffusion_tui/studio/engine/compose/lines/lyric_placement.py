"""Assigns the lines of the lyrics, written or given, to the sections of the form."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from math import ceil

from riffusion_tui.studio.engine.compose.arrangement_style import is_answered, style_of
from riffusion_tui.studio.engine.compose.casting.choir_kinds import is_chant, sings_alone
from riffusion_tui.studio.engine.compose.form import Form
from riffusion_tui.studio.engine.compose.lines.given_lines import (
    HeadedLines,
    Lines,
    WrittenSection,
    beginnings,
    fewer_repeats,
    spread,
    written,
)
from riffusion_tui.studio.engine.compose.lines.given_lyrics import GivenLyrics
from riffusion_tui.studio.engine.compose.lines.line_pace import (
    HARDEST,
    fastest,
    has_rests,
    line_bars,
    seconds_for,
    seconds_of_a_line,
    slowest,
    unhurried,
)
from riffusion_tui.studio.engine.compose.placed_players import SUNG, singer_rests
from riffusion_tui.studio.engine.instrument_groups import LONE_SINGER
from riffusion_tui.studio.engine.lyrics import Lyrics, LyricSection, SungLine, has_headings, parse_given, write
from riffusion_tui.studio.engine.score import Section
from riffusion_tui.studio.engine.song_plan import Plan
from riffusion_tui.studio.engine.spoken import delivery_of

_WRITTEN = {"verse": 4, "chorus": 4, "prechorus": 2, "bridge": 2, "drop": 1, "ending": 1}
"""Lines that `write` writes for a section of each kind."""
_RESTED = 3
"""How many times as long as a line a section is, at least, if rests follow its lines: two, and a rest between."""
_BLUES_LINES = 3
"""Lines of a blues verse: the first is sung twice, the third rhymes with it."""
_BLUES_BARS, _BLUES_LINE = 12, 2.0
"""Bars of such a verse, and of a line: the band answers for as long."""
_AGAIN = frozenset({"chorus", "drop", "ending"})
"""Kinds whose lines repeat if there is room."""


@lru_cache(maxsize=2)
def parsed(given: str, stated: str) -> Lyrics:
    """Return the user's lyrics, kept since forms are compared for the same; `stated` is the prompt's language."""
    return parse_given(given, stated=stated)


@dataclass(frozen=True, slots=True)
class LyricPlacement:
    """The lines of each section of the form."""

    sections: tuple[tuple[SungLine, ...], ...]
    bars: tuple[float, ...]
    """Bars per line, in each section."""
    turns: tuple[float, ...]
    """Bars from the start of a line to that of the next: more than `bars` if a rest follows."""


def place_lines(plan: Plan, form: Form, given: GivenLyrics) -> LyricPlacement:
    """Assign lines to the sections; given ones that would have to be hurried are left out.

    Args:
        plan: what the song is about.
        form: its sections.
        given: the user's lyrics.
    """
    placed = _placed(plan, form, given)
    return _in_time(plan, form, placed) if given.are_kept else placed


def _in_time(plan: Plan, form: Form, placed: LyricPlacement) -> LyricPlacement:
    """Return the placement without lines that have too little time."""
    found = []
    for section, lines, bars, turn in zip(form.sections, placed.sections, placed.bars, placed.turns, strict=True):
        kept: list[SungLine] = []
        for line in lines:
            least = len(line.syllables) / HARDEST[delivery_of(plan)]
            if seconds_for(plan, form, section, len(kept) * turn, bars) >= least:
                kept.append(line)
        found.append(tuple(kept))
    return replace(placed, sections=tuple(found))


def _placed(plan: Plan, form: Form, given: GivenLyrics) -> LyricPlacement:
    """Assign lines to the sections, however fast they are."""
    if plan.cast == (LONE_SINGER,):
        form = _without_last_chord(form)
    form = _with_rests_of_the_singer(plan, form)
    own = parsed(given.text, plan.language) if given.are_kept else None
    if own is None or not any(section.lines for section in own.sections):
        return _written(plan, form)
    once = _as_written(plan, form, own, given.strength)
    if once is not None:
        return once
    headed = has_headings(given.text) or any(section.kind != "verse" for section in own.sections)
    if has_rests(plan):
        rested = _with_rests(plan, form, own, headed=headed)
        if not missing(own, _in_time(plan, form, rested)):
            return rested
    if any(section.kind != "verse" for section in own.sections):
        return _headed(plan, form, own, given.strength)
    if not headed:
        return _spread(plan, form, own, given.strength)
    ways = _headed(plan, form, own, given.strength), _spread(plan, form, own, given.strength)
    return min(ways, key=lambda each: missing(own, _in_time(plan, form, each)))


def written_sections(plan: Plan, given: GivenLyrics) -> tuple[WrittenSection, ...]:
    """Return the sections of the given lyrics in their order; none if nobody accompanies the singers."""
    return () if sings_alone(plan) or is_chant(plan) else written(parsed(given.text, plan.language))


def _as_written(plan: Plan, form: Form, own: Lyrics, strength: float) -> LyricPlacement | None:
    """Assign the given sections to those of a form that has the same in the same order; None if it has others.

    None also if a section has no room for its lines. It may have fewer repeats, or lack the last sections.
    """
    kinds = [section.kind for section in form.sections if section.kind in SUNG]
    given = [section for section in written(own) if section.lines]
    options = [*fewer_repeats(given), *beginnings(given)]
    words = next((some for some in options if [section.kind for section in some] == kinds), None)
    if words is None or sings_alone(plan) or is_chant(plan):
        return None
    usual = line_bars(plan, seconds_of_a_line(plan, own))
    found: list[Lines] = []
    bars: list[float] = []
    turns: list[float] = []
    left = iter(words)
    for section in form.sections:
        lines = next(left).lines if section.kind in SUNG else ()
        each = unhurried(plan, lines, usual) if lines else usual
        least = fastest(plan, section.kind, lines, each, strength) if lines else usual
        while len(lines) * each > section.bars and each > least:
            each /= 2
        rested = has_rests(plan) and each == usual and (2 * len(lines) - 1) * each <= section.bars
        found.append(lines[: max(1, int(section.bars / each))])
        bars.append(each)
        turns.append(2 * each if rested else each)
    whole = sum(map(len, found)) == sum(len(section.lines) for section in words)
    return LyricPlacement(tuple(found), tuple(bars), tuple(turns)) if whole else None


def _with_rests_of_the_singer(plan: Plan, form: Form) -> Form:
    """Return the form with the sections in which the prompt wants nobody to sing as ones without words."""
    sections = form.sections
    played = tuple(replace(s, kind="solo") if singer_rests(plan, s, sections) else s for s in sections)
    return form if played == sections else replace(form, sections=played)


def _without_last_chord(form: Form) -> Form:
    """Return a lone singer's form without the last bar, in which the last note is held; an ending has room for it."""
    last = form.sections[-1]
    if last.kind == "ending" or last.bars == 1:
        return form
    return replace(form, sections=(*form.sections[:-1], replace(last, bars=last.bars - 1)))


def _written(plan: Plan, form: Form) -> LyricPlacement:
    """Assign lines that are written for the sections."""
    usual = line_bars(plan, style_of(plan.genre).line_s)
    turns = _turns(form, usual) if has_rests(plan) else (usual,) * len(form.sections)
    sizes = [usual] * len(form.sections)
    if is_answered(plan) and has_rests(plan):
        twelve = [section.bars == _BLUES_BARS for section in form.sections]
        sizes = [_BLUES_LINE if blues else usual for blues in twelve]
        turns = tuple(2 * _BLUES_LINE if blues else turn for blues, turn in zip(twelve, turns, strict=True))
    rooms = _rooms(form, usual, turns)
    stock = _Stock(write(plan, _kinds_to_write(form, rooms)))
    lines = []
    for section, room, turn in zip(form.sections, rooms, turns, strict=True):
        words = stock.take(section.kind, room)
        blues = is_answered(plan) and turn > usual and section.kind == "verse" and len(words) == _BLUES_LINES
        lines.append((words[0], words[0], words[1]) if blues else words)
    return LyricPlacement(tuple(lines), tuple(sizes), turns)


def _with_rests(plan: Plan, form: Form, own: Lyrics, *, headed: bool) -> LyricPlacement:
    """Assign the given lines with a rest after each."""
    usual = line_bars(plan, seconds_of_a_line(plan, own))
    turns = _turns(form, usual)
    rooms = _rooms(form, usual, turns)
    kinds = [section.kind for section in form.sections]
    if headed:
        stock = HeadedLines(own, [kind for kind, room in zip(kinds, rooms, strict=True) if room])
        found = [stock.take(kind, room) for kind, room in zip(kinds, rooms, strict=True)]
    else:
        found = spread(own, kinds, rooms, rooms)
    lines = tuple(tuple(words[:room]) for words, room in zip(found, rooms, strict=True))
    return LyricPlacement(lines, (usual,) * len(lines), turns)


def _turns(form: Form, bars: float) -> tuple[float, ...]:
    """Return the bars from line to line in each section, with a rest after lines of so many bars if there is time."""
    return tuple(bars * 2 if section.bars >= _RESTED * bars else bars for section in form.sections)


def _headed(plan: Plan, form: Form, own: Lyrics, strength: float) -> LyricPlacement:
    """Assign the given lines by their headings."""
    usual = line_bars(plan, seconds_of_a_line(plan, own))
    rooms = _rooms(form, usual)
    lines = HeadedLines(own, [section.kind for section, room in zip(form.sections, rooms, strict=True) if room])
    found = [lines.take(section.kind, room) for section, room in zip(form.sections, rooms, strict=True)]
    return _squeezed(plan, form, found, usual, strength)


def _spread(plan: Plan, form: Form, own: Lyrics, strength: float) -> LyricPlacement:
    """Assign the given lines evenly."""
    usual = line_bars(plan, seconds_of_a_line(plan, own))
    longest = [max((line for section in own.sections for line in section.lines), key=lambda line: len(line.syllables))]
    most = [
        int(room * usual / fastest(plan, section.kind, longest, usual, strength))
        for section, room in zip(form.sections, _rooms(form, usual), strict=True)
    ]
    found = spread(own, [section.kind for section in form.sections], _rooms(form, usual), most)
    return _squeezed(plan, form, found, usual, strength)


def _squeezed(plan: Plan, form: Form, found: list[Lines], usual: float, strength: float) -> LyricPlacement:
    """Halve the bars per line of a section that has more lines than room, as far as they can be understood."""
    lines, bars = [], []
    for section, words, room in zip(form.sections, found, _rooms(form, usual), strict=True):
        least = fastest(plan, section.kind, words, usual, strength) if len(words) > room else usual
        once = _once(words)
        each = slowest(plan, form, once, room, usual)
        if each > usual:
            room = int(room * usual / each)
            words = once * (room // len(once))
        while len(words) > room and each > least:
            each, room = each / 2, room * 2
        lines.append(words[:room])
        bars.append(each)
    return LyricPlacement(tuple(lines), tuple(bars), tuple(bars))


def _once(lines: Lines) -> Lines:
    """Return the lines that repeat, as those of a chorus do, once."""
    sizes = (size for size in range(1, len(lines)) if len(lines) % size == 0)
    return next((lines[:size] for size in sizes if lines[:size] * (len(lines) // size) == lines), lines)


def missing(own: Lyrics, placed: LyricPlacement) -> int:
    """Return how many of the lines are not in a placement."""
    sung = {line.text for lines in placed.sections for line in lines}
    return sum(line.text not in sung for section in own.sections for line in section.lines)


def _rooms(form: Form, bars: float, turns: Sequence[float] = ()) -> list[int]:
    """Return how many lines of so many bars each section has room for; `turns` are its bars from line to line."""
    turns = turns or (bars,) * len(form.sections)
    last = form.sections[-1]
    return [_room(section, bars, turn, section is last) for section, turn in zip(form.sections, turns, strict=True)]


def _room(section: Section, bars: float, turn: float, last: bool) -> int:
    """Return the room for lines of so many bars, of which one begins every `turn` bars."""
    if section.kind not in _WRITTEN:
        return 0
    if section.kind == "ending":
        return 1 if section.bars > bars and last else 0
    return max(1, int((section.bars + turn - bars) / turn))


def _kinds_to_write(form: Form, rooms: list[int]) -> list[str]:
    """Return the kinds for `write`: a long section counts twice if its lines do not repeat."""
    found = []
    for section, room in zip(form.sections, rooms, strict=True):
        times = 1 if section.kind in _AGAIN or not room else ceil(room / _WRITTEN[section.kind])
        found += [section.kind] * times
    return found


class _Stock:
    """Written sections, used in order by kind."""

    def __init__(self, written: Lyrics) -> None:
        self._left: dict[str, list[LyricSection]] = {}
        for section in written.sections:
            self._left.setdefault(section.kind, []).append(section)

    def take(self, kind: str, room: int) -> tuple[SungLine, ...]:
        """Return as many lines of a kind as there is room for."""
        found: list[SungLine] = []
        while room > len(found) and self._left.get(kind):
            found += self._left[kind].pop(0).lines
            if kind in _AGAIN and found:
                found = [found[i % len(found)] for i in range(room)] if kind != "drop" else found
                break
        return tuple(found[:room])

"""Assigns the lines of the lyrics, written or given, to the sections of the form."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil, log2

from riffusion_tui.studio.engine.compose.form import Form
from riffusion_tui.studio.engine.lyrics import Lyrics, LyricSection, SungLine, parse_given, write
from riffusion_tui.studio.engine.types import Plan, Section

LINE_S = 3.3
"""Seconds that a line takes, about."""
SYLLABLE_S = 0.37
"""Seconds per syllable of given lyrics, with the rest after the line."""
FAST, FASTEST = 3.8, 5.5
"""Syllables a second: on average, and in the fastest line, beyond which words can't be understood."""
_WRITTEN = {"verse": 4, "chorus": 4, "prechorus": 2, "bridge": 2, "drop": 1, "ending": 1}
"""Lines that `write` writes for a section of each kind."""
_AGAIN = frozenset({"chorus", "drop", "ending"})
"""Kinds whose lines repeat if there is room."""
_CHORUSES = ("chorus", "drop")
_EVERYWHERE = frozenset(_WRITTEN) - {"ending"}
"""Kinds that can be sung like a verse."""


@dataclass(frozen=True, slots=True)
class LyricPlacement:
    """The lines of each section of the form."""

    title: str
    sections: tuple[tuple[SungLine, ...], ...]
    bars: tuple[float, ...]
    """Bars per line, in each section."""


def place_lines(plan: Plan, form: Form, given: str, strength: float) -> LyricPlacement:
    """Assign lines to the sections.

    Args:
        plan: what the song is about.
        form: its sections.
        given: the user's lyrics, or an empty text.
        strength: 0 ignores them, 1 keeps every line; in between, as many lines as can be understood.
    """
    own = parse_given(given) if given.strip() and strength > 0 else None
    placed = _placed(plan, form, own, strength)
    if own is None or any(section.kind != "verse" for section in own.sections) or not _missing(own, placed):
        return placed
    spread = _placed(plan, form, own, strength, everywhere=True)
    return min(placed, spread, key=lambda each: _missing(own, each))


def _placed(plan: Plan, form: Form, own: Lyrics | None, strength: float, *, everywhere: bool = False) -> LyricPlacement:
    """Assign lines as `place_lines` does; `everywhere`: verses are sung in all sections that can be."""
    usual = line_bars(plan, form, _seconds(own) if own else LINE_S)
    rooms = [_room(section, usual, section is form.sections[-1]) for section in form.sections]
    written = write(plan, _kinds_to_write(form, rooms))
    stock = _Stock(written)
    theirs = (
        _Given(own, form, everywhere=everywhere) if own and any(section.lines for section in own.sections) else None
    )
    bar_s = form.bar * 60 / plan.bpm
    lines: list[tuple[SungLine, ...]] = []
    bars: list[float] = []
    for section, room in zip(form.sections, rooms, strict=True):
        usual_lines = stock.take(section.kind, room)
        found = theirs.take(section, room) if theirs else usual_lines
        each, squeezes = usual, strength >= 1 or section.kind in _CHORUSES
        while len(found) > room and each > 0.5 and theirs:
            if not squeezes and _pace(found, each / 2 * bar_s) > FASTEST:
                break
            each, room = each / 2, room * 2
        lines.append(found[:room])
        bars.append(each)
    return LyricPlacement(written.title, tuple(lines), tuple(bars))


def _pace(lines: tuple[SungLine, ...], seconds: float) -> float:
    """Return the syllables per second of the longest line, if each line takes `seconds`."""
    return max(len(line.syllables) for line in lines) / seconds


def left_out(plan: Plan, form: Form, given: str, strength: float) -> int:
    """Return how many of the given lines would not be sung."""
    return _missing(parse_given(given), place_lines(plan, form, given, strength))


def _missing(own: Lyrics, placed: LyricPlacement) -> int:
    """Return how many lines of `own` are not in `placed`."""
    sung = {line.text for lines in placed.sections for line in lines}
    return sum(line.text not in sung for section in own.sections for line in section.lines)


def is_crowded(plan: Plan, form: Form, given: str, strength: float) -> bool:
    """Return whether the lines would have to be sung too fast to be understood."""
    placed = place_lines(plan, form, given, strength)
    bar_s = form.bar * 60 / plan.bpm
    pace = [
        len(line.syllables) / (bars * bar_s)
        for lines, bars in zip(placed.sections, placed.bars, strict=True)
        for line in lines
    ]
    return bool(pace) and (max(pace) > FASTEST or sum(pace) / len(pace) > FAST)


def _seconds(lyrics: Lyrics) -> float:
    """Return how long a line of given lyrics takes: long lines more than `LINE_S`."""
    lengths = [len(line.syllables) for section in lyrics.sections for line in section.lines]
    return max(LINE_S, SYLLABLE_S * sum(lengths) / len(lengths)) if lengths else LINE_S


def line_bars(plan: Plan, form: Form, seconds: float = LINE_S) -> float:
    """Return the bars per line: 1, 2 or 4, whichever is nearest to `seconds`."""
    bar_s = form.bar * 60 / plan.bpm
    return min((1.0, 2.0, 4.0), key=lambda bars: abs(log2(bars * bar_s / seconds)))


def _room(section: Section, bars: float, last: bool) -> int:
    if section.kind not in _WRITTEN:
        return 0
    if section.kind == "ending":
        return 1 if section.bars > bars and last else 0
    return max(1, int(section.bars / bars))


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


class _Given:
    """The user's sections: the chorus repeats, the others are used in order."""

    def __init__(self, lyrics: Lyrics, form: Form, *, everywhere: bool = False) -> None:
        self._everywhere = everywhere
        self._chorus = next((s.lines for s in lyrics.sections if s.kind in _CHORUSES), ())
        kinds = [self._kind(section) for section in form.sections if section.kind in _WRITTEN]
        repeats = any(kind in kinds for kind in _CHORUSES)
        other = "verse" if "verse" in kinds else next(iter(kinds), "")
        self._rest: dict[str, list[tuple[SungLine, ...]]] = {}
        for section in lyrics.sections:
            if section.lines and not (section.kind in _CHORUSES and repeats):
                self._rest.setdefault(section.kind if section.kind in kinds else other, []).append(section.lines)
        self._places = Counter(kinds)

    def _kind(self, section: Section) -> str:
        return "verse" if self._everywhere and section.kind in _EVERYWHERE else section.kind

    def take(self, section: Section, room: int) -> tuple[SungLine, ...]:
        """Return the lines of a section; the last section of a kind gets all that are left.

        Lines for which there is no room continue in the next section of the kind, if that has no others.
        """
        kind = self._kind(section)
        if kind in _CHORUSES and self._chorus:
            return self._chorus if len(self._chorus) > room else tuple(_round(self._chorus, room))
        left = self._rest.get(kind, [])
        self._places[kind] -= 1
        if not left:
            return ()
        count = len(left) if self._places[kind] <= 0 else 1
        lines = tuple(line for _ in range(count) for line in left.pop(0))
        if len(left) < self._places[kind] and len(lines) > room:
            left.insert(0, lines[room:])
            lines = lines[:room]
        return lines


def _round(lines: tuple[SungLine, ...], room: int) -> Iterator[SungLine]:
    times = max(1, room // len(lines))
    for _ in range(times):
        yield from lines

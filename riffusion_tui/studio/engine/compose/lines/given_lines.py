"""Divides the user's lines among the sections: by their headings, or evenly if they have none."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from math import ceil
from typing import NamedTuple

from riffusion_tui.studio.engine.compose.form import usual_name
from riffusion_tui.studio.engine.lyrics import Lyrics, LyricSection, SungLine

Lines = tuple[SungLine, ...]

CHORUSES = ("chorus", "drop")
"""Kinds that are sung with the same words each time."""
_SUNG = ("verse", "chorus", "drop", "bridge")
"""Kinds that are never wordless."""
_WAYS = ((_SUNG, True), (_SUNG, False), ((*_SUNG, "prechorus", "ending"), False))
"""Kinds that are sung, and whether all choruses have the same words. The first way with room for all lines is used."""


_NAMES = {"intro": "Intro", "ending": "Outro", "breakdown": "Interlude", "solo": "Interlude"}
"""Displayed names of sung sections of kinds that are usually played."""
_AS_SUNG = {"intro": "verse", "ending": "verse", "breakdown": "bridge", "solo": "bridge"}
"""The kinds of section that these are like."""
_LONGEST = 8
"""Lines of a section; longer ones are sung as several."""


class WrittenSection(NamedTuple):
    """A section of given lyrics as it is sung once."""

    kind: str
    name: str
    """Displayed name without a number."""
    lines: Lines
    """None if the lyrics only name a section that is played."""


def written(lyrics: Lyrics) -> tuple[WrittenSection, ...]:
    """Return the user's sections in their order; long ones as several."""
    return tuple(
        WrittenSection(_AS_SUNG.get(kind, kind), _NAMES.get(kind) or usual_name(kind), share)
        if share
        else WrittenSection(kind, usual_name(kind), ())
        for kind, lines in ((section.kind, section.lines) for section in lyrics.sections)
        for share in _divided(lines)
    )


def fewer_repeats(sections: Sequence[WrittenSection]) -> Iterator[list[WrittenSection]]:
    """Yield the sections, then with ever fewer of those that repeat earlier ones.

    First a repeat of the section just before is left out, then the one that is followed by most, at last the last.
    """
    left = list(sections)
    yield left
    while repeats := [at for at, one in enumerate(left) if one.lines and one in left[:at]]:
        at_once = [at for at in repeats if left[at] == left[at - 1]]
        left = [one for at, one in enumerate(left) if at != (at_once[-1:] or repeats)[0]]
        yield left


def beginnings(sections: Sequence[WrittenSection]) -> Iterator[list[WrittenSection]]:
    """Yield the sections without repeats, then without the last of them, and so on."""
    *_, once = fewer_repeats(sections)
    words = [at for at, one in enumerate(once) if one.lines]
    yield from (once[: at + 1] for at in reversed(words))


def _divided(lines: Lines) -> list[Lines]:
    """Return lines in parts of about the same size, of whole couplets."""
    count = max(1, ceil(len(lines) / _LONGEST))
    size = ceil(len(lines) / count / 2) * 2 if count > 1 else len(lines)
    return [lines[at : at + size] for at in range(0, len(lines), size)] if lines else [()]


class HeadedLines:
    """The user's sections: the chorus repeats, the others are used in order, then again.

    Args:
        lyrics: the user's sections.
        kinds: the kinds of the song's sections that can be sung, in order.
    """

    def __init__(self, lyrics: Lyrics, kinds: Sequence[str]) -> None:
        sections = [section for section in lyrics.sections if section.lines]
        places = sum(kind in CHORUSES for kind in kinds)
        other = "verse" if "verse" in kinds else next(iter(kinds), "")
        self._choruses = _choruses(sections, places) if places else []
        outro = tuple(line for section in sections if section.kind == "ending" for line in section.lines)
        self._outro = outro if len(outro) > kinds.count("ending") and len(kinds) > 1 else ()
        self._rest: dict[str, list[Lines]] = defaultdict(list)
        for section in sections:
            if not (section.kind == "ending" and self._outro) and not (section.kind in CHORUSES and places):
                self._rest[section.kind if section.kind in kinds else other].append(section.lines)
        self._spare = self._choruses[0] if self._choruses else next((section.lines for section in sections), ())
        self._sung: dict[str, list[Lines]] = defaultdict(list)
        self._places = Counter(kind for kind in kinds if kind != "ending" or not self._outro)

    def take(self, kind: str, room: int) -> Lines:
        """Return the lines of the next section, of a kind; an outro that is too long for the ending comes before it."""
        if not room or (kind == "ending" and self._outro):
            return ()
        self._places[kind] -= 1
        outro = () if self._places.total() else self._outro
        return (*self._words(kind, max(1, room - len(outro))), *outro)

    def _words(self, kind: str, room: int) -> Lines:
        if kind in CHORUSES and self._choruses:
            chorus = self._choruses.pop(0) if len(self._choruses) > 1 else self._choruses[0]
            return filled(chorus, room)
        lines = self._next(kind, room)
        if lines:
            self._sung[kind].append(lines)
        return lines or self._again(kind)[:room]

    def _next(self, kind: str, room: int) -> Lines:
        """Return lines that weren't sung yet; the last section of a kind gets all that are left.

        Lines for which there is no room continue in the next section of the kind, if that has no others.
        """
        left = self._rest[kind]
        if not left:
            return ()
        count = len(left) if self._places[kind] <= 0 else 1
        lines = tuple(line for _ in range(count) for line in left.pop(0))
        if len(left) < self._places[kind] and len(lines) > room:
            left.insert(0, lines[room:])
            lines = lines[:room]
        return lines

    def _again(self, kind: str) -> Lines:
        """Return lines to sing again: the first that the kind had, else the chorus."""
        sung = self._sung[kind]
        if sung:
            sung.append(sung.pop(0))
            return sung[-1]
        return self._spare if kind in _SUNG else ()


def _choruses(sections: Sequence[LyricSection], places: int) -> list[Lines]:
    """Return the words of each chorus in turn, at most as many as there are places; the last one repeats."""
    each = [section.lines for section in sections if section.kind in CHORUSES]
    if len(each) != places:
        runs = groupby(sections, key=lambda section: section.kind in CHORUSES)
        each = [_joined(section.lines for section in run) for is_chorus, run in runs if is_chorus]
    distinct = list(dict.fromkeys(each))
    if len(each) > places or len(distinct) == 1:
        each = distinct
    return each if len(each) <= places else [*each[: places - 1], _joined(each[places - 1 :])]


def _joined(parts: Iterable[Lines]) -> Lines:
    """Return the lines of sections in a row, those of equal sections once."""
    return tuple(line for lines in dict.fromkeys(parts) for line in lines)


def spread(lyrics: Lyrics, kinds: Sequence[str], rooms: Sequence[int], most: Sequence[int]) -> list[Lines]:
    """Divide lyrics without headings among the sections, in order.

    Choruses repeat theirs if there is room for all lines in the others. Short lyrics start again.

    Args:
        lyrics: verses.
        kinds: the kind of each section of the song.
        rooms: how many lines each has room for.
        most: how many it has room for if they are sung as fast as can be understood.
    """
    lines = [line for section in lyrics.sections for line in section.lines]
    for sung, same in _WAYS:
        places = _places(kinds, sung, rooms, same=same)
        if sum(rooms[at] for at in places) >= len(lines):
            break
    sizes = _enlarged([rooms[at] for at in places], [most[at] for at in places], len(lines))
    shares = _shares(lyrics, sizes)
    words = [share for share in shares if share]
    by_place = {
        at: share or words[turn % len(words)] for turn, (at, share) in enumerate(zip(places, shares, strict=True))
    }
    chorus = next((share for at, share in by_place.items() if kinds[at] in CHORUSES), ())
    found = [by_place.get(at, chorus if kind in CHORUSES else ()) for at, kind in enumerate(kinds)]
    return [
        filled(share, room) if kind in CHORUSES else share
        for share, kind, room in zip(found, kinds, rooms, strict=True)
    ]


def _places(kinds: Sequence[str], sung: Sequence[str], rooms: Sequence[int], *, same: bool) -> list[int]:
    """Return the indexes of the sections that get lines of their own; `same`: only the first of the choruses."""
    places = [at for at, kind in enumerate(kinds) if kind in sung and rooms[at]]
    choruses = [at for at in places if kinds[at] in CHORUSES]
    return [at for at in places if not same or at not in choruses[1:]]


def _enlarged(rooms: list[int], most: list[int], count: int) -> list[int]:
    """Return rooms for `count` lines: the last are doubled first, each up to `most`, until there is enough."""
    sizes = list(rooms)
    while sum(sizes) < count:
        free = [at for at in range(len(sizes)) if 2 * sizes[at] <= most[at]]
        if not free:
            break
        sizes[min(free, key=lambda at: (sizes[at] / rooms[at], -at))] *= 2
    return sizes


def _shares(lyrics: Lyrics, rooms: Sequence[int]) -> list[Lines]:
    """Return the lines of each room in order: evenly, whole couplets if possible; none if there are too few."""
    lines = [line for section in lyrics.sections for line in section.lines]
    ends = set(_couplet_ends(lyrics))
    shares: list[Lines] = []
    begun = 0
    for at, room in enumerate(rooms):
        left, later = len(lines) - begun, sum(rooms[at + 1 :])
        target = left * room / (room + later)
        most = min(room, left)
        least = min(most, max(1, left - later))
        size = min(range(least, most + 1), key=lambda size: (abs(size - target) + (begun + size not in ends), -size))
        shares.append(tuple(lines[begun : begun + size]))
        begun += size
    return shares


def _couplet_ends(lyrics: Lyrics) -> Iterator[int]:
    """Yield the numbers of lines after which a couplet or a section ends."""
    begun = 0
    for section in lyrics.sections:
        yield from (begun + size for size in range(2, len(section.lines), 2))
        begun += len(section.lines)
        yield begun


def filled(lines: Lines, room: int) -> Lines:
    """Return lines repeated as often as there is room for, at least once."""
    return lines * max(1, room // len(lines)) if lines else ()

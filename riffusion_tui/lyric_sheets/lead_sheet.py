"""Which chord falls on which sung word: for the screen, and for the studio's ChordPro files."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from itertools import pairwise
from operator import itemgetter
from typing import NamedTuple

EARLY_S = 0.15
"""How much earlier than its line or chord a word may start, in seconds."""
_UPBEAT_S = 0.5
"""How long before its section a line may start and still belong to it, in seconds."""

Timed = tuple[float, str]
"""A chord or word, and the second at which it starts."""


class SheetWord(NamedTuple):
    """A sung word and the chords that start while it is sung."""

    text: str
    chords: tuple[Timed, ...]


class SheetLine(NamedTuple):
    """A sung line."""

    number: int
    """Its index in the lyrics."""
    words: tuple[SheetWord, ...]


class SheetSection(NamedTuple):
    """A section of the song."""

    start_s: float
    name: str
    before: tuple[Timed, ...]
    """The chords before the first line; all, if nothing is sung."""
    lines: tuple[SheetLine, ...]


def lead_sheet(
    chart: Sequence[tuple[float, str, Sequence[Timed]]], lines: Sequence[Sequence[Timed]]
) -> tuple[SheetSection, ...]:
    """Place each chord of a song on a word.

    Args:
        chart: the sections as (start in seconds, name, chords), in their order.
        lines: the words of each sung line, in their order; a line whose words aren't timed is a single word.
    """
    starts = [start for start, _, _ in chart]
    homes = [max(0, bisect_right(starts, line[0][0] + _UPBEAT_S) - 1) for line in lines]
    return tuple(
        _section(section, [(place, lines[place]) for place, home in enumerate(homes) if home == number])
        for number, section in enumerate(chart)
    )


def spelled(text: str, words: Sequence[Timed]) -> list[Timed]:
    """Return timed words as they are written in their line, with all that is between them.

    A hyphenated word, or a number, may be sung as several; a dash isn't sung. Words of another line stay as they are.
    """
    written = [(found.start(), found.group()) for found in re.finditer(r"\S+", text)]
    starts = _starts(text, words) if len(text.lower()) == len(text) else None
    if starts is None:
        same = len(written) == len(words)
        return [(at, word) for (at, _), (_, word) in zip(words, written, strict=True)] if same else list(words)
    found: list[Timed] = []
    before: list[str] = []
    for place, word in written:
        first = bisect_left(starts, place)
        if first < len(starts) and starts[first] < place + len(word):
            found.append((words[first][0], " ".join([*before, word])))
            before = []
        elif found:
            found[-1] = (found[-1][0], f"{found[-1][1]} {word}")
        else:
            before.append(word)
    return found


def _starts(text: str, words: Sequence[Timed]) -> list[int] | None:
    """Return where each word is in the text, in any case; None if one isn't."""
    starts: list[int] = []
    end = 0
    lower = text.lower()
    for _, word in words:
        bare = word.rstrip(",.!?;:").lower()
        start = lower.find(bare, end)
        if start < 0:
            return None
        starts.append(start)
        end = start + len(bare)
    return starts


def _section(section: tuple[float, str, Sequence[Timed]], sung: Sequence[tuple[int, Sequence[Timed]]]) -> SheetSection:
    start_s, name, chords = section
    if not sung:
        return SheetSection(start_s, name, tuple(chords), ())
    begins = [words[0][0] for _, words in sung]
    used = before = sum(after <= begins[0] + EARLY_S for _, (after, _) in pairwise(chords))
    lines = []
    for (number, words), end_s in zip(sung, [*begins[1:], float("inf")], strict=True):
        theirs = [chord for chord in chords[used:] if chord[0] < end_s - EARLY_S]
        used += len(theirs)
        lines.append(SheetLine(number, _words(words, theirs)))
    return SheetSection(start_s, name, tuple(chords[:before]), tuple(lines))


def _words(words: Sequence[Timed], chords: Sequence[Timed]) -> tuple[SheetWord, ...]:
    above: list[list[Timed]] = [[] for _ in words]
    for chord in chords:
        above[max(0, bisect_right(words, chord[0] + EARLY_S, key=itemgetter(0)) - 1)].append(chord)
    return tuple(SheetWord(text, tuple(theirs)) for (_, text), theirs in zip(words, above, strict=True))

"""Which chord falls on which sung word: for the screen, and for the studio's ChordPro files."""

from __future__ import annotations

from bisect import bisect_right
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
    """Return timed words as they are spelled in their line, if it has as many."""
    written = text.split()
    if len(written) != len(words):
        return list(words)
    return [(at, word) for (at, _), word in zip(words, written, strict=True)]


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

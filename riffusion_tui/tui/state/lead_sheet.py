"""A lead sheet: each section of a song with its chords above the words that are sung to them."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from riffusion_tui.jobs.model import Song
from riffusion_tui.tui.state.shaded_lines import Lines, Shaded
from riffusion_tui.tui.state.song_chart import SongSection, heading, sections, sounding_place
from riffusion_tui.tui.state.sung_words import EARLY_S, line_words, place_at
from riffusion_tui.tui.text_cells import width

_INDENT = "  "
_UPBEAT_S = 0.5
"""How long before its section a line may start and still belong to it, in seconds."""
_ENDLESS = 10**6
"""A width that no line reaches."""


class _Word(NamedTuple):
    """A sung word and the chords that start while it is sung."""

    text: str
    chords: tuple[Shaded, ...]


def lead_sheet(song: Song | None, cells: int, at_s: float | None = None) -> Lines:
    """Return the sheet; empty if the song has no chords, or no times for its lines.

    Args:
        song: the song.
        cells: the width; longer lines are split between words, together with their chords.
        at_s: the play position, whose chord and line are highlighted.
    """
    chart = sections(song)
    if song is None or not chart or not song.timed_lyrics:
        return []
    starts = [section.start_s for section in chart]
    homes = [max(0, bisect_right(starts, at + _UPBEAT_S) - 1) for at, _ in song.timed_lyrics]
    playing = sounding_place(chart, at_s)
    now = None if at_s is None else place_at(song, at_s)
    sheet: Lines = []
    for number, section in enumerate(chart):
        chord = playing[1] if playing is not None and playing[0] == number else None
        sung = [place for place, home in enumerate(homes) if home == number]
        sheet += _section(song, section, sung, _shaded(section, chord), cells, now)
    return sheet


def sheet_text(song: Song | None) -> str:
    """Return the sheet as plain text, each sung line in one piece."""
    return "\n".join("".join(text for text, _ in line).rstrip() for line in lead_sheet(song, _ENDLESS))


def _shaded(section: SongSection, now: int | None) -> list[tuple[float, Shaded]]:
    """Return a section's chords with their shades; `now` is the index of the one that sounds."""
    return [(at, (symbol, "focus" if place == now else "making")) for place, (at, symbol) in enumerate(section.chords)]


def _section(
    song: Song,
    section: SongSection,
    sung: Sequence[int],
    chords: Sequence[tuple[float, Shaded]],
    cells: int,
    now: int | None,
) -> Lines:
    """Return a section's heading, with the chords before its first line, and its lines."""
    begins = [song.timed_lyrics[place][0] for place in sung]
    if not begins:
        return [heading(section, [chord for _, chord in chords])]
    before = sum(after <= begins[0] + EARLY_S for _, (after, _) in pairwise(chords))
    lines: Lines = [heading(section, [chord for _, chord in chords[:before]])]
    for place, end_s in zip(sung, [*begins[1:], float("inf")], strict=True):
        theirs = [(at, chord) for at, chord in chords[before:] if at < end_s - EARLY_S]
        before += len(theirs)
        words = _words(song, place, theirs)
        for above, text in _split(words, cells):
            lines += [above] if above else []
            lines.append([(text, "ink" if place == now else "soft")])
    return lines


def _words(song: Song, place: int, chords: Sequence[tuple[float, Shaded]]) -> list[_Word]:
    """Return a line's words with their chords; the whole line as one word if its words have no times."""
    words = line_words(song, place) or [song.timed_lyrics[place]]
    starts = [at for at, _ in words]
    above: list[list[Shaded]] = [[] for _ in words]
    for at, chord in chords:
        above[max(0, bisect_right(starts, at + EARLY_S) - 1)].append(chord)
    return [_Word(text, tuple(theirs)) for (_, text), theirs in zip(words, above, strict=True)]


def _split(words: Sequence[_Word], cells: int) -> Iterator[tuple[list[Shaded], str]]:
    """Yield pairs of a line of chords and a line of words, at most `cells` wide if the words are."""
    above: list[Shaded] = []
    texts: list[str] = []
    column, end = len(_INDENT), 0
    for word in words:
        room = width(word.text)
        if texts and column + room > cells:
            yield above, _INDENT + " ".join(texts)
            above, texts, column, end = [], [], len(_INDENT), 0
        for symbol, shade in word.chords:
            gap = max(column, end + bool(above)) - end
            above.append((" " * gap + symbol, shade))
            end += gap + width(symbol)
        texts.append(word.text)
        column += room + 1
    yield above, _INDENT + " ".join(texts)

"""Draws a song's lead sheet: each section with its chords above the words that are sung to them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from riffusion_tui.jobs.model import Song
from riffusion_tui.lyric_sheets.lead_sheet import SheetWord, Timed, lead_sheet
from riffusion_tui.tui.appearance.text_cells import width
from riffusion_tui.tui.state.shaded_lines import Lines, Shaded
from riffusion_tui.tui.state.song.song_chart import heading, sections, sounding_place
from riffusion_tui.tui.state.song.sung_words import line_words, place_at

_INDENT = "  "
_ENDLESS = 10**6
"""A width that no line reaches."""


def sheet_lines(song: Song | None, cells: int, at_s: float | None = None) -> Lines:
    """Return the sheet; empty if the song has no chords, or no times for its lines.

    Args:
        song: the song.
        cells: the width; longer lines are split between words, together with their chords.
        at_s: the play position, whose chord and line are highlighted.
    """
    chart = sections(song)
    if song is None or not chart or not song.timed_lyrics:
        return []
    words = [line_words(song, place) or [line] for place, line in enumerate(song.timed_lyrics)]
    playing = sounding_place(chart, at_s)
    now = None if at_s is None else place_at(song, at_s)
    sheet: Lines = []
    for number, section in enumerate(lead_sheet(chart, words)):
        sounding = None
        if playing is not None and playing[0] == number and playing[1] >= 0:
            sounding = chart[number].chords[playing[1]]
        sheet.append(heading(section.start_s, section.name, _shaded(section.before, sounding)))
        for line in section.lines:
            for above, text in _split([piece for word in line.words for piece in _pieces(word)], cells, sounding):
                sheet += [above] if above else []
                sheet.append([(text, "ink" if line.number == now else "soft")])
    return sheet


def sheet_text(song: Song | None) -> str:
    """Return the sheet as plain text, each sung line in one piece."""
    return "\n".join("".join(text for text, _ in line).rstrip() for line in sheet_lines(song, _ENDLESS))


def _shaded(chords: Sequence[Timed], sounding: Timed | None) -> list[Shaded]:
    return [(chord[1], "focus" if chord == sounding else "making") for chord in chords]


def _pieces(word: SheetWord) -> Iterator[SheetWord]:
    """Yield the words of a line that has no times of its own words, its chords with the first."""
    first, *rest = word.text.split() or [word.text]
    yield word._replace(text=first)
    for text in rest:
        yield SheetWord(text, ())


def _split(words: Sequence[SheetWord], cells: int, sounding: Timed | None) -> Iterator[tuple[list[Shaded], str]]:
    """Yield pairs of a line of chords and a line of words, at most `cells` wide if the words are."""
    above: list[Shaded] = []
    texts: list[str] = []
    column, end = len(_INDENT), 0
    for word in words:
        room = width(word.text)
        if texts and column + room > cells:
            yield above, _INDENT + " ".join(texts)
            above, texts, column, end = [], [], len(_INDENT), 0
        for symbol, shade in _shaded(word.chords, sounding):
            gap = max(column, end + bool(above)) - end
            above.append((" " * gap + symbol, shade))
            end += gap + width(symbol)
        texts.append(word.text)
        column += room + 1
    yield above, _INDENT + " ".join(texts)

"""A song's sections and chords: the map below the waveform, the chart, and what is playing now."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from typing import Any, NamedTuple

from riffusion_tui.clean import clean_line
from riffusion_tui.jobs.model import Song
from riffusion_tui.tui.appearance.text_cells import cut, width
from riffusion_tui.tui.state.shaded_lines import Lines, Shaded
from riffusion_tui.tui.state.times import span

_MAX_LABEL = 24
"""Maximum characters of a section's name or a chord."""
_MAX_S = 86_400
_SHADES = ("making", "soft")
"""Shades of adjacent sections on the map."""


class SongSection(NamedTuple):
    """A section of the song, with its chords as (second, symbol)."""

    start_s: float
    name: str
    chords: tuple[tuple[float, str], ...]


def sections(song: Song | None) -> tuple[SongSection, ...]:
    """Parse the chart in a song's record; invalid entries are skipped."""
    listed = song.plan.get("chart") if song is not None else None
    found = [section for one in list_of(listed) if (section := _section(one)) is not None]
    return tuple(sorted(found))


def _section(value: object) -> SongSection | None:
    items = list_of(value)
    head = _timed(items[:2])
    if len(items) != 3 or head is None:
        return None
    chords = tuple(chord for one in list_of(items[2]) if (chord := _timed(one)) is not None)
    return SongSection(head[0], head[1], chords)


def _timed(value: object) -> tuple[float, str] | None:
    """Return (second, text) if `value` is such a pair."""
    items = list_of(value)
    if len(items) != 2 or not isinstance(items[0], int | float) or not isinstance(items[1], str):
        return None
    return (float(items[0]), clean_line(items[1], _MAX_LABEL)) if 0 <= items[0] <= _MAX_S else None


def list_of(value: object) -> list[Any]:
    """Return the items of a list in a song's plan; nothing if it is none."""
    return list(value) if isinstance(value, list | tuple) else []


def sounding(chart: tuple[SongSection, ...], at_s: float) -> tuple[str, str]:
    """Return section and chord at `at_s` seconds; empty before the first."""
    place = bisect_right([section.start_s for section in chart], at_s)
    if not place:
        return "", ""
    section = chart[place - 1]
    begun = bisect_right([at for at, _ in section.chords], at_s)
    return section.name, section.chords[begun - 1][1] if begun else ""


def jump(chart: tuple[SongSection, ...], at_s: float, steps: int) -> float | None:
    """Return the start of the section `steps` after the one at `at_s`; None if there is none."""
    place = bisect_right([section.start_s for section in chart], at_s + 0.01) - 1 + steps
    return chart[place].start_s if 0 <= place < len(chart) else None


def song_map(chart: tuple[SongSection, ...], duration_s: float | None, cells: int) -> list[Shaded]:
    """Return a line of `cells` cells with each section's name at its position."""
    if not chart or not duration_s or cells < 2 * len(chart):
        return []
    bounds = [min(cells, round(section.start_s / duration_s * cells)) for section in chart] + [cells]
    line: list[Shaded] = [(" " * bounds[0], "faint")] if bounds[0] else []
    for place, section in enumerate(chart):
        room = bounds[place + 1] - bounds[place]
        if room > 0:
            name = cut(section.name, room - 1) if room > 1 else ""
            line.append((name + " " * (room - width(name)), _SHADES[place % 2]))
    return line


def chart_lines(chart: tuple[SongSection, ...], at_s: float | None = None) -> Lines:
    """Return one line per section with its chords; those at `at_s` are highlighted."""
    longest = max((width(section.name) for section in chart), default=0)
    now = sounding_place(chart, at_s)
    return [
        heading(
            section.start_s,
            section.name,
            [
                (symbol, "focus" if (place, number) == now else "soft")
                for number, (_, symbol) in enumerate(section.chords)
            ],
            longest,
        )
        for place, section in enumerate(chart)
    ]


def heading(start_s: float, name: str, chords: Iterable[Shaded], cells: int = 0) -> list[Shaded]:
    """Return a section's start, its name padded to `cells`, and chords."""
    return [
        (f"{span(start_s):>5}  ", "faint"),
        (name + " " * (max(0, cells - width(name)) + 2), "attention"),
        *((f"{symbol}  ", shade) for symbol, shade in chords),
    ]


def sounding_place(chart: tuple[SongSection, ...], at_s: float | None) -> tuple[int, int] | None:
    """Return the indexes of the section and of the chord within it at `at_s`."""
    if at_s is None:
        return None
    place = bisect_right([section.start_s for section in chart], at_s) - 1
    if place < 0:
        return None
    return place, bisect_right([at for at, _ in chart[place].chords], at_s) - 1


def chord_line(chart: tuple[SongSection, ...], start_s: float, length_s: float, cells: int) -> list[Shaded]:
    """Return a line of `cells` cells for `length_s` seconds, with each chord at its start.

    What has no room before the next one is left out.
    """
    text = ""
    for at, symbol in (chord for section in chart for chord in section.chords):
        cell = _AXIS + round((at - start_s) / length_s * (cells - _AXIS))
        if start_s <= at < start_s + length_s and cell >= width(text) + bool(text) and cell + width(symbol) <= cells:
            text += " " * (cell - width(text)) + symbol
    return [(text, "attention")] if text else []


_AXIS = 4
"""Cells to the left of the first second, as on the piano roll below."""

"""The notes and levels of a song as the studio sends them, and as lines of cells."""

from __future__ import annotations

import base64
import binascii
import zlib
from collections.abc import Mapping
from typing import Any, NamedTuple

from riffusion_tui.jobs.model import Song
from riffusion_tui.tui.appearance.glyphs import Glyphs
from riffusion_tui.tui.state.shaded_lines import Lines, Shaded

_MAX_BYTES = 200_000
"""Bytes of packed notes or levels that are read: an hour of music has fewer."""
_SHADES = {"vocal": "focus", "lead": "attention", "chords": "dim", "bass": "making"}
_ORDER = ("chords", "bass", "lead", "vocal")
"""Voices from the back to the front."""
_MAX_STEP_S = 10.0
_MAX_BANDS = 64
_LEVELS = 8
_OCTAVE = 12
_AXIS = 4
"""Cells of the names of notes at the left."""
_CELL_S = 0.2
"""Seconds that a cell shows."""


class RollNote(NamedTuple):
    """A note, in seconds and as a MIDI pitch."""

    start_s: float
    end_s: float
    pitch: int
    voice: str


class Spectrum(NamedTuple):
    """Levels from 0 to 8 by step and band, the lowest band first."""

    step_s: float
    bands: int
    levels: bytes

    def at(self, position_s: float) -> bytes:
        """Return the levels at a moment; empty outside of the song."""
        start = int(max(0.0, position_s) / self.step_s) * self.bands
        return self.levels[start : start + self.bands]


def notes_of(song: Song | None) -> tuple[RollNote, ...]:
    """Read the notes that the service sent; skip invalid ones."""
    held = _mapping(song.plan.get("roll")) if song is not None else {}
    step_s = held.get("step_s")
    if not isinstance(step_s, int | float) or not 0 < step_s < _MAX_STEP_S:
        return ()
    found: list[RollNote] = []
    voices = held.get("voices")
    for voice in voices if isinstance(voices, list) else []:
        if isinstance(voice, list) and voice and isinstance(voice[0], str) and voice[0] in _SHADES:
            found += _notes(voice[0], _unpacked(voice[1:]), float(step_s))
    return tuple(sorted(found))


def _notes(voice: str, data: bytes, step_s: float) -> list[RollNote]:
    at, found = 0, []
    for place in range(0, len(data) - 2, 3):
        passed, length, pitch = data[place : place + 3]
        at += passed
        if length:
            found.append(RollNote(at * step_s, (at + length) * step_s, pitch, voice))
    return found


def voices_of(notes: tuple[RollNote, ...]) -> tuple[str, ...]:
    """Return the voices that have notes, from the front to the back."""
    there = {note.voice for note in notes}
    return tuple(voice for voice in reversed(_ORDER) if voice in there)


def spectrum_of(song: Song | None) -> Spectrum | None:
    """Read the levels that the service sent; None if there are none."""
    held = _mapping(song.plan.get("spectrum")) if song is not None else {}
    step_s, bands, levels = held.get("step_s"), held.get("bands"), held.get("levels")
    if not isinstance(step_s, int | float) or not 0 < step_s < _MAX_STEP_S or not isinstance(levels, list):
        return None
    if not isinstance(bands, int) or not 0 < bands <= _MAX_BANDS:
        return None
    data = _unpacked(levels)
    return Spectrum(float(step_s), bands, data) if data else None


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _unpacked(texts: list[Any]) -> bytes:
    """Join texts and unpack them; empty if they are damaged, cut off if they are too long."""
    try:
        packed = base64.b64decode("".join(text for text in texts if isinstance(text, str)), validate=True)
        return zlib.decompressobj().decompress(packed, _MAX_BYTES)
    except (binascii.Error, ValueError, zlib.error):
        return b""


def spectrum_line(levels: bytes, glyphs: Glyphs, cells: int) -> str:
    """Return a bar for each band, as wide as `cells` has room for."""
    wide = max(1, min(3, cells // max(1, len(levels))))
    top = len(glyphs.levels) - 1
    return "".join(glyphs.levels[min(top, level)] * wide for level in levels)


def loudness(levels: bytes) -> float:
    """Return how loud it is, 0 to 1: the mean of the bands."""
    return sum(levels) / (_LEVELS * len(levels)) if levels else 0.0


def peak_at(song: Song | None, at_s: float, duration_s: float | None) -> float:
    """Return the waveform's peak at a moment, 0 to 1: how loud it is, if the service sends no levels."""
    peaks = song.waveform if song is not None else ()
    if not peaks or not duration_s:
        return 0.0
    return peaks[max(0, min(len(peaks) - 1, int(at_s / duration_s * len(peaks))))]


def page_of(at_s: float, cells: int, duration_s: float | None) -> tuple[float, float]:
    """Return the first second of the page that `at_s` is on, and how many seconds lie right of the axis.

    A song shorter than a page fills it.
    """
    window_s = max(1, cells - _AXIS) * _CELL_S
    if duration_s and duration_s <= window_s:
        return 0.0, duration_s
    return int(max(0.0, at_s) / window_s) * window_s, window_s


def roll_lines(
    notes: tuple[RollNote, ...], at_s: float, page: tuple[float, float], cells: int, rows: int, glyphs: Glyphs
) -> Lines:
    """Draw the notes around `at_s`: time to the right, pitch upwards, a page at a time.

    Args:
        notes: in order of time.
        at_s: the play position, or where to look.
        page: the seconds to show, see `page_of`.
        cells: width of the lines.
        rows: how many lines; a line is a semitone, or several if there is no room for all.
        glyphs: the set to draw with.
    """
    page_s, window_s = page
    wide = max(1, cells - _AXIS)
    shown = [note for note in notes if note.start_s < page_s + window_s and note.end_s > page_s]
    if not shown:
        return [[(" " * cells, "faint")] for _ in range(rows)]
    low, high = min(note.pitch for note in shown), max(note.pitch for note in shown)
    step = (high - low) // rows + 1
    grid: list[list[Shaded]] = [[(" ", "faint")] * wide for _ in range(rows)]
    cell_s = window_s / wide
    for note in sorted(shown, key=lambda one: _ORDER.index(one.voice)):
        row = rows - 1 - (note.pitch - low) // step
        first = max(0, int((note.start_s - page_s) / cell_s))
        last = min(wide - 1, max(first, int((note.end_s - page_s) / cell_s - 0.5)))
        for cell in range(first, last + 1):
            sign = glyphs.note_start if cell == first < last else glyphs.bar_full
            grid[row][cell] = (sign, _SHADES[note.voice])
    head = min(wide - 1, int((at_s - page_s) / cell_s))
    for line in grid:
        sign = line[head][0]
        line[head] = (sign if sign != " " else glyphs.play_head, "strong")
    return [[(_axis(low + (rows - 1 - row) * step, step), "faint"), *_joined(line)] for row, line in enumerate(grid)]


def _axis(pitch: int, step: int) -> str:
    """Return the label of a line: the octave's C, if the line has one."""
    for one in range(pitch, pitch + step):
        if one % _OCTAVE == 0:
            return f"C{one // _OCTAVE - 1}".ljust(_AXIS)
    return " " * _AXIS


def _joined(cells: list[Shaded]) -> list[Shaded]:
    """Join neighbors of one shade."""
    found: list[Shaded] = []
    for sign, shade in cells:
        if found and found[-1][1] == shade:
            found[-1] = (found[-1][0] + sign, shade)
        else:
            found.append((sign, shade))
    return found

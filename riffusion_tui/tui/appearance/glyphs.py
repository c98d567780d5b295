"""The screen's symbols in Unicode and ASCII; a state always has a word next to its symbol."""

import locale
import sys
from typing import NamedTuple


class Glyphs(NamedTuple):
    """A set of symbols, each one cell wide."""

    name: str
    states: dict[str, str]
    """State (`Status` value, or `waits`) → symbol."""
    cursor: str
    mark: str
    ellipsis: str
    warn: str
    note: str
    play: str
    pause: str
    dot: str
    """Separator between words on a line."""
    keep: str
    reject: str
    bar_full: str
    bar_parts: str
    """Partial blocks for a bar's last cell, thinnest first; empty if there are none."""
    bar_rest: str
    levels: str
    """Blocks of a waveform's cell, lowest first; the first is silence."""
    approx: str
    rail: str
    """Rail next to adjacent rows of a batch: first, middle, last row."""
    cross: str
    note_start: str
    """The first cell of a note on the piano roll."""
    play_head: str
    """The play position on the piano roll, between notes."""


UNICODE = Glyphs(
    name="unicode",
    states={
        "queued": "○",
        "waits": "○",
        "held": "║",
        "sending": "↑",
        "maybe_sent": "?",
        "making": "●",
        "fetching": "↓",
        "done": "√",
        "refused": "✎",
        "failed": "✗",
        "cancelled": "–",
    },
    cursor="▌",
    mark="◆",
    ellipsis="…",
    warn="▲",
    note="♪",
    play="▶",
    pause="‖",
    dot="·",
    keep="+",
    reject="−",
    bar_full="█",
    bar_parts="▏▎▍▌▋▊▉",
    bar_rest="·",
    levels=" ▁▂▃▄▅▆▇█",
    approx="≈",
    rail="╷│╵",
    cross="×",
    note_start="▐",
    play_head="│",
)

ASCII = Glyphs(
    name="ascii",
    states={
        "queued": "o",
        "waits": "o",
        "held": "|",
        "sending": "^",
        "maybe_sent": "?",
        "making": "*",
        "fetching": "v",
        "done": "+",
        "refused": "e",
        "failed": "x",
        "cancelled": "-",
    },
    cursor=">",
    mark="#",
    ellipsis="~",
    warn="!",
    note="~",
    play=">",
    pause='"',
    dot="-",
    keep="+",
    reject="-",
    bar_full="#",
    bar_parts="",
    bar_rest=".",
    levels=" .:-=+*#@",
    approx="~",
    rail=".|'",
    cross="x",
    note_start="=",
    play_head="|",
)


def choose(wanted: str, term: str = "", encoding: str | None = None) -> Glyphs:
    """Return the set for `screen.glyphs`; `auto` means Unicode if the terminal's encoding is UTF-8.

    Except on the Linux console, whose fonts have 256 or 512 signs.

    Args:
        wanted: `auto`, `unicode` or `ascii`.
        term: the terminal's kind, as in `TERM`.
        encoding: the terminal's encoding; None: look up those of the locale and of the screen's stream.
    """
    if wanted == "auto" and term == "linux":
        return ASCII
    if wanted == "auto":
        stream = getattr(sys.__stderr__, "encoding", None) or "utf-8"
        names = (locale.getencoding(), stream) if encoding is None else (encoding,)
        return UNICODE if {name.lower().replace("-", "") for name in names} == {"utf8"} else ASCII
    return ASCII if wanted == "ascii" else UNICODE


def bar(share: float, cells: int, glyphs: Glyphs) -> tuple[str, str]:
    """Draw a bar of `cells` cells; return (done part, remaining part).

    Args:
        share: 0 to 1; clamped.
        cells: width of the bar.
        glyphs: the symbol set.
    """
    eighths = round(min(1.0, max(0.0, share)) * cells * 8)
    full, rest = divmod(eighths, 8)
    done = glyphs.bar_full * full
    if rest and glyphs.bar_parts:
        done += glyphs.bar_parts[rest - 1]
    return done, glyphs.bar_rest * (cells - len(done))


def waveform(peaks: tuple[float, ...], cells: int, rows: int, glyphs: Glyphs) -> list[str]:
    """Draw `peaks` (0 to 1) with blocks in `cells` columns and `rows` rows, top row first.

    Peaks are scaled so that the loudest fills the height. An empty waveform is a flat line.
    """
    steps = len(glyphs.levels) - 1
    heights = _heights(peaks, cells, rows * steps)
    lines = []
    for row in range(rows - 1, -1, -1):
        floor = row * steps
        lines.append("".join(glyphs.levels[min(steps, max(0, height - floor))] for height in heights))
    return lines


def _heights(peaks: tuple[float, ...], cells: int, full: int) -> list[int]:
    if not peaks:
        return [1] * cells
    loudest = max(max(peaks), 1e-6)
    floor = min(peaks) * _FLOOR if max(peaks) > 0 else 0.0
    heights = []
    for cell in range(cells):
        start = cell * len(peaks) // cells
        end = max(start + 1, (cell + 1) * len(peaks) // cells)
        heights.append(max(1, round((max(peaks[start:end]) - floor) / (loudest - floor) * full)))
    return heights


_FLOOR = 0.8
"""Fraction of the quietest peak that is subtracted, to show the shape of mastered songs, which are loud throughout."""

"""The sung line at a position, split by progress."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from operator import itemgetter
from typing import NamedTuple

from riffusion_tui.jobs.model import Song
from riffusion_tui.lyric_sheets.lead_sheet import EARLY_S, spelled

_AFTER_S = 4.0
"""How long a line is shown after its last word started, in seconds."""


class LineProgress(NamedTuple):
    """A sung line in three parts, which joined by spaces are the line."""

    before: str
    """Words already sung; the whole line if its words have no times."""
    now: str
    after: str

    @property
    def text(self) -> str:
        """The whole line."""
        return " ".join(piece for piece in self if piece)


_NOTHING = LineProgress("", "", "")


def sung_line(song: Song | None, position_s: float) -> LineProgress:
    """Return the line sung at `position_s`, split by word; empty between lines."""
    place = None if song is None else place_at(song, position_s)
    if song is None or place is None:
        return _NOTHING
    words = line_words(song, place)
    if not words:
        return LineProgress(song.timed_lyrics[place][1], "", "")
    if position_s > words[-1][0] + _AFTER_S:
        return _NOTHING
    shown = [word for _, word in words]
    now = bisect_right([at for at, _ in words], position_s) - 1
    return LineProgress(" ".join(shown[: max(0, now)]), shown[now] if now >= 0 else "", " ".join(shown[now + 1 :]))


def place_at(song: Song, position_s: float) -> int | None:
    """Return the index of the last line that started by `position_s`; None before the first."""
    place = bisect_right(song.timed_lyrics, position_s + EARLY_S, key=_start) - 1
    return place if place >= 0 else None


def line_words(song: Song, place: int) -> list[tuple[float, str]]:
    """Return a line's words with the second at which each starts, spelled as in the line; empty if untimed."""
    lines, words = song.timed_lyrics, song.timed_words
    begin, text = lines[place]
    first = bisect_left(words, begin - EARLY_S, key=_start)
    last = bisect_left(words, lines[place + 1][0] - EARLY_S, key=_start) if place + 1 < len(lines) else len(words)
    return spelled(text, words[first:last])


_start = itemgetter(0)

"""The sung line at a position, split by progress."""

from __future__ import annotations

from bisect import bisect_right
from typing import NamedTuple

from riffusion_tui.jobs.model import Song

_EARLY_S = 0.15
"""How much earlier than its line a first word may start, in seconds."""
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


NOTHING = LineProgress("", "", "")


def sung_line(song: Song | None, position_s: float) -> LineProgress:
    """Return the line sung at `position_s`, split by word; empty between lines."""
    if song is None or not song.timed_lyrics:
        return NOTHING
    place = bisect_right([at for at, _ in song.timed_lyrics], position_s + _EARLY_S) - 1
    if place < 0:
        return NOTHING
    begin, text = song.timed_lyrics[place]
    end = song.timed_lyrics[place + 1][0] if place + 1 < len(song.timed_lyrics) else float("inf")
    words = [(at, word) for at, word in song.timed_words if begin - _EARLY_S <= at < end - _EARLY_S]
    if not words:
        return LineProgress(text, "", "")
    if position_s > words[-1][0] + _AFTER_S:
        return NOTHING
    written = text.split()
    shown = written if len(written) == len(words) else [word for _, word in words]
    now = bisect_right([at for at, _ in words], position_s) - 1
    return LineProgress(" ".join(shown[: max(0, now)]), shown[now] if now >= 0 else "", " ".join(shown[now + 1 :]))

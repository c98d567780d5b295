"""When each word is sung: read off the vocal's notes, and written as an LRC file."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from riffusion_tui.lyric_sheets.lrc_time import lrc_time
from riffusion_tui.studio.engine.score import CONTINUED, LyricLine, Note, Score

_EARLY = 0.2
"""Beats: a line's first note may begin so much before the line does, as players humanize."""


@dataclass(frozen=True, slots=True)
class TimedWord:
    """A word sung from `start` to `end`, in seconds."""

    start: float
    end: float
    text: str


@dataclass(frozen=True, slots=True)
class TimedLine:
    """A line of the lyrics, sung from `start` to `end`, in seconds."""

    start: float
    end: float
    text: str
    words: tuple[TimedWord, ...]
    """Its words, as far as they are sung."""


def timed_lines(score: Score) -> tuple[TimedLine, ...]:
    """Return the lines of a song in the order in which they are sung."""
    seconds = 60 / score.plan.bpm
    notes = sorted((n for t in score.tracks if t.role == "vocal" for n in t.notes), key=lambda n: n.start)
    found = []
    for i, line in enumerate(score.lyric_lines):
        until = score.lyric_lines[i + 1].start if i + 1 < len(score.lyric_lines) else float("inf")
        inside = [n for n in notes if line.start - _EARLY <= n.start < until - _EARLY]
        found.append(_timed(line, inside, seconds))
    return tuple(found)


def _timed(line: LyricLine, notes: list[Note], seconds: float) -> TimedLine:
    words: list[TimedWord] = []
    open_ = False
    for note in notes:
        if not note.syllable:
            continue
        start, end = round(note.start * seconds, 3), round((note.start + note.length) * seconds, 3)
        text = note.syllable.removesuffix("-").removeprefix(CONTINUED)
        if open_ or (words and note.syllable == CONTINUED):
            words[-1] = TimedWord(words[-1].start, end, words[-1].text + text)
        else:
            words.append(TimedWord(start, end, text))
        open_ = note.syllable.endswith("-")
    return TimedLine(round(line.start * seconds, 3), round(line.end * seconds, 3), line.text, tuple(words))


def lrc(score: Score) -> str:
    """Return the song's lyrics as an LRC file: `[minutes:seconds]` before each line."""
    head = [f"[ti:{score.title}]", "[ar:riffusion-tui studio]", f"[length:{lrc_time(score.duration_s)}]"]
    lines = [f"[{lrc_time(line.start)}]{line.text}" for line in timed_lines(score)]
    return "\n".join([*head, "", *lines, ""])


def write_lrc(score: Score, path: Path) -> None:
    """Write `lrc` to `path`. Raises `OSError`."""
    path.write_text(lrc(score), encoding="utf-8")

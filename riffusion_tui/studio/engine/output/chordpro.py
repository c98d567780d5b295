"""ChordPro files: the song's lyrics with each chord before the word that it falls on.

The format: https://www.chordpro.org/chordpro/
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from riffusion_tui.lyric_sheets.lead_sheet import SheetLine, SheetSection, Timed, lead_sheet, spelled
from riffusion_tui.studio.engine.compose.chords.theory import is_minor
from riffusion_tui.studio.engine.output.chart import chart_of
from riffusion_tui.studio.engine.output.synced_lyrics import timed_lines
from riffusion_tui.studio.engine.score import Score
from riffusion_tui.studio.engine.song_plan import Plan

_ENVIRONMENTS = ("verse", "chorus", "bridge")
"""Kinds of sections that the format knows; others have a comment as their heading."""
_PLAIN = str.maketrans("[]{}", "()()")
"""Lyrics can't contain the signs of chords and directives."""


def chordpro(score: Score) -> str:
    """Return the song as a ChordPro file. A section in which nothing is sung has a line with its chords."""
    chart = [(section.start_s, section.name, section.chords) for section in chart_of(score)]
    lines = [
        spelled(line.text, [(word.start, word.text) for word in line.words]) or [(line.start, line.text)]
        for line in timed_lines(score)
    ]
    pieces = [_head(score), *("\n".join(_section(section)) for section in lead_sheet(chart, lines))]
    return "\n\n".join(pieces) + "\n"


def write_chordpro(score: Score, path: Path) -> None:
    """Write `chordpro` to `path`. Raises `OSError`."""
    path.write_text(chordpro(score), encoding="utf-8")


def _head(score: Score) -> str:
    plan = score.plan
    minutes, seconds = divmod(int(score.duration_s), 60)  # as the song's length is shown elsewhere
    known = {
        "title": score.title.translate(_PLAIN),
        "artist": "riffusion-tui studio",
        "key": _key(plan),
        "tempo": f"{plan.pulse:.0f}",
        "time": f"{plan.meter[0]}/{plan.meter[1]}",
        "duration": f"{minutes}:{seconds:02}",
    }
    return "\n".join(f"{{{name}: {value}}}" for name, value in known.items())


def _key(plan: Plan) -> str:
    """Return the key as the format writes it: `Am`, `C`; of other modes only their major or minor third counts."""
    return f"{plan.key}m" if is_minor(plan.mode) else plan.key


def _section(section: SheetSection) -> Iterator[str]:
    kinds = [word for word in section.name.casefold().split() if word in _ENVIRONMENTS and section.lines]
    kind = kinds[0] if kinds else ""
    yield f"{{start_of_{kind}: {section.name}}}" if kind else f"{{comment: {section.name}}}"
    if section.before:
        yield " ".join(_chords(section.before))
    for line in section.lines:
        yield _line(line)
    if kind:
        yield f"{{end_of_{kind}}}"


def _line(line: SheetLine) -> str:
    text = " ".join(f"{''.join(_chords(word.chords))}{word.text.translate(_PLAIN)}" for word in line.words)
    return f" {text}" if text.startswith("#") else text  # otherwise it would be a comment


def _chords(chords: Sequence[Timed]) -> list[str]:
    return [f"[{symbol}]" for _, symbol in chords]

"""Lyrics and chords as lines of (text, shade), and the given lines that are not sung."""

from __future__ import annotations

from riffusion_tui.jobs.model import Song
from riffusion_tui.tui.messages import message
from riffusion_tui.tui.state.shaded_lines import Lines
from riffusion_tui.tui.state.song.sheet_lines import sheet_lines
from riffusion_tui.tui.state.song.song_chart import chart_lines
from riffusion_tui.tui.state.song.song_chart import sections as song_chart
from riffusion_tui.tui.state.song.song_facts import Facts
from riffusion_tui.tui.state.times import span


def lyric_lines(text: str) -> Lines:
    """Return lyrics with their `[Section]` headings marked."""
    return [
        [(line, "attention" if line.startswith("[") and line.rstrip().endswith("]") else "soft")]
        for line in text.split("\n")
    ]


def words_and_chords(song: Song | None, cells: int, at_s: float | None = None) -> Lines:
    """Return a lead sheet if the service timed both chords and lyrics, else one below the other.

    Args:
        song: the song.
        cells: the width.
        at_s: the play position, whose chord and line are highlighted.
    """
    if sheet := sheet_lines(song, cells, at_s):
        return [*sheet, []]
    chart = chart_lines(song_chart(song), at_s)
    lyrics = song.lyrics.strip() if song else ""
    return [*chart, *([[]] if chart else []), *([*lyric_lines(lyrics), []] if lyrics else [])]


def unsung_lines(facts: Facts) -> Lines:
    """List the user's lines that a song of the studio doesn't sing; other services may split lines differently."""
    from riffusion_tui.jobs.own_lyrics import MAX_LENGTH_S, sung_lines  # not needed for the first frame

    job, song = facts.job, facts.song
    if song is None or not song.plan.get("engine"):
        return []
    if not song.timed_lyrics and song.plan.get("vocals", "none") == "none":
        return []  # an instrumental
    lines = sung_lines(job.options.lyrics or "", [line for _, line in song.timed_lyrics])
    length_s = job.options.length_s or job.duration_s
    if lines.complete or length_s is None:
        return []
    needed = song.plan.get("lyrics_length_s")
    longer = float(needed) if isinstance(needed, int | float) else None
    counted = message("song.lines_sung", sung=lines.sung, n=lines.given)
    known = {"lines": counted, "length": span(length_s), "longer": span(longer or MAX_LENGTH_S)}
    key = "song.some_unsung" if longer is None else "song.unsung" if longer else "song.too_many_lines"
    text = message(key, **known)
    return [[(text, "attention")], *([(f"  {line}", "dim")] for line in lines.missing), []]

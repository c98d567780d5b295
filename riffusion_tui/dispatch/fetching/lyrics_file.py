"""The `.lrc` file next to a song: its lyrics with timestamps."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from riffusion_tui.jobs.model import Song
from riffusion_tui.lyric_sheets.lrc_time import lrc_time


def lrc_text(song: Song, title: str, duration_s: float | None) -> str:
    """Return the song's timed lyrics in the LRC format: `[minutes:seconds]` before each line."""
    head = [f"[ti:{title}]"] if title else []
    head += [f"[length:{lrc_time(duration_s)}]"] if duration_s is not None else []
    return "\n".join([*head, *(f"[{lrc_time(at)}]{line}" for at, line in song.timed_lyrics), ""])


def write_lyrics(text: str, beside: Path) -> None:
    """Write `text` to `NAME.lrc` next to the song `beside`, unless the file exists. Raises `OSError`."""
    with suppress(FileExistsError), beside.with_suffix(".lrc").open("x", encoding="utf-8") as file:
        file.write(text)

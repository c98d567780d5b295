"""The `.lrc` file next to a song: its lyrics with timestamps."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from riffusion_tui.jobs.model import Song


def lrc_text(song: Song, title: str, duration_s: float | None) -> str:
    """Return the song's timed lyrics in the LRC format: `[minutes:seconds]` before each line."""
    head = [f"[ti:{title}]"] if title else []
    head += [f"[length:{_clock(duration_s)}]"] if duration_s is not None else []
    return "\n".join([*head, *(f"[{_clock(at)}]{line}" for at, line in song.timed_lyrics), ""])


def write_lyrics(text: str, beside: Path) -> None:
    """Write `text` to `NAME.lrc` next to the song `beside`, unless the file exists. Raises `OSError`."""
    with suppress(FileExistsError), beside.with_suffix(".lrc").open("x", encoding="utf-8") as file:
        file.write(text)


def _clock(seconds: float) -> str:
    hundredths = round(seconds * 100)
    return f"{hundredths // 6000:02d}:{hundredths // 100 % 60:02d}.{hundredths % 100:02d}"

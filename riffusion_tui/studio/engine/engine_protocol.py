"""What an engine is, and the finished song that it returns."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

from riffusion_tui.studio.engine.song_plan import Plan
from riffusion_tui.studio.engine.song_request import Request


@dataclass(frozen=True, slots=True)
class ChartSection:
    """A section of the chord chart."""

    start_s: float
    name: str
    """As displayed: `Verse 2`."""
    chords: tuple[tuple[float, str], ...]
    """(second at which it begins, symbol), such as `(12.5, "Am7")`."""


@dataclass(frozen=True, slots=True)
class RenderedSong:
    """A finished song on disk and its metadata."""

    file: Path
    format: str
    title: str
    lyrics: str
    timed_lyrics: tuple[tuple[float, str], ...]
    duration_s: float
    plan: Plan
    waveform: tuple[float, ...]
    loudness_lufs: float
    sounds: str
    """`synthesized`, or the name of the soundfont that played it."""
    words: tuple[tuple[tuple[float, str], ...], ...] = ()
    """For each of `timed_lyrics`, when each of its words begins, in seconds."""
    pronunciation: str = ""
    """How the words are pronounced: `English, dictionary`; empty when nothing is sung."""
    chart: tuple[ChartSection, ...] = ()
    roll: Mapping[str, Any] = field(default_factory=dict)
    """The notes for a piano roll, see `roll.roll_of`."""
    spectrum: Mapping[str, Any] = field(default_factory=dict)
    """Levels by frequency and time, see `spectrum.SpectrumMeter`; empty if nothing was rendered."""
    form: str = ""
    band: str = ""
    stems: tuple[str, ...] = ()
    """Names of the score's tracks, each once."""
    cover: Path | None = None
    extras: tuple[tuple[str, str], ...] = field(default=())


Progress = Callable[[float, str], None]
"""Called with the share done, 0 to 1, and the current stage."""


class Engine(Protocol):
    """Makes a song from a request, in this process and offline."""

    @property
    def name(self) -> str:
        """Short name, stored with each song."""
        ...

    @property
    def version(self) -> int:
        """Stored with each song: raised when the same request makes another one."""
        ...

    @property
    def formats(self) -> tuple[str, ...]:
        """Formats that `make` can write, the default first."""
        ...

    def make(
        self, request: Request, to: Path, format: str, progress: Progress, cancelled: Callable[[], bool]
    ) -> RenderedSong:
        """Make a song and write it to `to`. Raises `Cancelled` soon after `cancelled()` returns true."""
        ...


@runtime_checkable
class LyricWriter(Protocol):
    """An engine that can write lyrics without making the song."""

    def write_lyrics(self, request: Request) -> str:
        """Return lyrics in sections (`[Verse]` …) about the prompt's subject, from the request's own, if any."""
        ...

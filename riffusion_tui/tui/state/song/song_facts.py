"""What the song pane displays."""

from __future__ import annotations

from typing import NamedTuple

from riffusion_tui.jobs.model import Job, Song
from riffusion_tui.jobs.wait_reason import WaitReason


class Playing(NamedTuple):
    """The play position, while this song is playing."""

    position_s: float
    paused: bool


class Facts(NamedTuple):
    """The pane's input."""

    job: Job
    song: Song | None
    wait: WaitReason | None
    playing: Playing | None
    takes: int
    now: float
    spectrum: str = ""
    """Levels of what plays now by frequency, drawn; empty if they are not known."""

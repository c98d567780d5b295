"""What can be set about a studio. Nothing here is needed: the defaults make music."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from riffusion_tui.secret import Secret

SKETCH_ENGINE = "riffusion_tui.studio.engine.sketch_engine:SketchEngine"
"""Where the engine is. Only the renderers import it: the server stays light."""
MAX_JOBS = range(1, 11)
"""What `maxJobs` may be; https://useapi.net/docs/api-riffusion-v1/post-riffusion-accounts"""


def cores() -> int:
    """Count the processors that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def usual_max_jobs() -> int:
    """Say how many slots an account gets by default: one a core, as far as the contract allows."""
    return max(MAX_JOBS[0], min(MAX_JOBS[-1], cores()))


@dataclass(frozen=True, slots=True)
class UpstreamRate:
    """At most `requests` prompts are taken in any `window_s` seconds; then `{"detail": "Too Many Requests"}`."""

    requests: int
    window_s: float


@dataclass(frozen=True, slots=True)
class StudioSettings:
    """How a studio behaves. Sizes are bytes, times are seconds."""

    data_dir: Path
    """Songs, database, token and moderation list are kept here; made (0700) where it is missing."""
    accounts: int = 1
    """Accounts there are at least; more can be posted."""
    max_jobs: int | None = None
    """Slots of each account, 1 to 10. None: as stored, and one a core for a new account."""
    token: Secret | None = None
    """What every call must carry. None: the one in the data folder's `token` file, made where it is missing."""
    upstream_rate: UpstreamRate | None = None
    allow_private_callbacks: bool = False
    """Let `replyUrl` name an address of this machine or of its network."""
    renderers: int | None = None
    """Processes that make songs. None: one a core."""
    niceness: int = 10
    """How far the renderers step back for everything else on the machine, 0 to 19."""
    engine: str = SKETCH_ENGINE
    """`module:name` of something that makes an `Engine` when called; with `soundfont=` where that is set."""
    soundfont: str | None = None
    """What the engine is told of its sounds: a soundfont's path, or `synthesized`. None: it looks for one."""
    song_timeout_s: float = 900.0
    """A song that takes longer is given up."""
    cache_bytes: int = 1024 * 1024 * 1024
    """Remade formats (WAV, stems, …) that are kept for the next download."""
    max_body: int = 256 * 1024
    """Longest request body that is read; longer ones get 413."""

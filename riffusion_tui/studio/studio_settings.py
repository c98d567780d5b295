"""The studio's settings. All have defaults that work."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from riffusion_tui.secret import Secret

SKETCH_ENGINE = "riffusion_tui.studio.engine.sketch_engine:SketchEngine"
"""The engine's module and class. Only the renderers import it, which keeps the server light."""
MAX_JOBS = range(1, 11)
"""Range of `maxJobs`; see https://useapi.net/docs/api-riffusion-v1/post-riffusion-accounts"""


def cores() -> int:
    """Return the number of processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


@dataclass(frozen=True, slots=True)
class UpstreamRate:
    """At most `requests` prompts in any `window_s` seconds; further ones get `{"detail": "Too Many Requests"}`."""

    requests: int
    window_s: float


@dataclass(frozen=True, slots=True)
class StudioSettings:
    """A studio's settings. Sizes are in bytes, times in seconds."""

    data_dir: Path
    """Folder for songs, database, token and moderation list; created with mode 0700 if missing."""
    accounts: int = 1
    """Minimum number of accounts; more can be added with POST accounts."""
    max_jobs: int | None = None
    """Slots of each account, 1 to 10. None: the stored value; for a new account, one per core."""
    spare_slots: int = 0
    """Slots of a new account beyond one per core, if `max_jobs` is None.

    A client that polls sees the end of a song up to half a second late. With one spare slot, the next prompt already
    waits here, and no renderer is idle.
    """
    token: Secret | None = None
    """The API token. None: use the data folder's `token` file, and create it if it is missing."""
    upstream_rate: UpstreamRate | None = None
    allow_private_callbacks: bool = False
    """Allow `replyUrl` to be an address of this machine or its network."""
    renderers: int | None = None
    """Number of processes that render songs. None: one per core."""
    niceness: int = 10
    """Nice value of the renderers, 0 to 19."""
    engine: str = SKETCH_ENGINE
    """`module:name` of a callable that returns an `Engine`; it gets `soundfont=` and `pronunciation=` if they aren't
    the defaults."""
    soundfont: str | None = None
    """Path of a soundfont, or `synthesized`. None: the one that comes with the engine."""
    pronunciation: str = "built-in"
    """What pronounces lyrics that the dictionary lacks: `built-in` or `espeak-ng`."""
    cluster: str | None = None
    """Address of the Dask scheduler whose renderers make the songs, as `tls://host:8786`. None: render here."""
    cluster_certificates: Path | None = None
    """Folder of the certificates for `cluster`. None: `cluster` in the data folder."""
    song_timeout_s: float = 900.0
    """Timeout for making a song."""
    cache_bytes: int = 1024 * 1024 * 1024
    """Size of the cache for converted formats (WAV, stems, …)."""
    max_body: int = 256 * 1024
    """Maximum request body; longer ones get 413."""

    @property
    def default_max_jobs(self) -> int:
        """Slots of a new account, within the API's limits."""
        return self.max_jobs or min(MAX_JOBS[-1], cores() + self.spare_slots)

"""The details of a song that the job list shows, checked: a service may send anything."""

from __future__ import annotations

from riffusion_tui.clean import clean_line
from riffusion_tui.dispatch.requests.prompt_fields import tempo_of
from riffusion_tui.services.base import RemoteSong
from riffusion_tui.store.store_types import JobChanges

_MAX_BPM = 1000
_MAX_WORD = 100
"""Maximum characters of a key, mode or genre."""


def song_details(song: RemoteSong, takes: int) -> JobChanges:
    """Return the fields of a song that the job list shows."""
    inner = song.plan.get("plan")
    plan = inner if isinstance(inner, dict) else song.plan
    bpm = tempo_of(plan)
    return JobChanges(
        takes=takes,
        title=song.title,
        duration_s=song.duration_s,
        bpm=float(bpm) if bpm is not None and 0 < bpm <= _MAX_BPM else None,
        key=_key(_word(plan.get("key")), _word(plan.get("mode"))),
        genre=_word(plan.get("genre")),
        seed=_seed(song.plan.get("seed", plan.get("seed"))),
    )


def _seed(value: object) -> int | None:
    """Return a reusable seed, or None."""
    return value if type(value) is int and 0 <= value < 2**63 else None


def _key(tonic: str, mode: str) -> str:
    """Format a musical key: `Am`, `F#`, `D dorian`."""
    if not tonic or mode in ("", "major"):
        return tonic
    return f"{tonic}m" if mode == "minor" else f"{tonic} {mode}"


def _word(value: object) -> str:
    return clean_line(value, _MAX_WORD) if isinstance(value, str) else ""

"""An edit of a song in words. Pure."""

from __future__ import annotations

from riffusion_tui.jobs.model import Options


def edit_words(options: Options) -> str:
    """Return what an edit does, `mute Drums`; empty for a new song. Numbers are left out."""
    if not options.operation:
        return ""
    value = next((value for _, value in options.extra if not value[:1].isdigit()), "")
    return f"{options.operation} {value}".strip()

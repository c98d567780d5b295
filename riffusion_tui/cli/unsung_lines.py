"""Reports that a sketch doesn't sing all the lyrics it was given."""

from __future__ import annotations

from riffusion_tui.cli.output import length
from riffusion_tui.jobs.own_lyrics import MAX_LENGTH_S, SungLines


def unsung_text(lines: SungLines, length_s: float, *, instrumental: bool) -> str:
    """Return how many lines a song of `length_s` seconds sings, and what to do; empty if it sings all."""
    if lines.complete:
        return ""
    found = f"{lines.sung} of {lines.given} lines sung"
    if instrumental:
        return f"{found}: the song is instrumental. Add 'with vocals' to the prompt."
    longer = lines.length_for_all(length_s)
    if longer is None:
        return f"{found}: even the longest song, {length(MAX_LENGTH_S)}, is too short for all. Split the lyrics."
    return f"{found}: {length(length_s)} is too short. Use --length {longer}."

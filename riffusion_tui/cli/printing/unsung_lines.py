"""Reports that a sketch doesn't sing all the lyrics it was given."""

from __future__ import annotations

from riffusion_tui.cli.printing.output import counted, length
from riffusion_tui.jobs.own_lyrics import MAX_LENGTH_S, SungLines


def unsung_text(
    lines: SungLines, length_s: float, needed_s: float | None, *, instrumental: bool, requested: str = ""
) -> str:
    """Return how many lines a song sings, and what to do; empty if it sings all.

    Args:
        lines: the lyrics' lines.
        length_s: the song's length.
        needed_s: a length with room for all lines; 0 if there is none, None if it is unknown.
        instrumental: whether the song is one.
        requested: the name of the option or field that made it one; empty if the prompt did.
    """
    if lines.complete:
        return ""
    found = f"{lines.sung} of {counted(lines.given, 'line')} sung"
    if instrumental:
        why = f"the song is instrumental. Leave out {requested}" if requested else "the prompt asks for an instrumental"
        return f"{found}: {why}."
    if needed_s is None:
        return f"{found}."
    if not needed_s:
        return f"{found}: even the longest song, {length(MAX_LENGTH_S)}, is too short for all. Split the lyrics."
    return f"{found}: {length(length_s)} is too short. Use --length {needed_s:.0f}."

"""The chords of a canon: so many bars return throughout, so that the voices fit each other."""

from __future__ import annotations

from riffusion_tui.studio.engine.song_plan import Plan

_LONGEST_S = 14.0
"""Seconds after which the next voice enters, at most; four bars if they fit, else two."""
_SHORT, _LONG = 2, 4
_FEWEST_CHORDS = 3
"""Different chords of a ground, at least."""


def bars_apart(plan: Plan) -> int:
    """Return by how many bars a voice follows the one before it."""
    return _LONG if _LONG * plan.bar * 60 / plan.bpm <= _LONGEST_S else _SHORT


def is_varied(loop: list[str], bars: int) -> bool:
    """Whether the first bars of a progression, one word per bar, are a ground that is worth repeating."""
    return len({*loop[:bars]}) >= min(bars, _FEWEST_CHORDS)


def ground(loop: list[str], bars: int, apart: int) -> list[str]:
    """Return the chords of a section of some bars: the first `apart` ones of a progression, repeated."""
    return [loop[bar % apart % len(loop)] for bar in range(bars)]

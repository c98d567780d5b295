"""Numbers of players of the same instrument: `Violin 1` and `Violin 2` of a string quartet."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from riffusion_tui.studio.engine.score import Track

_ORDER = ("lead", "counter", "arp", "chords", "pad", "bass")
"""Roles from the first player to the last."""


def numbered(tracks: tuple[Track, ...], players: tuple[str, ...]) -> tuple[Track, ...]:
    """Return the tracks with a number in the name if several players have the same instrument.

    Args:
        tracks: in any order.
        players: those that the prompt names, one entry per player.
    """
    several = {name: count for name, count in Counter(players).items() if count > 1}
    names: dict[int, str] = {}
    for name, count in several.items():
        own = [at for at, track in enumerate(tracks) if track.instrument == name and track.role in _ORDER]
        # The first player's other hand has no number of its own.
        both = [at for at in own if tracks[at].role == "chords"] if len(own) > count else []
        own = sorted((at for at in own if at not in both), key=lambda at: _ORDER.index(tracks[at].role))
        names |= {at: f"{tracks[at].name} {number}" for number, at in enumerate(own, start=1)}
        names |= {at: f"{tracks[at].name} 1" for at in both}
    return tuple(replace(track, name=names.get(at, track.name)) for at, track in enumerate(tracks))

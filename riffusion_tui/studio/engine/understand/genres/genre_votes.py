"""Votes for genres, and the words that hint at them."""

from __future__ import annotations

from functools import cache

from riffusion_tui.studio.engine import genre_files
from riffusion_tui.studio.engine.datafiles import read_data

TOGETHER = 4.0
"""Weight of all instruments together."""


def vote(votes: dict[str, float], names: tuple[str, ...], weight: float) -> None:
    """Add the votes for genres, of which each has less weight than the one before it."""
    for place, name in enumerate(names):
        votes[name] = votes.get(name, 0.0) + weight / (1 + 0.25 * place)


@cache
def hints() -> dict[str, dict[str, str]]:
    """Return the hints at several genres, of `hints.toml`, and at one, of that genre's file."""
    found = {kind: dict(rows) for kind, rows in read_data("lexicon/hints.toml").items()}
    for name, table in genre_files.genres().items():
        for kind, words in table.get("hints", {}).items():
            found.setdefault(kind, {}).update(dict.fromkeys(words, name))
    return found

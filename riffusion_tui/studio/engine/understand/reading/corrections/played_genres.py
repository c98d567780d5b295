"""Genres by who plays them: a rumba for guitars and a cajon is flamenco."""

from __future__ import annotations

from dataclasses import replace

from riffusion_tui.studio.engine import genre_files
from riffusion_tui.studio.engine.understand.words.mention import Mention
from riffusion_tui.studio.engine.understand.words.tokens import phrase


def with_played_genres(mentions: list[Mention]) -> list[Mention]:
    """Return the mentions; the only genre is the one that the players mean, if its name has several meanings."""
    genres = [one for one in mentions if one.kind == "genre"]
    if len({one.meaning for one in genres}) != 1:
        return mentions
    played = {one.meaning for one in mentions if one.kind == "instrument" and not one.negated}
    meant = {word: name for name, table in genre_files.genres().items() for word in _names_of(table["genre"], played)}
    return [
        replace(one, meaning=meant.get(phrase(one.word), one.meaning)) if one in genres else one for one in mentions
    ]


def _names_of(genre: genre_files.Table, played: set[str]) -> list[tuple[str, ...]]:
    """Return the names of other genres that are this one if these instruments play."""
    rows = genre.get("played", {"names": [], "by": [], "with": []})
    fits = played & {*rows["by"]} and played <= {*rows["by"], *rows["with"]}
    return [phrase(name) for name in rows["names"]] if fits else []

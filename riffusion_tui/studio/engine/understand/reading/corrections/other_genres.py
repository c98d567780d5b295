"""Genres that the music is less like than others, and those that their players mean: `more jazz than pop`."""

from __future__ import annotations

from dataclasses import replace

from riffusion_tui.studio.engine import genre_files
from riffusion_tui.studio.engine.understand.words.mention import Mention, positive
from riffusion_tui.studio.engine.understand.words.neighbors import FAR
from riffusion_tui.studio.engine.understand.words.tokens import Token, phrase

_KINDS = frozenset({"genre", "flavour"})


def without_lesser_genres(tokens: tuple[Token, ...], mentions: list[Mention]) -> list[Mention]:
    """Return the mentions without genres after `more … than`, or between `less` and `than`."""
    places = {one.at for one in positive(mentions, *_KINDS)}
    lesser: set[int] = set()
    for than in (at for at, token in enumerate(tokens) if token.norm == "than"):
        first = max(0, than - FAR)
        words = [token.norm for token in tokens[first:than]]
        start = next((first + at for at, word in enumerate(words) if word in ("more", "less")), than)
        before = places & {*range(start, than)}
        after = places & {*range(than + 1, than + 4)}
        if before and after:
            lesser |= after if tokens[start].norm == "more" else before
    return [one for one in mentions if one.kind not in _KINDS or one.at not in lesser]


def with_played_genres(mentions: list[Mention]) -> list[Mention]:
    """Return the mentions; the only genre is the one that the players mean, if its name has several meanings."""
    genres = [one for one in mentions if one.kind == "genre"]
    if len({one.meaning for one in genres}) != 1:
        return mentions
    played = {one.meaning for one in positive(mentions, "instrument")}
    meant = {word: name for name, table in genre_files.genres().items() for word in _names_of(table["genre"], played)}
    return [
        replace(one, meaning=meant.get(phrase(one.word), one.meaning)) if one in genres else one for one in mentions
    ]


def _names_of(genre: genre_files.Table, played: set[str]) -> list[tuple[str, ...]]:
    """Return the names of other genres that are this one if these instruments play."""
    rows = genre.get("played", {"names": [], "by": [], "with": []})
    fits = played & {*rows["by"]} and played <= {*rows["by"], *rows["with"]}
    return [phrase(name) for name in rows["names"]] if fits else []

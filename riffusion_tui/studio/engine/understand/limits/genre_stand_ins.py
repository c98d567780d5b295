"""Which genre takes the place of one that the studio doesn't have: house that of Jersey club."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from riffusion_tui.studio.engine import genre_files
from riffusion_tui.studio.engine.understand.reading.mentions import Reading
from riffusion_tui.studio.engine.understand.words.tokens import phrase


def genre_stand_ins(reading: Reading, genre: str) -> Iterator[str]:
    """Yield the names of other genres for which the prompt's genre stands in, each once."""
    named = [one for one in reading.positive("genre") if one.meaning == genre]
    words = dict.fromkeys(tuple(token.norm for token in reading.tokens[one.at : one.last + 1]) for one in named)
    missing = _missing(genre)
    yield from (missing[one] for one in words if one in missing)


@cache
def _missing(genre: str) -> dict[tuple[str, ...], str]:
    return {phrase(name): name for name in genre_files.genres()[genre]["genre"].get("stands_in", ())}

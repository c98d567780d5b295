"""Tempos and drums that a prompt wants in some sections only: `a slow bridge`, `half-time drums in the chorus`."""

from __future__ import annotations

from collections.abc import Iterator

from riffusion_tui.studio.engine.understand.reading.mentions import Mention, Reading
from riffusion_tui.studio.engine.understand.words import tables
from riffusion_tui.studio.engine.understand.words.lexicon import context_words
from riffusion_tui.studio.engine.understand.words.neighbors import follows
from riffusion_tui.studio.engine.understand.words.places import IN, place_at

_FEELS = ("half-time", "double-time")


def is_of_a_section(reading: Reading, mention: Mention) -> bool:
    """Whether a mention is about one kind of section: `a slow bridge`; a `fast solo` only says how somebody plays."""
    following = reading.after(mention)
    kind = tables.sections().get(following[0].norm) if following and not following[0].gap else None
    if kind is not None:
        return kind != "solo"
    if follows(reading.tokens, mention.last + 1, context_words("parts of a song")):
        return True
    place = place_at(reading.tokens, mention.last + 1)
    return place is not None and place.how == IN and bool(place.sections)


def feels_of_sections(reading: Reading) -> Iterator[str]:
    """Yield the limit for each feel of the drums that the prompt wants in some sections only."""
    for one in reading.positive("production"):
        if one.meaning in _FEELS and is_of_a_section(reading, one):
            yield f"The drums play {one.meaning} throughout a song."

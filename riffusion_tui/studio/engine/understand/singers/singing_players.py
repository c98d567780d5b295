"""People with an instrument, who sing: `a guy and his banjo`, `an old sailor and his concertina`."""

from __future__ import annotations

from riffusion_tui.studio.engine.understand.reading.mentions import Reading
from riffusion_tui.studio.engine.understand.words import tables
from riffusion_tui.studio.engine.understand.words.neighbors import NEAR
from riffusion_tui.studio.engine.understand.words.tables import instrument_families


def gender_of_a_player(reading: Reading) -> str | None:
    """Return the gender of a person with an instrument, who sings: `a guy and his banjo`, `piano man`.

    Of `me and my guitar`, it is any.
    """
    starts = {mention.at for mention in reading.positive("instrument")}
    words = " ".join(token.norm for token in reading.tokens)
    if any(f"me and my {reading.tokens[at].norm}" in words for at in starts):
        return "any"
    for mention in reading.positive("gender"):
        following = [token.norm for token in reading.after(mention, 2)]
        near = not starts.isdisjoint(range(mention.last + 2, mention.last + 6))
        owned = near and following[1:] in (["his"], ["her"], ["a"], ["an"])
        if following[:1] == ["alone"]:
            following, near = following[1:], not starts.isdisjoint(range(mention.last + 3, mention.last + 6))
            owned = near
        if following[:1] in (["and"], ["with"]) and (owned or mention.last + 2 in starts):
            return mention.meaning
        if _owns_an_instrument(reading, mention.last + 1, starts):
            return mention.meaning
        listed = [token.norm for token in reading.after(mention) if token.gap == "soft"]
        if listed in (["a"], ["an"], ["his"], ["her"]) and mention.last + 2 in starts:
            return mention.meaning
    return _owner_of_an_instrument(reading)


def _owner_of_an_instrument(reading: Reading) -> str | None:
    """Return the gender of somebody who sings to an instrument: of `an old sailor and his concertina`, `piano man`."""
    played = reading.positive("instrument")
    played_by_singers = [
        one for one in played if tables.instruments()[one.meaning].family in instrument_families("sung to")
    ]
    starts, ends = {one.at for one in played_by_singers}, {one.last for one in played_by_singers}
    for mention in reading.positive("gender"):
        if mention.at - 1 in ends and not reading.tokens[mention.at].gap:
            return mention.meaning
        before = [token.norm for token in reading.tokens[max(0, mention.at - 1) : mention.at]]
        owner = mention.at > 1 and all(one.last != mention.at - 2 for one in played)
        if owner and before == ["and"] and mention.word.lower() in ("his", "her") and mention.last + 1 in starts:
            return mention.meaning
    return None


def _owns_an_instrument(reading: Reading, first: int, starts: set[int]) -> bool:
    """Whether `with his` and an instrument follow soon after a person: `a man in the rain with his guitar`."""
    for at in range(first, min(first + NEAR, len(reading.tokens) - 2)):
        if reading.tokens[at].gap:
            return False
        if reading.tokens[at].norm in ("and", "with") and reading.tokens[at + 1].norm in ("his", "her"):
            return not starts.isdisjoint((at + 2, at + 3))
    return False

"""What a prompt wants one after the other, but a song has throughout: two tempos, genres or soloists."""

from __future__ import annotations

from collections.abc import Iterator

from riffusion_tui.studio.engine.understand.reading.mentions import Mention, Reading
from riffusion_tui.studio.engine.understand.timing.meter import names_a_dance
from riffusion_tui.studio.engine.understand.words.lexicon import context_words
from riffusion_tui.studio.engine.understand.words.neighbors import NEAR
from riffusion_tui.studio.engine.understand.words.tokens import sentence_of

ONE_TEMPO = "The studio keeps one tempo throughout a song."


def successions(reading: Reading) -> Iterator[str]:
    """Yield the limits for what the prompt wants one after the other."""
    cues = [at for at, token in enumerate(reading.tokens) if token.norm in context_words("one after the other")]
    for at in cues:
        if _changes_tempo(reading, at):
            yield ONE_TEMPO
        if _differs(reading, at, "genre"):
            yield "The studio blends two genres; a song doesn't change from one to the other."
        if _differs(reading, at, "instrument") and _plays_solo(reading, at):
            yield "Soloists who are named play together, not one after the other."


def _before(reading: Reading, at: int, kind: str) -> list[Mention]:
    """Return the mentions of the same or the last sentence before a token."""
    sentence = sentence_of(reading.tokens, at)
    return [one for one in reading.positive(kind) if one.last < at and one.sentence >= sentence - 1]


def _after(reading: Reading, at: int, kind: str) -> list[Mention]:
    """Return the mentions right after a token."""
    ends = [place for place in range(at + 2, len(reading.tokens)) if reading.tokens[place].begins_phrase]
    last = min([at + NEAR, *(place - 1 for place in ends)])
    return [one for one in reading.positive(kind) if at < one.at <= last]


def _changes_tempo(reading: Reading, at: int) -> bool:
    """Whether slow music precedes fast music, or a dance: `slow and then fast`, `slow air into a reel`."""
    before, after = _before(reading, at, "tempo"), _after(reading, at, "tempo")
    if not before:
        return False
    played = {one.at for one in reading.positive("instrument")}
    if after:
        manner = after[0].last + 1 in played  # `then a fast guitar solo`
        return before[-1].meaning != after[0].meaning and not manner
    return names_a_dance(reading, at + 1, at + NEAR)


def _differs(reading: Reading, at: int, kind: str) -> bool:
    before, after = _before(reading, at, kind), _after(reading, at, kind)
    if kind == "genre" and any(_describes(reading, one) for one in (*before[-1:], *after[:1])):
        return False
    return bool(before and after) and before[-1].meaning != after[0].meaning


def _describes(reading: Reading, genre: Mention) -> bool:
    """Whether a genre only says how something sounds: `an ambient pad`."""
    return any(genre.at <= one.at <= genre.last + 1 for one in reading.positive("instrument", "vocal"))


def _plays_solo(reading: Reading, at: int) -> bool:
    """Whether soloists are named on both sides of a token: `solo violin, then solo cello`."""
    sides = _before(reading, at, "instrument")[-1:], _after(reading, at, "instrument")[:1]
    return all(_is_alone(reading, one) for side in sides for one in side)


def _is_alone(reading: Reading, mention: Mention) -> bool:
    before = [token.norm for token in reading.tokens[max(0, mention.at - 1) : mention.at + 1]]
    after = [token for token in reading.after(mention) if not token.gap]
    return "solo" in before and not after

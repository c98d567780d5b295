"""People of the story who are alone: `pedal steel, he drinks alone` has a band; `she plays alone` has none."""

from __future__ import annotations

from riffusion_tui.studio.engine.understand.words.lexicon import context_words
from riffusion_tui.studio.engine.understand.words.mention import Mention
from riffusion_tui.studio.engine.understand.words.tokens import Token


def without_lonely_people(tokens: tuple[Token, ...], mentions: list[Mention]) -> list[Mention]:
    """Return the mentions without `alone` where it is about a person who makes no music."""
    return [one for one in mentions if not (one.meaning == "only these" and _is_of_a_person(tokens, one))]


def _is_of_a_person(tokens: tuple[Token, ...], hint: Mention) -> bool:
    first = hint.at
    while first and not tokens[first].gap:
        first -= 1
    clause = {token.norm for token in tokens[first : hint.at]}
    alone = tokens[hint.last].norm == "alone" and not clause & context_words("performing")
    return alone and bool(clause & context_words("lonely people"))

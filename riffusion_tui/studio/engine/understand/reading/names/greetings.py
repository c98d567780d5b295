"""Greetings beside names: `happy birthday, Carol`; and who signs a message."""

from __future__ import annotations

from collections.abc import Sequence

from riffusion_tui.studio.engine.understand.words.lexicon import name_phrases, name_words
from riffusion_tui.studio.engine.understand.words.tokens import Token

_REACH = 6
"""Words before a name in which a greeting is, at most."""
_SIGNATURE = 2
"""Names at the end of a message, at most."""


def precedes_a_greeting(tokens: tuple[Token, ...], at: int) -> bool:
    """Whether a comma and a greeting follow: `Carol, happy birthday`."""
    after = tokens[at + 1 : at + 4]
    comma = bool(after) and after[0].gap == "soft" and (not at or tokens[at].begins_phrase)
    norms = tuple(token.norm for token in after)
    return comma and any(len(one) > 1 and norms[: len(one)] == one for one in name_phrases("greetings"))


def ends_a_greeting(tokens: tuple[Token, ...], at: int) -> bool:
    """Whether it stands between a sentence that begins with a greeting, and its end: `good luck at school, Sarah!`."""
    if tokens[at].gap != "soft" or (at + 1 < len(tokens) and not tokens[at + 1].gap):
        return False
    first = next((place for place in range(at - 1, 0, -1) if tokens[place].gap == "hard"), 0)
    norms = tuple(token.norm for token in tokens[first:at])
    return any(norms[: len(one)] == one for one in name_phrases("greetings"))


def greeted(tokens: tuple[Token, ...], at: int) -> bool:
    """Whether a greeting precedes: `happy birthday`, `happy 50th birthday`."""
    if not at or tokens[at].gap not in ("", "soft"):
        return False
    before = [token for token in tokens[max(0, at - _REACH) : at] if not token.typed[:1].isdigit()]
    return any(_ends_with(before, greeting) for greeting in name_phrases("greetings"))


def _ends_with(tokens: Sequence[Token], words: tuple[str, ...]) -> bool:
    return tuple(token.norm for token in tokens[-len(words) :]) == words


def signs_a_message(tokens: tuple[Token, ...], at: int) -> bool:
    """Whether it ends a message: `We need a waltz. Thanks a lot, Jonas`; a song's words can be `Thank you, Jonas`."""
    first = next((place for place in range(at, 0, -1) if tokens[place].gap == "hard"), 0)
    return 0 < first < at and at >= len(tokens) - _SIGNATURE and tokens[first].norm in name_words("closings")

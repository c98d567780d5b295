"""Strings that are part of an instrument: `a piano with screws in the strings` has no string section."""

from __future__ import annotations

from riffusion_tui.studio.engine.understand.words import tables
from riffusion_tui.studio.engine.understand.words.lexicon import context_words
from riffusion_tui.studio.engine.understand.words.mention import Mention
from riffusion_tui.studio.engine.understand.words.tokens import Token

_STRUNG = frozenset({"keys", "guitar", "plucked", "bass"})
"""Families of instruments that have strings."""


def without_parts(tokens: tuple[Token, ...], mentions: list[Mention]) -> list[Mention]:
    """Return the mentions without strings in or on which something is done, after an instrument that has strings.

    Args:
        tokens: the prompt's.
        mentions: the prompt's, in order.
    """
    strung = [one.at for one in mentions if one.kind == "instrument" and _has_strings(one)]
    return [one for one in mentions if not (strung and strung[0] < one.at and _is_a_part(tokens, one))]


def _has_strings(mention: Mention) -> bool:
    return tables.instruments()[mention.meaning].family in _STRUNG


def _is_a_part(tokens: tuple[Token, ...], mention: Mention) -> bool:
    """Whether it is the word `strings` alone, after a preposition of place and an article."""
    before = [token.norm for token in tokens[max(0, mention.at - 2) : mention.at + 1]]
    if mention.kind != "instrument" or before[-1:] != ["strings"] or mention.last > mention.at or len(before) < 3:
        return False
    return before[1] in context_words("whose part") and before[0] in context_words("inside")

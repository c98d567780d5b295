"""Strings that are part of an instrument: `a piano with screws in the strings` has no string section.

Neither has a fiddle with drone strings.
"""

from __future__ import annotations

from riffusion_tui.studio.engine.understand.words import tables
from riffusion_tui.studio.engine.understand.words.lexicon import context, context_words
from riffusion_tui.studio.engine.understand.words.mention import Mention
from riffusion_tui.studio.engine.understand.words.tokens import Token, phrase

_STRUNG = frozenset({"keys", "guitar", "plucked", "bass"})
"""Families of instruments that have strings."""


def without_parts(tokens: tuple[Token, ...], mentions: list[Mention]) -> list[Mention]:
    """Return the mentions without an instrument's drone strings, and those after it in which something is done."""
    strung = [one.at for one in mentions if one.kind == "instrument" and _has_strings(one)]
    parts = {one.at for one in mentions if strung and strung[0] < one.at and _is_a_part(tokens, one)}
    if any(one.kind == "instrument" and phrase(one.meaning) in context("with drone strings") for one in mentions):
        parts |= {at for one in mentions for at in _drone_strings(tokens, one)}
    return [one for one in mentions if one.at not in parts]


def _drone_strings(tokens: tuple[Token, ...], mention: Mention) -> tuple[int, ...]:
    """Return where the strings and the word that says that they drone are, if the mention is such strings."""
    at = mention.at
    named = mention.kind == "instrument" and at == mention.last and at > 0 and not tokens[at].gap
    drones = named and tokens[at - 1].norm in context_words("of drone strings")
    return (at - 1, at) if drones and tokens[at].norm in ("string", "strings") else ()


def _has_strings(mention: Mention) -> bool:
    return tables.instruments()[mention.meaning].family in _STRUNG


def _is_a_part(tokens: tuple[Token, ...], mention: Mention) -> bool:
    """Whether it is the word `strings` alone, after a preposition of place and an article."""
    before = [token.norm for token in tokens[max(0, mention.at - 2) : mention.at + 1]]
    if mention.kind != "instrument" or before[-1:] != ["strings"] or mention.last > mention.at or len(before) < 3:
        return False
    return before[1] in context_words("whose part") and before[0] in context_words("inside")

"""Instruments that share a noun: `acoustic and slide guitars`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from riffusion_tui.studio.engine.understand.words.matching import meaning_of
from riffusion_tui.studio.engine.understand.words.mention import Mention
from riffusion_tui.studio.engine.understand.words.tokens import Token, stem

_OTHERS = frozenset({"instrument", "genre", "flavour", "vocal"})
"""What the first word can be besides: `jazz and acoustic guitars` names a genre."""
_CLEAN = "clean"
"""A sound that the band's own guitars can have."""


def with_shared_nouns(tokens: tuple[Token, ...], mentions: list[Mention]) -> list[Mention]:
    """Return the mentions, with an instrument for a word such as `acoustic` that shares the noun of the next one."""
    others = (one for one in mentions if one.kind in _OTHERS or one.meaning == _CLEAN)
    named = {at for one in others for at in range(one.at, one.last + 1)}
    shared = {one.at: one for one in _sharing(tokens, mentions) if one.at not in named}
    if not shared:
        return mentions
    kept = [one for one in mentions if one.at not in shared]
    return sorted((*kept, *shared.values()), key=lambda one: one.at)


def _sharing(tokens: tuple[Token, ...], mentions: list[Mention]) -> Iterator[Mention]:
    """Yield an instrument for each word before `and` and an instrument in the plural with which it shares the noun."""
    for one in mentions:
        kind, noun = one.at - 2, tokens[one.last].norm
        if one.kind != "instrument" or one.last == one.at or kind < 0 or not noun.endswith("s"):
            continue
        joined = tokens[kind + 1].norm == "and" and not tokens[kind + 1].gap and not tokens[one.at].gap
        name = meaning_of((tokens[kind].norm, stem(noun)), "instrument")
        if joined and name is not None:
            yield replace(one, meaning=name, word=f"{tokens[kind].typed} {tokens[one.last].typed}", at=kind, last=kind)

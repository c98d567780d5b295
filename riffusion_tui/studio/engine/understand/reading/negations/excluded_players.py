"""Instruments that a prompt names, then excludes: `pop for the Drum family, no drums`; orchestras without strings."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from riffusion_tui.studio.engine.understand.words import tables
from riffusion_tui.studio.engine.understand.words.lexicon import context_words
from riffusion_tui.studio.engine.understand.words.mention import Mention, positive
from riffusion_tui.studio.engine.understand.words.neighbors import follows
from riffusion_tui.studio.engine.understand.words.tokens import Token

_NEAR = 2
"""Words before an excluded instrument in which those stand, at most."""
_ALIKE = 4
"""Letters at the start of words for the same instrument: `Drummers` and `drums`."""
_ORCHESTRAL = "symphonic"
"""The genre that `orchestra` means if its strings are excluded and the prompt names no other genre."""


def without_excluded_players(
    tokens: tuple[Token, ...], mentions: list[Mention], subject: frozenset[int]
) -> list[Mention]:
    """Return the mentions without the instruments that the prompt excludes by the same word.

    What is named after its exclusion stays, `no drums, then drums`, except in what the song is about.
    """
    excluded = [one for one in mentions if one.kind == "instrument" and one.negated and _is_whole(tokens, one)]
    return [
        one
        for one in mentions
        if one.kind != "instrument"
        or one.negated
        or not any(
            no.meaning == one.meaning and (one.at < no.at or one.at in subject) and _is_named_by(tokens, no, one)
            for no in excluded
        )
    ]


def _is_whole(tokens: tuple[Token, ...], excluded: Mention) -> bool:
    """Whether it excludes the instrument, not another one or only its solos."""
    before = {token.norm for token in tokens[max(0, excluded.at - _NEAR) : excluded.at]}
    only_solos = follows(tokens, excluded.last + 1, ("solo", "solos"))
    return before.isdisjoint(context_words("others")) and not only_solos


def _is_named_by(tokens: tuple[Token, ...], excluded: Mention, named: Mention) -> bool:
    """Whether the words of an exclusion are in the name of an instrument: not `kick drum` in `live drums`."""
    words = [token.norm[:_ALIKE] for token in tokens[named.at : named.last + 1]]
    return all(token.norm[:_ALIKE] in words for token in tokens[excluded.at : excluded.last + 1])


def without_excluded_sections(mentions: list[Mention]) -> list[Mention]:
    """Return the mentions, without instruments that a name of an ensemble or genre implies and the prompt excludes."""
    return list(_kept(mentions))


def _kept(mentions: list[Mention]) -> Iterator[Mention]:
    excluded = {one.meaning for one in mentions if one.kind == "instrument" and one.negated}
    genres = {one.at for one in positive(mentions, "genre")}
    for one in mentions:
        if one.kind != "instrument" or one.negated or one.meaning not in excluded:
            yield one
        elif not genres and _is_an_orchestra(one):
            yield replace(one, kind="genre", meaning=_ORCHESTRAL)
        elif one.at not in genres and not _is_an_orchestra(one):
            yield one


def _is_an_orchestra(mention: Mention) -> bool:
    return not tables.word_set("ensembles", "concert", "orchestra").isdisjoint(mention.word.lower().split())

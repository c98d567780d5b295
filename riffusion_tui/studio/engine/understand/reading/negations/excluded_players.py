"""Instruments that a prompt names and then excludes: `pop for the Drum family, no drums` has none."""

from __future__ import annotations

from riffusion_tui.studio.engine.understand.words.lexicon import context_words
from riffusion_tui.studio.engine.understand.words.mention import Mention
from riffusion_tui.studio.engine.understand.words.neighbors import follows
from riffusion_tui.studio.engine.understand.words.tokens import Token

_NEAR = 2
"""Words before an excluded instrument in which those stand, at most."""
_ALIKE = 4
"""Letters at the start of words for the same instrument: `Drummers` and `drums`."""


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

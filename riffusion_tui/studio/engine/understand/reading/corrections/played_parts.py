"""Parts that a named player has, which are no players: `tuba on the bass`, `two cellos playing metal riffs`."""

from __future__ import annotations

from riffusion_tui.studio.engine.understand.words import tables
from riffusion_tui.studio.engine.understand.words.lexicon import context_words
from riffusion_tui.studio.engine.understand.words.mention import Mention
from riffusion_tui.studio.engine.understand.words.tokens import Token

_BETWEEN = 4
"""Words between a player and its part, at most."""


def without_played_parts(tokens: tuple[Token, ...], mentions: list[Mention]) -> list[Mention]:
    """Return the mentions without instruments whose names are another player's part."""
    players = [one for one in mentions if one.kind == "instrument" and not one.negated]
    parts = {one.at for one in players if any(_plays(tokens, other, one) for other in players)}
    return [one for one in mentions if one.kind != "instrument" or one.at not in parts]


def _plays(tokens: tuple[Token, ...], player: Mention, part: Mention) -> bool:
    """Whether `on`, or a verb, and at most an article stand between a player and a part that the player can have."""
    if not 0 < part.at - player.last - 1 <= _BETWEEN:
        return False
    between = tokens[player.last + 1 : part.at]
    words = [token.norm for token in between if token.norm not in ("a", "an", "the")]
    joined = len(words) == 1 and (words[0] == "on" or words[0] in tables.word_set("ensembles", "listed", "verbs"))
    if not joined or any(token.gap for token in tokens[player.last + 1 : part.last + 1]):
        return False
    if tokens[part.last].norm in context_words("riffs"):
        return True
    return part.meaning == "bass" and "bass" in tables.instruments()[player.meaning].roles

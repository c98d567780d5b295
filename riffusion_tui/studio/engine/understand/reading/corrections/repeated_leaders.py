"""Leaders of ensembles that the list of players repeats by a plainer name: `tenor sax trio (sax, bass, drums)`."""

from __future__ import annotations

from riffusion_tui.studio.engine.understand.words.mention import Mention
from riffusion_tui.studio.engine.understand.words.numbers import ensemble_sizes
from riffusion_tui.studio.engine.understand.words.tokens import Token


def without_repeated_leaders(tokens: tuple[Token, ...], mentions: list[Mention]) -> list[Mention]:
    """Return the mentions without the plainer names."""
    played = [one for one in mentions if one.kind == "instrument" and not one.negated]
    leaders = [one for one in played if _leads_a_list(tokens, one)]
    repeated = {plain.at for leader in leaders for plain in _repeated(played, leader)}
    return [one for one in mentions if one.at not in repeated]


def _leads_a_list(tokens: tuple[Token, ...], one: Mention) -> bool:
    """Whether the size of an ensemble is right after it, and then its players, in brackets or after a colon."""
    after = tokens[one.last + 1 : one.last + 3]
    return len(after) > 1 and after[0].norm in ensemble_sizes() and (after[1].bracket or after[1].colon)


def _repeated(played: list[Mention], leader: Mention) -> list[Mention]:
    """Return the plainer name after a leader, if its own doesn't come again: `soprano sax duo (sax, soprano sax)`."""
    after = [one for one in played if one.at > leader.last]
    if any(one.meaning == leader.meaning for one in after):
        return []
    names = [(one, {one.meaning, one.word.lower()}) for one in after]
    return [one for one, known in names if any(leader.meaning.endswith(f" {name}") for name in known)][:1]

"""Sounds of nature that are no scene: `ten hours of rain`, `only bells and wind`."""

from __future__ import annotations

from dataclasses import replace

from riffusion_tui.studio.engine.datafiles import read_data, split_words
from riffusion_tui.studio.engine.understand.words.lexicon import context_words
from riffusion_tui.studio.engine.understand.words.mention import Mention
from riffusion_tui.studio.engine.understand.words.tokens import Token, sentence_of

_NATURE = "nature sounds"


def with_nature_for_hours(tokens: tuple[Token, ...], mentions: list[Mention]) -> list[Mention]:
    """Return the mentions, with nature sounds for a scene that a time is of, or that plays with others only."""
    found: list[Mention] = []
    played = [one for one in mentions if one.kind == "instrument" and not one.negated]
    only = {one.sentence for one in played if _plays_only(tokens, one)}
    for one in mentions:
        found.append(one)
        before = [token.norm for token in tokens[max(0, one.at - 2) : one.at]]
        timed = before[1:] == ["of"] and before[0] in context_words("times") and not tokens[one.at].gap
        listed = one.sentence in only and any(_is_listed(tokens, *sorted((one, other), key=_at)) for other in played)
        if one.kind == "scene" and (timed or listed) and not one.negated and _sounds(one.word):
            found.append(replace(one, kind="instrument", meaning=_NATURE))
    return found


def _sounds(word: str) -> bool:
    """Whether a word names a sound of nature."""
    rows = read_data("nature.toml")["sounds"].values()
    return any(part in word.lower() for row in rows for part in split_words(row))


def _at(mention: Mention) -> int:
    return mention.at


def _plays_only(tokens: tuple[Token, ...], player: Mention) -> bool:
    """Whether the sentence says `only` or the like."""
    return any(
        token.norm in context_words("only") and sentence_of(tokens, at) == player.sentence
        for at, token in enumerate(tokens)
    )


def _is_listed(tokens: tuple[Token, ...], first: Mention, second: Mention) -> bool:
    """Whether `and` or a comma joins two mentions: `bells and wind`."""
    if second.at == first.last + 1:
        return tokens[second.at].gap == "soft"
    return second.at == first.last + 2 and tokens[first.last + 1].norm in ("and", "plus")

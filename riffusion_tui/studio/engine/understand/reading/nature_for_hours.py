"""Hours of a sound of nature: in `ten hours of rain`, the rain is what sounds, not a scene."""

from __future__ import annotations

from dataclasses import replace

from riffusion_tui.studio.engine.datafiles import read_data
from riffusion_tui.studio.engine.understand.words import tables
from riffusion_tui.studio.engine.understand.words.lexicon import context_words
from riffusion_tui.studio.engine.understand.words.mention import Mention
from riffusion_tui.studio.engine.understand.words.tokens import Token

_NATURE = "nature sounds"


def with_nature_for_hours(tokens: tuple[Token, ...], mentions: list[Mention]) -> list[Mention]:
    """Return the mentions, with nature sounds for a scene that a length of time is of: `an hour of rain`.

    Args:
        tokens: the prompt's.
        mentions: the prompt's, in order.
    """
    found: list[Mention] = []
    for one in mentions:
        found.append(one)
        before = [token.norm for token in tokens[max(0, one.at - 2) : one.at]]
        timed = before[1:] == ["of"] and before[0] in context_words("times") and not tokens[one.at].gap
        if one.kind == "scene" and timed and not one.negated and _sounds(one.word):
            found.append(replace(one, kind="instrument", meaning=_NATURE))
    return found


def _sounds(word: str) -> bool:
    """Whether a word names a sound of nature."""
    rows = read_data("nature.toml")["sounds"].values()
    return any(part in word.lower() for row in rows for part in tables.split_words(row))

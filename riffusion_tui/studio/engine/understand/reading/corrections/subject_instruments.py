"""Instruments that nobody plays, as they are what the song is about: `about bells`, `my piano teacher`."""

from __future__ import annotations

from riffusion_tui.studio.engine.understand.words.lexicon import context_words
from riffusion_tui.studio.engine.understand.words.mention import Mention
from riffusion_tui.studio.engine.understand.words.tokens import Token


def without_subject_instruments(
    tokens: tuple[Token, ...], mentions: list[Mention], subject: frozenset[int]
) -> list[Mention]:
    """Return the mentions without such instruments.

    Args:
        tokens: the prompt's.
        mentions: in it.
        subject: positions of what the song is about.
    """
    return [
        one
        for one in mentions
        if one.kind != "instrument"
        or one.negated
        or not (_is_the_subject(tokens, one, subject) or _names_a_person(tokens, one))
    ]


def _is_the_subject(tokens: tuple[Token, ...], one: Mention, subject: frozenset[int]) -> bool:
    """Whether only words such as `my old` are between `about` and the instrument; others may end the subject."""
    first = min(subject, default=0)
    if one.at not in subject or not first or tokens[first - 1].norm != "about":
        return False
    return {token.norm for token in tokens[first : one.at]} <= context_words("before a subject's noun")


def _names_a_person(tokens: tuple[Token, ...], one: Mention) -> bool:
    after = tokens[one.last + 1 : one.last + 2]
    return any(not token.gap and token.norm in context_words("of an instrument") for token in after)

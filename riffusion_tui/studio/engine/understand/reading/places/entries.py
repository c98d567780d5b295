"""Players who enter with a section: `a trumpet comes in at the second verse`, `strings from the last chorus on`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from riffusion_tui.studio.engine.understand.words.lexicon import context, context_words
from riffusion_tui.studio.engine.understand.words.neighbors import before_all, follows
from riffusion_tui.studio.engine.understand.words.places import AFTER, IN, THROUGH, UNTIL, Place, place_at
from riffusion_tui.studio.engine.understand.words.tokens import Token

_SECOND_PART = ("chorus", "verse 2")
"""Who joins later, or in the middle, does so with the first of these sections."""
_LONGEST = 2
"""Words of a verb, at most: `comes in`."""


def entry(tokens: tuple[Token, ...], first: int, last: int) -> Place | None:
    """Return up to where players rest who are named from token `first` to `last`; None if they don't enter later."""
    ends = (last + 1,) if _is_brought_in(tokens, first) else _after_a_verb(tokens, last + 1)
    places = [(at, place_at(tokens, at) or _after_bars(tokens, at)) for at in ends]
    found = [(at, place) for at, place in places if place is not None and place.how in (IN, AFTER)]
    if not found:
        found = [(last + 1, place) for place in _from_there_on(tokens, last + 1)]
    said = {token.norm for token in tokens[last + 1 : max(ends, default=0)]}
    if not found and said & context_words("afterwards"):
        return Place(UNTIL, _SECOND_PART, max(ends) - 1)
    for at, place in found[:1]:
        named = {token.norm for token in tokens[at : place.last + 1]}
        if not place.sections and named & context_words("the middle"):
            place = replace(place, sections=_SECOND_PART)
        after = place.how == AFTER and tokens[at].norm not in context_words("from a section")
        return replace(place, how=THROUGH if after else UNTIL, last=place.last + _is_on(tokens, place.last + 1))
    return None


def _after_bars(tokens: tuple[Token, ...], at: int) -> Place | None:
    """Return the intro for bars or seconds after which players enter: `after 8 bars`."""
    words = tokens[at : at + 3]
    counts = len(words) == 3 and not any(token.gap for token in words)
    counts = (
        counts and words[0].norm == "after" and words[1].norm.isdecimal() and words[2].norm in context_words("units")
    )
    return Place(AFTER, ("intro",), at + 2) if counts else None


def after_entering(tokens: tuple[Token, ...], at: int) -> int:
    """Return the position after a verb such as `comes in` at a token; the token's if there is none."""
    return max(_after_a_verb(tokens, at), default=at)


def _after_a_verb(tokens: tuple[Token, ...], at: int) -> tuple[int, ...]:
    """Return the positions after verbs such as `comes in` or `comes`, and words such as `only` around them."""
    at = _skip(tokens, at)
    found: list[int] = []
    for size in range(_LONGEST, 0, -1):
        words = tokens[at : at + size]
        if tuple(token.norm for token in words) in context("entering") and words[0].gap in ("", "soft"):
            found.append(_skip(tokens, at + size))
    return tuple(found)


def _skip(tokens: tuple[Token, ...], at: int) -> int:
    while at < len(tokens) and tokens[at].gap in ("", "soft") and tokens[at].norm in context_words("before entering"):
        at += 1
    return at


def _is_brought_in(tokens: tuple[Token, ...], first: int) -> bool:
    """Whether `add` or the like precedes: `add strings in the last chorus`."""
    first = before_all(tokens, first, context_words("determiners"))
    before = tuple(token.norm for token in tokens[max(0, first - _LONGEST) : first])
    joined = bool(before) and not tokens[first].gap
    return joined and (before in context("bringing in") or before[-1:] in context("bringing in"))


def _from_there_on(tokens: tuple[Token, ...], at: int) -> Iterator[Place]:
    """Yield the place after `from`, as in `from the second chorus on`."""
    place = place_at(tokens, at)
    if place is not None and tokens[at].norm in context_words("from a section") and _is_on(tokens, place.last + 1):
        yield place


def _is_on(tokens: tuple[Token, ...], at: int) -> bool:
    return follows(tokens, at, context_words("from there on"))

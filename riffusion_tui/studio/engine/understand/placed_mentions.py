"""What a prompt excludes in some sections, or wants only there: `no drums in verses`, `drums only in the chorus`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from riffusion_tui.studio.engine.understand.mention import Mention
from riffusion_tui.studio.engine.understand.places import IN, ONLY, Place, place_at
from riffusion_tui.studio.engine.understand.tokens import Token

_PLAYERS = frozenset({"instrument", "vocal", "gender"})
_ONLY = frozenset({"only", "just", "exclusively", "solely"})


def placed_in(tokens: tuple[Token, ...], found: Sequence[Mention]) -> Iterator[Mention]:
    """Yield what is excluded in some sections, or plays only there; each has its place.

    Args:
        tokens: the prompt's.
        found: all its mentions.
    """
    yield from (one for one in found if one.place is not None)
    below: tuple[Mention, Place] | None = None
    for one in reversed([one for one in found if one.kind in _PLAYERS and one.place is None and not one.negated]):
        place = _only_place(tokens, one)
        if place is None and below is not None and _is_joined(tokens, one, below[0]):
            place = below[1]
        below = None if place is None else (one, place)
        if place is not None:
            yield replace(one, place=place)


def whole_song(found: Sequence[Mention]) -> list[Mention]:
    """Return the mentions about the whole song; who rests except in a section is one of its players.

    `no chorus after the bridge` asks for no bridge.
    """
    after = places_of([one for one in found if one.place is not None and one.kind == "structure"])
    return [
        replace(one, negated=False, place=None) if one.place is not None else one
        for one in found
        if (one.place is None and one.at not in after)
        or (one.place is not None and one.place.how == ONLY and one.kind in _PLAYERS and one.negated)
    ]


def places_of(placed: Sequence[Mention]) -> frozenset[int]:
    """Return the positions of the words that say where."""
    return frozenset(at for one in placed if one.place is not None for at in range(one.last + 1, one.place.last + 1))


def _only_place(tokens: tuple[Token, ...], mention: Mention) -> Place | None:
    """Return the place after `only`, or before it: `drums only in the chorus`, `drums in the chorus only`."""
    after = tokens[mention.last + 1 : mention.last + 2]
    before_it = bool(after) and not after[0].gap and after[0].norm in _ONLY
    inside = tokens[mention.last].norm in _ONLY
    place = place_at(tokens, mention.last + 1 + before_it)
    if place is None or place.how != IN or not place.sections:
        return None
    following = tokens[place.last + 1 : place.last + 2]
    behind = bool(following) and not following[0].gap and following[0].norm in _ONLY
    only = replace(place, how=ONLY, last=place.last + behind)
    return only if before_it or inside or behind else None


def _is_joined(tokens: tuple[Token, ...], one: Mention, other: Mention) -> bool:
    """Whether `and` joins two mentions: `drums and bass only in the chorus`."""
    return one.last + 2 == other.at and tokens[one.last + 1].norm == "and"

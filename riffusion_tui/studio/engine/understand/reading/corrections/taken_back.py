"""What a prompt takes back: `A minor... no wait, C major`, `a rock song, scratch that, jazz`."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable

from riffusion_tui.studio.engine.understand.figures.stated import Stated
from riffusion_tui.studio.engine.understand.words.lexicon import context
from riffusion_tui.studio.engine.understand.words.mention import Mention
from riffusion_tui.studio.engine.understand.words.neighbors import NEAR, phrases_in
from riffusion_tui.studio.engine.understand.words.tokens import Token


def corrections_in(tokens: tuple[Token, ...]) -> frozenset[int]:
    """Return the positions of words such as `no wait`."""
    return frozenset(at for place in _corrections(tokens) for at in place)


def without_corrected_figures(tokens: tuple[Token, ...], stated: tuple[Stated, ...]) -> tuple[Stated, ...]:
    """Return what is stated, without what a later value of the kind replaces: the key and mode before `no wait`."""
    starts = [token.start for token in tokens]
    places = [range(bisect_left(starts, one.start), bisect_left(starts, one.end)) for one in stated]
    replaced = _replaced(tokens, [(one.kind, place) for one, place in zip(stated, places, strict=True)])
    return tuple(one for one, place in zip(stated, places, strict=True) if place not in replaced)


def without_corrected_mentions(tokens: tuple[Token, ...], mentions: list[Mention]) -> list[Mention]:
    """Return the mentions, without those that a later one of the kind replaces: the genre before `no wait`."""
    replaced = _replaced(tokens, [(one.kind, one.span) for one in mentions])
    return [one for one in mentions if one.span not in replaced]


def _corrections(tokens: tuple[Token, ...]) -> list[range]:
    words = [token.norm for token in tokens]
    return [range(at, at + len(name)) for at, name in phrases_in(words, context("corrections"))]


def _replaced(tokens: tuple[Token, ...], found: Iterable[tuple[str, range]]) -> set[range]:
    """Return the places of what something of the same kind replaces."""
    places = sorted(found, key=lambda one: one[1].start)
    gone: set[range] = set()
    for cue in _corrections(tokens):
        after = [(kind, place) for kind, place in places if 0 <= place.start - cue.stop <= NEAR]
        kinds = {kind for kind, place in after if place == after[0][1]}
        before = [place for kind, place in places if kind in kinds and 0 <= cue.start - place.stop <= NEAR]
        gone.update(before[-1:])
    return gone

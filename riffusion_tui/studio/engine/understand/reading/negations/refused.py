"""Figures and notation that the prompt refuses: `not in C major`, `not 120 bpm`, `5/4 instead of 4/4`."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Container

from riffusion_tui.studio.engine.understand.figures.stated import Stated
from riffusion_tui.studio.engine.understand.words.lexicon import context_words
from riffusion_tui.studio.engine.understand.words.matching import Match
from riffusion_tui.studio.engine.understand.words.tokens import Token


def refused_in(
    tokens: tuple[Token, ...], stated: tuple[Stated, ...], matches: tuple[Match, ...]
) -> tuple[tuple[Stated, ...], tuple[Stated, ...], frozenset[int]]:
    """Return what is wanted of what is stated, what a negation refuses, and where negations that mean no more are.

    `not in C major` refuses only the key.

    Args:
        tokens: the prompt's.
        stated: what it states.
        matches: its phrases.
    """
    cues = {one.last: one for one in matches if one.has("negation") and not one.has("shadow")}
    starts = [token.start for token in tokens]
    refused: list[Stated] = []
    ends, spent = set[int](), set[int]()
    for one in sorted(stated, key=lambda one: one.start) if cues else ():
        first = bisect_left(starts, one.start)
        at = _before(tokens, first, cues)
        joined = at - 1 in ends and tokens[at].norm in ("or", "nor")
        if at not in cues and not joined and not _same_words(refused, one):
            continue
        refused.append(one)
        ends.add(bisect_left(starts, one.end) - 1)
        if at in cues and tokens[cues[at].first].norm not in context_words("negations of nouns"):
            spent.update(range(cues[at].first, at + 1))
    keys = {(one.start, one.end) for one in refused if one.kind == "key"}
    alone = (one for one in refused if one.kind == "key" or (one.start, one.end) not in keys)
    return tuple(one for one in stated if one not in refused), tuple(alone), frozenset(spent)


def _before(tokens: tuple[Token, ...], at: int, cues: Container[int]) -> int:
    """Return the position of the last word or negation before token `at`, articles skipped; -1 without one."""
    while 0 < at < len(tokens) and not tokens[at].gap:
        at -= 1
        if at in cues or tokens[at].norm not in context_words("before a refused figure"):
            return at
    return -1


def _same_words(refused: list[Stated], one: Stated) -> bool:
    """Whether the same words state something refused: the mode of `C major`."""
    return any((other.start, other.end) == (one.start, one.end) for other in refused)

"""What a prompt wants softer, not absent: `less drums`, `softer vocals`, `drums low in the mix`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from riffusion_tui.studio.engine.datafiles import read_data
from riffusion_tui.studio.engine.understand.words import tables
from riffusion_tui.studio.engine.understand.words.lexicon import ABSENT, context, context_words
from riffusion_tui.studio.engine.understand.words.matching import Match
from riffusion_tui.studio.engine.understand.words.tokens import Token, phrase

SOFTER = "softer"
"""Kind of a mention of such an instrument or voice."""
_LESS = frozenset({"less", "fewer", "hardly", "barely", "scarcely", "almost", "nearly", "practically", "virtually"})
"""`almost` and the like only before `no`."""
_ALMOST = frozenset({"almost", "nearly", "practically", "virtually"})
_NO = frozenset({"no", "without"})
_SOFTER = frozenset({"softer", "quieter"})


@dataclass(frozen=True, slots=True)
class Softened:
    """Where the prompt says so."""

    less: frozenset[int]
    """Positions of the matches that `less` and `fewer` are about; they ask for nothing that wouldn't play anyway."""
    softer: frozenset[int]
    """Positions of those that `softer` and `quieter` are about: they play. So does who sings: `less female vocals`."""
    cues: frozenset[int]
    """The tokens that say so; they mean nothing else."""


def softened(tokens: tuple[Token, ...], matches: tuple[Match, ...]) -> Softened:
    """Find the instruments and voices that the prompt wants softer."""
    firsts = {one.first: at for at, one in enumerate(matches) if _sounds(tokens, one)}
    lasts = {one.last: at for at, one in enumerate(matches) if _sounds(tokens, one)}
    phrases = {at for one in matches if one.last > one.first for at in range(one.first, one.last + 1)}
    less, softer, cues = set[int](), set[int](), set[int]()
    for at, token in enumerate(tokens):
        if token.norm not in _LESS | _SOFTER or at in phrases:
            continue
        almost = token.norm in _ALMOST
        if almost and not any(one.norm in _NO and not one.gap for one in tokens[at + 1 : at + 2]):
            continue
        noun = _forward(tokens, firsts, at + almost)
        if noun is None and token.norm in _SOFTER:
            noun = _backward(tokens, lasts, at)
        if noun is not None:
            stays = token.norm in _SOFTER or matches[noun].meaning("vocal") not in (None, "voice")
            (softer if stays else less).add(noun)
            cues.update(range(min(at, matches[noun].last + 1), max(at + 1, matches[noun].first)))
    for first, end in _in_the_mix(tokens):
        noun = _backward(tokens, lasts, first)
        if noun is not None:
            softer.add(noun)
            cues.update(range(matches[noun].last + 1, end))
    return Softened(frozenset(less), frozenset(softer), frozenset(cues))


def _in_the_mix(tokens: tuple[Token, ...]) -> Iterator[tuple[int, int]]:
    """Yield where a phrase such as `low in the mix` begins and ends."""
    norms = tuple(token.norm for token in tokens)
    for words in context("softer in the mix"):
        for at in range(len(norms) - len(words) + 1):
            if norms[at : at + len(words)] == words:
                yield at, at + len(words)


def _forward(tokens: tuple[Token, ...], firsts: dict[int, int], cue: int) -> int | None:
    for at in range(cue + 1, len(tokens)):
        if tokens[at].gap:
            return None
        if at in firsts:
            return firsts[at]
        if tokens[at].norm not in context_words("before the softer"):
            return None
    return None


def _backward(tokens: tuple[Token, ...], lasts: dict[int, int], cue: int) -> int | None:
    for at in range(cue - 1, -1, -1):
        if tokens[at + 1].gap:
            return None
        if at in lasts:
            return lasts[at]
        if tokens[at].norm not in context_words("after the softer"):
            return None
    return None


def _sounds(tokens: tuple[Token, ...], one: Match) -> bool:
    """Whether it can be softer: an instrument, but no part of the drum kit, or a voice, but no manner of singing."""
    words = tuple(token.norm for token in tokens[one.first : one.last + 1])
    if words in _parts_of_the_kit() or not context_words("ways of singing").isdisjoint(words):
        return False
    return bool(softer_name(one))


def softer_name(one: Match) -> str:
    """Return the instrument, or `vocals`, that the word for it names; empty if it names none."""
    if one.meaning(f"{ABSENT}avoid") == "drums":
        return "drums"
    voiced = one.meaning("vocal") not in (None, "none")
    return one.meaning("instrument") or ("vocals" if voiced else "")


@cache
def _parts_of_the_kit() -> frozenset[tuple[str, ...]]:
    pieces = set(read_data("cast.toml")["pieces"])
    rows = read_data("lexicon/avoided.toml").values()
    return frozenset(
        phrase(typed) for row in rows if row["takes"] in pieces for typed in tables.split_words(row["typed"])
    )

"""What a prompt wants softer, not absent, or louder: `less drums`, `vocals low in the mix`, `turn up the bass`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

from riffusion_tui.studio.engine.datafiles import read_data, split_words
from riffusion_tui.studio.engine.understand.words import tables
from riffusion_tui.studio.engine.understand.words.lexicon import ABSENT, context, context_words
from riffusion_tui.studio.engine.understand.words.matching import Match
from riffusion_tui.studio.engine.understand.words.neighbors import before_all, follows, phrases_in
from riffusion_tui.studio.engine.understand.words.places import IN, Place, place_at, section_before
from riffusion_tui.studio.engine.understand.words.tables import instrument_families
from riffusion_tui.studio.engine.understand.words.tokens import Token, phrase

SOFTER, LOUDER = "softer", "louder"
"""Kinds of a mention of such an instrument or voice."""
_NO = frozenset({"no", "without"})
_PLAIN = {"quiet": SOFTER, "loud": LOUDER}
"""Levels of the rhythm section, if these precede it; before others, the song is quiet or loud: `quiet piano`."""
_TURNED = {"up": LOUDER, "down": SOFTER}
_OF_VOICES = frozenset({"softer voices"})
_PHRASES = ((SOFTER, "softer in the mix"), (LOUDER, "louder in the mix"), (SOFTER, "softer voices"))
"""Lists of phrases after a player, by the level that they say. Some are said of voices only."""


@dataclass(frozen=True, slots=True)
class Levels:
    """Where the prompt says so."""

    less: frozenset[int]
    """Positions of the matches that `less` and `fewer` are about; they ask for nothing that wouldn't play anyway."""
    softer: frozenset[int]
    """Positions of those that `softer` and `quieter` are about: they play. So does who sings: `less female vocals`."""
    louder: frozenset[int]
    """Positions of those that are to be louder than usual."""
    cues: frozenset[int]
    """The tokens that say so; they mean nothing else."""
    places: dict[int, Place]
    """By the position of such a match, the only sections in which it is softer or louder."""


def levels(tokens: tuple[Token, ...], matches: tuple[Match, ...]) -> Levels:
    """Find the instruments and voices that the prompt wants softer or louder."""
    firsts = {one.first: at for at, one in enumerate(matches) if _sounds(tokens, one)}
    lasts = {one.last: at for at, one in enumerate(matches) if _sounds(tokens, one)}
    phrases = {at for one in matches if one.last > one.first for at in one.span}
    found: dict[str, set[int]] = {"less": set(), SOFTER: set(), LOUDER: set()}
    cues = set[int]()
    places: dict[int, Place] = {}

    def add(level: str, noun: int, said: Iterable[int]) -> None:
        found[level].add(noun)
        cues.update(said)
        own = {*said, matches[noun].first, matches[noun].last}
        place = _place(tokens, min(own), max(own))
        if place is not None and level != "less":
            places[noun] = place

    for at in range(len(tokens)):
        noun, level = (None, "") if at in phrases else _described(tokens, matches, firsts, lasts, at)
        if noun is not None:
            add(level, noun, range(min(at, matches[noun].last + 1), max(at + 1, matches[noun].first)))
    norms = [token.norm for token in tokens]
    for level, name in _PHRASES:
        for first, words in phrases_in(norms, context(name)):
            noun = _backward(tokens, lasts, first)
            if noun is not None and (name not in _OF_VOICES or matches[noun].meaning("vocal") is not None):
                add(level, noun, range(matches[noun].last + 1, first + len(words)))
    for verb, at, noun in _turned(tokens, matches, firsts):
        add(_TURNED[tokens[at].norm], noun, (verb, at))
    less, softer, louder = (frozenset(found[level]) for level in ("less", SOFTER, LOUDER))
    return Levels(less, softer, louder, frozenset(cues), places)


def _place(tokens: tuple[Token, ...], first: int, last: int) -> Place | None:
    """Return the only sections that words on a level are about: `guitar louder in the chorus`; None if on the song."""
    place = place_at(tokens, last + 1) or _place_before(tokens, first)
    return place if place is not None and place.how == IN and place.sections else None


def _place_before(tokens: tuple[Token, ...], at: int) -> Place | None:
    """Return the place that a clause begins with, or the section whose level follows: `verses with softer drums`."""
    at = before_all(tokens, at, context_words("determiners"))
    section = section_before(tokens, at)
    if section:
        return Place(IN, (section,), at - 1)
    first = max(at - 1, 0)
    while first and not tokens[first].gap and tokens[first - 1].norm not in context_words("between clauses"):
        first -= 1
    place = place_at(tokens, first)
    return place if place is not None and place.last == at - 1 else None


def _described(
    tokens: tuple[Token, ...], matches: tuple[Match, ...], firsts: dict[int, int], lasts: dict[int, int], at: int
) -> tuple[int | None, str]:
    """Return the match whose level the word at a token says, as in `less drums` or `drums louder`, and the level."""
    word = tokens[at].norm
    level = next((one for one in (SOFTER, LOUDER) if word in context_words(f"{one} words")), "")
    almost = word in context_words("almost")
    if not level and word not in context_words("less") | _PLAIN.keys():
        return None, ""
    if word in _PLAIN and any(one.norm in _NO for one in tokens[max(0, at - 1) : at]):
        return None, ""
    if almost and not any(one.norm in _NO and not one.gap for one in tokens[at + 1 : at + 2]):
        return None, ""
    noun = _forward(tokens, firsts, at + almost)
    if noun is None and level:
        noun = _backward(tokens, lasts, at)
    if noun is None:
        return None, ""
    if word in _PLAIN:
        known = tables.instruments().get(matches[noun].meaning("instrument") or "")
        level = _PLAIN[word] if known is not None and known.family in instrument_families("with own levels") else ""
    if (word in _PLAIN and not level) or (word in context_words("less") and _part_of_the_kit(tokens, matches[noun])):
        return None, ""
    stays = matches[noun].meaning("vocal") not in (None, "voice")
    return noun, level or (SOFTER if stays else "less")


def _turned(
    tokens: tuple[Token, ...], matches: tuple[Match, ...], firsts: dict[int, int]
) -> Iterator[tuple[int, int, int]]:
    """Yield the verb, `up` or `down`, and the match of `turn up the bass`, `bring the drums down`, `bass up`."""
    for verb, token in enumerate(tokens):
        if token.norm not in context_words("turning up or down"):
            continue
        after = [one.norm for one in tokens[verb + 1 : verb + 2]]
        before = after[:1] in (["up"], ["down"])
        noun = _forward(tokens, firsts, verb + before)
        at = verb + 1 if before or noun is None else matches[noun].last + 1
        if noun is not None and follows(tokens, at, _TURNED):
            yield verb, at, noun
    for noun, one in enumerate(matches):
        following = tokens[one.last + 1 : one.last + 3]
        ends = bool(following) and not following[0].gap and (len(following) == 1 or bool(following[1].gap))
        if ends and following[0].norm in _TURNED and one.first in firsts:
            yield one.last + 1, one.last + 1, noun


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
    """Whether it has a level of its own: an instrument or a part of the kit, or a voice but no manner of singing."""
    words = (token.norm for token in tokens[one.first : one.last + 1])
    return context_words("ways of singing").isdisjoint(words) and bool(name_of(tokens, one))


def name_of(tokens: tuple[Token, ...], one: Match) -> str:
    """Return the instrument, the part of the drum kit, or `vocals`, that a match names; empty if it names none."""
    part = _part_of_the_kit(tokens, one)
    if part:
        return part
    if one.meaning(f"{ABSENT}avoid") == "drums":
        return "drums"
    voiced = one.meaning("vocal") not in (None, "none")
    return one.meaning("instrument") or ("vocals" if voiced else "")


def _part_of_the_kit(tokens: tuple[Token, ...], one: Match) -> str:
    """Return the part of the drum kit that a match names, or an empty text."""
    return _parts_of_the_kit().get(tuple(token.norm for token in tokens[one.first : one.last + 1]), "")


@cache
def _parts_of_the_kit() -> dict[tuple[str, ...], str]:
    pieces = set(read_data("cast.toml")["pieces"])
    rows = [row for row in read_data("lexicon/avoided.toml").values() if row["takes"] in pieces]
    return {phrase(typed): row["takes"] for row in rows for typed in split_words(row["typed"])}

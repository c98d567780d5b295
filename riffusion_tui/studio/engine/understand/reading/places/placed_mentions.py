"""What a prompt wants in some sections only: `no drums in verses`, `drums only in the chorus`, `a sax joins later`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from riffusion_tui.studio.engine.instrument_groups import GROUP, SINGERS
from riffusion_tui.studio.engine.understand.reading.places.entries import after_entering, entry
from riffusion_tui.studio.engine.understand.words import tables
from riffusion_tui.studio.engine.understand.words.lexicon import SOUNDING, context_words
from riffusion_tui.studio.engine.understand.words.mention import Mention
from riffusion_tui.studio.engine.understand.words.places import (
    ALONE,
    IN,
    ONLY,
    THROUGH,
    UNTIL,
    Place,
    in_sections,
    place_at,
    section_at,
    section_before,
)
from riffusion_tui.studio.engine.understand.words.tokens import Token

BAND = "band"
"""Kind of a mention of all who join later."""
_WORDS_OF_A_PLACE = 6
_ARTICLES = frozenset({"a", "an", "the"})


def placed_in(tokens: tuple[Token, ...], found: Sequence[Mention]) -> list[Mention]:
    """Return what is excluded in some sections, plays only there, is alone there or enters there; each has its place.

    Args:
        tokens: the prompt's.
        found: all its mentions.
    """
    excluded = [one for one in found if one.place is not None]
    played = [one for one in found if one.kind in SOUNDING and one.place is None and not one.negated]
    ends = frozenset(one.last for one in found if one.negated)
    placed = [replace(one, place=place) for group, place in _groups(tokens, played, ends) for one in group]
    if any(_is_everyone(tokens, at) and place_at(tokens, at + 1) for at in range(len(tokens))):
        placed = [_alone_there(one) for one in placed]  # `only drums in the verses, full band in the chorus`
    placed += _bands(tokens)
    return _beside_the_singer([*excluded, *placed], [*excluded, *placed])


def whole_song(tokens: tuple[Token, ...], found: Sequence[Mention], placed: Sequence[Mention]) -> list[Mention]:
    """Return the mentions about the whole song; who rests except in a section is one of its players.

    `no chorus after the bridge` asks for no bridge, and `only vocals in the verse` for no a cappella song. `a lone
    cello in the intro` is not alone in the song.

    Args:
        tokens: the prompt's.
        found: all its mentions.
        placed: those that have a place.
    """
    after = places_of([one for one in found if one.place is not None and one.kind == "structure"])
    alone = {one.at for one in placed if one.place is not None and one.place.how == ALONE}
    joined = any(one.kind == BAND for one in placed)
    in_a_section = {one.at for one in found if one.kind == "instrument" and in_sections(tokens, one.last + 1)}
    kept: list[Mention] = []
    for one in _beside_the_singer(found, placed):
        if one.place is not None:
            if one.place.how == ONLY and one.kind in SOUNDING and one.negated:
                kept.append(replace(one, negated=False, place=None))
        elif one.at in alone and one.meaning == "a cappella":
            kept.append(replace(one, meaning="voice"))
        elif one.at not in after and not (
            one.meaning == "only these"
            and (joined or _next(tokens, one.last) in alone | in_a_section or _counts_sections(tokens, one))
        ):
            kept.append(one)
    return kept


def _counts_sections(tokens: tuple[Token, ...], only: Mention) -> bool:
    """Whether `only` is about sections, not players: `just one chorus`; in `just a solo piano`, it isn't."""
    after = tokens[_next(tokens, only.last) :][:1]
    return any(not token.gap and tables.sections().get(token.norm, "solo") != "solo" for token in after)


def _alone_there(mention: Mention) -> Mention:
    place = mention.place
    return replace(mention, place=replace(place, how=ALONE)) if place is not None and place.how == ONLY else mention


def _is_everyone(tokens: tuple[Token, ...], at: int) -> bool:
    """Whether a token is a word for all players: `the full band`; not `a brass band`."""
    free = context_words("before the band") | context_words("then the band") | {"and"}
    named = at > 0 and not tokens[at].gap and tokens[at - 1].norm not in free
    return tokens[at].norm in context_words("whole band") and not named


def _bands(tokens: tuple[Token, ...]) -> Iterator[Mention]:
    """Yield the band that joins who begins: `piano alone, the band comes in at the second verse`."""
    sentence = 0
    for at, token in enumerate(tokens):
        sentence += token.gap == "hard"
        place = None
        if _is_everyone(tokens, at):
            place = entry(tokens, at, at) or _after_who_begins(tokens, at)
        if place is not None:
            yield Mention(BAND, token.norm, token.typed, at, at, sentence, place=place)


def _after_who_begins(tokens: tuple[Token, ...], band: int) -> Place | None:
    """Return up to where the others are alone before `then` and the band: in the intro, unless they have a place."""
    first = band
    while first and not tokens[first].gap and tokens[first - 1].norm in context_words("before the band"):
        first -= 1
    then = first - 1
    after = tokens[band + 1 : band + 2]
    end = after_entering(tokens, band + 1)
    ends = not after or bool(after[0].gap) or end > band + 1
    if then < 1 or tokens[then].norm not in context_words("then the band") or not ends:
        return None
    before = _place_before(tokens, then - (tokens[then - 1].norm == "and"))
    how, sections = (THROUGH, before.sections) if before is not None else (UNTIL, ("verse", "chorus"))
    return Place(how, sections, end - 1)


def _beside_the_singer(mentions: Sequence[Mention], placed: Sequence[Mention]) -> list[Mention]:
    """Return mentions in which choirs that sing only in some sections are groups beside the singer.

    Args:
        mentions: some of a prompt's.
        placed: those that have a place.
    """
    singers = [one for one in placed if one.meaning in SINGERS and one.kind in (*SOUNDING, "avoid")]
    places = {one.at: one.place for one in singers if not (one.negated and _is_in(one))}
    choirs = {at for at, place in places.items() if place is not None and place.sections}
    return [
        replace(one, meaning=GROUP)
        if one.kind == "instrument" and one.at in choirs
        else replace(one, kind="flavour")  # `gospel choir in the breakdown`
        if one.kind == "genre" and one.at in choirs
        else one
        for one in mentions
        if one.kind != "vocal" or one.at not in choirs
    ]


def _is_in(mention: Mention) -> bool:
    return mention.place is not None and mention.place.how == IN


def places_of(placed: Sequence[Mention]) -> frozenset[int]:
    """Return the positions of the words that say where."""
    return frozenset(at for one in placed if one.place is not None for at in range(one.last + 1, one.place.last + 1))


def _groups(
    tokens: tuple[Token, ...], played: Sequence[Mention], ends: frozenset[int]
) -> Iterator[tuple[list[Mention], Place]]:
    """Yield the players, joined by `and` or commas, who play only in some sections, are alone there, or enter there.

    After an exclusion, which ends at one of `ends`, others play too: `no drums, only timpani at the end`.
    """
    at = 0
    while at < len(played):
        group = [played[at]]
        at += 1
        while at < len(played) and (played[at].at == group[-1].at or _is_joined(tokens, group[-1], played[at])):
            group.append(played[at])
            at += 1
        place = _place_alone(tokens, group)
        if place is None:
            group = _of_its_clause(tokens, group)
            place = _only_place(tokens, group) or entry(tokens, group[0].at, group[-1].last)
        if place is not None and place.how == ALONE and ends & set(range(group[0].at - 3, group[0].at)):
            place = replace(place, how=ONLY)
        if place is not None:
            yield group, place


def _of_its_clause(tokens: tuple[Token, ...], group: list[Mention]) -> list[Mention]:
    """Return players without those before a comma, if no `and` ends their list: `pads, a sax only in the bridge`."""
    if tokens[group[-1].at - 1].norm == "and":
        return group
    return [one for one in group if one.at == group[-1].at]


def _only_place(tokens: tuple[Token, ...], group: Sequence[Mention]) -> Place | None:
    """Return the place after `only`, or before it: `drums only in the chorus`, `drums in the chorus only`.

    A choir needs no `only`: `choir in the chorus`, `choir intro`, `choir sings the hook`, `outro: slow, with choir`.
    """
    mention, last = group[-1], group[-1].last
    choir = any(one.meaning in SINGERS for one in group)  # one without a place sings the whole song
    at = last + 1
    while choir and at < len(tokens) and not tokens[at].gap and tokens[at].norm in context_words("sings") | _ARTICLES:
        at += 1
    if choir and (section := section_at(tokens, at)):
        return Place(ONLY, (section,), at)
    if choir and (headed := section_before(tokens, _clause_of(tokens, group[0].at))):
        return Place(ONLY, (headed,), last)
    while any(not token.gap and token.norm in context_words("playing only") for token in tokens[last + 1 : last + 2]):
        last += 1
    after = tokens[last + 1 : last + 2]
    before_it = bool(after) and not after[0].gap and after[0].norm in context_words("only there")
    inside = mention.last > mention.at and tokens[mention.last].norm in context_words("only there")
    at = last + 1 + before_it
    while before_it and at < len(tokens) and not tokens[at].gap and tokens[at].norm in context_words("playing only"):
        at += 1  # `the violin only appears in the bridge`
    place = in_sections(tokens, at)
    if place is None:
        return None
    following = tokens[place.last + 1 : place.last + 2]
    behind = bool(following) and not following[0].gap and following[0].norm in context_words("only there")
    only = replace(place, how=ONLY, last=place.last + behind)
    return only if before_it or inside or behind or choir else None


def _clause_of(tokens: tuple[Token, ...], at: int) -> int:
    """Return the first token of the clause in which a token is."""
    while at and not tokens[at].gap:
        at -= 1
    return at


def _place_alone(tokens: tuple[Token, ...], group: Sequence[Mention]) -> Place | None:
    """Return where players are alone: `just drums in the verses`, `the bridge has only piano`, `verse 2 a cappella`."""
    first = group[0].at
    while first and not tokens[first].gap and tokens[first - 1].norm in _ARTICLES:
        first -= 1
    after = tokens[group[-1].last + 1 : group[-1].last + 2]
    behind = any(not token.gap and token.norm in context_words("only there") for token in after)
    inside = tokens[group[0].at].norm in context_words("only there") or group[0].meaning == "a cappella"
    if behind and not inside:
        section = section_before(tokens, first)
        return Place(ALONE, (section,), group[-1].last + 1) if section else None
    if not inside and (not first or tokens[first].gap or tokens[first - 1].norm not in context_words("only there")):
        return None
    at = first if inside else first - 1
    before = _place_before(tokens, at)
    if before is not None:
        return replace(before, how=ALONE, last=group[-1].last)
    place = place_at(tokens, group[-1].last + 1)
    if place is not None:
        return replace(place, how=ALONE) if place.how == IN and place.sections else None
    section = section_before(tokens, at)
    return Place(ALONE, (section,), group[-1].last) if section else None


def _place_before(tokens: tuple[Token, ...], at: int) -> Place | None:
    """Return the place that ends right before a token: `guitars drop out in the second verse, only bass and drums`."""
    if tokens[at].gap not in ("", "soft"):
        return None
    for first in range(at - 1, max(-1, at - 1 - _WORDS_OF_A_PLACE), -1):
        place = in_sections(tokens, first)
        if place is not None and place.last == at - 1:
            return place
    return None


def _is_joined(tokens: tuple[Token, ...], one: Mention, other: Mention) -> bool:
    """Whether `and` or a comma joins two mentions: `drums and bass only in the chorus`."""
    joiner = tokens[one.last + 1].norm if one.last + 1 < other.at else ""
    listed = one.last + 1 == other.at and tokens[other.at].gap == "soft"
    return listed or (one.last + 2 == other.at and joiner == "and")


def _next(tokens: tuple[Token, ...], last: int) -> int:
    """Return the position of the next word that is no article."""
    at = last + 1
    while at < len(tokens) and tokens[at].norm in _ARTICLES:
        at += 1
    return at

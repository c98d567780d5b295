"""What a prompt wants in some sections only: `no drums in verses`, `drums only in the chorus`, `a sax joins later`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from riffusion_tui.studio.engine.instrument_groups import GROUP, SINGERS
from riffusion_tui.studio.engine.structure_hints import SUNG_KINDS
from riffusion_tui.studio.engine.understand.reading.places.entries import after_entering, entry
from riffusion_tui.studio.engine.understand.words import tables
from riffusion_tui.studio.engine.understand.words.lexicon import SOUNDING, context_words
from riffusion_tui.studio.engine.understand.words.mention import Mention
from riffusion_tui.studio.engine.understand.words.neighbors import (
    FAR,
    after_all,
    before_all,
    follows,
    precedes,
    start_of_clause,
)
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
from riffusion_tui.studio.engine.understand.words.tokens import Token, sentence_of

BAND = "band"
"""Kind of a mention of all who join later."""
_ARTICLES = frozenset({"a", "an", "the"})
_NEGATIONS = frozenset({"no", "without", "not"})


def placed_in(tokens: tuple[Token, ...], found: Sequence[Mention]) -> list[Mention]:
    """Return what is excluded in some sections, plays only there, is alone or enters there; each with its place."""
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
            and (
                joined
                or after_all(tokens, one.last + 1, _ARTICLES) in alone | in_a_section
                or _is_of_sections(tokens, one)
            )
        ):
            kept.append(one)
    return kept


def _is_of_sections(tokens: tuple[Token, ...], only: Mention) -> bool:
    """Whether `only` is about sections, not the song: `just one chorus`, `guitar alone in the intro`.

    In `just a solo piano`, it isn't.
    """
    if in_sections(tokens, only.last + 1):
        return True
    after = tokens[after_all(tokens, only.last + 1, _ARTICLES) :][:1]
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
    first = before_all(tokens, band, context_words("before the band"))
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
    """Return mentions in which choirs that sing only in some sections are groups beside the singer."""
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

    A choir needs no `only`, since one without a place sings the whole song: `choir in the chorus`.
    """
    if any(one.meaning in SINGERS for one in group):
        return _place_of_a_choir(tokens, group) or _place_after(tokens, group[-1], only=True)
    return _place_after(tokens, group[-1], only=_ends_in_only(tokens, group[-1]))


def _place_of_a_choir(tokens: tuple[Token, ...], group: Sequence[Mention]) -> Place | None:
    """Return the section beside a choir: `choir intro`, `choir sings the hook`, `outro: slow, with choir`."""
    last = group[-1].last
    at = after_all(tokens, last + 1, context_words("sings") | _ARTICLES)
    if section := section_at(tokens, at):
        return Place(ONLY, (section,), at)
    headed = section_before(tokens, start_of_clause(tokens, group[0].at))
    return Place(ONLY, (headed,), last) if headed else None


def _place_after(tokens: tuple[Token, ...], mention: Mention, *, only: bool) -> Place | None:
    """Return the place after a mention, if `only` is somewhere around it, or is implied."""
    at = after_all(tokens, mention.last + 1, context_words("playing only"))
    before_it = follows(tokens, at, context_words("only there"))
    if before_it:  # `the violin only appears in the bridge`
        at = after_all(tokens, at + 1, context_words("playing only"))
    place = in_sections(tokens, at)
    if place is None:
        return None
    behind = follows(tokens, place.last + 1, context_words("only there"))
    return replace(place, how=ONLY, last=place.last + behind) if only or before_it or behind else None


def _ends_in_only(tokens: tuple[Token, ...], mention: Mention) -> bool:
    return mention.last > mention.at and tokens[mention.last].norm in context_words("only there")


def _place_alone(tokens: tuple[Token, ...], group: Sequence[Mention]) -> Place | None:
    """Return where players are alone: `just drums in the verses`, `the bridge has only piano`, `verse 2 a cappella`."""
    first = before_all(tokens, group[0].at, _ARTICLES)
    behind = follows(tokens, group[-1].last + 1, context_words("only there"))
    inside = tokens[group[0].at].norm in context_words("only there") or group[0].meaning == "a cappella"
    if behind and not inside:
        section = section_before(tokens, first)
        return Place(ALONE, (section,), group[-1].last + 1) if section else None
    if not inside and not precedes(tokens, first, context_words("only there")):
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
    for first in range(at - 1, max(-1, at - 1 - FAR), -1):
        place = in_sections(tokens, first)
        if place is not None and place.last == at - 1:
            return place
    return None


def _is_joined(tokens: tuple[Token, ...], one: Mention, other: Mention) -> bool:
    """Whether `and` or a comma joins two mentions: `drums and bass only in the chorus`."""
    joiner = tokens[one.last + 1].norm if one.last + 1 < other.at else ""
    listed = one.last + 1 == other.at and tokens[other.at].gap == "soft"
    return listed or (one.last + 2 == other.at and joiner == "and")


def with_instrumental_sections(tokens: tuple[Token, ...], mentions: list[Mention]) -> list[Mention]:
    """Return the mentions, with no voice in such sections instead of in the whole song."""
    for at, token in enumerate(tokens):
        if token.norm != "instrumental" or (at and tokens[at - 1].norm in _NEGATIONS):
            continue
        place = _instrumental_place(tokens, at)
        if place is not None:
            rests = Mention("vocal", "voice", token.typed, at, at, sentence_of(tokens, at), negated=True, place=place)
            mentions = [one for one in mentions if not (one.kind == "vocal" and one.at <= at <= one.last)]
            mentions.append(rests)
    return mentions


def _instrumental_place(tokens: tuple[Token, ...], at: int) -> Place | None:
    """Return the section that is instrumental, if it would be sung."""
    after = tokens[at + 1] if at + 1 < len(tokens) else None
    if after is not None and not after.gap and tables.sections().get(after.norm) in SUNG_KINDS:
        return Place(IN, (tables.sections()[after.norm],), at)
    before = section_before(tokens, at)
    return Place(IN, (before,), at) if before is not None and before.split()[0] in SUNG_KINDS else None

"""Reads groups of singers: `soprano, alto, tenor, bass`, `choir of sopranos`, `sung by a crew of sailors`."""

from __future__ import annotations

from dataclasses import replace

from riffusion_tui.studio.engine.instrument_groups import CHOIRS, GROUP
from riffusion_tui.studio.engine.understand.words.lexicon import context_words
from riffusion_tui.studio.engine.understand.words.mention import Mention, positions, positive
from riffusion_tui.studio.engine.understand.words.neighbors import precedes
from riffusion_tui.studio.engine.understand.words.tables import genres
from riffusion_tui.studio.engine.understand.words.tokens import Token, sentence_of, stem

_PARTS = 3
"""Kinds of voices that are a choir: `soprano, alto, tenor, bass`."""
_CHORAL = frozenset({"classical", "cinematic", "folk", "ambient"})
"""Families in which a `female chorus` is a choir; in others it is the section that a woman sings."""
_CONCERT = frozenset({"classical"})
"""Families in which any chorus is a choir."""
_CHOIR = frozenset({"choir", "chorus", "choirs"})
_ONLY = frozenset({"only", "just", "all"})
_AFTER, _BEFORE, _BESIDE = 7, 2, 3
"""How far apart `sung` and who sings are, who sings and `singing`, and with another verb: `laughing and singing`."""
_SUNG_BY_CHOIRS = _CHORAL | {"soul", "african", "asian"}
"""Families in which kinds of voices are the choir's: `russian choir, bass voices`; in others, singers of a band."""


def with_groups_of_singers(tokens: tuple[Token, ...], mentions: list[Mention]) -> list[Mention]:
    """Return the mentions, with choirs for groups that sing."""
    found = _of_both_kinds(tokens, _chorus_of(tokens, _specified(tokens, mentions)))
    found = _of_only_these(tokens, found)
    found = _with_the_choirs_voices(tokens, _of_kinds_of_voices(tokens, found))
    return _without_a_soloists_solo(tokens, _of_persons(tokens, found))


def _specified(tokens: tuple[Token, ...], mentions: list[Mention]) -> list[Mention]:
    """Return the mentions; choirs whose singers are named are these: `choir of sopranos`, `a chorus of old sailors`."""
    choirs = {one.at for one in _choirs(mentions) if one.meaning == "choir"}
    choirs |= {at for at, token in enumerate(tokens) if token.norm in ("choir", "chorus")}
    known = positions(one for one in mentions if one.kind == "instrument" and one.last > one.at)
    for at in sorted(choirs - known):
        for place in range(at + 2, min(at + 5, len(tokens))) if _joined(tokens, at, "of") else ():
            kind = _kind_of_persons(tokens[place].norm) if not tokens[place].gap else None
            if kind is not None:
                mentions = _replaced(mentions, range(at, place + 1), kind, tokens)
                break
    return mentions


def _of_only_these(tokens: tuple[Token, ...], mentions: list[Mention]) -> list[Mention]:
    """Return the mentions; a choir is one of men after `only men` and `men only`, without a man who sings alone.

    In music that choirs sing, `men` is enough: `orthodox chant, women, a cappella`; not those it is about or for.
    """
    choral = _are_unaccompanied([one for one in mentions if not one.negated])
    choirs = _choirs(mentions)
    if not choirs:
        return mentions
    for one in mentions:
        kind = _kind_of_persons(tokens[one.last].norm) if one.kind == "gender" and not one.negated else None
        around = {token.norm for token in (*tokens[max(0, one.at - 1) : one.at], *tokens[one.last + 1 : one.last + 2])}
        if kind and (not around.isdisjoint(_ONLY) or (choral and not _is_for(tokens, one))):
            kept = [other for other in mentions if other is not one]
            return [replace(found, meaning=kind) if found in choirs else found for found in kept]
    return mentions


def _of_both_kinds(tokens: tuple[Token, ...], mentions: list[Mention]) -> list[Mention]:
    """Return the mentions; men and women of a choir, or who sing a cappella, are one: `mixed choir, men and women`."""
    wanted = [one for one in mentions if not one.negated]
    choirs = _choirs(wanted)
    people = [one for one in wanted if one.kind in ("gender", "vocal") and (choirs or not _is_for(tokens, one))]
    kinds = {one: _kind_of_persons(tokens[one.at].norm) for one in people}
    if not {"male choir", "female choir"} <= {*kinds.values()}:
        return mentions
    named = [one for one in people if kinds[one]]
    if not (_are_a_choirs(wanted) if choirs else _are_unaccompanied(wanted)):
        return mentions
    kept = [one for one in mentions if one not in named]
    if choirs:
        return [replace(one, meaning="choir") if one in choirs else one for one in kept]
    return [*kept, *(replace(named[0], kind=kind, meaning="choir") for kind in ("vocal", "instrument"))]


def _choirs(mentions: list[Mention]) -> list[Mention]:
    return [one for one in positive(mentions, "instrument") if one.meaning in CHOIRS]


def _is_for(tokens: tuple[Token, ...], person: Mention) -> bool:
    """Whether the song is about or for somebody, who isn't the singer."""
    return any(token.norm in context_words("no singer after") for token in tokens[max(0, person.at - 3) : person.at])


def _joined(tokens: tuple[Token, ...], at: int, word: str) -> bool:
    return at + 1 < len(tokens) and tokens[at + 1].norm == word and not tokens[at + 1].gap


def _kind_of_persons(word: str) -> str | None:
    """Return the choir that a word for several persons means: sailors sing as a male choir, nuns as a female one."""
    kinds = {"male choir": "men who sing", "female choir": "women who sing", "choir": "people who sing"}
    return next((kind for kind, words in kinds.items() if word in context_words(words)), None)


def _replaced(mentions: list[Mention], places: range, kind: str, tokens: tuple[Token, ...]) -> list[Mention]:
    """Return the mentions, with a choir of a kind instead of the voices, choirs and choruses of some tokens."""
    there = [one for one in mentions if one.at in places and one.kind in ("instrument", "vocal", "gender", "structure")]
    word = " ".join(token.typed for token in tokens[places.start : places.stop])
    sentence = sentence_of(tokens, places.start)
    if any(one.negated for one in there):
        return mentions
    choir = Mention("instrument", kind, word, places.start, places.stop - 1, sentence)
    return [*(one for one in mentions if one not in there), choir, replace(choir, kind="vocal", meaning="choir")]


def _chorus_of(tokens: tuple[Token, ...], mentions: list[Mention]) -> list[Mention]:
    """Return the mentions; a `female chorus` is a choir, unless a song has choruses; any is one in concert music."""
    sections = [one for one in mentions if one.kind == "structure" and one.meaning != "big chorus"]
    named = [genres()[one.meaning].family for one in mentions if one.kind == "genre"]
    sung = any(one.kind == "vocal" and tokens[one.last].norm != "chorus" for one in mentions)
    if sections or sung or not set(named) <= _CHORAL:
        return mentions
    orchestra = any(token.norm in context_words("orchestras") for token in tokens)
    for one in mentions:
        if one.kind == "gender" and _joined(tokens, one.last, "chorus"):
            return _replaced(mentions, range(one.at, one.last + 2), f"{one.meaning} choir", tokens)
        joined = precedes(tokens, one.at, context_words("joining a choir"))
        families = _CONCERT | {"cinematic"} if joined else _CONCERT
        is_chorus = one.kind == "structure" and tokens[one.last].norm == "chorus"
        if is_chorus and set(named) <= families and (named or orchestra):
            return _replaced(mentions, one.span, "choir", tokens)
    return mentions


def _of_persons(tokens: tuple[Token, ...], mentions: list[Mention]) -> list[Mention]:
    """Return the mentions, with a choir for persons who sing: `sung by a crew of sailors`, `pirates singing`."""
    voices = [one for one in positive(mentions, "vocal") if one.meaning == "voice"]
    for at, token in enumerate(tokens):
        kind = _kind_of_persons(token.norm)
        if kind is None or any(one.at <= at <= one.last for one in mentions if one.kind == "instrument"):
            continue
        few = at > 0 and tokens[at - 1].norm in context_words("few singers")
        for voice in () if few else voices:
            if _sings_before(tokens, at, voice) or _is_sung_by(tokens, voice, at):
                others = [one for one in mentions if not (one.kind == "gender" and one.at <= at <= one.last)]
                return _with_a_choir(others, _group(tokens, at, kind))
    return mentions


def _with_a_choir(mentions: list[Mention], group: Mention) -> list[Mention]:
    """Return the mentions with a choir; it is the one that its sentence mentions, if any: `a chant by men`."""
    same = [one for one in _choirs(mentions) if one.sentence == group.sentence]
    if not same:
        return [*mentions, group]
    return [replace(one, meaning=group.meaning) if one in same and one.meaning == "choir" else one for one in mentions]


def _group(tokens: tuple[Token, ...], at: int, kind: str) -> Mention:
    """Return the mention of a choir of the persons at a token, or of those after `of`: `crew of old sailors`."""
    last = at
    for place in range(at + 2, min(at + 4, len(tokens))) if _joined(tokens, at, "of") else ():
        specific = _kind_of_persons(tokens[place].norm)
        if specific is not None and not tokens[place].gap:
            kind, last = specific, place
            break
    sentence = sentence_of(tokens, at)
    return Mention("instrument", kind, tokens[last].typed, at, last, sentence)


def _sings_before(tokens: tuple[Token, ...], at: int, voice: Mention) -> bool:
    """Whether persons before a verb sing: `pirates are singing`, `lads drinking and singing`.

    Not `about pirates`, nor those who could: `everyone can sing along`.
    """
    joined = all(token.norm == "and" or token.norm.endswith("ing") for token in tokens[at + 1 : voice.at])
    near = 0 < voice.at - at <= (_BESIDE if joined else _BEFORE)
    near = near and tokens[voice.at].norm in context_words("verbs of singing")
    between = tokens[at + 1 : voice.at + 1]
    apart = any(token.gap or token.norm in context_words("possible") for token in between)
    return near and not apart and not any(token.norm == "about" for token in tokens[max(0, at - 3) : at])


def _is_sung_by(tokens: tuple[Token, ...], voice: Mention, at: int) -> bool:
    """Whether a voice is of persons after it: `sung by a crew of sailors`, `voices of drunken miners`."""
    between = tokens[voice.last + 1 : at + 1]
    joined = 1 < len(between) <= _AFTER and between[0].norm in ("by", "of")
    return joined and not any(token.begins_phrase for token in between)


def _with_the_choirs_voices(tokens: tuple[Token, ...], mentions: list[Mention]) -> list[Mention]:
    """Return the mentions without singers whose voices are the choir's own: `male choir, bass voices`, `boys' voices`.

    Without a choir, such voices are one in what choirs usually sing: `bass voices, a cappella`.
    """
    wanted = [one for one in mentions if not one.negated]
    persons = {one.last + 1: one.meaning for one in wanted if one.kind == "gender"}
    plural = [one for one in wanted if tokens[one.last].norm in context_words("voices of a choir")]
    kinds = {one.last: persons.get(one.last, one.meaning) for one in plural if one.kind == "vocal"}
    sung = {last: kind for last, kind in kinds.items() if kind in ("male", "female")}
    choirs = [one for one in _choirs(wanted) if one not in plural]
    if not sung or not (_are_a_choirs(wanted) if choirs else _are_unaccompanied(wanted)):
        return mentions
    kept = [one for one in mentions if not (one.last in sung or (one.kind == "gender" and one.last + 1 in sung))]
    if choirs:
        return kept
    first = next(one for one in plural if one.last in sung)
    kind = "choir" if len({*sung.values()}) > 1 else f"{sung[first.last]} choir"
    return [*kept, replace(first, kind="vocal", meaning="choir"), replace(first, kind="instrument", meaning=kind)]


def _are_a_choirs(mentions: list[Mention]) -> bool:
    """Whether kinds of voices beside a choir are its own; those in a band are singers: `pop, deep voices, choir`."""
    return {genres()[one.meaning].family for one in mentions if one.kind == "genre"} <= _SUNG_BY_CHOIRS


def _are_unaccompanied(mentions: list[Mention]) -> bool:
    """Whether kinds of voices are a choir although none is named: a cappella, or in what choirs usually sing."""
    choral = any(one.kind == "genre" and genres()[one.meaning].vocals == "choir" for one in mentions)
    return _are_a_choirs(mentions) and (choral or any(one.meaning == "a cappella" for one in mentions))


def _without_a_soloists_solo(tokens: tuple[Token, ...], mentions: list[Mention]) -> list[Mention]:
    """Return the mentions; in `soprano solo with choir`, somebody sings in front of a choir, nobody plays a solo."""
    if not _choirs(mentions):
        return mentions
    kinds = context_words("voice types") | {"bass", "treble"}
    solos = {one.at for one in mentions if (one.kind, one.meaning) == ("structure", "solo")}
    soloists = [one for one in mentions if one.kind == "vocal" and stem(tokens[one.last].norm) in kinds]
    soloists = [one for one in soloists if one.last + 1 in solos]
    longer = {one: replace(one, last=one.last + 1, word=f"{one.word} solo") for one in soloists}
    sung = {one.last for one in longer.values()}
    return [longer.get(one, one) for one in mentions if not (one.kind == "structure" and one.at in sung)]


def _of_kinds_of_voices(tokens: tuple[Token, ...], mentions: list[Mention]) -> list[Mention]:
    """Return the mentions with a choir for three kinds of voices or more, else with harmonies of several singers."""
    kinds = context_words("voice types") | {"bass", "contralto"}
    sung = [one for one in positive(mentions, "vocal") if one.meaning in ("male", "female", "voice")]
    parts = [one for one in sung if one.at == one.last and stem(tokens[one.at].norm) in kinds]
    if len({stem(tokens[one.at].norm) for one in parts}) >= _PARTS:
        choir = [replace(parts[0], kind=kind, meaning="choir") for kind in ("vocal", "instrument")]
        return [*choir, *(one for one in mentions if one not in parts)]
    groups = [one for one in sung if tokens[one.last].norm in context_words("counted singers")]
    return _with_harmonies(tokens, mentions, groups)


def _with_harmonies(tokens: tuple[Token, ...], mentions: list[Mention], groups: list[Mention]) -> list[Mention]:
    """Return the mentions with a group of singers for each of `groups` that says several; two make no choir."""
    many = [one for one in groups if one.at and tokens[one.at - 1].norm in context_words("several")]
    two = {at for one in groups if one.at and tokens[one.at - 1].norm in ("two", "2") for at in (one.at, one.last)}
    mentions = [one for one in mentions if not (one.meaning in CHOIRS and one.at in two)]
    inside = positions(many)
    choirs = _choirs(mentions)
    if any(one.at not in inside and tokens[one.last].norm in _CHOIR for one in choirs):
        return mentions  # a choir has several voices anyway
    others = (one for one in mentions if not (one.kind == "instrument" and one.at in inside))
    return [*others, *(replace(one, kind="instrument", meaning=GROUP) for one in many)]

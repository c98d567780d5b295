"""Whether only a choir sings: `music for choir`, `a choir sings a hymn`."""

from __future__ import annotations

from riffusion_tui.studio.engine.instrument_groups import SINGERS
from riffusion_tui.studio.engine.understand.casts.ensemble_words import played_in
from riffusion_tui.studio.engine.understand.reading.mentions import Mention, Reading
from riffusion_tui.studio.engine.understand.singers.backing_choir import is_behind_a_singer
from riffusion_tui.studio.engine.understand.words import tables
from riffusion_tui.studio.engine.understand.words.lexicon import context_words
from riffusion_tui.studio.engine.understand.words.places import place_at

_SUNG_FAMILIES = frozenset({"classical", "folk"})
"""Families in which a choir may sing unaccompanied."""
_LOUD = frozenset({"rock", "metal", "hip hop", "techno", "trance", "house", "bass music", "electronica"})
"""Families of which a choir is a part: `viking metal choir`."""


def sings_alone(reading: Reading, requested: tuple[str, ...], genre: tables.Genre) -> bool:
    """Whether only a choir sings: `music for choir`, `a choir sings a hymn`."""
    voices = {mention.meaning for mention in reading.positive("vocal")}
    if not requested or not set(requested) <= SINGERS or "lead" in voices:
        return False
    if "vocal choir" in requested or voices & {"male", "female"} or _sings_in_a_part(reading):
        return False
    if any(token.norm in context_words("beside a choir") for token in reading.tokens) or _joins_a_genre(reading):
        return False
    if is_behind_a_singer(reading):
        return False
    named = [one for one in reading.positive("genre") if not _is_sung_unaccompanied(reading, one)]
    if genre.family in _SUNG_FAMILIES or not named:
        return genre.family in _SUNG_FAMILIES or not _joins_music(reading)
    beside = all(_is_beside_a_choir(reading, one) for one in named) and len(reading.tokens) <= 4
    return beside and not any(tables.genres()[one.meaning].family in _LOUD for one in named)


def _sings_in_a_part(reading: Reading) -> bool:
    """Whether the choir sings in some sections of a song that others sing: `choir in the chorus`."""
    choirs = [one for one in played_in(reading) if one.meaning in SINGERS]
    places = [place_at(reading.tokens, one.last + 1) for one in choirs]
    return any(place is not None and place.sections for place in places)


def _joins_a_genre(reading: Reading) -> bool:
    """Whether the choir joins the players of a genre that no choir sings: `opera with choir`."""
    choirs = [one for one in played_in(reading) if one.meaning in SINGERS]
    ends = [one.last for one in reading.positive("genre") if tables.genres()[one.meaning].vocals != "choir"]
    beside = tables.word_set("ensembles", "words", "beside")
    between = ([token.norm for token in reading.tokens[end + 1 : one.at]] for one in choirs for end in ends)
    return any(words and words[0] in beside for words in between)


def _joins_music(reading: Reading) -> bool:
    """Whether the choir joins music of no genre: `dramatic music with choirs`."""
    tokens = reading.tokens
    return any(
        one.at > 1 and tokens[one.at - 1].norm == "with" and not tokens[one.at].gap
        for one in played_in(reading)
        if one.meaning in SINGERS
    )


def _is_sung_unaccompanied(reading: Reading, mention: Mention) -> bool:
    """Whether a choir sings such music by itself: a hymn, a folk song, a carol."""
    norms = [token.norm for token in reading.tokens[mention.last : mention.last + 2]]
    return tables.genres()[mention.meaning].family in _SUNG_FAMILIES or "carol" in norms or "carols" in norms


def _is_beside_a_choir(reading: Reading, mention: Mention) -> bool:
    """Whether the genre only specifies the choir: `gospel choir`."""
    return any(one.at == mention.last + 1 for one in played_in(reading) if one.meaning in SINGERS) or any(
        one.at <= mention.at <= one.last for one in played_in(reading) if one.meaning in SINGERS
    )

"""Casts of music for a choir, alone or with an instrument or two: `a choir sings a hymn`, `gospel choir with piano`."""

from __future__ import annotations

from functools import partial

from riffusion_tui.studio.engine.instrument_groups import CHOIRS, SINGERS
from riffusion_tui.studio.engine.understand.casts.standard_ensembles import played_in
from riffusion_tui.studio.engine.understand.instruments.instrument_mentions import folded, with_plain_guitar
from riffusion_tui.studio.engine.understand.reading.mentions import Mention, Reading
from riffusion_tui.studio.engine.understand.singers.backing_choir import is_behind_a_singer
from riffusion_tui.studio.engine.understand.singers.singer import vocals
from riffusion_tui.studio.engine.understand.words import tables
from riffusion_tui.studio.engine.understand.words.lexicon import context_words
from riffusion_tui.studio.engine.understand.words.neighbors import precedes
from riffusion_tui.studio.engine.understand.words.tables import genre_families
from riffusion_tui.studio.engine.understand.words.tokens import phrase

_words = partial(tables.word_set, "ensembles", "accompanied_choir")
MAX_INSTRUMENTS = 3
"""Instruments that accompany a choir, at most."""
_NEAR = 2
"""How far before a choir the genre that specifies it stands, at most."""


def choir_cast(reading: Reading, requested: tuple[str, ...], genre: tables.Genre) -> tuple[str, ...]:
    """Return the choir and the instruments that accompany it; empty if a band plays, or no choir sings.

    Args:
        reading: the prompt's.
        requested: the instruments that it names.
        genre: the plan's; a choir also sings what choirs usually sing, such as a hymn.
    """
    if _is_a_choirs(reading, requested, genre):
        hymns = {word for one in reading.positive("genre") for word in phrase(one.word)} & _words("with organ")
        requested = ("choir", *(requested or (("church organ",) if hymns else ())))
    players = tuple(name for name in requested if name not in CHOIRS)
    if len(requested) - len(players) != 1 or not 0 < len(players) <= MAX_INSTRUMENTS:
        return ()
    drummed = all(map(_is_a_drum, players)) and (genre.family == "african" or not reading.positive("genre"))
    accompanied = drummed or (all(map(_accompanies, players)) and not _words("hands").issuperset(players))
    alone = accompanied and not _has_others(reading, drummed=drummed)
    return with_plain_guitar(reading, requested) if alone else ()


def _has_others(reading: Reading, *, drummed: bool) -> bool:
    """Whether a soloist sings, a larger group plays, or a genre is named that choirs don't sing."""
    if any(one.meaning in ("male", "female", "lead") for one in reading.positive("vocal")):
        return True
    larger = _words("larger") - ({"drums"} if drummed else set())
    strings = {one.last for one in reading.positive("instrument") if folded(one.word).startswith("string ")}
    if any(token.norm in larger for at, token in enumerate(reading.tokens) if at not in strings):
        return True
    return not all(_is_sung_by_a_choir(reading, genre) for genre in reading.positive("genre"))


def _is_a_choirs(reading: Reading, requested: tuple[str, ...], genre: tables.Genre) -> bool:
    """Whether a choir sings that the prompt does not name: `hymn with organ`; not `organ plays a hymn`."""
    named = any(one.meaning == genre.name for one in reading.positive("genre"))
    usual = named and genre.family in _words("genres") and genre.vocals == "choir"
    played = any(token.norm in _words("played") for token in reading.tokens)
    sung = vocals(reading) not in (None, "choir")
    voiced = any(tables.instruments()[name].family == "voice" for name in requested)
    return usual and not (played or sung or voiced)


def _is_a_drum(name: str) -> bool:
    """Whether it is one of the drums to which African choirs sing, and crowds."""
    return tables.instruments()[name].family in ("drums", "percussion")


def _accompanies(name: str) -> bool:
    soft = tables.instruments()[name].family in _words("families") and name not in _words("loud")
    return soft or name in _words("hands")


def _is_sung_by_a_choir(reading: Reading, genre: Mention) -> bool:
    """Whether a choir sings this genre to an instrument, or its name only specifies the choir: `gospel choir`."""
    norms = {token.norm for token in reading.tokens[genre.at : genre.last + 2]}
    joined = any(token.norm in _words("joined") for token in reading.tokens)
    usual = tables.genres()[genre.meaning].family in _words("genres")
    usual |= joined and genre.meaning in _words("purposes")
    if usual or not norms.isdisjoint(_words("carols")):
        return True
    choirs = reading.choirs()
    return any(one.at <= genre.at <= one.last or _specifies(reading, genre, one) for one in choirs)


def _specifies(reading: Reading, genre: Mention, choir: Mention) -> bool:
    """Whether a genre stands before a choir, without a comma: `african choir`, `african village choir`."""
    between = reading.tokens[genre.last + 1 : choir.at + 1]
    others = _words("joined") | context_words("place prepositions")
    return 0 < len(between) <= _NEAR and not any(token.gap or token.norm in others for token in between)


def sings_alone(reading: Reading, requested: tuple[str, ...], genre: tables.Genre) -> bool:
    """Whether only a choir sings: `music for choir`, `a choir sings a hymn`."""
    voices = {mention.meaning for mention in reading.positive("vocal")}
    if not requested or not set(requested) <= SINGERS or "vocal choir" in requested or voices & {"male", "female"}:
        return False
    beside = any(token.norm in context_words("beside a choir") for token in reading.tokens)
    if beside or _joins_a_genre(reading) or is_behind_a_singer(reading):
        return False
    if genre.family in genre_families("sung unaccompanied"):
        return True
    named = [one for one in reading.positive("genre") if not _is_sung_unaccompanied(reading, one)]
    if not named:
        return not any(precedes(reading.tokens, one.at, ("with",)) for one in played_in(reading))  # `music with choirs`
    beside = all(_is_beside_a_choir(reading, one) for one in named) and len(reading.tokens) <= 4
    return beside and not any(tables.genres()[one.meaning].family in genre_families("with choirs") for one in named)


def _joins_a_genre(reading: Reading) -> bool:
    """Whether the choir joins the players of a genre that no choir sings: `opera with choir`."""
    ends = [one.last for one in reading.positive("genre") if tables.genres()[one.meaning].vocals != "choir"]
    beside = tables.word_set("ensembles", "words", "beside")
    between = ([token.norm for token in reading.tokens[end + 1 : one.at]] for one in played_in(reading) for end in ends)
    return any(words and words[0] in beside for words in between)


def _is_sung_unaccompanied(reading: Reading, mention: Mention) -> bool:
    """Whether a choir sings such music by itself: a hymn, a folk song, a carol."""
    norms = [token.norm for token in reading.tokens[mention.last : mention.last + 2]]
    return tables.genres()[mention.meaning].family in genre_families("sung unaccompanied") or "carol" in norms


def _is_beside_a_choir(reading: Reading, mention: Mention) -> bool:
    """Whether the genre only specifies the choir: `gospel choir`."""
    return any(one.at == mention.last + 1 or one.at <= mention.at <= one.last for one in played_in(reading))

"""Votes for genres, and the genres of the players and singers that a prompt names: piano, bass and drums are jazz."""

from __future__ import annotations

from functools import cache, partial

from riffusion_tui.studio.engine import genre_files
from riffusion_tui.studio.engine.datafiles import read_data, split_words
from riffusion_tui.studio.engine.instrument_groups import CHOIRS
from riffusion_tui.studio.engine.understand.casts.counted import counts
from riffusion_tui.studio.engine.understand.casts.singer_casts import sings_solo
from riffusion_tui.studio.engine.understand.instruments.instrument_mentions import is_a_solo, is_plain_organ
from riffusion_tui.studio.engine.understand.instruments.only_these import unaccompanied
from riffusion_tui.studio.engine.understand.reading.mentions import Reading
from riffusion_tui.studio.engine.understand.words import tables
from riffusion_tui.studio.engine.understand.words.numbers import ensemble_sizes
from riffusion_tui.studio.engine.understand.words.tokens import phrase, stem

_of_concerts = partial(tables.word_set, "ensembles", "concert")
TOGETHER = 4.0
"""Weight of all instruments together."""
_DUO = 2
"""Players of a duo, which plays anything."""


def vote(votes: dict[str, float], names: tuple[str, ...], weight: float) -> None:
    """Add the votes for genres, of which each has less weight than the one before it."""
    for place, name in enumerate(names):
        votes[name] = votes.get(name, 0.0) + weight / (1 + 0.25 * place)


@cache
def hints() -> dict[str, dict[str, str]]:
    """Return the hints at several genres, of `hints.toml`, and at one, of that genre's file."""
    found = {kind: dict(rows) for kind, rows in read_data("lexicon/hints.toml").items()}
    for name, table in genre_files.genres().items():
        for kind, words in table.get("hints", {}).items():
            found.setdefault(kind, {}).update(dict.fromkeys(words, name))
    return found


def genres_of_a_size(reading: Reading) -> str:
    """Return the genres of an ensemble of which the prompt says only the size: a trio plays jazz, a power trio rock."""
    sizes = ensemble_sizes()
    named = [at for at, token in enumerate(reading.tokens) if sizes.get(token.norm, 0) > _DUO]
    if any(at and reading.tokens[at - 1].norm == "power" for at in named):
        return "rock"
    return "jazz, chamber music" if named and not reading.positive("instrument", "vocal") else ""


def of_these_together(reading: Reading) -> tuple[str, ...]:
    """Return the genres of just the instruments that the prompt names: piano, bass and drums are a jazz trio."""
    played = named_players(reading)
    colored = bool(reading.positive("mood", "scene", "era"))
    accompanied = played <= CHOIRS | _of_concerts("accompanists")
    if accompanied and _is_led_by_an_organ(reading, played):
        return ("choral",) if played & CHOIRS or reading.voices() else ("baroque",)
    if _is_a_choir_at_work(reading):
        return ()
    if accompanied and "harpsichord" in played and len(played) > 1:
        return ("baroque",)
    if not colored and (genre := _genre_with_an_orchestra(reading, played)):
        return (genre,)
    exact = next((names for players, names in hints()["together"].items() if _are(played, players)), "")
    concert = read_data("lexicon/ensembles.toml")["concert"]["genre"] if _is_a_concert(reading, played, colored) else ""
    return split_words(exact or concert)


def _are(played: frozenset[str], players: str) -> bool:
    return frozenset(split_words(players)) == played


def _is_led_by_an_organ(reading: Reading, played: frozenset[str]) -> bool:
    """Whether a church's organ plays, with a choir or without a piano."""
    pipes = any(one.meaning == "church organ" or is_plain_organ(one) for one in reading.positive("instrument"))
    return pipes and bool(played & CHOIRS or "piano" not in played)


def _is_a_choir_at_work(reading: Reading) -> bool:
    """Whether a choir is one of sailors or soldiers, who sing something else than choirs do."""
    choirs = (one for one in reading.positive("instrument") if one.meaning in CHOIRS)
    return any(" ".join(phrase(one.word)) in hints()["words"] for one in choirs)


def _genre_with_an_orchestra(reading: Reading, played: frozenset[str]) -> str:
    """Return the genre of a choir or soloists with an orchestra; empty without both."""
    choral = bool(played & CHOIRS)
    soloists = played - {"strings"} - CHOIRS
    together = _has_an_orchestra(reading) and soloists <= _of_concerts("accompanists")
    if not together or not (soloists or choral):
        return ""
    return "choral" if choral else "classical"


def _is_a_concert(reading: Reading, played: frozenset[str], colored: bool) -> bool:
    """Whether several concert instruments play, or counted ones with their accompanists: `two flutes and piano`."""
    if len(played) > 1 and played <= _of_concerts("instruments") and not colored:
        return True
    counted = any(number > 1 for number in counts(reading).values())
    return counted and played <= _of_concerts("instruments") | _of_concerts("accompanists")


def _has_an_orchestra(reading: Reading) -> bool:
    played = reading.positive("instrument")
    words = {word for one in played if one.meaning == "strings" for word in one.word.lower().split()}
    return not words.isdisjoint(_of_concerts("orchestra"))


def named_players(reading: Reading) -> frozenset[str]:
    """Return the instruments that the prompt names as players, not only for solos."""
    return frozenset(mention.meaning for mention in reading.positive("instrument") if not is_a_solo(mention))


def genres_of_voices(reading: Reading) -> list[str]:
    """Return the genres of concert singers, accompanied as in concerts: `soprano and piano`."""
    alone = unaccompanied(reading) or sings_solo(reading)
    popular = any(token.norm in ("song", "songs") for token in reading.tokens) and not named_players(reading)
    if alone or popular or not named_players(reading) - CHOIRS <= _of_concerts("accompanists"):
        return []
    words = (word for mention in reading.positive("vocal") for word in phrase(mention.word))
    names = [name for word in words for name in split_words(hints()["singers"].get(stem(word), ""))]
    return ["choral"] if names and named_players(reading) and named_players(reading) <= CHOIRS else names

"""The players of a classical work, and concert instruments that are everyone: `cello sonata`, `two flutes, harp`."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from riffusion_tui.studio.engine.song_plan import KEYLESS
from riffusion_tui.studio.engine.understand.casts.counted import counts
from riffusion_tui.studio.engine.understand.casts.line_up import is_a_list
from riffusion_tui.studio.engine.understand.casts.player_list import is_of_a_band
from riffusion_tui.studio.engine.understand.casts.standard_ensembles import (
    ensemble_words,
    is_beside,
    joined,
    played_in,
    usual_players,
)
from riffusion_tui.studio.engine.understand.instruments.instrument_mentions import is_plain_guitar
from riffusion_tui.studio.engine.understand.reading.mentions import Mention, Reading
from riffusion_tui.studio.engine.understand.words import tables
from riffusion_tui.studio.engine.understand.words.lexicon import context_words
from riffusion_tui.studio.engine.understand.words.mention import positions
from riffusion_tui.studio.engine.understand.words.numbers import numbers
from riffusion_tui.studio.engine.understand.words.tables import genre_families

_concert = partial(tables.word_set, "ensembles", "concert")
_MAX_IN_A_WORK = 4
"""Instruments that a prompt can name for a work of chamber music, at most."""


def players_of_a_work(reading: Reading, requested: tuple[str, ...], genre: tables.Genre) -> tuple[str, ...]:
    """Return the players of a classical work: `harpsichord suite`, `sonata for cello and piano`, `a nocturne`."""
    if reading.voices():
        return ()
    if _is_a_concerto(reading, genre):
        return (*requested, *(name for name in usual_players("orchestra", genre) if name not in requested))
    if not _is_chamber_music(reading):
        return ()
    if alone := _keyboard_alone(reading, requested, genre):
        return alone
    if _is_accompanied(reading, requested):
        return _with_a_keyboard(requested[0], genre)
    works = [at for at, token in enumerate(reading.tokens) if token.norm in ensemble_words("works")]
    written = len(requested) <= _MAX_IN_A_WORK and any(_is_written_for(reading, at) for at in works)
    return requested if written else ()


def _is_a_concerto(reading: Reading, genre: tables.Genre) -> bool:
    """Whether an orchestra accompanies counted soloists: `concerto for two violins`."""
    concerto = not ensemble_words("concertos").isdisjoint(reading.norms)
    return concerto and genre.family == "classical" and bool(counts(reading, genre))


def _is_chamber_music(reading: Reading) -> bool:
    """Whether neither a larger group nor a genre with a band of its own plays."""
    genres = [tables.genres()[one.meaning] for one in reading.positive("genre")]
    others = any(one.family != "classical" and set(one.modes) != {KEYLESS} for one in genres)
    return not others and ensemble_words("larger").isdisjoint(reading.norms)


def _keyboard_alone(reading: Reading, requested: tuple[str, ...], genre: tables.Genre) -> tuple[str, ...]:
    """Return who plays a genre or a work for one player, if the prompt names its style: `a nocturne`."""
    mentions = (*reading.positive("genre"), *reading.positive("flavour"))
    if all(one.meaning != genre.name for one in mentions):
        return ()
    alone = usual_players("alone", genre)
    if alone and set(requested) <= set(alone):
        return alone
    keyed = not requested and not ensemble_words("keyboard works").isdisjoint(reading.norms)
    return usual_players("keyboard", genre) if keyed else ()


def _is_accompanied(reading: Reading, requested: tuple[str, ...]) -> bool:
    """Whether it is a work that one instrument plays with a keyboard: `cello sonata`."""
    return len(requested) == 1 and not ensemble_words("accompanied works").isdisjoint(reading.norms)


def _with_a_keyboard(instrument: str, genre: tables.Genre) -> tuple[str, ...]:
    """Return an instrument and its accompaniment; none for one that plays chords itself."""
    alone = {"chords", "drums"} & set(tables.instruments()[instrument].roles)
    return (instrument,) if alone else (instrument, *usual_players("keyboard", genre))


def _is_written_for(reading: Reading, at: int) -> bool:
    """Whether the work at token `at` is for an instrument: `piano sonata`, `suite for harp`."""
    joining = {"in", *numbers(), *context_words("parts of a fugue")}
    stated = reading.stated_characters()
    last = at  # `sonata in C major for cello`, `fugue in three voices for organ`
    while last + 1 < len(reading.tokens):
        word = reading.tokens[last + 1]
        if word.norm not in joining and word.start not in stated:
            break
        last += 1
    return any(one.at <= at <= one.last + 1 or joined(reading, last, one.at) for one in played_in(reading))


def concert_players(reading: Reading, requested: tuple[str, ...], genre: tables.Genre) -> tuple[str, ...]:
    """Return the named instruments if all are concert instruments of which no larger group is named; else none.

    A prompt has to count some of them, or to list several between commas: `a lost village, violin and piano, tears`.
    One that is played alone whatever the prompt says of it, such as a prepared piano, is everyone too.
    """
    played = reading.positive("instrument")
    if not requested or _is_part_of_a_band(reading, played):
        return ()
    if set(requested) <= _concert("alone") and len(requested) == 1:
        return requested
    if reading.voices():
        return ()
    several = any(number > 1 for number in counts(reading, genre).values())
    if several and set(requested) == {"electric guitar"} and all(map(is_plain_guitar, played)):
        amplified = reading.positive("genre", "flavour", "energy")
        return () if amplified else ("acoustic guitar",)
    concert = _concert("instruments") | _concert("accompanists") | _concert("counted")
    quiet = set() if reading.positive("genre", "flavour") else _concert("listed")
    if not set(requested) <= concert | quiet:
        return ()
    chamber = any(one.meaning == "chamber music" for one in reading.positive("genre"))
    if chamber and len(requested) > 1 and set(requested) <= _concert("instruments"):
        return requested
    listed = len(requested) > 1 and set(requested) <= _concert("instruments") | quiet and _is_listed(reading, played)
    return requested if several or listed else ()


def _is_part_of_a_band(reading: Reading, played: list[Mention]) -> bool:
    """Whether a genre or a larger group gives them a band: `rock with two violins`, `orchestra, four horns`."""
    named = positions(played)
    others = [one for one in reading.positive("genre", "flavour") if one.at not in named and one.last not in named]
    if any(tables.genres()[one.meaning].family not in genre_families("played in concerts") for one in others):
        return True
    if is_of_a_band(reading):
        return True
    first = min(one.at for one in played)
    before = [at for at in range(max(0, first - 3), first) if is_beside(reading, at)]
    return bool(before) and any(one.last < before[-1] for one in others)


def _is_listed(reading: Reading, played: list[Mention]) -> bool:
    """Whether all stand in one phrase that says nothing else."""
    return any(all(one.at in span for one in played) and is_a_list(reading, span) for span in _phrases(reading) if span)


def _phrases(reading: Reading) -> Iterator[range]:
    """Yield the positions of each phrase between commas, if there are several."""
    starts = [at for at, token in enumerate(reading.tokens) if at and token.begins_phrase]
    ends = [*starts, len(reading.tokens)]
    if starts:
        yield from (range(first, last) for first, last in zip([0, *starts], ends, strict=True))

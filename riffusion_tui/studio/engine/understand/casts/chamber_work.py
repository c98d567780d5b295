"""The players of a classical work: `harpsichord suite`, `sonata for cello and piano`, `a nocturne`."""

from __future__ import annotations

from riffusion_tui.studio.engine.song_plan import KEYLESS
from riffusion_tui.studio.engine.understand.casts.counted import counts
from riffusion_tui.studio.engine.understand.casts.ensemble_words import ensemble_words, joined, played_in, usual_players
from riffusion_tui.studio.engine.understand.reading.mentions import Reading
from riffusion_tui.studio.engine.understand.words import tables
from riffusion_tui.studio.engine.understand.words.lexicon import context_words
from riffusion_tui.studio.engine.understand.words.numbers import numbers

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
        return _with_a_keyboard(reading, requested[0], genre)
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
    """Whether it is a work that one instrument plays with a keyboard: `cello sonata`, not `solo cello suite`."""
    words = set(reading.norms)
    accompanied = words & ensemble_words("accompanied works") and not words & ensemble_words("lone")
    return len(requested) == 1 and bool(accompanied)


def _with_a_keyboard(reading: Reading, instrument: str, genre: tables.Genre) -> tuple[str, ...]:
    """Return an instrument and its accompaniment; none for one that plays chords itself, or unaccompanied."""
    alone = "unaccompanied" in reading.norms or {"chords", "drums"} & set(tables.instruments()[instrument].roles)
    return (instrument,) if alone else (instrument, *usual_players("keyboard", genre))


def _is_written_for(reading: Reading, at: int) -> bool:
    """Whether the work at token `at` is for an instrument: `piano sonata`, `suite for harp`."""
    last = max(
        [at, *(place for place in range(at + 1, len(reading.tokens)) if _is_in_a_key_or_voices(reading, at, place))]
    )
    return any(one.at <= at <= one.last + 1 or joined(reading, last, one.at) for one in played_in(reading))


def _is_in_a_key_or_voices(reading: Reading, at: int, last: int) -> bool:
    """Whether tokens `at` (not included) to `last` say in which key, or in how many voices: `in C major`."""
    covered = [(one.start, one.end) for one in reading.stated if one.kind in ("key", "mode")]
    words = reading.tokens[at + 1 : last + 1]
    voices = context_words("parts of a fugue")
    in_key = [any(start <= word.start < end for start, end in covered) for word in words]
    ends = in_key[-1] or words[-1].norm in voices
    joining = {"in", *numbers(), *voices}
    return ends and all(there or word.norm in joining for there, word in zip(in_key, words, strict=True))

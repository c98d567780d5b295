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
    named = [tables.genres()[one.meaning] for one in reading.positive("genre")]
    sung = bool(reading.voices())
    larger = any(token.norm in ensemble_words("larger") for token in reading.tokens)
    words = set(reading.norms)
    if not sung and genre.family == "classical" and words & ensemble_words("concertos") and counts(reading, genre):
        return (*requested, *(name for name in usual_players("orchestra", genre) if name not in requested))
    if sung or larger or any(one.family != "classical" and set(one.modes) != {KEYLESS} for one in named):
        return ()
    alone = usual_players("alone", genre)
    styled = genre in named or any(one.meaning == genre.name for one in reading.positive("flavour"))
    if alone and styled and set(requested) <= set(alone):
        return alone
    if not requested and styled and words & ensemble_words("keyboard works"):
        return usual_players("keyboard", genre)
    if len(requested) == 1 and words & ensemble_words("accompanied works") and not words & ensemble_words("lone"):
        keyboard = usual_players("keyboard", genre)
        single = not {"chords", "drums"} & set(tables.instruments()[requested[0]].roles)
        return (*requested, *keyboard) if single and "unaccompanied" not in words else requested
    works = [at for at, token in enumerate(reading.tokens) if token.norm in ensemble_words("works")]
    if len(requested) <= _MAX_IN_A_WORK and any(_is_written_for(reading, at) for at in works):
        return requested
    return ()


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

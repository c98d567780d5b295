"""The cast of a prompt that is quiet and names no genre: `soft guitar and flute`."""

from __future__ import annotations

from functools import partial

from riffusion_tui.studio.engine.instrument_groups import HARMONY, UNPITCHED
from riffusion_tui.studio.engine.understand.instruments.instrument_mentions import with_plain_guitar
from riffusion_tui.studio.engine.understand.reading.mentions import Mention, Reading
from riffusion_tui.studio.engine.understand.words import tables

_words = partial(tables.word_set, "ensembles", "quiet")
MAX_INSTRUMENTS = 4
"""Instruments that such a prompt can name, at most."""


def quiet_cast(reading: Reading, requested: tuple[str, ...]) -> tuple[str, ...]:
    """Return the named instruments, a plain guitar as an acoustic one; empty if a genre decides.

    A lone instrument of single lines gets strings for the chords.
    """
    table = tables.instruments()
    pitched = [name for name in requested if table[name].family not in UNPITCHED]
    if not pitched or len(requested) > MAX_INSTRUMENTS or not is_quiet(reading):
        return ()
    if any(name in _words("instruments") or _is_a_machine(name) for name in requested):
        return ()
    players = with_plain_guitar(reading, requested)
    chordal = any(not set(HARMONY).isdisjoint(table[name].roles) for name in pitched)
    return players if chordal or len(players) > 1 else (*players, *_words("chords"))


def is_quiet(reading: Reading) -> bool:
    """Whether a prompt is quiet throughout, and names no genre but a lullaby."""
    mentions = reading.positive("energy", "mood", "genre")
    if not any(reading.tokens[at].norm in _words("words") for one in mentions for at in one.span):
        return False
    if any(token.norm in _words("larger") for token in reading.tokens):
        return False
    genres = reading.positive("genre", "flavour")
    sleepy = any(one.meaning == "lullaby" for one in genres)
    return all(one.meaning == "lullaby" or (sleepy and _is_of_an_instrument(reading, one)) for one in genres)


def _is_of_an_instrument(reading: Reading, mention: Mention) -> bool:
    """Whether a genre only says which instrument: `celtic harp`."""
    return any(one.at <= mention.at <= one.last for one in reading.positive("instrument"))


def _is_a_machine(name: str) -> bool:
    return tables.instruments()[name].family in _words("families") and name not in _words("allowed")

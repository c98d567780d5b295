"""The cast of a prompt that gives its line-up by itself: after a colon, or as a sentence."""

from __future__ import annotations

from functools import partial

from riffusion_tui.studio.engine.understand.instruments.instrument_mentions import is_a_solo
from riffusion_tui.studio.engine.understand.reading.mentions import Reading
from riffusion_tui.studio.engine.understand.words import tables
from riffusion_tui.studio.engine.understand.words.numbers import numbers

_words = partial(tables.word_set, "ensembles", "listed")
_SAID_OF_PLAYERS = frozenset({"instrument", "vocal", "gender", "mood", "energy", "tempo", "production", "era"})
_TWO = 2


def line_up(reading: Reading, requested: tuple[str, ...], genre: tables.Genre) -> tuple[str, ...]:
    """Return the instruments of a line-up: a list after a colon, or one of several sentences; empty without one.

    No other instrument is named. A singer with a rhythm section and others is a whole band. A plain guitar without a
    rhythm section is an acoustic one.
    """
    span = _span(reading)
    played = reading.positive("instrument")
    if span is None or not all(one.at in span for one in played) or any(is_a_solo(one) for one in played):
        return ()
    counted = any(reading.tokens[at].norm in numbers() for at in span)
    families = {tables.instruments()[name].family for name in requested}
    sung = any(one.at in span for one in reading.positive("vocal"))
    whole = sung and families >= {"bass", "drums"} and len(families) > _TWO
    if not (counted or whole or (len(requested) >= _TWO and genre.family in _words("small"))):
        return ()
    return requested


def _span(reading: Reading) -> range | None:
    """Return the tokens of the first phrase that can be a line-up: after a colon, or one of several sentences."""
    tokens = reading.tokens
    for first in (at for at, token in enumerate(tokens) if token.colon and tokens[at - 1].norm not in _words("keys")):
        span = range(first, _end(reading, first))
        if is_a_list(reading, span):
            return span
        if _heads(reading, first):
            return range(first)
    if any(token.norm in _words("larger") for token in tokens):
        return None
    starts = [at for at, token in enumerate(tokens) if not at or token.gap == "hard"]
    sentences = [range(at, _end(reading, at)) for at in starts] if len(starts) > 1 else []
    return next((one for one in sentences if is_a_list(reading, one)), None)


def _heads(reading: Reading, first: int) -> bool:
    """Whether the prompt begins with players, and what follows the colon at token `first` is about what they play."""
    played = [one for one in reading.positive("instrument") if one.at < first]
    sung = any(one.at < first for one in reading.mentions if one.kind in ("vocal", "gender"))
    return len(played) >= _TWO and not sung and is_a_list(reading, range(first))


def _end(reading: Reading, first: int) -> int:
    """Return the token after the sentence in which a token is."""
    hard = (at for at in range(first + 1, len(reading.tokens)) if reading.tokens[at].gap == "hard")
    return next(hard, len(reading.tokens))


def is_a_list(reading: Reading, span: range) -> bool:
    """Whether these words name nothing but players, how many there are, and how they sound."""
    said, named = set[int](), set[int]()
    for mention in reading.mentions:
        own = mention.span
        if mention.at in span:
            (said if mention.kind in _SAID_OF_PLAYERS else named).update(own)
    words = {reading.tokens[at].norm for at in span if at not in said}
    known = _words("joined") | _words("articles") | _words("excluding") | numbers().keys()
    played = any(one.at in span for one in reading.positive("instrument"))
    return played and named <= said and words <= known

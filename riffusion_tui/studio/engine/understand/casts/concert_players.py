"""Concert instruments that are everyone: counted, `two flutes chasing each other`, or listed between commas."""

from __future__ import annotations

from collections.abc import Iterator

from riffusion_tui.studio.engine.understand.casts.counted import counts
from riffusion_tui.studio.engine.understand.casts.ensemble_words import is_beside
from riffusion_tui.studio.engine.understand.casts.line_up import is_a_list
from riffusion_tui.studio.engine.understand.instruments.instrument_mentions import is_a_solo, is_plain_guitar
from riffusion_tui.studio.engine.understand.reading.mentions import Mention, Reading
from riffusion_tui.studio.engine.understand.words import tables
from riffusion_tui.studio.engine.understand.words.mention import positions

_CONCERT = frozenset({"classical", "cinematic", "ambient"})
"""Families of genres that a few concert instruments play without others."""


def concert_players(reading: Reading, requested: tuple[str, ...], genre: tables.Genre) -> tuple[str, ...]:
    """Return the named instruments if all are concert instruments of which no larger group is named; else none.

    A prompt has to count some of them, or to list several between commas: `a lost village, violin and piano, tears`.
    One that is played alone whatever the prompt says of it, such as a prepared piano, is everyone too.
    """
    played = reading.positive("instrument")
    if not requested or any(is_a_solo(one) for one in played) or _is_part_of_a_band(reading, played):
        return ()
    if set(requested) <= _words("alone") and len(requested) == 1:
        return requested
    if reading.voices():
        return ()
    several = any(number > 1 for number in counts(reading, genre).values())
    if several and set(requested) == {"electric guitar"} and all(map(is_plain_guitar, played)):
        amplified = reading.positive("genre", "flavour", "energy")
        return () if amplified else ("acoustic guitar",)
    concert = _words("instruments") | _words("accompanists") | _words("counted")
    quiet = set() if reading.positive("genre", "flavour") else _words("listed")
    if not set(requested) <= concert | quiet:
        return ()
    chamber = any(one.meaning == "chamber music" for one in reading.positive("genre"))
    if chamber and len(requested) > 1 and set(requested) <= _words("instruments"):
        return requested
    listed = len(requested) > 1 and set(requested) <= _words("instruments") | quiet and _is_listed(reading, played)
    return requested if several or listed else ()


def _is_part_of_a_band(reading: Reading, played: list[Mention]) -> bool:
    """Whether a genre or a larger group gives them a band: `rock with two violins`, `orchestra, four horns`."""
    named = positions(played)
    others = [one for one in reading.positive("genre", "flavour") if one.at not in named and one.last not in named]
    if any(tables.genres()[one.meaning].family not in _CONCERT for one in others):
        return True
    if any(token.norm in tables.word_set("ensembles", "listed", "larger") for token in reading.tokens):
        return True
    if any(one.meaning == "solo intro" for one in reading.positive("structure")):
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


def _words(name: str) -> frozenset[str]:
    return tables.word_set("ensembles", "concert", name)

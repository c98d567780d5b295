"""Players of a prompt that the song does not have, in sentences for the user."""

from __future__ import annotations

from collections.abc import Iterator

from riffusion_tui.studio.engine.instrument_groups import MAX_ALIKE, MAX_PLAYERS, UNTUNED
from riffusion_tui.studio.engine.song_plan import Plan
from riffusion_tui.studio.engine.structure_hints import CANON
from riffusion_tui.studio.engine.understand.casts.canon_voices import is_canon
from riffusion_tui.studio.engine.understand.casts.counted import counts, number_of_players
from riffusion_tui.studio.engine.understand.instruments.instrument_mentions import folded
from riffusion_tui.studio.engine.understand.limits.wording import article
from riffusion_tui.studio.engine.understand.reading.mentions import Reading
from riffusion_tui.studio.engine.understand.words import tables
from riffusion_tui.studio.engine.understand.words.numbers import ensemble_sizes
from riffusion_tui.studio.engine.understand.words.tokens import stem

_ONE_PLAYER = frozenset({"keys", "organ"})


def unmet_players(made: Plan, reading: Reading) -> Iterator[str]:
    """Yield the players that the prompt asks for and the song doesn't have, or has although it excludes them."""
    if _excludes_the_band(made):
        yield f"The prompt excludes the instruments of {made.genre}; others take their place."
    if "acoustic" in made.production and not made.cast and _is_electronic(made.genre):
        yield f"The instruments of {made.genre} are electronic; name acoustic ones."
    for name in sorted(_in_dispute(reading).intersection(made.instruments)):
        yield f"The prompt both asks for {name} and excludes it; the song has {name}."
    yield from _players(made, counts(reading))
    yield from _size(reading)


def _in_dispute(reading: Reading) -> set[str]:
    """Return the instruments that the prompt excludes and asks for by the same word: `no drums but loud drums`."""
    refused, wanted = (
        {(one.meaning, folded(one.word)) for one in found}
        for found in (reading.negative("instrument"), reading.positive("instrument"))
    )
    return {name for name, _ in refused & wanted} - {one.meaning for one in reading.placed}


def unmet_canon(made: Plan, reading: Reading) -> Iterator[str]:
    """Yield that nobody can play the canon that the prompt asks for, in so many words."""
    words = {word for one in reading.positive("structure") if one.meaning == CANON for word in one.word.lower().split()}
    if not is_canon(made) and not words.isdisjoint({"canon", "canons", "round"}):
        yield "A canon needs two melody instruments that play without a band."


def _size(reading: Reading) -> Iterator[str]:
    """Yield that an ensemble has the players of its name, if the prompt gives another number: `trio with 4 players`."""
    sizes = ensemble_sizes()
    words = reading.norms
    named = next((word for word in words if word in sizes), None)
    given = number_of_players(reading)
    if named is not None and given is not None and given != int(sizes[named]):
        yield f"{article(named).capitalize()} {stem(named)} has {sizes[named]} players, not {given}."


def _players(made: Plan, numbers: dict[str, int]) -> Iterator[str]:
    """Yield what the song doesn't have of the numbers of players."""
    if sum(numbers.values()) > MAX_PLAYERS:
        yield f"A song has at most {MAX_PLAYERS} players."
    elif not made.cast and any(number > MAX_ALIKE for number in numbers.values()):
        yield f"A band has at most {MAX_ALIKE} players of an instrument."
    table = tables.instruments()
    for name, number in numbers.items():
        if number > 1 and name in made.instruments and not made.cast and table[name].family in _ONE_PLAYER:
            yield f"The band has one {name}."
    if numbers.get("drums", 1) > 1 and not made.cast and "drums" in made.instruments:
        yield "The band has one drummer."


def _is_electronic(genre: str) -> bool:
    """Whether machines play the tunes and chords of a genre's band."""
    table = tables.instruments()
    usual = [table[name] for name in tables.genres()[genre].instruments if table[name].family not in UNTUNED]
    return 2 * sum(one.family == "synth" or "synth" in one.name for one in usual) >= len(usual) > 0


def _excludes_the_band(made: Plan) -> bool:
    """Whether nobody of the genre's band who plays notes is left."""
    table = tables.instruments()
    usual = [table[name] for name in tables.genres()[made.genre].instruments if name in table]
    tuned = [one for one in usual if one.family not in UNTUNED]
    names = {*made.avoided}
    return bool(tuned) and all(
        one.name in names or (one.family in names and tables.is_meant(one.name, one.family)) for one in tuned
    )

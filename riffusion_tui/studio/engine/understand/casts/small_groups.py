"""Small groups without a name: `only percussion, 5 players`, `jazz, no drums, guitar and bass`."""

from __future__ import annotations

from riffusion_tui.studio.engine.datafiles import read_data, split_words
from riffusion_tui.studio.engine.understand.casts.counted import number_of_players
from riffusion_tui.studio.engine.understand.casts.ensemble_words import usual_players
from riffusion_tui.studio.engine.understand.instruments.exclusions import excluded_by, exclusions
from riffusion_tui.studio.engine.understand.instruments.instrument_mentions import is_a_solo
from riffusion_tui.studio.engine.understand.reading.mentions import Reading
from riffusion_tui.studio.engine.understand.words import tables

_DRUMLESS = frozenset({"jazz"})
"""Families in which a bass and another player need no drummer."""
_OF_PLAYERS = frozenset(
    {"instrument", "avoid", "vocal", "gender", "genre", "flavour", "mood", "energy", "tempo", "era", "scene", "place"}
)
_TWO = 2


def of_their_number(reading: Reading, players: tuple[str, ...], genre: tables.Genre) -> tuple[str, ...]:
    """Return who plays, as many as the prompt says if it names one instrument or section only."""
    number = number_of_players(reading) or 1
    if number < _TWO or len(players) != 1:
        return players
    name = players[0]
    section = {"strings": "string", "brass": "brass"}.get(name, "")
    standard = split_words(read_data("lexicon/ensembles.toml")["standard"].get(f"{section} {number}", ""))
    kinds = usual_players("percussion", genre) if name == "percussion" else ()
    return standard or tuple((kinds or players)[at % len(kinds or players)] for at in range(number))


def drumless_group(reading: Reading, requested: tuple[str, ...], genre: tables.Genre) -> tuple[str, ...]:
    """Return the instruments that play jazz without drums: a bass and others; empty if there may be a larger band."""
    without = {name for mention in exclusions(reading) for name in excluded_by(reading, mention)}
    families = [tables.instruments()[name].family for name in requested]
    if genre.family not in _DRUMLESS or "drums" not in without or "bass" not in families or len(families) < _TWO:
        return ()
    said = all(one.kind in _OF_PLAYERS and not is_a_solo(one) for one in reading.mentions)
    return requested if said else ()

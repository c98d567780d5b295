"""Bands and groups of a size: `two-piece garage rock`, `one-man band`, `only percussion, 5 players`; drumless jazz."""

from __future__ import annotations

from functools import cache

from riffusion_tui.studio.engine.datafiles import read_data, split_words
from riffusion_tui.studio.engine.understand.casts.counted import counts, number_of_players
from riffusion_tui.studio.engine.understand.casts.standard_ensembles import remaining, usual_players
from riffusion_tui.studio.engine.understand.instruments.exclusions import excluded_by, exclusions
from riffusion_tui.studio.engine.understand.instruments.instrument_mentions import is_a_solo
from riffusion_tui.studio.engine.understand.instruments.named_instruments import plain_guitar
from riffusion_tui.studio.engine.understand.reading.mentions import Reading
from riffusion_tui.studio.engine.understand.words import tables
from riffusion_tui.studio.engine.understand.words.numbers import numbers
from riffusion_tui.studio.engine.understand.words.tables import instrument_families

_DUO, _MAX = 2, 8
_VOICE = "voice"
_DRUMLESS = frozenset({"jazz"})
"""Families in which a bass and another player need no drummer."""
_OF_PLAYERS = frozenset(
    {"instrument", "avoid", "vocal", "gender", "genre", "flavour", "mood", "energy", "tempo", "era", "scene", "place"}
)
_TWO = 2


def sized_band(reading: Reading, requested: tuple[str, ...], genre: tables.Genre) -> tuple[str, ...]:
    """Return the players of a band of which the prompt gives the size: the named ones, then the genre's first.

    The band sings as its genre does. Singers that the prompt names don't count; in a duo, nobody plays the bass.
    """
    size = _size(reading)
    if size == 1:
        return requested or split_words(_words()["alone"])
    if size is None:
        return ()
    number = counts(reading, genre)
    named = [name for name in requested for _ in range(number.get(name, 1))]
    played = [name for name in named if tables.instruments()[name].family != _VOICE]
    usual = usual_players("group", genre) or genre.instruments
    own = (plain_guitar(genre) if name == "electric guitar" else name for name in usual)
    rest = remaining(tuple(own), tuple(played))
    if size == _DUO:
        rest = [name for name in rest if tables.instruments()[name].family != "bass"]
    rest = (
        sorted(
            rest, key=lambda name: tables.instruments()[name].family not in instrument_families("of a rhythm section")
        )
        if played
        else rest
    )
    return (*named, *rest[: max(0, size - len(played))])


def is_sized(reading: Reading) -> bool:
    """Whether the prompt gives the size of a band."""
    return _size(reading) is not None


def _size(reading: Reading) -> int | None:
    """Return the size of the band: of `three-piece rock` three, of a one-man band one; None if there is none."""
    words = reading.norms
    for at, word in enumerate(words):
        after = reading.tokens[at + 1 : at + 2]
        if word in split_words(_words()["piece"]) and at and not reading.tokens[at].gap:
            size = numbers().get(words[at - 1], 0)
            joined = [token.norm for token in after if not token.gap]
            if _DUO <= size <= _MAX and not set(joined) & set(split_words(_words()["things"])):
                return size
        if words[at : at + 3] in (["one", "man", "band"], ["one", "woman", "band"]):
            return 1
    return None


@cache
def _words() -> dict[str, str]:
    return dict(read_data("lexicon/ensembles.toml")["sized"])


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

"""The exact cast, if the prompt gives one: `string quartet`, `flute solo`, `just a piano`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from riffusion_tui.studio.engine.datafiles import read_data
from riffusion_tui.studio.engine.instrument_groups import LONE_SINGER, MAX_PLAYERS, UNTUNED
from riffusion_tui.studio.engine.understand.casts.chamber_music import concert_players, players_of_a_work
from riffusion_tui.studio.engine.understand.casts.choir_casts import choir_cast, sings_alone
from riffusion_tui.studio.engine.understand.casts.counted import counted, counted_group
from riffusion_tui.studio.engine.understand.casts.ensemble import Ensemble, ensemble
from riffusion_tui.studio.engine.understand.casts.line_up import line_up
from riffusion_tui.studio.engine.understand.casts.named_ensemble import named_ensemble
from riffusion_tui.studio.engine.understand.casts.player_list import listed_players
from riffusion_tui.studio.engine.understand.casts.quiet_cast import quiet_cast
from riffusion_tui.studio.engine.understand.casts.singer_casts import accompaniment_of, accompanying_cast, sings_solo
from riffusion_tui.studio.engine.understand.casts.sized_bands import drumless_group, of_their_number, sized_band
from riffusion_tui.studio.engine.understand.casts.soloists import accompanied_soloist, plays_alone
from riffusion_tui.studio.engine.understand.casts.standard_ensembles import is_art_song, usual_players
from riffusion_tui.studio.engine.understand.instruments.exclusions import excluded_by, exclusions
from riffusion_tui.studio.engine.understand.instruments.only_these import only_these, unaccompanied
from riffusion_tui.studio.engine.understand.reading.mentions import Reading
from riffusion_tui.studio.engine.understand.reading.places.placed_mentions import BAND
from riffusion_tui.studio.engine.understand.singers.singer import vocals
from riffusion_tui.studio.engine.understand.words import tables
from riffusion_tui.studio.engine.understand.words.places import ALONE


def cast_of(
    reading: Reading, requested: tuple[str, ...], genre: tables.Genre, *, instrumental: bool = False
) -> tuple[str, ...]:
    """Return exactly who plays, one entry per player; empty if the genre fills the band.

    In an instrumental, a choir without words takes the place of a singer who would be alone.

    Args:
        reading: the prompt's.
        requested: the instruments that it names.
        genre: the plan's.
        instrumental: nobody sings words.
    """
    singer = ("choir",) if instrumental or vocals(reading) == "none" else (LONE_SINGER,)
    if unaccompanied(reading):
        return requested or singer
    group = ensemble(reading, genre)
    if group is None and any(one.kind == BAND or (one.place and one.place.how == ALONE) for one in reading.placed):
        return ()  # who is alone in a section isn't alone in the others
    excluded = {name for mention in exclusions(reading) for name in excluded_by(reading, mention)}
    if group is not None:
        return _players_of(reading, group, requested, excluded, genre)
    if sings_solo(reading) and not requested:
        return singer
    players = counted(reading, _named_players(reading, requested, genre), genre)
    return _at_most(tuple(_without(players, excluded - {*requested})))


def _players_of(
    reading: Reading, group: Ensemble, requested: tuple[str, ...], excluded: set[str], genre: tables.Genre
) -> tuple[str, ...]:
    """Return the players of an ensemble, with the named kind of guitar, and others in the place of excluded ones."""
    guitars = [name for name in requested if name.endswith("guitar")]
    kind = guitars[0] if len(guitars) == 1 and set(group.players) != {"acoustic guitar"} else ""
    own = (kind if kind and name.endswith("guitar") else name for name in group.players)
    kept = tuple(_without(own, excluded))
    led = any(group.first <= one.at <= group.last for one in reading.positive("instrument"))
    missing = 0 if led else len(_tuned(group.players)) - len(_tuned(kept))  # a piano trio's others are known
    return (*kept, *_others(kept, missing, excluded, genre))[:MAX_PLAYERS]


def _at_most(players: tuple[str, ...]) -> tuple[str, ...]:
    """Return as many players as a song can have: fewer of those of whom there are most, each of whom one stays."""
    found = list(players)
    while len(found) > MAX_PLAYERS:
        most = max(found, key=found.count)
        found.reverse()
        found.remove(most)
        found.reverse()
    return tuple(found)


def _others(players: tuple[str, ...], number: int, excluded: set[str], genre: tables.Genre) -> tuple[str, ...]:
    """Return who of a genre's group takes the place of so many excluded players: `jazz quartet without piano`.

    Nobody does for drums: a drumless trio is two players.
    """
    able = [name for name in usual_players("group", genre) if name not in players]
    return tuple([name for name in able if not _is_excluded(name, excluded)][: max(0, number)])


def _tuned(names: tuple[str, ...]) -> list[str]:
    """Return the players of instruments with pitches."""
    return [name for name in names if _family(name) not in UNTUNED]


def _named_players(reading: Reading, requested: tuple[str, ...], genre: tables.Genre) -> tuple[str, ...]:
    """Return who plays of the named instruments, each once, or of an ensemble's; empty if the genre fills the band."""
    if only_these(reading, requested):
        return accompanying_cast(reading, requested) or of_their_number(reading, requested, genre)
    if plays_alone(reading, requested) or sings_alone(reading, requested, genre):
        return requested
    if sings_solo(reading):
        return accompaniment_of(reading, requested)
    return (
        sized_band(reading, requested, genre)
        or counted_group(reading, genre)
        or named_ensemble(reading, genre)
        or _of_an_art_song(reading, requested, genre)
        or players_of_a_work(reading, requested, genre)
        or line_up(reading, requested, genre)
        or concert_players(reading, requested, genre)
        or accompanied_soloist(reading, requested)
        or quiet_cast(reading, requested)
        or choir_cast(reading, requested, genre)
        or listed_players(reading, requested, genre)
        or drumless_group(reading, requested, genre)
        or accompanying_cast(reading, requested)
    )


def _of_an_art_song(reading: Reading, requested: tuple[str, ...], genre: tables.Genre) -> tuple[str, ...]:
    """Return the pianist of an art song that names no instrument."""
    return usual_players("keyboard", genre) if is_art_song(reading) and not requested else ()


def _without(players: Iterable[str], excluded: set[str]) -> Iterator[str]:
    """Yield the players, instead of excluded ones those of their family who can take their place: trombones."""
    for name in players:
        if not _is_excluded(name, excluded):
            yield name
            continue
        other = read_data("cast.toml")["instead"].get(name, "")
        if other and not _is_excluded(other, excluded) and _family(other) == _family(name):
            yield other


def _family(name: str) -> str:
    return tables.instruments()[name].family


def _is_excluded(name: str, excluded: Iterable[str]) -> bool:
    known = tables.instruments()[name]
    family = {known.family} if tables.is_meant(name, known.family) else set[str]()
    beaten = known.family in ("drums", "percussion") and "drums" in excluded
    return beaten or bool({name, *family} & set(excluded))

"""Who sings: as the prompt says, else as is usual for the genre, or nobody."""

from __future__ import annotations

from riffusion_tui.studio.engine.datafiles import read_data
from riffusion_tui.studio.engine.instrument_groups import LONE_SINGER, SINGERS, UNPITCHED
from riffusion_tui.studio.engine.understand.casts.ensemble import ensemble, without_the_ensemble
from riffusion_tui.studio.engine.understand.casts.named_ensemble import named_ensemble
from riffusion_tui.studio.engine.understand.casts.player_list import is_performed, names_only_instruments
from riffusion_tui.studio.engine.understand.casts.sized_bands import is_sized
from riffusion_tui.studio.engine.understand.casts.standard_ensembles import is_art_song
from riffusion_tui.studio.engine.understand.genres.named_genre import named
from riffusion_tui.studio.engine.understand.reading.mentions import Reading
from riffusion_tui.studio.engine.understand.singers.singer import likely_gender, vocals
from riffusion_tui.studio.engine.understand.singers.stated_instrumental import is_stated_instrumental
from riffusion_tui.studio.engine.understand.singers.unsung_music import (
    asks_for_a_beat,
    is_behind_pictures,
    names_a_dance_tune,
    plays_over_a_beat,
)
from riffusion_tui.studio.engine.understand.stated_subject import is_a_line, is_a_song_about_something, states_a_subject
from riffusion_tui.studio.engine.understand.words import tables
from riffusion_tui.studio.engine.understand.words.tables import genre_families


def requested_voice(reading: Reading, genre: tables.Genre, players: tuple[str, ...], *, sung: bool) -> str | None:
    """Return who sings: as the prompt says; without lyrics, nobody beside an exact cast or an instrument only."""
    stated = _stated_voice(reading, genre, sung=sung)
    if stated is not None:
        return stated
    group = ensemble(reading, genre)
    if group is not None and group.sung:
        return likely_gender(reading) or ("any" if genre.vocals == "none" else None)
    if is_sized(reading):
        return None if genre.vocals == "none" else likely_gender(reading)
    always_sung = _is_always_sung(reading, genre)
    aria = always_sung and genre.family == "classical" and bool(reading.positive("genre"))
    if sung or aria or is_art_song(reading):
        return None
    silent = _is_silent(genre, players) if players else not always_sung and _is_played(reading, genre)
    return "none" if silent else None


def _stated_voice(reading: Reading, genre: tables.Genre, *, sung: bool) -> str | None:
    """Return who sings as the prompt says; given lyrics are sung unless it says `instrumental`."""
    players_only = without_the_ensemble(reading, genre)
    stated = vocals(players_only)
    return None if sung and stated == "none" and not is_stated_instrumental(players_only) else stated


def _is_always_sung(reading: Reading, genre: tables.Genre) -> bool:
    """Whether it is of a genre that is always sung, and the prompt doesn't say who plays it instead."""
    styles = [genre, *(tables.genres()[one.meaning] for one in reading.positive("genre"))]
    sung = any("sung" in style.traits for style in styles)
    return sung and not is_performed(reading) and not named_ensemble(reading, genre)


def _is_played(reading: Reading, genre: tables.Genre) -> bool:
    """Whether the prompt is about instruments only, a picture's background or a soloist over a beat."""
    behind_pictures = genre.vocals != "none" and is_behind_pictures(reading)
    return behind_pictures or names_only_instruments(reading) or plays_over_a_beat(reading)


def usual_voice(reading: Reading, genre: tables.Genre, left_out: tuple[str, ...], *, sung: bool) -> str:
    """Return who sings if the prompt does not say: the genre's usual singer, and somebody if a song has words.

    Of a genre that the prompt doesn't name, whom it mentions sings: `mujer despechada`.

    A choir that is excluded or sings in some sections only leaves a singer, unless instruments play the music; if
    nobody raps, a song without melody is not sung.
    """
    anybody = likely_gender(reading) or "any"
    if genre.vocals == "none" and (sung or _has_words(reading, genre)):
        return anybody
    if genre.family == "hip hop" and not sung and asks_for_a_beat(reading):
        return "none"
    if genre.family == "hip hop" and any("rap" in one.word.lower() for one in reading.negative("vocal", "genre")):
        return anybody if sung else "none"
    if "melody" in left_out and not sung and genre.name not in read_data("delivery.toml")["spoken"]["genres"]:
        return "none"
    joins_in = any(one.kind == "instrument" and one.meaning in SINGERS for one in reading.placed)
    if genre.vocals == "choir" and ("choir" in left_out or joins_in):
        return "none" if is_performed(reading) and not joins_in else anybody
    suggested = anybody != "any" and genre.vocals in ("male", "female") and named(reading)[0] is None
    return anybody if suggested or genre.vocals == "any" else genre.vocals


def _has_words(reading: Reading, genre: tables.Genre) -> bool:
    """Whether a song of a genre that is usually played has words since the prompt is one, or says what it is about.

    A song has, except one of machines: `lo-fi song about school`; and a dance, as `waltz about love`.
    """
    if is_a_song_about_something(reading):
        return genre.family not in genre_families("of machines") or named(reading)[0] is None
    return is_a_line(reading) or (states_a_subject(reading) and names_a_dance_tune(reading))


def _is_silent(genre: tables.Genre, requested: tuple[str, ...]) -> bool:
    """Whether the named instruments make it an instrumental: a piano and a beatboxer do, stomps in a shanty do not."""
    known = [tables.instruments()[name] for name in requested if name != LONE_SINGER]
    if not known or any(one.family == "voice" and "drums" not in one.roles for one in known):
        return False
    unpitched = all(one.family in UNPITCHED for one in known)
    return not (unpitched and "sung" in genre.traits)

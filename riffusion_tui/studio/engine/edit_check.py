"""Whether an edit is possible for a song."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from difflib import get_close_matches
from functools import cache

from riffusion_tui.studio.engine.datafiles import read_data, split_words
from riffusion_tui.studio.engine.engine_errors import EngineError
from riffusion_tui.studio.engine.instrument_groups import UNPITCHED
from riffusion_tui.studio.engine.locks import (
    LOCKED_ROLES,
    LockedBand,
    known_instrument,
    parse_band,
    parse_key,
    suggestion,
)
from riffusion_tui.studio.engine.song_request import SongEdit

_NUMBER = re.compile(r" \d+\Z")
"""Behind the names of players of the same instrument: `Violin 2`."""


def check_edit(edit: SongEdit, sections: Sequence[str], stems: Sequence[str], band: str = "") -> None:
    """Raise `EngineError` if an edit can't be read, or is impossible for the song; the message names the field.

    Args:
        edit: the edit.
        sections: names of the song's sections; empty if they are not known.
        stems: names of its stems; empty if they are not known.
        band: who plays, as `parse_band` reads it; empty if it is not known.
    """
    needs = {"replace": "section", "resize": "length_s", "transpose": "key", "swap": "stem", "mute": "stem"}
    field = needs[edit.operation]
    if not getattr(edit, field):
        raise EngineError(f"{field} is required")
    if edit.operation == "replace" and sections:
        known_section(edit.section, sections)
    if edit.operation == "transpose":
        parse_key(edit.key)
    if edit.stem and stems:
        known_stem(edit.stem, stems, (*LOCKED_ROLES, "vocal"))
    if edit.operation == "swap":
        name = swapped_instrument(edit.instrument)
        if band:
            check_swap(edit, name, _roles_of(edit.stem, parse_band(band)))
    if edit.operation == "mute" and [edit.stem.strip().casefold()] == [stem.casefold() for stem in stems]:
        raise EngineError(f"stem: {edit.stem} is the last one; a song can't be silent")


def known_section(text: str, names: Sequence[str]) -> int:
    """Return the index of a section, named in any case. Raises `EngineError`."""
    wanted = text.strip().casefold()
    found = next((i for i, name in enumerate(names) if name.casefold() == wanted), None)
    if found is None:
        raise EngineError(f"section: the song has no {text[:40]!r}; {_listed(names)[2:]}")
    return found


def known_stem(text: str, names: Sequence[str], roles: Sequence[str] = LOCKED_ROLES) -> str:
    """Return the name of a stem, or a role, without spaces around it. Raises `EngineError`."""
    wanted = text.strip()
    if wanted.casefold() not in {name.casefold() for name in (*names, *roles)}:
        near = get_close_matches(wanted.title(), names, 1)
        raise EngineError(f"stem: the song has no {text[:40]!r}{suggestion(near) or _listed(names)}")
    return wanted


def swapped_instrument(text: str) -> str:
    """Return the instrument of a swap, by its name or by one that prompts know: `alto sax`. Raises `EngineError`."""
    name = " ".join(text.casefold().split())
    return known_instrument("instrument", _names_in_prompts().get(name, name))


@cache
def _names_in_prompts() -> dict[str, str]:
    """Return the instruments by what people write for them, without names of those that others stand in for."""
    rows, standing_in = read_data("lexicon/instruments.toml"), read_data("lexicon/standins.toml")
    named = {word: name for name, words in reversed(rows.items()) for word in split_words(words.casefold())}
    missing = {word for words in standing_in.values() for word in split_words(words.casefold())}
    return {word: name for word, name in named.items() if word not in missing} | {name: name for name in rows}


def check_swap(edit: SongEdit, name: str, roles: Collection[str]) -> None:
    """Raise `EngineError` if an instrument can't play the notes of a stem, whose tracks have these roles."""
    percussive = not UNPITCHED.isdisjoint(_usual_roles(name))
    if any(role == "vocal" or (role in UNPITCHED) != percussive for role in roles):
        rule = "swap drums for drums, and a pitched instrument for a pitched one; vocals can only be muted"
        raise EngineError(f"instrument: {name} can't play the notes of {edit.stem}; {rule}")


def _roles_of(stem: str, band: LockedBand) -> Collection[str]:
    """Return the roles of a stem, by its name or role; empty if the band doesn't say."""
    name = _NUMBER.sub("", stem.strip().casefold())
    if name in ("vocal", "vocals"):
        return ("vocal",)
    roles = {player.role for player in band.players if player.instrument == name}
    return roles or ((name,) if name in LOCKED_ROLES else _usual_roles(name))


def _usual_roles(instrument: str) -> tuple[str, ...]:
    """Return the first of an instrument's roles, which says whether it is pitched; empty if it isn't one."""
    return tuple(read_data("instruments.toml").get(instrument, {}).get("roles", ())[:1])


def _listed(names: Sequence[str]) -> str:
    return f"; it has {', '.join(names)}"

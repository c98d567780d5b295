"""Lines of a prompt that look like lyrics, but are read as a description since nothing says what they are."""

from __future__ import annotations

import re
from collections.abc import Sequence

from riffusion_tui.lyric_sheets.lyrics_in_prompt import headed_lines
from riffusion_tui.lyric_sheets.section_names import PERSONS
from riffusion_tui.studio.engine.understand.reading.mentions import Reading

_FEWEST = 3
"""Lines below a prompt, at least, that look like stanzas; below a heading, one is enough."""
_WORDS = (3, 12)
"""Words of a sung line."""
_SOUND = frozenset({"genre", "instrument", "production", "structure", "tempo", "vocal", "energy", "flavour", "era"})
"""Kinds of words that describe how music sounds."""
_LISTED = re.compile(r"\s*(?:[-*•–]|\d+[.)])|.*:")
"""A line of a list, or one that has a label."""


def looks_like_lyrics(reading: Reading) -> bool:
    """Whether lines of a prompt without lyrics look like some: at most half of them are about the sound.

    They are below a heading, or whole stanzas below the first paragraph; or the whole prompt is one in which a person
    sings.
    """
    text = reading.text
    first, blank, rest = text.partition("\n\n")
    below = [line for line in (rest or first).splitlines() if line.strip()]
    sings = blank or _is_sung_by_a_person(below)
    stanzas = below if sings and len(below) >= _FEWEST and all(map(_could_be_sung, below)) else []
    lines = headed_lines(text) or stanzas
    described = _lines_about_the_sound(reading)
    return bool(lines) and 2 * sum(line in described for line in lines) <= len(lines)


def _is_sung_by_a_person(lines: Sequence[str]) -> bool:
    """Whether more than half of the lines have words of singers, and at most half are sentences."""
    singers = sum(not PERSONS.isdisjoint(line.lower().replace("’", "'").split()) for line in lines)
    return 2 * singers > len(lines) >= 2 * sum(line.rstrip().endswith(".") for line in lines)


def _could_be_sung(line: str) -> bool:
    return _WORDS[0] <= len(line.split()) <= _WORDS[1] and not _LISTED.match(line)


def _lines_about_the_sound(reading: Reading) -> set[str]:
    """Return the lines that have a word about how the music sounds, or a stated tempo, key or length."""
    places = [reading.tokens[one.at].start for one in (*reading.mentions, *reading.placed) if one.kind in _SOUND]
    places += [one.start for one in reading.stated]
    ends = ((reading.text.rfind("\n", 0, at) + 1, reading.text.find("\n", at)) for at in places)
    return {reading.text[start : end if end >= 0 else None] for start, end in ends}

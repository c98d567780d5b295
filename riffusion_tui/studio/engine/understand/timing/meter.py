"""The meter, as stated, that of a dance, or drawn from the genre's; and how much the song swings."""

from __future__ import annotations

import re
from functools import cache
from random import Random

from riffusion_tui.studio.engine.datafiles import read_data, split_words
from riffusion_tui.studio.engine.understand.figures.meter_figures import swing_of
from riffusion_tui.studio.engine.understand.figures.stated import SWING, Stated
from riffusion_tui.studio.engine.understand.reading.mentions import Reading, derived_once
from riffusion_tui.studio.engine.understand.words import tables
from riffusion_tui.studio.engine.understand.words.lexicon import context_words
from riffusion_tui.studio.engine.understand.words.neighbors import phrases_in
from riffusion_tui.studio.engine.understand.words.tokens import phrase

_USUAL = ((4, 4), (3, 4), (6, 8), (5, 4))
"""Meters for a song that can't have one of its genre, the usual ones first."""
_PIECES = ("solo", "intro")
"""Kinds of sections that are also pieces: `a piano solo in 3/4`, `a podcast intro in 3/4`."""
_NAMES = sorted((name for name, kind in tables.sections().items() if kind not in _PIECES), key=len, reverse=True)
_SECTION = rf"(?:{'|'.join(_NAMES)})(?: sections?| parts?)?"
_SECTION_BEFORE = re.compile(
    rf"\b{_SECTION}\s+(?:(?:is|are|goes|go|switches|changes)\s+)?(?:in|to|into)\s+$", re.IGNORECASE
)
_SECTION_AFTER = re.compile(rf"\s+(?:(?:in|for|during)\s+(?:the\s+|each\s+)?)?{_SECTION}\b", re.IGNORECASE)
_REACH = 60
"""Characters before a meter in which its section is looked for."""
_SWUNG = 0.55


def meter_of(reading: Reading, genre: tables.Genre, draw: Random) -> tuple[int, int]:
    """Return the meter that the prompt states, else one of the genre's, the first most often.

    One that the prompt refuses is none of them; if no other is left, it is a usual one.
    """
    stated = stated_meter(reading)
    if stated:
        return tables.parse_meter(stated)
    refused = {tables.parse_meter(one) for one in reading.refused_values("meter")}
    meters = [one for one in genre.meters if one not in refused]
    meters = meters or [next((one for one in _USUAL if one not in refused), genre.meters[0])]
    return draw.choices(meters, [1 / (1 + place) ** 1.5 for place in range(len(meters))])[0]


def stated_meter(reading: Reading) -> str | None:
    """Return the meter that the prompt states, also by the name of a dance: `6/8`, `waltz`, `slip jig`."""
    own = (one.value for one in reading.stated if one.kind == "meter" and not _is_of_a_section(reading, one))
    return next(own, None) or _of_a_dance(reading)


def changes_meter(reading: Reading) -> bool:
    """Whether the prompt states several meters, or one for a kind of section: `bridge in 7/8`, `a reel, then a jig`."""
    stated = [one for one in reading.stated if one.kind == "meter"]
    return (
        len({one.value for one in stated}) > 1
        or (not stated and _follow_each_other(reading))
        or any(_is_of_a_section(reading, one) for one in stated)
    )


def _is_of_a_section(reading: Reading, stated: Stated) -> bool:
    before = reading.text[max(0, stated.start - _REACH) : stated.start]
    return bool(_SECTION_BEFORE.search(before) or _SECTION_AFTER.match(reading.text, stated.end))


def names_a_dance(reading: Reading, first: int, last: int) -> bool:
    """Whether a dance is named between two tokens (inclusive): `a reel`."""
    words = [token.norm for token in reading.tokens[first : last + 1]]
    return any(phrases_in(words, _dances()))


def _of_a_dance(reading: Reading) -> str | None:
    """Return the meter of a genre or a piece that the prompt names; None if it names none, or several meters.

    Of dances that follow each other it is the first one's.
    """
    meters = _of_dances(reading)
    return meters[0] if len(meters) == 1 or _follow_each_other(reading) else None


def _follow_each_other(reading: Reading) -> bool:
    """Whether dances of several meters do: `a reel, then a jig`; not `jigs and reels`."""
    return len(_of_dances(reading)) > 1 and not context_words("one after the other").isdisjoint(reading.norms)


@derived_once
def _of_dances(reading: Reading) -> tuple[str, ...]:
    """Return the meters of the dances that the prompt names, in order."""
    words = reading.norms
    excluded = reading.negated_places()
    found = {one.last: "3/4" for one in reading.positive("genre") if one.meaning == "waltz"}
    for at, dance in phrases_in(words, _dances()):
        last = at + len(dance) - 1
        if last not in excluded:
            found.setdefault(last, _dances()[dance])
    refused = reading.refused_values("meter")
    return tuple(dict.fromkeys(meter for _, meter in sorted(found.items()) if meter not in refused))


@cache
def _dances() -> dict[tuple[str, ...], str]:
    """Return the meter of each dance, the longest names first."""
    rows = read_data("lexicon/meters.toml").items()
    found = [(phrase(name), meter) for meter, names in rows for name in split_words(names)]
    return dict(sorted(found, key=lambda one: -len(one[0])))


def swing(reading: Reading, genre: tables.Genre) -> float:
    """Return the swing, 0 (straight) to 1 (triplets)."""
    stated = reading.first(SWING)
    if stated is not None:
        return swing_of(float(stated))
    words = {one.meaning for one in reading.positive("production")}
    if "straight" in words or any(one.meaning == "swung" for one in reading.negative("production")):
        return 0.0
    return max(genre.swing, _SWUNG) if "swung" in words else genre.swing

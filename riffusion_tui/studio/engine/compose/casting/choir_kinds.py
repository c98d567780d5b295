"""Choirs: of women, men, children or all; in unison or in parts, alone or accompanied."""

from __future__ import annotations

from riffusion_tui.studio.engine.compose import catalog
from riffusion_tui.studio.engine.compose.arrangement_style import style_of
from riffusion_tui.studio.engine.instrument_groups import CHOIR_VOICES, CHOIRS, GROUP, LONE_SINGER
from riffusion_tui.studio.engine.locks import parse_band
from riffusion_tui.studio.engine.song_plan import Plan

_UNISON, DRONE, ORGANUM = "unison", "held drone", "organum"
"""Hints of `Plan.structure`: all sing the tune; beside it, some hold a note; some sing a fourth below."""
GENDERS = {"male choir": "male", "female choir": "female"}
"""Who sings in a choir of women or men."""
_WITHOUT_A_BEAT = frozenset({"classical", "folk", "ambient"})
"""Families of genres that chant can be colored by."""


def kind_of_choir(plan: Plan) -> str:
    """Return who sings in the choir: mixed, male, female or children; a chant is for men, if nothing else is said."""
    if plan.vocals == "children":
        return "children"
    own = set(plan.instruments).difference(plan.guests)
    locked = parse_band(plan.locks.band).instruments if plan.locks.band else ()
    found = {gender for name, gender in GENDERS.items() if name in {*plan.cast, *own, *locked}}
    return found.pop() if len(found) == 1 else "male" if is_chant(plan) and not found else "mixed"


def is_chant(plan: Plan) -> bool:
    """Whether it is plainchant: one line in free rhythm. Beside drums, or a genre that has a beat, it is a song."""
    band = {*plan.cast, *plan.instruments}.difference(plan.guests)
    played = {catalog.instrument(name).get("family") for name in band}
    beaten = bool(plan.blend) and catalog.family_of(plan.blend) not in _WITHOUT_A_BEAT
    return style_of(plan.genre).chanted and not beaten and played.isdisjoint(("drums", "percussion"))


def sings_in_unison(plan: Plan) -> bool:
    """Whether all who sing have the tune."""
    return _UNISON in plan.structure or is_chant(plan)


def sings_in_parts(plan: Plan) -> bool:
    """Whether a choir sings in parts, in the rhythm of the words: the only choir, or in genres that have that.

    A barbershop quartet does, too.
    """
    if plan.vocals == "none" or sings_in_unison(plan):
        return False
    in_parts = style_of(plan.genre).choir_parts > 0
    if plan.vocals not in CHOIR_VOICES:
        return in_parts and plan.cast == (GROUP,)
    return bool(CHOIRS & set(plan.cast)) if plan.cast else in_parts


def number_of_parts(plan: Plan) -> int:
    """Return how many parts a choir that sings in parts has: four, or three in genres whose band has the bass."""
    return 3 if style_of(plan.genre).choir_parts == 3 and not plan.cast else 4


def sings_alone(plan: Plan) -> bool:
    """Whether nobody accompanies those who have the words."""
    choral = plan.vocals in CHOIR_VOICES and bool(plan.cast) and set(plan.cast) <= CHOIRS
    return plan.vocals != "none" and (choral or plan.cast == (LONE_SINGER,))

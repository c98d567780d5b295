"""Who rests in some sections, as the prompt says, or plays only there: `no drums in the verses`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from riffusion_tui.studio.engine.compose.casting.player_hints import is_among
from riffusion_tui.studio.engine.compose.casting.seat import Seat
from riffusion_tui.studio.engine.compose.energy import HIGH
from riffusion_tui.studio.engine.score import Section
from riffusion_tui.studio.engine.song_plan import Plan
from riffusion_tui.studio.engine.structure_hints import ALL_BUT, PLACED

SUNG = frozenset({"verse", "prechorus", "chorus", "bridge", "drop"})
"""Kinds of sections in which the vocals have the melody."""
_VOCALS = "vocals"


def placed_player(plan: Plan, section: Section, sections: Sequence[Section], seat: Seat) -> bool | None:
    """Whether the prompt wants a player in a section; None if it does not say."""
    found = _alone(plan, section, sections, seat)
    if found is not None:
        return found
    for how, places, name in _hints(plan):
        if how != "alone in" and _is_named(name, seat):
            there = _is_meant(how, places, section, sections)
            if there is False:
                return False
            found = found or there
    return found


def _is_named(name: str, seat: Seat) -> bool:
    if name.startswith(ALL_BUT):
        return seat.role != "vocal" and not any(
            _is_named(other, seat) for other in name.removeprefix(ALL_BUT).split(", ")
        )
    return name == seat.role or (name == _VOCALS and seat.role == "vocal") or is_among((name,), seat.instrument)


def _alone(plan: Plan, section: Section, sections: Sequence[Section], seat: Seat) -> bool | None:
    """Whether an instrument is one of those that are alone in a section; None if none are, or for a singer."""
    names = tuple(
        name
        for how, places, name in _hints(plan)
        if how == "alone in" and any(is_at(place, section, sections) for place in places)
    )
    return is_among(names, seat.instrument) if names and seat.role != "vocal" else None


def resting(plan: Plan, section: Section, sections: Sequence[Section]) -> set[str]:
    """Return what the prompt wants nobody to play in a section: names and families, and parts of the drum kit."""
    return {name for how, places, name in _hints(plan) if _is_meant(how, places, section, sections) is False}


def is_sung(plan: Plan, section: Section, sections: Sequence[Section]) -> bool:
    """Whether the singer of a song sings in a section."""
    return section.kind in SUNG and not singer_rests(plan, section, sections)


def singer_rests(plan: Plan, section: Section, sections: Sequence[Section]) -> bool:
    """Whether the prompt wants nobody to sing in a section."""
    return any(
        name == _VOCALS and how != "alone in" and _is_meant(how, places, section, sections) is False
        for how, places, name in _hints(plan)
    )


def _hints(plan: Plan) -> Iterator[tuple[str, list[str], str]]:
    """Yield (how, sections, name) of each hint."""
    for hint in plan.structure:
        if hint.startswith(PLACED):
            place, _, name = hint.removeprefix(PLACED).rpartition(": ")
            how = next(
                word
                for word in ("only in", "alone in", "in", "until", "through", "after")
                if place.startswith(f"{word} ")
            )
            yield how, place.removeprefix(f"{how} ").split(", "), name


def _is_meant(how: str, places: list[str], section: Section, sections: Sequence[Section]) -> bool | None:
    """Whether a hint wants its player in a section; None if it leaves that open."""
    named = [one.start for one in sections if any(is_at(place, one, sections) for place in places)]
    if not named and how == "until":
        named = _after_the_last(places, sections)
    if not named:
        return None
    if how == "alone in":
        return True if section.start in named else None
    if how == "only in":
        return section.start in named
    rests = {
        "in": section.start in named,
        "until": section.start < named[0],
        "through": section.start <= named[0],
        "after": section.start > named[0],
    }[how]
    return False if rests else None


def _after_the_last(places: list[str], sections: Sequence[Section]) -> list[float]:
    """Return the start of the section that takes the place of a missing one: after the only verse, of `verse 2`."""
    kinds = [place.partition(" ")[0] for place in places]
    alike = [i for i, one in enumerate(sections) if any(is_at(kind, one, sections) for kind in kinds)]
    return [one.start for one in sections[alike[-1] + 1 :][:1]] if alike else []


def is_at(place: str, section: Section, sections: Sequence[Section]) -> bool:
    """Whether a section is of a kind, or the one that a number or `last` selects."""
    kind, _, number = place.partition(" ")
    kind = _high_point(kind, sections)
    if section.kind != kind or not number:
        return section.kind == kind
    same = [one.start for one in sections if one.kind == kind]
    at = len(same) if number == "last" else int(number)
    return at <= len(same) and section.start == same[at - 1]


def _high_point(kind: str, sections: Sequence[Section]) -> str:
    """Return the kind that the song has of the two kinds of high points: dance music has drops instead of choruses."""
    kinds = {section.kind for section in sections}
    return next((other for other in HIGH if other in kinds), kind) if kind in HIGH - kinds else kind

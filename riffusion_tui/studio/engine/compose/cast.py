"""Plan -> who plays what: asked instruments first, then a palette; nobody who is to be left out."""

from __future__ import annotations

from dataclasses import dataclass

from riffusion_tui.studio.engine.base import Plan
from riffusion_tui.studio.engine.compose import library
from riffusion_tui.studio.engine.compose.dice import Dice

ROLES = ("drums", "bass", "chords", "pad", "lead", "arp", "counter")


@dataclass(frozen=True, slots=True)
class Seat:
    """One player: a role, an instrument, its range, and whether the prompt asked for it."""

    role: str
    instrument: str
    program: int
    low: int
    high: int
    asked: bool = False


def seats(plan: Plan, dice: Dice) -> tuple[Seat, ...]:
    """Everybody who plays, in the order of roles."""
    family = library.family_of(plan.genre)
    palette = dice.pick(library.serving("palettes.toml", "palette", plan.genre, family), "palette")
    taken: list[Seat] = []
    for name in dict.fromkeys(plan.instruments):
        if not avoided(plan, name) and library.instrument(name):
            taken.append(_seat(_role(name, {seat.role for seat in taken}), name, asked=True))
    roles = {seat.role for seat in taken}
    for role in ROLES:
        name = palette.text(role)
        if role not in roles and name and not avoided(plan, name) and not (role == "drums" and avoided(plan, role)):
            taken.append(_seat(role, name))
    return tuple(sorted(taken, key=lambda seat: (*ROLES, "vocal", "fx").index(seat.role)))


def _role(name: str, taken: set[str]) -> str:
    roles = ["drums" if role == "percussion" else role for role in library.instrument(name)["roles"]]
    return next((role for role in roles if role not in taken), roles[0])


def _seat(role: str, name: str, asked: bool = False) -> Seat:
    known = library.instrument(name)
    low, high = span_of(name)
    return Seat(role, name, int(known.get("program", 0)), low, high, asked)


def span_of(name: str) -> tuple[int, int]:
    """An instrument's lowest and highest pitch."""
    ranges = library.styles_file("cast.toml")["range"]
    low, high = ranges.get(name) or ranges.get(library.instrument(name).get("family", "any")) or ranges["any"]
    return int(low), int(high)


def avoided(plan: Plan, name: str) -> bool:
    """Whether a plan leaves an instrument out, by its name, its family or its role."""
    known = library.instrument(name)
    words = {name, str(known.get("family", ""))}
    if words & {"drums", "percussion"} or {"drums", "percussion"} & set(known.get("roles", ())):
        words |= {"drums"}
    return any(word in words for word in plan.avoided)

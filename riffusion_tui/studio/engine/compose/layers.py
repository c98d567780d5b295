"""Layering: who plays in which bar, and with how much energy."""

from __future__ import annotations

from riffusion_tui.studio.engine.compose.arrangement_style import ArrangementStyle, is_answered
from riffusion_tui.studio.engine.compose.casting.player_hints import MELODY, avoided
from riffusion_tui.studio.engine.compose.casting.seat import Seat
from riffusion_tui.studio.engine.compose.dice import Dice
from riffusion_tui.studio.engine.compose.energy import plays_in
from riffusion_tui.studio.engine.compose.form import Form
from riffusion_tui.studio.engine.types import Plan, Section

SUNG = frozenset({"verse", "prechorus", "chorus", "bridge", "drop"})
"""Kinds of sections in which the vocals have the melody."""
ANSWERS_FROM = 0.7
"""From this energy on, a lead instrument answers the vocals."""
DRUMMED = 0.42
"""In styles whose drums enter at or below this energy, they play in every verse."""
ALWAYS = 0.3
"""Players that enter at or below this energy play in every verse and high point."""
FULL = frozenset({"verse", "chorus", "drop", "solo"})
"""Kinds of sections that always have bass and harmony."""
_SLOPES = {
    "intro": (-0.08, 0.08),
    "prechorus": (-0.1, 0.12),
    "breakdown": (0.0, 0.06),
    "bridge": (-0.03, 0.06),
    "verse": (-0.02, 0.03),
    "ending": (0.04, -0.14),
}
_BUILDING = frozenset({"intro", "verse", "prechorus", "bridge"})
_HARMONY = ("chords", "pad", "arp")
_PITCHED = frozenset({"bass", "chords", "pad", "arp", "lead", "counter"})
_INTROS = {
    "chords": {"chords", "pad"},
    "groove": {"drums", "percussion", "bass"},
    "pad": {"pad", "fx", "arp"},
    "riff": {"lead", "chords"},
    "arp": {"arp", "pad", "chords"},
    "bass": {"bass", "percussion"},
    "drums": {"drums", "percussion", "fx"},
}
Curves = tuple[tuple[float, ...], ...]
"""Energy by section and bar; 0 for a rest."""


def curve(section: Section, builds: float = 0.0) -> tuple[float, ...]:
    """Return the energy of each bar: it rises or falls a little within a section; towards a high point, by `builds`."""
    first, last = _SLOPES.get(section.kind, (0.0, 0.0))
    if section.kind in _BUILDING:
        first, last = first - builds / 3, last + builds * 2 / 3
    span = max(1, section.bars - 1)
    values = (section.energy + first + (last - first) * bar / span for bar in range(section.bars))
    return tuple(round(min(1.0, max(0.04, value)), 4) for value in values)


def layers(
    plan: Plan, form: Form, seats: tuple[Seat, ...], dice: Dice, style: ArrangementStyle, sings: bool
) -> list[Curves]:
    """Return the bars in which each of `seats` plays."""
    curves = [curve(section, style.builds) for section in form.sections]
    drums = any(seat.requested and seat.role == "drums" for seat in seats)
    intro = "solo" if "solo intro" in plan.structure else "drums" if drums else dice.pick(style.intros, "intro")
    answered = is_answered(plan)
    found: list[Curves] = []
    for place, seat in enumerate(seats):
        enters = _enters(plan, seat, style, dice, place)
        rows = []
        for section, energies in zip(form.sections, curves, strict=True):
            called = _called(plan, form, section, seat)
            row = _bars(section, energies, seat, 0.0 if called else enters, sings and not answered, intro, place)
            rows.append(energies if called else (0.0,) * len(energies) if called is False else row)
        played = (
            _playing_somewhere(tuple(rows), curves, form) if seat.requested and seat.role != "vocal" else tuple(rows)
        )
        stays_away = _called(plan, form, form.sections[-1], seat) is False
        found.append(_home(played, curves) if seat.role == "bass" and not stays_away else played)
    return _voiced(found, seats, curves, form, plan)


def _playing_somewhere(rows: Curves, curves: list[tuple[float, ...]], form: Form) -> Curves:
    """Let requested players play in the liveliest sections if no bar is lively enough for them."""
    if any(any(row) for row in rows):
        return rows
    main = [section for section in form.sections if section.kind != "ending"] or list(form.sections)
    most = max(section.energy for section in main)
    return tuple(
        energies if section in main and section.energy >= most else row
        for row, energies, section in zip(rows, curves, form.sections, strict=True)
    )


def _home(rows: Curves, curves: list[tuple[float, ...]]) -> Curves:
    """Let a bass that rests in the ending return for the last chord, which needs its root."""
    if not any(any(row) for row in rows):
        return rows
    return (*rows[:-1], (*rows[-1][:-1], curves[-1][-1]))


def _called(plan: Plan, form: Form, section: Section, seat: Seat) -> bool | None:
    """Whether a further prompt wants a player in a section; None if it does not say."""
    here = [part for part in plan.parts if plays_in(part, section, form.sections)]
    tuneful = {MELODY} if seat.role in ("lead", "counter") else set()
    if any(avoided(part, seat.instrument) or {seat.role, *tuneful} & set(part.avoided) for part in here):
        return False
    if any(seat.instrument in part.instruments for part in here):
        return True
    elsewhere = any(seat.instrument in part.instruments for part in plan.parts)
    return False if elsewhere and seat.instrument not in plan.instruments else None


def _enters(plan: Plan, seat: Seat, style: ArrangementStyle, dice: Dice, place: int) -> float:
    usual = style.enters.get(seat.role, 0.0)
    if usual >= 2 and not seat.requested:
        return 2.0
    if (seat.role == "drums" and usual <= DRUMMED) or (seat.role == "lead" and is_answered(plan)):
        return ALWAYS
    stray = dice.of("enters", seat.role, place).uniform(-0.06, 0.06)
    enters = min(usual, 0.75) * (0.45 if seat.requested else 1.0) + stray - 0.3 * (plan.density - 0.5)
    return min(enters, ALWAYS) if seat.requested and seat.role in _PITCHED else enters


def _bars(
    section: Section, energies: tuple[float, ...], seat: Seat, enters: float, sings: bool, intro: str, place: int
) -> tuple[float, ...]:
    rest = (0.0,) * len(energies)
    if not _may_play(section, seat, sings):
        return rest
    heard = seat.opens or seat.requested or seat.role != "lead"
    if section.kind == "intro" and (heard or intro in ("riff", "solo", "all")):
        return _opening(energies, seat, enters, intro, place)
    if section.kind == "intro":
        return rest
    if section.kind == "breakdown" and seat.role in ("drums", "bass"):
        return rest
    if section.kind in FULL and ((seat.role in ("bass", "chords") and enters < 2) or enters <= ALWAYS):
        return energies
    if section.kind in ("prechorus", "bridge"):
        return tuple(energy if energy >= enters else 0.0 for energy in energies)
    return energies if section.energy >= enters else rest


def _may_play(section: Section, seat: Seat, sings: bool) -> bool:
    if seat.role == "vocal":
        return section.kind in SUNG
    if seat.role == "lead":
        return not (sings and section.kind in SUNG) or seat.requested or section.energy >= ANSWERS_FROM
    return not (seat.role == "counter" and section.kind in ("intro", "breakdown"))


def _opening(energies: tuple[float, ...], seat: Seat, enters: float, intro: str, place: int) -> tuple[float, ...]:
    """Let intros begin with a few players; others enter in the second half if the energy allows."""
    if intro == "solo":
        return energies if place == _SOLO_PLACE else (0.0,) * len(energies)
    chosen = intro == "all" or seat.opens or seat.role in _INTROS[intro]
    half = (len(energies) + 1) // 2 if len(energies) > 1 else 1
    late = tuple(energy if energy >= enters and bar >= half else 0.0 for bar, energy in enumerate(energies))
    return energies if chosen and enters < 2 else late


_SOLO_PLACE = 0
"""`cast` puts the player first who opens a song alone."""


def _voiced(
    found: list[Curves], seats: tuple[Seat, ...], curves: list[tuple[float, ...]], form: Form, plan: Plan
) -> list[Curves]:
    """Let the first harmony instrument play in bars that would have no pitched player, unless it is excluded there."""
    pitched = [i for i, seat in enumerate(seats) if seat.role not in ("drums", "percussion", "fx")]
    if not pitched:
        return found
    helper = next((i for role in _HARMONY for i in pitched if seats[i].role == role), pitched[0])
    changed = []
    for index, energies in enumerate(curves):
        row = list(found[helper][index])
        kind = form.sections[index].kind
        excluded = _called(plan, form, form.sections[index], seats[helper]) is False
        for bar, energy in enumerate(() if excluded else energies):
            roles = _HARMONY if kind in FULL else (*_HARMONY, "lead")
            if not any(found[i][index][bar] for i in pitched if seats[i].role in roles):
                row[bar] = energy
        changed.append(tuple(row))
    return [tuple(changed) if i == helper else curves_ for i, curves_ in enumerate(found)]

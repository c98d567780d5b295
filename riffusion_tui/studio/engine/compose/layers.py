"""Layering: who plays in which bar, and with how much energy."""

from __future__ import annotations

from dataclasses import dataclass

from riffusion_tui.studio.engine.compose.arrangement_style import ArrangementStyle, is_answered
from riffusion_tui.studio.engine.compose.casting.player_hints import MELODY, avoided
from riffusion_tui.studio.engine.compose.casting.seat import Seat
from riffusion_tui.studio.engine.compose.dice import Dice
from riffusion_tui.studio.engine.compose.energy import plays_in
from riffusion_tui.studio.engine.compose.form import Form, usual_name
from riffusion_tui.studio.engine.compose.placed_players import SUNG, is_sung, placed_player
from riffusion_tui.studio.engine.instrument_groups import HARMONY, UNPITCHED
from riffusion_tui.studio.engine.score import Section
from riffusion_tui.studio.engine.song_plan import Plan

ANSWERS_FROM = 0.7
"""From this energy on, a lead instrument answers the vocals."""
_DRUMMED = 0.42
"""In styles whose drums enter at or below this energy, they play in every verse."""
_ALWAYS = 0.3
"""Players that enter at or below this energy play in every verse and high point."""
FULL = frozenset({"verse", "chorus", "drop", "solo"})
"""Kinds of sections that always have bass and harmony."""
_FEWEST = 0.22
"""Share of a song's bars in which a second voice plays, at least, if its high points are long enough."""
_SECONDED = frozenset({"verse", "prechorus", "chorus", "bridge", "drop", "solo", "ending"})
"""Kinds of sections with a second voice."""
_SLOPES = {
    "intro": (-0.08, 0.08),
    "prechorus": (-0.1, 0.12),
    "breakdown": (0.0, 0.06),
    "bridge": (-0.03, 0.06),
    "verse": (-0.02, 0.03),
    "ending": (0.04, -0.14),
}
_BUILDING = frozenset({"intro", "verse", "prechorus", "bridge"})
_PITCHED = frozenset({"bass", *HARMONY, "lead", "counter"})
_INTROS = {
    "chords": {"chords", "pad"},
    "groove": {"drums", "percussion", "bass"},
    "pad": {"pad", "fx", "arp"},
    "riff": {"lead", "chords"},
    "arp": {"arp", "pad", "chords"},
    "bass": {"bass", "percussion"},
    "drums": {"drums", "percussion", "fx"},
}
_BARE = {"drums": ("drums",), "groove": ("drums", "bass"), "bass": ("bass",)}
"""Intros that need no chords, and who plays them."""
_LIVELY, _HEARD = 0.35, 0.45
"""Energy of the songs that have such intros, and that of drums in them, at least."""
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


def _intro(plan: Plan, seats: tuple[Seat, ...], dice: Dice, style: ArrangementStyle) -> str:
    """Return the kind of intro: a solo or the drums as the prompt wants, else one of the style's."""
    if "solo intro" in plan.structure:
        return "solo"
    if any(seat.requested and seat.role == "drums" for seat in seats) and not any(seat.opens for seat in seats):
        return "drums"
    return dice.pick(style.intros, "intro")


def layers(
    plan: Plan, form: Form, seats: tuple[Seat, ...], dice: Dice, style: ArrangementStyle, sings: bool
) -> list[Curves]:
    """Return the bars in which each of `seats` plays."""
    curves = [curve(section, style.builds) for section in form.sections]
    intro = _intro(plan, seats, dice, style)
    sung = frozenset(s.start for s in form.sections if sings and is_sung(plan, s, form.sections))
    yields = frozenset() if is_answered(plan) else sung
    found: list[Curves] = []
    for place, seat in enumerate(seats):
        enters = _enters(plan, seat, style, dice, place)
        entrance = _Entrance(seat, place, enters, intro, yields, plan.energy > _LIVELY)
        called = [_called(plan, form, section, seat) for section in form.sections]
        rows = tuple(
            entrance.row(section, energies, called=there)
            for section, energies, there in zip(form.sections, curves, called, strict=True)
        )
        if seat.requested and seat.role != "vocal":
            rows = _playing_somewhere(rows, curves, form)
        if seat.role == "counter" and entrance.enters < 2:
            rows = _worth_a_player(rows, curves, form, called)
        found.append(_home(rows, curves) if seat.role == "bass" and called[-1] is not False else rows)
    return _voiced(found, seats, curves, form, plan, _bare_bars(plan, form, seats, intro))


def _bare_bars(plan: Plan, form: Form, seats: tuple[Seat, ...], intro: str) -> int:
    """Return how many bars at the beginning need no chords: drums or a bass open a lively song alone."""
    named = any(seat.requested for seat in seats if seat.role == "drums")  # then they join the others
    able = not named and any(seat.role in _BARE.get(intro, ()) for seat in seats)
    first = form.sections[0]
    return (first.bars + 1) // 2 if able and first.name == usual_name("intro") and plan.energy > _LIVELY else 0


@dataclass(frozen=True, slots=True)
class _Entrance:
    """When a player enters."""

    seat: Seat
    place: int
    """0 for the player who opens a song alone, see `casting.cast`."""
    enters: float
    """The energy from which the player plays; from 2 on, never by itself."""
    intro: str
    yields: frozenset[float]
    """Starts of the sections in which leads are silent, since somebody sings."""
    lively: bool
    """Whether the song is one whose intros drums can open."""

    def row(self, section: Section, energies: tuple[float, ...], *, called: bool | None) -> tuple[float, ...]:
        """Return the energies with which the player plays a section's bars; 0 for a rest.

        `called` is whether a further prompt wants the player there, None if it does not say.
        """
        if called is not None:
            return energies if called else (0.0,) * len(energies)
        rest = (0.0,) * len(energies)
        if not self._may_play(section):
            return rest
        if section.kind == "intro":
            return self._opening(energies)
        if section.kind == "breakdown" and self.seat.role in ("drums", "bass"):
            return rest
        supports = self.seat.role in ("bass", "chords") and self.enters < 2
        if section.kind in FULL and (supports or self.enters <= _ALWAYS):
            return energies
        if section.kind in ("prechorus", "bridge"):
            return tuple(energy if energy >= self.enters else 0.0 for energy in energies)
        return energies if section.energy >= self.enters else rest

    def _may_play(self, section: Section) -> bool:
        seat = self.seat
        if seat.role == "vocal":
            return section.kind in SUNG
        if seat.role == "lead":
            return section.start not in self.yields or seat.requested or section.energy >= ANSWERS_FROM
        return not (seat.role == "counter" and section.kind in ("intro", "breakdown"))

    def _opening(self, energies: tuple[float, ...]) -> tuple[float, ...]:
        """Let intros begin with a few players; others enter in the second half if the energy allows."""
        seat, rest = self.seat, (0.0,) * len(energies)
        if seat.role == "lead" and not (seat.opens or seat.requested or self.intro in ("riff", "solo", "all")):
            return rest
        if self.intro == "solo":
            return energies if self.place == 0 else rest
        chosen = self.intro == "all" or seat.opens or seat.role in _INTROS[self.intro]
        if chosen and self.enters < 2:
            return tuple(max(energy, _HEARD) for energy in energies) if self._opens_alone() else energies
        half = (len(energies) + 1) // 2 if len(energies) > 1 else 1
        return tuple(energy if energy >= self.enters and bar >= half else 0.0 for bar, energy in enumerate(energies))

    def _opens_alone(self) -> bool:
        """Whether the player opens the song with drums, which would hardly be heard at the energy of an intro."""
        return self.lively and self.intro in _BARE and self.seat.role in ("drums", "percussion")


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


def _worth_a_player(rows: Curves, curves: list[tuple[float, ...]], form: Form, called: list[bool | None]) -> Curves:
    """Let a second voice that would hardly play do so in the next liveliest sections too: nobody is hired for that."""
    if not any(any(row) for row in rows):
        return rows
    found = list(rows)
    wanted = _FEWEST * sum(len(row) for row in rows)
    spare = [i for i, section in enumerate(form.sections) if section.kind in _SECONDED and called[i] is None]
    for index in sorted(spare, key=lambda i: (-form.sections[i].energy, -i)):
        if sum(energy > 0 for row in found for energy in row) >= wanted:
            break
        found[index] = curves[index]
    return tuple(found)


def _home(rows: Curves, curves: list[tuple[float, ...]]) -> Curves:
    """Let a bass that rests in the ending return for the last chord, which needs its root."""
    if not any(any(row) for row in rows):
        return rows
    return (*rows[:-1], (*rows[-1][:-1], curves[-1][-1]))


def _called(plan: Plan, form: Form, section: Section, seat: Seat) -> bool | None:
    """Whether the prompt, or a further one, wants a player in a section; None if it does not say."""
    asked = placed_player(plan, section, form.sections, seat)
    if asked is not None:
        return asked
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
    if (seat.role == "drums" and usual <= _DRUMMED) or (seat.role == "lead" and is_answered(plan)):
        return _ALWAYS
    stray = dice.of("enters", seat.role, place).uniform(-0.06, 0.06)
    enters = min(usual, 0.75) * (0.45 if seat.requested else 1.0) + stray - 0.3 * (plan.density - 0.5)
    return min(enters, _ALWAYS) if seat.requested and seat.role in _PITCHED else enters


def _voiced(
    found: list[Curves], seats: tuple[Seat, ...], curves: list[tuple[float, ...]], form: Form, plan: Plan, bare: int
) -> list[Curves]:
    """Let the first harmony instrument play in bars that would have no pitched player, unless it is excluded there.

    The first `bare` bars need none. Where all players are drums, the first of them plays in bars that would be silent.
    """
    pitched = [i for i, seat in enumerate(seats) if seat.role not in UNPITCHED]
    drums = [i for i, seat in enumerate(seats) if seat.role != "fx"]
    if not drums:
        return found
    if not pitched:
        return _drummed(found, drums, curves)
    helper = next((i for role in HARMONY for i in pitched if seats[i].role == role), pitched[0])
    changed = []
    for index, energies in enumerate(curves):
        row = list(found[helper][index])
        kind = form.sections[index].kind
        excluded = _called(plan, form, form.sections[index], seats[helper]) is False
        for bar, energy in enumerate(() if excluded else energies):
            if index == 0 and bar < bare:
                continue
            roles = HARMONY if kind in FULL else (*HARMONY, "lead")
            if not any(found[i][index][bar] for i in pitched if seats[i].role in roles):
                row[bar] = energy
        changed.append(tuple(row))
    return [tuple(changed) if i == helper else curves_ for i, curves_ in enumerate(found)]


def _drummed(found: list[Curves], drums: list[int], curves: list[tuple[float, ...]]) -> list[Curves]:
    """Return the rows of players without pitches; the first drums play where nobody would."""
    silent = [
        [not any(found[i][index][bar] for i in drums) for bar in range(len(energies))]
        for index, energies in enumerate(curves)
    ]
    first = tuple(
        tuple(energy if gap else own for own, energy, gap in zip(row, energies, gaps, strict=True))
        for row, energies, gaps in zip(found[drums[0]], curves, silent, strict=True)
    )
    return [first if i == drums[0] else rows for i, rows in enumerate(found)]

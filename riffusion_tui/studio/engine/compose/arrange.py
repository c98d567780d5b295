"""Form, chords and players -> tracks: who is in which section, how hard, with which pattern."""

from __future__ import annotations

from riffusion_tui.studio.engine.base import Note, Plan, Section, Track
from riffusion_tui.studio.engine.compose import bass, cast, comp, drums, finish, library, melody
from riffusion_tui.studio.engine.compose.dice import Dice
from riffusion_tui.studio.engine.compose.form import Form
from riffusion_tui.studio.engine.compose.harmony import Harmony

_ENTERS = {"drums": 0.4, "bass": 0.3, "chords": 0.0, "pad": 0.35, "lead": 0.0, "arp": 0.6, "counter": 0.78}
_SUNG = ("verse", "prechorus", "chorus", "bridge", "drop")


def tracks(plan: Plan, form: Form, chords: Harmony, dice: Dice) -> tuple[Track, ...]:
    """All tracks of the song."""
    found = []
    taken: dict[str, int] = {}
    sings = plan.vocals != "none" and "vocals" not in plan.avoided
    players = list(cast.seats(plan, dice))
    if sings:
        low, high = library.styles_file("cast.toml")["voice"].get(plan.vocals, (55, 75))
        players.append(cast.Seat("vocal", "vocals", 53, low, high))
    for seat in players:
        turn = taken[seat.role] = taken.get(seat.role, 0) + 1
        active = tuple(_active(plan, section, seat, sings) for section in form.sections)
        notes = _notes(plan, form, chords, dice, seat, active, turn)
        if notes:
            found.append(_track(plan, form, dice, seat, notes, turn))
    return tuple(found)


def _active(plan: Plan, section: Section, seat: cast.Seat, sings: bool) -> float:
    """The energy with which a player takes part in a section; 0 is silence."""
    enters = _ENTERS.get(seat.role, 0.0) * (0.6 if seat.asked else 1.0) - 0.3 * (plan.density - 0.5)
    if seat.role == "vocal":
        return section.energy if section.kind in _SUNG else 0.0
    if seat.role == "lead" and sings and section.kind in _SUNG:
        return 0.0
    return section.energy if section.energy >= enters else 0.0


def _notes(
    plan: Plan, form: Form, chords: Harmony, dice: Dice, seat: cast.Seat, active: tuple[float, ...], turn: int
) -> list[Note]:
    family = library.family_of(plan.genre)
    if seat.role == "drums":
        return list(drums.play(plan, form, dice, dice.pick(drums.grooves(plan), "groove"), active))
    notes: list[Note] = []
    habit = dice.pick(library.serving("melody.toml", "habit", plan.genre, family), "habit")
    for index, (section, energy) in enumerate(zip(form.sections, active, strict=True)):
        if energy <= 0:
            continue
        inside = chords.sections[index]
        if seat.role == "bass":
            pattern = dice.pick(library.serving("patterns.toml", "bass", plan.genre, family), "bass")
            low, high = seat.low, min(seat.high, seat.low + 24)
            notes += bass.play(plan, form, section, inside, pattern, energy, low, high, dice.of("bass", section.kind))
        elif seat.role in ("lead", "vocal", "counter"):
            tune = melody.theme(plan, section.kind, habit, dice)
            low = max(seat.low, 55 if seat.role == "lead" else seat.low)
            high = min(seat.high, low + 24)
            chance = dice.of("melody", section.kind)
            notes += melody.play(plan, form, section, inside, tune, energy, low, high, chance)
        else:
            key = "arp" if seat.role == "arp" else "comp"
            pattern = dice.pick(library.serving("patterns.toml", key, plan.genre, family), key, turn)
            if seat.role == "pad":
                pattern = next(e for e in library.table("patterns.toml", "comp") if e.name == "held")
            notes += comp.play(plan, form, section, inside, pattern, energy, seat.low, seat.high)
    return notes


def _track(plan: Plan, form: Form, dice: Dice, seat: cast.Seat, notes: list[Note], turn: int) -> Track:
    file = library.styles_file("cast.toml")
    name = seat.instrument.title() + (f" {seat.role.title()}" if seat.role == "vocal" else "")
    span = None if seat.role == "drums" else (seat.low, seat.high)
    loose = 0.0 if seat.role == "drums" else 0.006
    clean = finish.finish(notes, plan.swing, 0.5, loose, dice.of("human", seat.role, turn), form.beats, span)
    place = float(file["place"].get(seat.role, 0.0)) * (-1) ** (turn + 1)
    return Track(name, seat.role, seat.instrument, seat.program, clean, float(file["level"].get(seat.role, -6)), place)

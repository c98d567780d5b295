"""Form, chords and players -> tracks: who is in which section, with which pattern, in which register."""

from __future__ import annotations

from riffusion_tui.studio.engine.base import Note, Track
from riffusion_tui.studio.engine.compose import (
    bass,
    cast,
    comp,
    counter,
    drums,
    effects,
    finish,
    layers,
    library,
    melody,
    percussion,
)
from riffusion_tui.studio.engine.compose.cast import Seat
from riffusion_tui.studio.engine.compose.cue import Cue
from riffusion_tui.studio.engine.compose.tunes import Desk, Tunes


def tracks(desk: Desk, tunes: Tunes, seats: tuple[Seat, ...], sung: list[Note] | None) -> tuple[Track, ...]:
    """All tracks of the song. `sung` are the voice's notes, None when nobody sings."""
    everybody = layers.layers(desk.plan, desk.form, seats, desk.dice, desk.manner, sung is not None)
    lines: list[tuple[Seat, list[Note]]] = []
    turns: dict[str, int] = {}
    melodies: list[Note] = list(sung or ())
    order = sorted(range(len(seats)), key=lambda i: seats[i].role == "counter")
    for place in order:
        seat = seats[place]
        turn = turns[seat.role] = turns.get(seat.role, 0) + 1
        notes = _part(desk, seat, turn, desk.cues(everybody[place]), tunes, melodies)
        if seat.role == "lead":
            melodies += notes
        if notes:
            lines.append((seat, notes))
    if not any(seat.role == "fx" for seat, _ in lines):
        extra = effects.transitions(desk.plan, desk.form)
        if extra and not cast.avoided(desk.plan, "fx"):
            lines.append((Seat("fx", "fx", 97, 36, 84), extra))
    if sung:
        lines.append((voice(desk), sung))
    lines.sort(key=lambda line: (*cast.ROLES, "fx", "vocal").index(line[0].role))
    return tuple(_track(desk, seat, notes, index) for index, (seat, notes) in enumerate(lines))


def voice(desk: Desk) -> Seat:
    """Who sings, and how high."""
    ranges = library.styles_file("cast.toml")["voice"]
    low, high = ranges.get(desk.plan.vocals, ranges["any"])
    stray = desk.dice.of("voice").choice((-2, -1, 0, 0, 1, 2))
    choir = desk.plan.vocals == "choir"
    return Seat("vocal", "choir" if choir else "vocals", 52 if choir else 53, low + stray, high + stray)


def _part(desk: Desk, seat: Seat, turn: int, cues: list[Cue], tunes: Tunes, melodies: list[Note]) -> list[Note]:
    if seat.role == "drums":
        groove = desk.dice.pick(drums.grooves(desk.plan), "groove", turn)
        fills = library.serving("grooves.toml", "fill", desk.plan.genre, library.family_of(desk.plan.genre))
        return drums.play(cues, groove, fills, desk.dice.of("drums", turn))
    if seat.role == "percussion":
        return percussion.play(cues, seat.instrument, desk.dice)
    if seat.role == "fx":
        return effects.asked(cues, seat.instrument)
    notes: list[Note] = []
    for cue in cues:
        if cue.energy > 0:
            notes += _section(desk, seat, turn, cue, tunes, melodies)
    return notes


def _section(desk: Desk, seat: Seat, turn: int, cue: Cue, tunes: Tunes, melodies: list[Note]) -> list[Note]:
    kind = cue.section.kind
    low, high = window(desk, seat, turn)
    if seat.role == "bass":
        return bass.play(cue, desk.pick("patterns.toml", "bass"), low, high, desk.dice.of("bass", kind))
    if seat.role == "lead":
        return melody.play(cue, tunes.of(kind), low, high, desk.dice.of("lead", kind, turn))
    if seat.role == "counter":
        how = desk.dice.pick(desk.manner.counter, "counter", turn)
        return counter.play(cue, tunes.of(kind), melodies, how, low, high)
    if seat.role == "arp":
        return comp.play(cue, desk.pick("patterns.toml", "arp", turn), low, high)
    if seat.role == "pad":
        return comp.play(cue, desk.pick("patterns.toml", "pad", turn), low, high)
    return comp.play(cue, desk.pick("patterns.toml", "comp", turn), low, high)


def window(desk: Desk, seat: Seat, turn: int) -> tuple[int, int]:
    """The register in which a player stays: by role, brightness and chance, within the instrument's range."""
    spans = library.styles_file("cast.toml")["window"]
    centre, half = spans.get(seat.role, (66, 15))
    stray = desk.dice.of("register", seat.role, turn).choice((-4, -2, 0, 0, 2, 4))
    middle = centre + (0 if seat.role == "bass" else stray + 10 * (desk.plan.brightness - 0.5))
    low, high = max(seat.low, round(middle - half)), min(seat.high, round(middle + half))
    if high - low < 14:
        low = max(seat.low, min(low, seat.high - 14))
        high = min(seat.high, max(high, low + 14))
    return low, high


def _track(desk: Desk, seat: Seat, notes: list[Note], place: int) -> Track:
    file = library.styles_file("cast.toml")
    drum = seat.role in ("drums", "percussion")
    loose = desk.manner.loose * (0.5 if drum or seat.role == "bass" else 1.0)
    feel = finish.Feel(desk.plan.swing, desk.manner.swing_unit, loose, desk.form.beats, desk.plan.structure)
    chance = desk.dice.of("human", seat.role, seat.instrument)
    clean = finish.finish(notes, feel, chance, None if drum or seat.role == "fx" else (seat.low, seat.high))
    side = float(file["place"].get(seat.role, 0.0)) * (-1) ** place
    name = seat.instrument.title()
    return Track(name, seat.role, seat.instrument, seat.program, clean, 0.0, round(side, 3))

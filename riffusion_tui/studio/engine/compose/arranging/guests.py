"""Guests: players who join a locked band without changing what it plays; soloists play in one section only."""

from __future__ import annotations

from collections.abc import Sequence

from riffusion_tui.studio.engine.compose import layers
from riffusion_tui.studio.engine.compose.arranging.accompaniment import accompaniment
from riffusion_tui.studio.engine.compose.arranging.members import Band, Member, assembled
from riffusion_tui.studio.engine.compose.arranging.registers import window
from riffusion_tui.studio.engine.compose.arranging.solo_places import SoloPlace, beside, solo_places
from riffusion_tui.studio.engine.compose.casting import cast
from riffusion_tui.studio.engine.compose.casting.player_hints import soloists
from riffusion_tui.studio.engine.compose.casting.seat import Seat
from riffusion_tui.studio.engine.compose.tunes import melody
from riffusion_tui.studio.engine.score import Note

_DRUMMED = 0.8
"""The energy of a drummer's solo, at least."""


class Guests:
    """The guests of a band."""

    def __init__(self, band: Band, sung: Sequence[Note]) -> None:
        """Take the band that they join, with its melodies: first `sung`, the vocals, then those of its leads."""
        self._band, self._song, self._sung = band, band.song, sung
        self._seats = tuple(member.seat for member in band.members)
        self._guests = cast.guests(self._song.plan)

    def lines(self) -> list[tuple[Seat, list[Note]]]:
        """Return what each plays."""
        if not self._guests:
            return []
        song, band, spots = self._song, self._band, self._spots()
        together = (*self._seats, *self._guests)
        rows = layers.layers(song.plan, song.form, together, song.dice, song.style, bool(self._sung))
        own = rows[len(self._seats) :]
        for place, spot in spots.items():
            least = 0.0 if self._guests[place].role == "lead" else _DRUMMED
            curves = (layers.curve(section) for section in song.form.sections)
            own[place] = spot.only([tuple(max(least, energy) for energy in row) for row in curves])
        guests = assembled(song, band.tunes, self._guests, own, band.melodies, has_tune=False)
        return [
            (member.seat, self._solo(member, place, spots[place]))
            if place in spots and member.seat.role == "lead"
            else (member.seat, accompaniment(guests, member))
            for place, member in enumerate(guests.members)
        ]

    def _spots(self) -> dict[int, SoloPlace]:
        """Return where the guests who have a solo play it, each in the next best place."""
        alone = [place for place, guest in enumerate(self._guests) if guest.instrument in soloists(self._song.plan)]
        tunes = self._band.melodies[len(self._sung) :]
        places = solo_places(self._song.form, self._sung, tunes) if alone else []
        return {place: places[number % len(places)] for number, place in enumerate(alone)}

    def _solo(self, member: Member, place: int, spot: SoloPlace) -> list[Note]:
        """Return the notes of a guest's solo."""
        cue, name = member.cues[spot.section], member.seat.instrument
        roles = [seat.role for seat in (*self._seats, *self._guests[: place + 1])]
        pitches = window(self._song, member.seat, roles.count(member.seat.role))
        chance = self._song.dice.of("lead", "guest", name, cue.section.kind)
        notes = melody.play(cue, self._band.tunes.solo(f"guest {name}"), pitches, chance)
        return beside(cue, notes, self._band.melodies, pitches)

"""Guests: players who join a locked band without changing what it plays; soloists play in one section only."""

from __future__ import annotations

from dataclasses import replace

from riffusion_tui.studio.engine.compose import layers, melody
from riffusion_tui.studio.engine.compose.arranging.accompaniment import accompaniment
from riffusion_tui.studio.engine.compose.arranging.breaks import hushed
from riffusion_tui.studio.engine.compose.arranging.members import assembled
from riffusion_tui.studio.engine.compose.arranging.registers import window
from riffusion_tui.studio.engine.compose.casting.player_hints import soloists
from riffusion_tui.studio.engine.compose.casting.seat import Seat
from riffusion_tui.studio.engine.compose.placed_players import is_sung
from riffusion_tui.studio.engine.compose.song_context import SongContext, Tunes
from riffusion_tui.studio.engine.types import Note, Track

_QUIET = ("bridge", "breakdown", "verse", "intro", "ending")
"""Kinds of sections that a solo is played in if none is meant for it."""


class Guests:
    """The guests of a song."""

    def __init__(
        self, song: SongContext, tunes: Tunes, seats: tuple[Seat, ...], guests: tuple[Seat, ...], sings: bool
    ) -> None:
        """Take the seats of the band, and those of its guests."""
        self._song, self._tunes, self._guests, self._sings = song, tunes, guests, sings
        together = (*seats, *guests)
        rows = layers.layers(song.plan, song.form, together, song.dice, song.style, sings) if guests else []
        self._rows = rows[len(seats) :]
        self._turns = [[s.role for s in together[: len(seats) + i + 1]].count(g.role) for i, g in enumerate(guests)]
        alone = [place for place, guest in enumerate(guests) if guest.instrument in soloists(song.plan)]
        self._solos = {place: self._solo(place, number) for number, place in enumerate(alone)}

    def given_way(self, track: Track) -> Track:
        """Return a track of the band; a lead's without the sections in which a guest has a solo."""
        if track.role != "lead" or not self._solos:
            return track
        form = self._song.form
        sections = [form.sections[index] for index, _ in self._solos.values()]
        gaps = [(section.start, section.start + section.bars * form.bar) for section in sections]
        return replace(track, notes=tuple(hushed(list(track.notes), gaps)))

    def lines(self, melodies: tuple[Note, ...]) -> list[tuple[Seat, list[Note]]]:
        """Return what each plays; `melodies` are those of the band."""
        guests = assembled(self._song, self._tunes, self._guests, self._rows, melodies, has_tune=False)
        return [
            (member.seat, self._solos[place][1] if place in self._solos else accompaniment(guests, member))
            for place, member in enumerate(guests.members)
        ]

    def _solo(self, place: int, number: int) -> tuple[int, list[Note]]:
        """Return the section of the `number`th solo and its notes."""
        song, guest = self._song, self._guests[place]
        index = self._spot(number)
        cue = song.cues(tuple(layers.curve(section) for section in song.form.sections))[index]
        pitches = window(song, guest, self._turns[place])
        chance = song.dice.of("lead", "guest", guest.instrument, cue.section.kind)
        return index, melody.play(cue, self._tunes.solo(f"guest {guest.instrument}"), pitches, chance)

    def _is_sung(self, index: int) -> bool:
        song = self._song
        return self._sings and is_sung(song.plan, song.form.sections[index], song.form.sections)

    def _spot(self, number: int) -> int:
        """Return the section that a solo is played in: one for it, else one in which nobody sings, else a quiet one."""
        sections = self._song.form.sections
        spots = [i for i, section in enumerate(sections) if section.kind == "solo"]
        for kind in _QUIET:
            spots = spots or [i for i, section in enumerate(sections) if section.kind == kind and not self._is_sung(i)]
        spots = spots or [min(range(len(sections)), key=lambda i: sections[i].energy)]
        return sorted(spots, key=lambda i: (sections[i].bars, i))[-1 - number % len(spots)]

"""Form, chords and players -> tracks: who plays in which section, with which pattern, in which register."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

from riffusion_tui.studio.engine.compose import (
    bass,
    catalog,
    comp,
    countermelody,
    drums,
    energy,
    fretboard,
    gestures,
    humanize,
    layers,
    melody,
    sound_effects,
)
from riffusion_tui.studio.engine.compose.arrangement_style import is_answered
from riffusion_tui.studio.engine.compose.casting import cast
from riffusion_tui.studio.engine.compose.casting.player_hints import MELODY, avoided, soloists
from riffusion_tui.studio.engine.compose.casting.seat import ALL_ROLES, CHOIRS, DRIVEN, NOISES, Seat
from riffusion_tui.studio.engine.compose.cue import Cue
from riffusion_tui.studio.engine.compose.song_context import CALM, SongContext, Tunes, sparser
from riffusion_tui.studio.engine.datafiles import read_data
from riffusion_tui.studio.engine.softness import dynamics
from riffusion_tui.studio.engine.types import CHOIR_VOICES, Note, Track

TWICE_PAN = 0.8
"""How far to the sides the two takes of a rhythm guitar lie."""
_FULL_GROOVE = 0.55
"""The energy at which the grooves of a calm song are compared."""
DOUBLED_FROM = 0.7
"""From this energy on, a tune is doubled."""
_MELODIC = frozenset({"lead", "arp", "counter"})
"""Roles that an instrument plays in its own register."""
_LOW_TUNE = 58
"""A tune whose register has this center, or a lower one, lies below the chords."""
_BELOW_THE_TUNE = 5
"""How much lower it is as a second voice, in semitones."""


def tracks(song: SongContext, tunes: Tunes, seats: tuple[Seat, ...], sung: list[Note] | None) -> tuple[Track, ...]:
    """Return all tracks of the song. `sung` are the vocal notes, None for an instrumental."""
    solos = any(section.kind == "solo" for section in song.form.sections)
    guests = cast.guests(song.plan, seats, solo=solos)
    everybody = layers.layers(song.plan, song.form, seats, song.dice, song.style, sung is not None)
    visitors = Guests(song, tunes, seats, guests, list(sung or ()))
    band = Band(song, tunes, seats, [song.cues(curves) for curves in everybody], list(sung or ()))
    lines = [(seat, notes) for seat, notes in zip(seats, band.parts(), strict=True) if notes]
    lines += _extras(song, seats, band, sung)
    gaps = breaks(song)
    lines = [(seat, notes if seat.role in ("vocal", "fx") else hushed(notes, gaps)) for seat, notes in lines]
    lines.sort(key=lambda line: ALL_ROLES.index(line[0].role))
    usual = [track for index, (seat, notes) in enumerate(lines) for track in _takes(song, seat, notes, index)]
    joined = [(seat, hushed(notes, gaps)) for seat, notes in visitors.lines(band.melodies) if notes]
    added = [_track(song, seat, notes, place) for place, (seat, notes) in enumerate(joined, start=len(lines))]
    return tuple(visitors.given_way(track) for track in usual) + tuple(added)


def _takes(song: SongContext, seat: Seat, notes: list[Note], place: int) -> list[Track]:
    """A line's tracks: one, but a distorted rhythm guitar is recorded twice, to the left and to the right."""
    if seat.role != "chords" or seat.program not in DRIVEN.values() or song.plan.cast:
        return [_track(song, seat, notes, place)]
    takes = (_track(song, seat, notes, place, take) for take in (0, 1))
    return [replace(t, gain_db=t.gain_db - 3, pan=side) for t, side in zip(takes, (-TWICE_PAN, TWICE_PAN), strict=True)]


def _extras(
    song: SongContext, seats: tuple[Seat, ...], band: Band, sung: list[Note] | None
) -> list[tuple[Seat, list[Note]]]:
    """Return the tracks besides the band: lead vocal, backing vocals, risers and impacts."""
    found: list[tuple[Seat, list[Note]]] = []
    if sung:
        found.append((voice(song), sung))
        backing = Seat("counter", "vocal choir", 53, 50, 79)
        wanted = song.style.backing and "only these" not in song.plan.structure
        notes = band.backing() if wanted and not avoided(song.plan, "vocal choir") else []
        found += [(backing, notes)] if notes else []
    octave = band.octave()
    found += [octave] if octave else []
    if not any(seat.role == "fx" for seat in seats) and not avoided(song.plan, "fx"):
        notes = sound_effects.transitions(song.plan, song.form)
        found += [(Seat("fx", "fx", 97, 36, 84), notes)] if notes else []
    return found


def breaks(song: SongContext) -> list[tuple[float, float]]:
    """Return the breaks before the song's high points, as (from, to) in beats."""
    beats = song.dice.pick(song.style.breaks, "breaks")
    if not beats:
        return []
    pairs = pairwise(song.form.sections)
    rises = [b for a, b in pairs if b.kind in energy.HIGH and a.kind not in energy.HIGH and a.bars > 1]
    return [(section.start - beats, section.start) for section in rises]


def hushed(notes: list[Note], gaps: list[tuple[float, float]]) -> list[Note]:
    """Return the notes without those that would sound in a break."""
    for begin, end in gaps:
        notes = [
            replace(note, length=begin - note.start) if note.start < begin < note.start + note.length else note
            for note in notes
            if not begin - 0.05 <= note.start < end - 0.05
        ]
    return notes


def voice(song: SongContext) -> Seat:
    """Return the lead vocal's seat, with its range."""
    ranges = read_data("cast.toml")["voice"]
    chance = song.dice.of("voice")
    stray = chance.choice((-2, -1, 0, 0, 1, 2))
    low, high = ranges.get(song.plan.vocals) or ranges[chance.choice(("female", "male"))]
    choir = song.plan.vocals in CHOIR_VOICES
    return Seat("vocal", "choir" if choir else "vocals", 52 if choir else 53, low + stray, high + stray)


class Band:
    """The players of a song. Second voices are written against the first."""

    def __init__(
        self, song: SongContext, tunes: Tunes, seats: tuple[Seat, ...], cues: list[list[Cue]], melodies: list[Note]
    ) -> None:
        self._song, self._tunes, self._seats, self._cues = song, tunes, seats, cues
        self.melodies = melodies
        """The vocals and, once the tune is written, the leads."""
        self._sings = bool(melodies)
        roles = [seat.role for seat in seats]
        self._turns = [roles[: place + 1].count(seat.role) for place, seat in enumerate(seats)]
        self._leads = roles.count("lead")
        sections = enumerate(song.form.sections)
        self._played = [i for i, section in sections if not (self._sings and section.kind in layers.SUNG)]
        self._lift = _lift(seats) if song.plan.cast and not self._sings else 0
        self._windows = [window(song, seat, turn) for seat, turn in zip(seats, self._turns, strict=True)]

    def parts(self) -> list[list[Note]]:
        """Return the notes of each seat, in order."""
        places = range(len(self._seats))
        if gestures.free(self._song.plan):
            return [self._gestures(place) for place in places]
        first = [self._tune(place) if self._seats[place].role == "lead" else [] for place in places]
        self.melodies += [note for notes in first for note in notes]
        return [first[place] + self._rest(place) for place in places]

    def _gestures(self, place: int) -> list[Note]:
        return gestures.play(self._song, self._cues[place], self._seats[place], self._turns[place])

    def backing(self) -> list[Note]:
        """Return the backing vocals of high points."""
        low, high = 52, 76
        found: list[Note] = []
        for cue in self._song.cues(tuple(layers.curve(section) for section in self._song.form.sections)):
            if cue.section.kind in energy.HIGH and cue.energy >= layers.ANSWERS_FROM:
                end = cue.section.start + cue.section.bars * cue.form.bar
                melody_ = [note for note in self.melodies if cue.section.start <= note.start < end and note.syllable]
                found += countermelody.harmonies(cue, melody_, low, high)
        return found

    def octave(self) -> tuple[Seat, list[Note]] | None:
        """Return a second player of the first lead, an octave higher and softer, in high points without vocals."""
        place = next((i for i, seat in enumerate(self._seats) if seat.role == "lead"), None)
        if place is None or self._sings or self._song.plan.cast or gestures.free(self._song.plan):
            return None
        seat = self._seats[place]
        high = [cue for cue in self._cues[place] if cue.section.kind in energy.HIGH and cue.energy >= DOUBLED_FROM]
        spans = [(cue.section.start - 0.01, cue.section.start + cue.section.bars * cue.form.bar - 0.01) for cue in high]
        found = [
            replace(note, pitch=note.pitch + 12, velocity=note.velocity * 0.6)
            for note in self._tune(place)
            if note.pitch + 12 <= seat.high and any(begin <= note.start < end for begin, end in spans)
        ]
        return (replace(seat, role="counter"), found) if found else None

    def _carries(self, place: int, cue: Cue) -> bool:
        """Whether a lead plays the tune: leads take turns, all play in high points, none during vocals."""
        if self._sings and cue.section.kind in layers.SUNG:
            return False
        soloing = {seat.instrument for seat in self._seats if seat.role == "lead"} & soloists(self._song.plan)
        if cue.section.kind == "solo" and soloing:
            return self._seats[place].instrument in soloing
        together = cue.section.kind in energy.HIGH or cue.last
        return together or self._is_next(place, self._played.index(cue.index))

    def _is_next(self, place: int, number: int) -> bool:
        """Whether it is a lead's turn, in the `number`th of some sections."""
        return number % self._leads == (self._turns[place] - 1) % self._leads

    def _tune(self, place: int) -> list[Note]:
        low, high = self._windows[place]
        notes: list[Note] = []
        for cue in self._cues[place]:
            if cue.energy > 0 and self._carries(place, cue):
                kind = cue.section.kind
                notes += melody.play(cue, self._tunes.of(cue), low, high, self._song.dice.of("lead", kind))
        return notes

    def accompaniment(self, place: int) -> list[Note]:
        """Return what a player who never has the tune plays."""
        seat = self._seats[place]
        if gestures.free(self._song.plan):
            return self._gestures(place)
        if seat.role != "lead":
            return self._rest(place)
        return [note for cue in self._cues[place] if cue.energy > 0 for note in self._section(place, cue)]

    def _rest(self, place: int) -> list[Note]:
        """Return what a seat plays besides the tune."""
        seat, cues, song = self._seats[place], self._cues[place], self._song
        if seat.role == "drums":
            genre = song.lender("groove")
            grooves = drums.grooves(song.plan, genre)
            if song.plan.energy <= CALM:
                grooves = sparser(grooves, _FULL_GROOVE)
            groove = song.dice.pick(grooves, "groove")
            fills = catalog.serving("grooves.toml", "fill", genre, catalog.family_of(genre))
            return drums.play(cues, groove, fills, song.dice.of("drums", self._turns[place]))
        if seat.role == "percussion":
            return drums.play_percussion(cues, seat.instrument, song.dice)
        if seat.instrument in NOISES:
            return self._gestures(place)
        if seat.role == "fx":
            return sound_effects.named_effect(cues, seat.instrument)
        notes: list[Note] = []
        for cue in cues:
            if cue.energy > 0 and not (seat.role == "lead" and self._carries(place, cue)):
                notes += self._section(place, cue)
        return comp.tied(notes) if self._holds(place) else notes

    def _holds(self, place: int) -> bool:
        """Whether a seat plays a drone."""
        role = self._seats[place].role
        key = {"chords": "comp"}.get(role, role)
        if key not in ("bass", "comp", "pad"):
            return False
        names = () if key == "bass" else (self._turns[place],)
        return self._song.pick("patterns.toml", key, *names).number("tied", 0) > 0

    def _section(self, place: int, cue: Cue) -> list[Note]:
        song, seat, turn = self._song, self._seats[place], self._turns[place]
        low, high = self._windows[place]
        if seat.role == "bass":
            chance = song.dice.of("bass", cue.section.kind)
            return bass.play(cue, song.pick("patterns.toml", "bass"), low, high, chance)
        if seat.role in ("lead", "counter"):
            how = "both" if seat.requested else "answers"
            if seat.requested and self._leads > 1:
                how = "answers" if self._is_next(place, cue.index) else "guide"
            if seat.role == "counter" and song.plan.cast:
                inner = [i for i, other in enumerate(self._seats) if other.role == "counter"]
                return countermelody.inner(cue, low, high, inner.index(place))
            if seat.role == "counter":
                how = song.dice.pick(song.style.counter, "counter", turn)
                how = "both" if seat.requested and how == "answers" else how
            if is_answered(song.plan):
                # Only one answers, or a choir with it.
                behind = seat.role == "counter" and self._leads and seat.instrument not in CHOIR_VOICES
                how = "guide" if behind else "answers"
            if MELODY in song.plan.avoided:
                how = "guide"
            below = self._sings and not song.plan.cast and cue.section.kind in layers.SUNG
            below = below and seat.requested and seat.role == "lead"
            held = countermelody.UNDER_VOCALS if below else countermelody.HELD
            return countermelody.play(cue, self._tunes.of(cue), self.melodies, how, low, high, held)
        key = seat.role if seat.role in ("arp", "pad") else "comp"
        pattern = song.pick("patterns.toml", key, turn)
        if seat.program == DRIVEN["distorted guitar"] and seat.role == "chords":
            low, high = (int(pitch) + song.style.tuning for pitch in read_data("cast.toml")["power"]["range"])
            strokes = comp.play(*comp.powered(cue, pattern, low), low, high)
            return strokes if pattern.number("open", 0) else comp.palm_muted(strokes)
        if key == "comp" and (struck := fretboard.strings_struck(seat.instrument)):
            return comp.play(fretboard.held(cue, struck), pattern, *fretboard.span())
        lift = self._lift if seat.role != "arp" else 0
        notes = comp.play(cue, pattern, low, min(seat.high, high + lift), lift)
        deep = lift and seat.role == "chords" and not any(other.role == "bass" for other in self._seats)
        return notes + comp.left_hand(cue, notes, seat.low) if deep else notes


class Guests:
    """Players who join a locked band without changing what it plays: soloists play in one section only."""

    def __init__(
        self, song: SongContext, tunes: Tunes, seats: tuple[Seat, ...], guests: tuple[Seat, ...], sung: list[Note]
    ) -> None:
        self._song, self._tunes, self._guests, self._sings = song, tunes, guests, bool(sung)
        together = (*seats, *guests)
        rows = layers.layers(song.plan, song.form, together, song.dice, song.style, self._sings) if guests else []
        self._cues = [song.cues(curves) for curves in rows[len(seats) :]]
        self._turns = [[s.role for s in together[: len(seats) + i + 1]].count(g.role) for i, g in enumerate(guests)]
        alone = soloists(song.plan)
        self._alone = [place for place, guest in enumerate(guests) if guest.instrument in alone]
        self._written = {place: self._solo(place) for place in self._alone}

    def given_way(self, track: Track) -> Track:
        """Return a track of the band; a lead's without the sections in which a guest has a solo."""
        if track.role != "lead":
            return track
        form = self._song.form
        spans = [(form.sections[i].start, form.sections[i].bars * form.bar) for i, _ in self._written.values()]
        gaps = [(start, start + length) for start, length in spans]
        return replace(track, notes=tuple(hushed(list(track.notes), gaps))) if gaps else track

    def lines(self, melodies: list[Note]) -> list[tuple[Seat, list[Note]]]:
        """Return what each plays; `melodies` are those of the band."""
        band = Band(self._song, self._tunes, self._guests, self._cues, melodies)
        return [
            (guest, self._written[place][1] if place in self._written else band.accompaniment(place))
            for place, guest in enumerate(self._guests)
        ]

    def _solo(self, place: int) -> tuple[int, list[Note]]:
        """Return the section of a solo and its notes."""
        song, guest = self._song, self._guests[place]
        index = self._spot(self._alone.index(place))
        section = song.form.sections[index]
        cue = song.cues(tuple(layers.curve(one) for one in song.form.sections))[index]
        low, high = window(song, guest, self._turns[place])
        tune = self._tunes.solo(f"guest {guest.instrument}")
        return index, melody.play(cue, tune, low, high, song.dice.of("lead", "guest", guest.instrument, section.kind))

    def _spot(self, turn: int) -> int:
        """Return the section that a solo is played in: one for it, else one in which nobody sings, else a quiet one."""
        sections = self._song.form.sections
        spots = [i for i, section in enumerate(sections) if section.kind == "solo"]
        for kind in ("bridge", "breakdown", "verse", "intro", "ending"):
            sung = self._sings and kind in layers.SUNG
            spots = spots or [i for i, section in enumerate(sections) if section.kind == kind and not sung]
        spots = spots or [min(range(len(sections)), key=lambda i: sections[i].energy)]
        return sorted(spots, key=lambda i: (sections[i].bars, i))[-1 - turn % len(spots)]


def window(song: SongContext, seat: Seat, turn: int) -> tuple[int, int]:
    """Return a player's register: by role, brightness and chance, within the instrument's range."""
    center, half = read_data("cast.toml")["window"].get(seat.role, (66, 15))
    center = _own_center(seat, center)
    stray = song.dice.of("register", seat.role, turn).choice((-4, -2, 0, 0, 2, 4))
    if song.plan.cast and seat.instrument in CHOIRS:
        return seat.low, seat.high
    center += song.style.registers.get(seat.role, 0)
    middle = center + (0 if seat.role == "bass" else stray + 10 * (song.plan.brightness - 0.5))
    low, high = max(seat.low, round(middle - half)), min(seat.high, round(middle + half))
    if high - low < 14:
        low = max(seat.low, min(low, seat.high - 14))
        high = min(seat.high, max(high, low + 14))
    return low, high


def _lift(seats: tuple[Seat, ...]) -> int:
    """Return by how many semitones a small ensemble's chords are higher: an octave if the tune lies where they are."""
    tunes = [_own_center(seat, _LOW_TUNE + 1) for seat in seats if seat.role == "lead"]
    return 12 if tunes and max(tunes) <= _LOW_TUNE else 0


def _own_center(seat: Seat, usual: int) -> int:
    """Return the center of a melodic player's register: the instrument's own, if it has one, else the role's usual."""
    own = read_data("cast.toml")["register"].get(seat.instrument)
    if own is None or seat.role not in _MELODIC:
        return usual
    return int(own) - (_BELOW_THE_TUNE if seat.role == "counter" else 0)


def _track(song: SongContext, seat: Seat, notes: list[Note], place: int, take: int = 0) -> Track:
    file = read_data("cast.toml")
    drum = seat.role in ("drums", "percussion")
    loose = song.style.loose * (0.5 if drum or seat.role == "bass" else 1.0)
    plan, form = song.plan, song.form
    feel = humanize.Feel(
        plan.swing, song.style.swing_unit, loose, form.beats, plan.structure, form.closing, dynamics(plan)
    )
    chance = song.dice.of("human", seat.role, seat.instrument, *((take,) if take else ()))
    clean = humanize.finish(notes, feel, chance, None if drum or seat.role == "fx" else (seat.low, seat.high))
    side = float(file["place"].get(seat.role, 0.0)) * (-1) ** place
    name = seat.instrument.title()
    return Track(name, seat.role, seat.instrument, seat.program, clean, 0.0, round(side, 3))

"""Form, chords and players → tracks: the band's, those of singers and sound effects, and those of guests."""

from __future__ import annotations

from dataclasses import replace
from itertools import chain

from riffusion_tui.studio.engine.compose import layers, sound_effects
from riffusion_tui.studio.engine.compose.arranging.accompaniment import accompaniment
from riffusion_tui.studio.engine.compose.arranging.breaks import breaks, hushed
from riffusion_tui.studio.engine.compose.arranging.breaths import blows, breathed
from riffusion_tui.studio.engine.compose.arranging.canon import in_canon
from riffusion_tui.studio.engine.compose.arranging.choir_parts import between, choir_parts
from riffusion_tui.studio.engine.compose.arranging.chord_melody import one_guitarist
from riffusion_tui.studio.engine.compose.arranging.desks import numbered
from riffusion_tui.studio.engine.compose.arranging.doublings import backing_vocals, octave
from riffusion_tui.studio.engine.compose.arranging.guests import Guests
from riffusion_tui.studio.engine.compose.arranging.hands import with_two_hands, within_reach
from riffusion_tui.studio.engine.compose.arranging.members import Band, assembled
from riffusion_tui.studio.engine.compose.arranging.pad_voicing import clear_of, held_apart
from riffusion_tui.studio.engine.compose.arranging.recording import recorded, track
from riffusion_tui.studio.engine.compose.arranging.ringing import rung
from riffusion_tui.studio.engine.compose.arranging.tune_turns import tune
from riffusion_tui.studio.engine.compose.casting import cast
from riffusion_tui.studio.engine.compose.casting.choir_kinds import is_chant, sings_in_parts
from riffusion_tui.studio.engine.compose.casting.player_hints import avoided
from riffusion_tui.studio.engine.compose.casting.seat import ALL_ROLES, Line, Seat
from riffusion_tui.studio.engine.compose.song_context import SongContext, Tunes
from riffusion_tui.studio.engine.compose.tunes import gestures
from riffusion_tui.studio.engine.compose.tunes.plainchant import second_line
from riffusion_tui.studio.engine.instrument_groups import ACOUSTIC, SINGERS
from riffusion_tui.studio.engine.score import Note, Track
from riffusion_tui.studio.engine.understand.casts.canon_voices import is_canon

_BACKING = Seat("counter", "vocal choir", 53, 50, 79)
_HANDS = ("chords", "arp")
"""What a player of the bass in the left hand plays with the other, the first if both."""
_EFFECTS = Seat("fx", "fx", 97, 36, 84)


def tracks(song: SongContext, tunes: Tunes, seats: tuple[Seat, ...], sung: list[Note] | None) -> tuple[Track, ...]:
    """Return all tracks of the song. `sung` are the vocal notes, None for an instrumental."""
    rows = layers.layers(song.plan, song.form, seats, song.dice, song.style, sung is not None)
    band, lines = _played(assembled(song, tunes, seats, rows, tuple(sung or ())))
    if sung and song.plan.cast and sings_in_parts(song.plan):
        lines = [
            _without_words(seat, notes, sung) if seat.instrument in SINGERS else (seat, notes) for seat, notes in lines
        ]
    lines = [within_reach(line) for line in _joined([*with_two_hands(song, lines), *_extras(band, sung)])]
    if not gestures.free(song.plan):
        lines = rung(lines, sum(section.bars for section in song.form.sections), song.form.bar)
    gaps = breaks(song)
    lines = [(seat, notes if seat.role in ("vocal", "fx") else hushed(notes, gaps)) for seat, notes in lines]
    lines = [(seat, breathed(notes, song.plan.bpm, song.form.bar) if blows(seat) else notes) for seat, notes in lines]
    lines.sort(key=lambda line: ALL_ROLES.index(line[0].role))
    own = [made for place, (seat, notes) in enumerate(lines) for made in recorded(song, seat, notes, place)]
    joined = [(seat, hushed(notes, gaps)) for seat, notes in Guests(band, sung or ()).lines() if notes]
    added = [track(song, seat, notes, place) for place, (seat, notes) in enumerate(joined, start=len(lines))]
    players = song.plan.cast or (*song.plan.instruments, *song.plan.doubled)
    return (*numbered(tuple(own), players), *added)


def _played(band: Band) -> tuple[Band, list[Line]]:
    """Return the band with the melodies of its leads, and what each member plays."""
    leads = [tune(band, member) for member in band.members]
    band = replace(band, melodies=(*band.melodies, *chain.from_iterable(leads)))
    pairs = zip(band.members, leads, strict=True)
    lines = [(member.seat, notes + accompaniment(band, member)) for member, notes in pairs]
    form = band.song.form
    if is_canon(band.song.plan):
        lines = in_canon(band.song.plan, form, lines)
    lines = held_apart([(seat, notes) for seat, notes in lines if notes], form.sections, form.bar)
    hands = _two_handed(clear_of(lines, band.melodies))
    has_bass = any(seat.role == "bass" for seat, _ in hands)
    return band, one_guitarist(hands, bass=has_bass) if band.song.plan.cast else hands


def _two_handed(lines: list[Line]) -> list[Line]:
    """Return the lines with a bass in its player's left hand: in that player's line of chords, or of broken ones."""
    found = list(lines)
    for bass, notes in [line for line in lines if line[0].role == "bass"]:
        hands = [at for at, (seat, _) in enumerate(found) if seat.instrument == bass.instrument and seat.role in _HANDS]
        if hands:
            at = min(hands, key=lambda at: _HANDS.index(found[at][0].role))
            found[at] = found[at][0], found[at][1] + notes
            found.remove((bass, notes))
    return found


def _without_words(seat: Seat, notes: list[Note], sung: list[Note]) -> Line:
    """Return what one voice of a choir sings between the words, as a part of what the choir accompanies."""
    return replace(seat, role="pad"), between(notes, sung)


def _joined(lines: list[Line]) -> list[Line]:
    """Return the lines with what a choir sings without words and, in the range of all its parts, with them, as one."""
    found = dict[str, Line]()
    others = []
    for seat, notes in lines:
        if seat.instrument not in SINGERS or seat.role != "pad":
            others.append((seat, notes))
            continue
        before = found[seat.instrument][1] if seat.instrument in found else []
        found[seat.instrument] = seat, sorted([*before, *notes], key=lambda note: note.start)
    return [(seat, notes) for seat, notes in [*others, *found.values()] if notes]


def _extras(band: Band, sung: list[Note] | None) -> list[Line]:
    """Return what is played besides the band: lead vocal, backing vocals, risers and impacts."""
    song, found = band.song, list[Line]()
    if sung:
        found.append((cast.lead_vocal(song.plan, song.dice), sung))
        if sings_in_parts(song.plan):
            choir = cast.choir_parts_seat(song.plan)
            found.append((choir, choir_parts(band, choir.instrument)))
        elif is_chant(song.plan):
            second = second_line(song, sung, found[0][0].pitches)
            found += [(cast.choir_parts_seat(song.plan), second)] if second else []
        notes = backing_vocals(band)
        found += [(_BACKING, notes)] if notes else []
    doubled = octave(band)
    found += [doubled] if doubled else []
    if not band.with_role("fx") and not avoided(song.plan, "fx") and ACOUSTIC not in song.plan.production:
        notes = sound_effects.transitions(song.plan, song.form)
        found += [(_EFFECTS, notes)] if notes else []
    return found

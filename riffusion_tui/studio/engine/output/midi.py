"""Score → a Standard MIDI File, type 1: a conductor track, then one track per instrument, drums on channel 10.

Layout after https://www.midi.org/specifications (RP-001, Standard MIDI Files 1.0).
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import mido

from riffusion_tui.studio.engine.compose.chords import theory
from riffusion_tui.studio.engine.mix.slides import slides_of
from riffusion_tui.studio.engine.output.midi_bends import Event, bend_events, bend_range, range_events
from riffusion_tui.studio.engine.score import CONTINUED, Note, Score, Track
from riffusion_tui.studio.engine.song_plan import MAJOR_TONICS, MINOR_TONICS, pulse_of

TICKS = 480
"""Ticks per quarter note."""
_LEADING_TONE = 11
_DRUM_CHANNEL = 9
"""Channel 10, counted from 0."""
_MELODIC = tuple(channel for channel in range(16) if channel != _DRUM_CHANNEL)


def write_midi(score: Score, path: Path) -> None:
    """Write `score` to `path`: named tracks, programs, tempo, meter, key, lyrics, section markers."""
    file = mido.MidiFile(type=1, ticks_per_beat=TICKS, charset="utf-8")
    end = _ticks(score.beats)
    file.tracks.append(_timed(_conductor(score), end))
    found = channels(score.tracks)
    for track, channel in zip(score.tracks, found, strict=True):
        events = _part(track, channel, end)
        slides = slides_of(track.instrument, track.role)
        if slides is not None and found.count(channel) == 1:
            bends = bend_events(track, slides, score.plan.bpm, channel, TICKS)
            events += range_events(channel, bend_range(slides))
            events += [(min(tick, end), order, message) for tick, order, message in bends]
        file.tracks.append(_timed(events, end))
    file.save(str(path))


def channels(tracks: tuple[Track, ...]) -> list[int]:
    """Return a channel for each track: drums share channel 10; beyond 15 others, tracks of one program share.

    Tracks that bend notes share none, as long as one is left for the others.
    """
    bent = [at for at, track in enumerate(tracks) if slides_of(track.instrument, track.role)][: len(_MELODIC) - 1]
    free = list(_MELODIC)
    own = {at: free.pop() for at in reversed(bent)}
    by_program: dict[int, int] = {}
    found: list[int] = []
    for at, track in enumerate(tracks):
        if track.role in ("drums", "percussion"):
            found.append(_DRUM_CHANNEL)
        elif at in own:
            found.append(own[at])
        elif free:
            found.append(free.pop(0))
            by_program.setdefault(track.program, found[-1])
        else:
            found.append(by_program.get(track.program, next(reversed(by_program.values()))))
    return found


def _ticks(beats: float) -> int:
    return round(beats * TICKS)


def _conductor(score: Score) -> list[Event]:
    plan = score.plan
    upper, lower = plan.meter
    clocks = round(24 * pulse_of(plan.meter))  # of the metronome, 24 in a quarter note
    signature = mido.MetaMessage("time_signature", numerator=upper, denominator=lower, clocks_per_click=clocks)
    events: list[Event] = [
        (0, 0, mido.MetaMessage("track_name", name=score.title)),
        (0, 1, mido.MetaMessage("set_tempo", tempo=mido.bpm2tempo(plan.bpm))),
        (0, 1, signature),
        *_key_signatures(score),
    ]
    events += [(_ticks(s.start), 2, mido.MetaMessage("marker", text=s.name)) for s in score.sections]
    return events


def _key_signatures(score: Score) -> Iterator[Event]:
    """Yield the song's key signature, and a new one in each section that changes it."""
    plan, last = score.plan, ""
    home = theory.tonic(plan.key)
    keys = [(section.start, home + section.lift, section.mode or plan.mode) for section in score.sections]
    for start, tonic, mode in keys or [(0.0, home, plan.mode)]:
        signature = key_signature(tonic % 12, mode)
        if signature != last:
            yield _ticks(start), 1, mido.MetaMessage("key_signature", key=signature)
        last = signature


def key_signature(tonic: int, mode: str) -> str:
    """Return the signature with a mode's notes, by its major or minor key as MIDI writes it: `Am` for E phrygian.

    Minor keys with a leading tone, and the blues, have the signature of their tonic.
    """
    scale, minor = theory.parent_of(mode), theory.is_minor(mode)
    notes = {(tonic + step) % 12 for step in scale}
    own = (tonic + 3 * minor) % 12
    plain = (minor and _LEADING_TONE in scale) or not {*theory.scale_of(mode)} <= {*scale}
    major = own if plain else max((own, *range(12)), key=lambda root: len(notes & theory.allowed_tones("major", root)))
    minor |= major != own and (major + 8) % 12 in notes  # D freygish has the leading tone of G minor
    return f"{MINOR_TONICS[(major + 9) % 12]}m" if minor else MAJOR_TONICS[major]


def _part(track: Track, channel: int, end: int) -> list[Event]:
    events: list[Event] = [(0, 0, mido.MetaMessage("track_name", name=track.name))]
    program = 0 if channel == _DRUM_CHANNEL else track.program
    events.append((0, 1, mido.Message("program_change", channel=channel, program=program)))
    pan = max(0, min(127, round(64 + 63 * track.pan)))
    events.append((0, 1, mido.Message("control_change", channel=channel, control=10, value=pan)))
    for note in _apart(track.notes):
        start = _ticks(note.start)
        if start >= end:
            continue
        stop = min(end, max(start + 1, _ticks(note.start + note.length)))
        velocity = max(1, min(127, round(note.velocity * 127)))
        if note.syllable not in ("", CONTINUED):
            # As in karaoke files: a hyphen within a word, a space after it.
            text = note.syllable if note.syllable.endswith("-") else f"{note.syllable} "
            events.append((start, 3, mido.MetaMessage("lyrics", text=text)))
        events.append((start, 4, mido.Message("note_on", channel=channel, note=note.pitch, velocity=velocity)))
        events.append((stop, 2, mido.Message("note_off", channel=channel, note=note.pitch, velocity=0)))
    return events


def _apart(notes: tuple[Note, ...]) -> list[Note]:
    """Sort the notes by time, end each when its pitch sounds again, and drop those that share a tick."""
    kept: list[Note] = []
    last: dict[int, int] = {}
    for note in sorted(notes, key=lambda n: (n.start, n.pitch)):
        place = last.get(note.pitch)
        if place is not None:
            earlier = kept[place]
            if _ticks(note.start) <= _ticks(earlier.start):
                continue
            length = min(earlier.length, note.start - earlier.start)
            kept[place] = Note(earlier.start, length, earlier.pitch, earlier.velocity, earlier.syllable)
        last[note.pitch] = len(kept)
        kept.append(note)
    return kept


def _timed(events: list[Event], end: int) -> mido.MidiTrack:
    """Return events in order, each with the time since the one before."""
    track = mido.MidiTrack()
    now = 0
    for tick, _, message in sorted(events, key=lambda event: event[:2]):
        message.time = tick - now  # type: ignore[attr-defined]  # mido is untyped here; a copy checks all values again
        track.append(message)
        now = tick
    track.append(mido.MetaMessage("end_of_track", time=max(0, end - now)))
    return track

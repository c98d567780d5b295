"""The countermelody: it answers where the melody rests, or plays guide tones below it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from riffusion_tui.studio.engine.compose import catalog
from riffusion_tui.studio.engine.compose.chords import theory
from riffusion_tui.studio.engine.compose.cue import Cue, loudness
from riffusion_tui.studio.engine.compose.pitch_range import PitchRange
from riffusion_tui.studio.engine.compose.rhythm import steps
from riffusion_tui.studio.engine.compose.rhythm.shuffle import lines_of
from riffusion_tui.studio.engine.compose.tunes import motif
from riffusion_tui.studio.engine.compose.tunes.melody import Figure, Tune, render
from riffusion_tui.studio.engine.score import Chord, Note

HELD, UNDER_VOCALS = 0.8, 0.6
"""How hard guide tones are usually played, and by a named soloist while somebody sings."""
_PASSING = 0.5
"""Beats; shorter notes between the beats may cross another voice."""
_SPARSE = 0.75
"""Notes per bar; fewer answers than this are no part, and guide tones join them."""
_LONG, _ON = 0.75, 0.1
"""Beats from which on a note is long, and within which it is on a beat."""
_NEAR = 9
"""Semitones by which a guide tone may move."""
_COLOR = frozenset({3, 4, 10, 11})
"""Semitones of thirds and sevenths above a root."""
_RUBS = {0: 1.5, 1: 8.0, 2: 4.0, 11: 4.0, 13: 4.0}
"""What it costs to be so many semitones away from the melody all the time."""
_PLAIN, _AWAY = 0.8, 0.15
"""The cost of a root or a fifth, and of each semitone away from the last guide tone."""
_GAP = 0.9
"""Shortest rest in the melody, in beats, that gets an answer."""


def play(cue: Cue, tune: Tune, melody: Sequence[Note], how: str, pitches: PitchRange, held: float = HELD) -> list[Note]:
    """Return the countermelody of one section: `how` is answers, guide, both or harmony.

    `held` is how hard guide tones are played, as a share of full strength.
    """
    notes: list[Note] = []
    if how == "harmony":
        end = cue.end
        inside = [n for n in melody if cue.section.start - 0.01 <= n.start < end and not cue.resting(n.start)]
        notes = harmonies(cue, inside, pitches)
    if how in ("answers", "both"):
        notes += _answers(cue, tune, melody, pitches)
    if how in ("guide", "both") or len(notes) < _SPARSE * sum(1 for _ in cue.bars()):
        notes = _merged(_guide(cue, melody, pitches, held), notes)
    return notes


def _answers(cue: Cue, tune: Tune, melody: Sequence[Note], pitches: PitchRange) -> list[Note]:
    """Return the end of the second motif, in each bar where the melody leaves room."""
    found: list[Note] = []
    for bar, at, energy in cue.bars():
        if bar % 2 == 0:
            continue
        busy = [note for note in melody if at - 4 <= note.start < at + cue.form.bar]
        begin = max((n.start + n.length for n in busy), default=at)
        begin = max(at, round(begin * 2 + 0.49) / 2)
        room = at + cue.form.bar - begin
        if room < _GAP:
            continue
        offset = begin - at
        pairs = zip(tune.second.times, tune.second.contour, strict=True)
        kept = [((t, length), c) for (t, length), c in pairs if t >= offset - 1e-6]
        if len(kept) < 2:
            kept = [((offset + 0.5 * i, 0.5), -i) for i in range(max(1, int(room * 2) - 1))]
        shape = motif.Motif(tuple(t for t, _ in kept), tuple(c for _, c in kept))
        before = (found[-1].pitch,) if found else ()
        found += render(cue, Figure(shape), at, energy * 0.92, before, pitches)
    return found


def _guide(cue: Cue, melody: Sequence[Note], pitches: PitchRange, held: float) -> list[Note]:
    """Return one long note per chord, if possible its third or seventh, near to the last, that rubs little."""
    found: list[Note] = []
    before: float = pitches.middle + 2
    for chord in cue.chords:
        if cue.resting(chord.start):
            continue
        end = chord.start + chord.length
        heard = [note for note in melody if note.start < end and note.start + note.length > chord.start]
        tones = {p % 12 for p in chord.pitches}
        near = round(before)
        options = [
            p for p in range(near - _NEAR, near + _NEAR + 1) if p % 12 in tones and pitches.low <= p <= pitches.high
        ]

        def cost(pitch: int, chord: Chord = chord, heard: Sequence[Note] = heard, before: float = before) -> float:
            plain = 0.0 if (pitch - chord.root) % 12 in _COLOR else _PLAIN
            return plain + _AWAY * abs(pitch - before) + _rubbed(pitch, chord, heard)

        pitch = min(options, key=cost) if options else pitches.root(chord)
        before = pitch
        found.append(Note(chord.start, chord.length * 0.97, pitch, held * loudness(cue.energy)))
    return found


def _rubbed(pitch: int, chord: Chord, heard: Sequence[Note]) -> float:
    """Return how much a pitch rubs against a melody while its chord lasts, as a share of that time."""
    end = chord.start + chord.length
    return (
        sum(
            _RUBS.get(abs(note.pitch - pitch), 0.0)
            * (min(note.start + note.length, end) - max(note.start, chord.start))
            for note in heard
        )
        / chord.length
    )


_LIVELY = 0.55
"""From this energy on, inner voices move with the beat."""
_TONE = 0.78
"""How hard single tones of a pattern are struck."""
_FIGURES = ((0.0, 1.0, 2.0, 3.0), (0.0, 1.5, 2.0, 3.0), (0.0, 1.0, 2.0, 2.5, 3.0))
"""Onsets of each inner voice in a bar of a lively section, in beats."""


@dataclass(frozen=True, slots=True)
class Room:
    """What an inner voice stays between, if there is room."""

    above: Sequence[Note] = ()
    """Notes of the higher voices."""
    below: Sequence[Note] = ()
    """Notes of the bass."""
    floor: int = 0
    """The lowest pitch of the instrument."""

    def choices(self, own: set[int], tones: set[int], begin: float, end: float) -> list[set[int]]:
        """Return sets of a chord's tones, the best first: a voice's `own` that no other has or rubs against."""
        above = {pitch % 12 for pitch in _sounding(self.above, begin, end)}
        below = {pitch % 12 for pitch in _sounding(self.below, begin, end)}
        rubs = {(tone - 1) % 12 for tone in above} | {(tone + 1) % 12 for tone in below}
        sets = (own - above - rubs, tones - above - rubs, own - rubs, tones - rubs, own, tones)
        return [found for found in sets if found]

    def held(self, pitch: int, begin: float, end: float, choices: Sequence[set[int]]) -> int:
        """Return a pitch, or if it is not between the others, the nearest one that is, of the first choice."""
        ceiling = min(_sounding(self.above, begin, end), default=None)
        low = max([self.floor - 1, *_sounding(self.below, begin, end)]) + 1
        if pitch >= low and (ceiling is None or pitch < ceiling):
            return pitch
        top = ceiling if ceiling is not None else pitch + 12
        inside = ([p for p in range(low, top) if p % 12 in classes] for classes in choices)
        bass = low - 1 if low > self.floor else pitch  # in unison, if there is no room
        return next((min(found, key=lambda p: abs(p - pitch)) for found in inside if found), bass)


_ANYWHERE = Room()


def inner(
    cue: Cue, pitches: PitchRange, place: int, room: Room = _ANYWHERE, rhythm: catalog.Entry | None = None
) -> list[Note]:
    """Return a line between tune and bass: each inner voice has its own chord tone, the nearest to its last.

    `place` is the number of the inner voice, from 0; `rhythm` is the pattern of chords that they play together
    in lively sections.
    """
    found: list[Note] = []
    before = (2 * pitches.high + pitches.low) / 3 - 3 * place
    for bar, at, energy in cue.bars():
        for begin, end, hard in _strikes(cue, (bar, at, energy), place, rhythm):
            tones = sorted({pitch % 12 for pitch in cue.chord_at(begin).pitches})
            own = {tones[(place + 1) % len(tones)], tones[(place + 2) % len(tones)]}
            choices = room.choices(own, set(tones), begin, end)
            pitch = room.held(pitches.hold(theory.nearest(before, choices[0])), begin, end, choices)
            before = 0.7 * pitch + 0.3 * before
            same = found and found[-1].pitch == pitch and energy < _LIVELY and begin > at
            if same:
                found[-1] = replace(found[-1], length=end - found[-1].start - 0.05)
            else:
                found.append(Note(begin, (end - begin) * 0.95, pitch, 0.72 * hard * loudness(energy)))
    if cue.last and cue.energies[-1] > 0:
        tones = sorted({pitch % 12 for pitch in cue.chords[-1].pitches})
        choices = room.choices({tones[(place + 1) % len(tones)]}, set(tones), cue.closing, cue.form.beats)
        pitch = pitches.hold(theory.nearest(before, choices[0]))
        pitch = room.held(pitch, cue.closing, cue.form.beats, choices)
        found.append(Note(cue.closing, cue.form.beats - cue.closing, pitch, 0.7 * loudness(cue.energies[-1])))
    return found


def _strikes(
    cue: Cue, bar: tuple[int, float, float], place: int, rhythm: catalog.Entry | None
) -> list[tuple[float, float, float]]:
    """Return (start, end, velocity as a share of the usual one) of an inner voice's notes in a bar.

    Args:
        cue: the section's.
        bar: its number, start in beats and energy.
        place: the number of the inner voice, from 0.
        rhythm: a pattern of chords, None for the voice's own rhythm.
    """
    number, at, energy = bar
    struck = _struck(cue, number, energy, rhythm) if rhythm is not None and energy >= _LIVELY else []
    if struck:
        return [(at + begin, at + end, hard) for begin, end, hard in struck]
    beats = [at, at + cue.form.bar / 2] if energy < _LIVELY else [at + b for b in _FIGURES[place % 3]]
    beats = [beat for beat in beats if beat < at + cue.form.bar - 0.2]
    return [(begin, end, 1.0) for begin, end in pairwise([*beats, at + cue.form.bar])]


def _struck(cue: Cue, number: int, energy: float, rhythm: catalog.Entry) -> list[tuple[float, float, float]]:
    """Return (start, end, velocity) of a pattern's chords in a bar, of the low ones if it has no others."""
    lines = lines_of(rhythm, cue.plan)
    playing = [line for line in lines if line.low <= energy < line.high]
    heard = {
        at: (at, at + length * rhythm.number("short", 1.0), steps.LOUD.get(sign, _TONE) / steps.LOUD["x"])
        for line in [line for line in playing if line.name != "low"] or playing
        for at, length, sign in steps.held(line, number, cue.plan.meter)
    }
    return [heard[at] for at in sorted(heard)]


def _sounding(notes: Sequence[Note], begin: float, end: float) -> list[int]:
    """Return the pitches that sound between two beats, passing notes aside."""
    heard = (n for n in notes if n.start < end - 0.1 and n.start + n.length > begin + 0.1)
    return [n.pitch for n in heard if n.length >= _PASSING or abs(n.start - begin) < 0.1]


def _merged(long: list[Note], short: list[Note]) -> list[Note]:
    """Merge both, ending long notes where an answer begins."""
    kept = []
    for note in long:
        inside = [other.start for other in short if note.start - 0.01 <= other.start < note.start + note.length]
        length = min([note.length, *(start - note.start for start in inside)])
        if length > 0.4:
            kept.append(Note(note.start, length, note.pitch, note.velocity))
    return sorted(kept + short, key=lambda n: n.start)


def harmonies(cue: Cue, melody: Sequence[Note], pitches: PitchRange) -> list[Note]:
    """Return the melody a third or fourth lower: backing vocals, twin guitars.

    Long notes, and those on strong beats, are tones of the chord; the others don't clash with one.
    """
    scale = theory.allowed_tones(cue.mode, cue.tonic)
    found = []
    for note in melody:
        classes = frozenset(p % 12 for p in cue.chord_at(note.start).pitches)
        passing = frozenset(tone for tone in scale if (tone - 1) % 12 not in classes) | classes
        beat = (note.start - cue.section.start) % cue.form.bar
        strong = any(abs(beat - at) < _ON for at in steps.strong_beats(cue.plan.meter))
        pitch = theory.nearest(note.pitch - 3.6, classes if strong or note.length >= _LONG else passing)
        pitch = pitches.hold(pitch - 12 if pitch == note.pitch else pitch)
        found.append(Note(note.start, note.length, pitch, note.velocity * 0.8))
    return found

"""A choir in parts: soprano, alto, tenor and, in some genres, bass sing in the rhythm of the words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from riffusion_tui.studio.engine.compose.arranging.members import Band
from riffusion_tui.studio.engine.compose.casting.choir_kinds import number_of_parts
from riffusion_tui.studio.engine.compose.casting.exact_cast import choir_ranges
from riffusion_tui.studio.engine.compose.chords.theory import nearest, scale_of
from riffusion_tui.studio.engine.compose.cue import Cue
from riffusion_tui.studio.engine.compose.pitch_range import PitchRange
from riffusion_tui.studio.engine.instrument_groups import GROUP
from riffusion_tui.studio.engine.score import Note

_CLOSEST, _FARTHEST = 3, 12
"""Semitones between neighboring upper parts, if there is room."""
_CLOSE = 3
"""Parts in close harmony."""
_DEEP = 3
"""Semitones below the middle of its range to which the bass tends, so that there is room for the others."""
_ROOM, _FIFTH = 9, 7
"""Semitones between the tune and the lowest part, at least, if that has another tone of the chord than the root; its
last choice is the fifth, on which a chord does not rest."""
_PARALLEL = 5
"""How much worse parallel fifths or octaves are, in semitones of movement."""
_TIED = 1.0
"""A part holds its pitch through notes shorter than this many beats."""
_REST = 1.0
"""Beats before and after a word within which a choir begins nothing without words."""
_DOUBLED = 0.7
"""How loud the part is that has the tune, beside the words."""


def choir_parts(band: Band, name: str) -> list[Note]:
    """Return the parts of what the choir `name` sings: the tune on top, and chord tones below it.

    A group around a singer leaves the tune to that one, and has a part above it, as in barbershop.
    """
    ranges = [PitchRange(*span) for span in choir_ranges(name, band.song.plan)]
    words = [note for note in band.melodies if note.syllable]
    shift = 0 if name == GROUP else _octaves_to(ranges[0], words)
    close = number_of_parts(band.song.plan) < len(ranges)
    choir = _Choir(ranges, tune=1 if name == GROUP else 0, doubles=name != GROUP, close=close)
    for cue in band.song.cues(tuple((1.0,) * section.bars for section in band.song.form.sections)):
        end = cue.end
        for note in words:
            if cue.section.start - 0.01 <= note.start < end - 0.01:
                choir.sing(cue, replace(note, pitch=note.pitch + shift))
    return sorted((note for voice in choir.voices for note in voice), key=lambda note: note.start)


def between(notes: Sequence[Note], sung: Sequence[Note]) -> list[Note]:
    """Return the notes of a choir where it has no words: those that begin between the lines, up to the next line."""
    words = sorted((note.start, note.start + note.length) for note in sung if note.syllable)
    found = []
    for note in notes:
        following = next((begin for begin, _ in words if begin > note.start - 0.1), note.start + note.length)
        said = any(begin - 0.1 < note.start < end + _REST for begin, end in words)
        if not said and following >= note.start + _REST:
            found.append(replace(note, length=min(note.length, following - note.start)))
    return found


def _octaves_to(soprano: PitchRange, tune: Sequence[Note]) -> int:
    """Return the semitones, whole octaves, by which the tune lies best for the sopranos: it moves as a whole."""

    def strain(shift: int) -> tuple[int, float]:
        pitches = [note.pitch + shift for note in tune]
        beyond = sum(max(soprano.low - pitch, 0) + max(pitch - soprano.high, 0) for pitch in pitches)
        return beyond, sum(abs(pitch - soprano.middle) for pitch in pitches)

    return min((0, -12, 12, 24), key=strain)


def _tones(cue: Cue, beat: float) -> set[int]:
    """Return the pitch classes of the chord at a beat. A power chord gets the third of its scale."""
    chord = cue.chord_at(beat)
    tones = {pitch % 12 for pitch in chord.pitches}
    if tones == {chord.root, (chord.root + 7) % 12}:
        scale = {(cue.tonic + step) % 12 for step in scale_of(cue.mode)}
        tones |= {(chord.root + third) % 12 for third in (3, 4)} & scale
    return tones


@dataclass(slots=True)
class _Choir:
    """Parts from the top, of which number `tune` has the tune; it is left out if nobody `doubles` it.

    In `close` harmony, there are the tune and the two chord tones under it, as a gospel choir sings.
    """

    ranges: Sequence[PitchRange]
    tune: int
    doubles: bool
    close: bool
    voices: list[list[Note]] = field(init=False)
    before: list[int] = field(init=False, default_factory=list)
    """The pitches of all parts at the note of the tune before."""

    def __post_init__(self) -> None:
        self.voices = [[] for _ in self.ranges[: _CLOSE if self.close else None]]

    def sing(self, cue: Cue, note: Note) -> None:
        """Add a note of each part to a note of the tune, or let a part hold the one before."""
        self.before = self._pitches(cue, note)
        for part, (voice, pitch) in enumerate(zip(self.voices, self.before, strict=True)):
            if part == self.tune and not self.doubles:
                continue
            last = voice[-1] if voice else None
            joined = last is not None and last.pitch == pitch and note.start - last.start - last.length < 0.1
            if last is not None and joined and note.length < _TIED and part != self.tune:
                voice[-1] = replace(last, length=note.start + note.length - last.start)
            else:
                loud = _DOUBLED if part == self.tune else 1.0
                voice.append(replace(note, pitch=pitch, velocity=note.velocity * loud, syllable=""))

    def _pitches(self, cue: Cue, note: Note) -> list[int]:
        """Return the pitches of all parts at a note of the tune; the inner ones stay as near as they can."""
        tones, tune = _tones(cue, note.start), note.pitch
        if self.close:
            return _below(tune, tones)
        bass = self._bass(tune, cue.chord_at(note.start).root % 12, tones)
        found = [*(self._above(tune, tones) for _ in range(self.tune)), tune]
        for part in range(self.tune + 1, len(self.ranges) - 1):
            found.append(self._inner(part, found, bass, tones))
        return [*found, bass]

    def _bass(self, tune: int, root: int, tones: set[int]) -> int:
        """Return the pitch of the lowest part: the root, but another tone if that leaves no room below the tune."""
        low = self.ranges[-1]
        deep = low.middle - _DEEP
        before = self.voices[-1][-1].pitch if self.voices[-1] else deep
        bass = low.hold(nearest((before + deep) / 2, {root}))
        if tune - bass >= _ROOM:
            return bass
        able = [pitch for pitch in range(low.low, min(low.high, tune - _ROOM) + 1) if pitch % 12 in tones]
        if able:
            return min(able, key=lambda pitch: ((pitch - root) % 12 == _FIFTH, abs(pitch - deep)))
        return min(bass, tune)

    def _above(self, tune: int, tones: set[int]) -> int:
        """Return the pitch of the part above the tune."""
        high = max(self.ranges[0].high, tune + _CLOSEST)
        able = [pitch for pitch in range(tune + _CLOSEST, min(high, tune + 12) + 1) if pitch % 12 in tones]
        return able[0] if able else tune

    def _inner(self, part: int, above: Sequence[int], bass: int, tones: set[int]) -> int:
        """Return the pitch of a part between the ones `above` and the bass: a tone that is missing, if there is one."""
        within = self.ranges[part]
        top = min(within.high, above[-1] - 1)
        every = [pitch for pitch in range(max(within.low, bass + 1), top + 1) if pitch % 12 in tones]
        able = [pitch for pitch in every if _CLOSEST <= above[-1] - pitch <= _FARTHEST] or every
        missing = [pitch for pitch in able if all((pitch - one) % 12 for one in (*above, bass))] or able
        near = self.voices[part][-1].pitch if self.voices[part] else top
        others = {**dict(enumerate(above)), len(self.ranges) - 1: bass}
        return (
            min(missing, key=lambda p: abs(p - near) + _PARALLEL * self._parallels(part, p, others))
            if missing
            else bass
        )

    def _parallels(self, part: int, pitch: int, others: dict[int, int]) -> int:
        """Return with how many of the `others` a part would move in parallel fifths or octaves."""
        if not self.before:
            return 0
        moved = (
            (abs(self.before[part] - self.before[other]) % 12, abs(pitch - now) % 12)
            for other, now in others.items()
            if self.before[part] != pitch and self.before[other] != now
        )
        return sum(then == now and now in (0, _FIFTH) for then, now in moved)


def _below(tune: int, tones: set[int]) -> list[int]:
    """Return the tune and the chord tones under it."""
    found = [tune]
    while len(found) < _CLOSE:
        below = range(found[-1] - _CLOSEST, found[-1] - _CLOSEST - 12, -1)
        found.append(next((pitch for pitch in below if pitch % 12 in tones), found[-1]))
    return found

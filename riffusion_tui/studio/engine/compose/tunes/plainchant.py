"""Plainchant: one line in free rhythm. Antiphons have melodies; psalms and hymns recite on the mode's dominant."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from riffusion_tui.studio.engine.compose.casting.choir_kinds import DRONE, ORGANUM
from riffusion_tui.studio.engine.compose.chords import theory
from riffusion_tui.studio.engine.compose.lines.lyric_placement import LyricPlacement
from riffusion_tui.studio.engine.compose.pitch_range import PitchRange
from riffusion_tui.studio.engine.compose.song_context import SongContext
from riffusion_tui.studio.engine.compose.tunes import contour
from riffusion_tui.studio.engine.lyrics import SungLine
from riffusion_tui.studio.engine.score import LyricLine, Note, Section

_SLOWEST_S, _FASTEST_S = 0.62, 0.2
"""Seconds of a syllable: all are equally long, within a section."""
_LAST, _BREATH, _LONG_BREATH = 2.0, 1.0, 2.0
"""Syllables that a line's last one, the breath after a line, and the one after a verse of two lines last."""
_SOFT, _STRESSED = 0.66, 0.74
"""Velocities."""
_INTONATION = (1, 2)
"""Scale steps above the final before the dominant is reached."""
_MEDIANTS = ((1, 0, -1, 0), (1, 0, -1, -1), (0, 1, 0, -1))
"""Ends of the first half of a verse, in scale steps from the dominant, for its last syllables."""
_ENDS = ((3, 2, 1, 0), (2, 3, 1, 0), (2, 1, 0, 0), (3, 1, 2, 0))
"""Ends of the second half, in scale steps from the final."""
_ARCHES = ((0, 2, 4, 5, 4, 2), (2, 4, 3, 4, 2, 1), (4, 3, 4, 2, 1, -1), (0, 1, 2, 4, 2, 1), (4, 5, 4, 2, 3, 1))
"""Contours of an antiphon's lines, in scale steps from the final."""


def chant(song: SongContext, placement: LyricPlacement, pitches: PitchRange) -> tuple[list[Note], list[LyricLine]]:
    """Return the notes of a chant, and the time of each line. Equal lines have the same melody."""
    notes: list[Note] = []
    lines: list[LyricLine] = []
    singer = _Chanter(song, pitches)
    for section, section_lines in zip(song.form.sections, placement.sections, strict=True):
        for begin, pulse, half, line in _placed(song, section, [line for line in section_lines if line.syllables]):
            found = singer.line(line, section.kind, half, begin, pulse)
            notes += found
            lines.append(LyricLine(found[0].start, found[-1].start + found[-1].length, line.text))
    return notes, lines


def second_line(song: SongContext, sung: Sequence[Note], pitches: PitchRange) -> list[Note]:
    """Return what others sing beside a chant: its final, held through each line, or an organum; none if not wanted.

    In an organum, they sing a fourth below, but not below the final.
    """
    hints = song.plan.structure
    final, scale = _final(song, pitches), _scale(song)
    if ORGANUM in hints:
        below = [max(final, theory.step_in(note.pitch, -3, scale)) for note in sung]
        return [
            replace(note, pitch=min(note.pitch, pitch), syllable="") for note, pitch in zip(sung, below, strict=True)
        ]
    if DRONE not in hints:
        return []
    low = final - 12 if final - 12 >= pitches.low - 5 else final
    return [Note(begin, end - begin, low, _SOFT) for begin, end in _breaths(sung)]


def _breaths(sung: Sequence[Note]) -> Iterator[tuple[float, float]]:
    """Yield the start and end of each group of notes without a rest, in beats."""
    begin = end = sung[0].start
    for note in sung:
        if note.start - end > 0.2:
            yield begin, end
            begin = note.start
        end = note.start + note.length
    yield begin, end


def _placed(
    song: SongContext, section: Section, lines: Sequence[SungLine]
) -> Iterator[tuple[float, float, int, SungLine]]:
    """Yield the start of each line, the length of a syllable, the half of a verse (0, 1) and the line.

    The lines fill the section, whose last one is a second half.
    """
    if not lines:
        return
    beats = section.bars * song.form.bar if section is not song.form.sections[-1] else song.form.beats - section.start
    rests = [_LONG_BREATH if place % 2 else _BREATH for place in range(len(lines))]
    needs = [len(line.syllables) - 1 + _LAST + rest for line, rest in zip(lines, rests, strict=True)]
    second = song.plan.bpm / 60
    pulse = max(_FASTEST_S * second, min(_SLOWEST_S * second, beats / sum(needs)))
    at = section.start
    for place, (line, need) in enumerate(zip(lines, needs, strict=True)):
        yield at, pulse, 1 if place == len(lines) - 1 else place % 2, line
        at += need * pulse


def _scale(song: SongContext) -> frozenset[int]:
    tonic = theory.tonic(song.plan.key)
    return frozenset((tonic + step) % 12 for step in theory.scale_of(song.plan.mode))


def _final(song: SongContext, pitches: PitchRange) -> int:
    """Return the mode's final, low enough for the notes above its dominant."""
    return theory.nearest(pitches.middle - 4, {theory.tonic(song.plan.key)})


class _Chanter:
    """Sings lines; the same words have the same melody."""

    def __init__(self, song: SongContext, pitches: PitchRange) -> None:
        self._scale, self._final, self._pitches = _scale(song), _final(song, pitches), pitches
        self._dominant = 5 if song.plan.mode == "phrygian" else 4
        chance = song.dice.of("chant")
        self._mediant, self._end = chance.choice(_MEDIANTS), chance.choice(_ENDS)
        self._arches = chance.sample(_ARCHES, len(_ARCHES))
        self._known: dict[tuple[str, int], list[int]] = {}

    def line(self, line: SungLine, kind: str, half: int, begin: float, pulse: float) -> list[Note]:
        """Return the notes of a line, the first or second half of a verse: from beat `begin` on, `pulse` a syllable."""
        count = len(line.syllables)
        pitches = self._known.get((line.text, half)) or self._melody(line, kind, half)
        self._known[line.text, half] = pitches
        return [
            Note(
                begin + index * pulse,
                pulse * (_LAST if index == count - 1 else 1.0) * 0.98,
                pitch,
                _STRESSED if syllable.stressed else _SOFT,
                syllable.on_note,
            )
            for index, (syllable, pitch) in enumerate(zip(line.syllables, pitches, strict=True))
        ]

    def _melody(self, line: SungLine, kind: str, half: int) -> list[int]:
        if kind in ("verse", "bridge", "prechorus"):
            return [self._step(step) for step in self._recited(len(line.syllables), half)]
        return self._antiphon(len(line.syllables), half)

    def _step(self, step: int) -> int:
        """Return the pitch so many steps of the mode above the final."""
        pitch = theory.step_in(self._final, step, self._scale)
        return pitch if pitch <= self._pitches.high else theory.step_in(self._final, step - 2, self._scale)

    def _recited(self, count: int, half: int) -> list[int]:
        """Return the steps of half a verse: a rise to the dominant at its start, and a cadence."""
        end = [self._dominant + step for step in self._mediant] if half == 0 else list(self._end)
        begin = list(_INTONATION) if half == 0 and count > len(_INTONATION) + len(end) else []
        end = end[-min(len(end), count) :]
        return [*begin, *[self._dominant] * (count - len(begin) - len(end)), *end]

    def _antiphon(self, count: int, half: int) -> list[int]:
        """Return the pitches of a line with a melody, mostly in steps, that closes on the final or beside it."""
        arch = self._arches[len(self._known) % len(self._arches)]
        final, dominant = self._final % 12, self._step(self._dominant) % 12
        close = frozenset({final}) if half else frozenset({self._step(1) % 12, self._step(2) % 12})
        slots = [
            contour.Slot(
                self._scale,
                self._step(arch[min(len(arch) - 1, index * len(arch) // count)]),
                frozenset({final, dominant}),
                close=close if index == count - 1 else frozenset(),
            )
            for index in range(count)
        ]
        return contour.sung(slots, (), *self._pitches)

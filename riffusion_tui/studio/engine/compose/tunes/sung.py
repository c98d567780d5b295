"""Lyrics and themes → vocal notes: one syllable per note, the same hook in each chorus, a breath after each line."""

from __future__ import annotations

from dataclasses import replace

from riffusion_tui.studio.engine.compose import energy as energy_
from riffusion_tui.studio.engine.compose import layers
from riffusion_tui.studio.engine.compose.arrangement_style import style_of
from riffusion_tui.studio.engine.compose.cue import Cue
from riffusion_tui.studio.engine.compose.lines.line_pace import BREATH, BREATH_S, span_of
from riffusion_tui.studio.engine.compose.lines.lyric_placement import LyricPlacement
from riffusion_tui.studio.engine.compose.pitch_range import PitchRange
from riffusion_tui.studio.engine.compose.rhythm import steps
from riffusion_tui.studio.engine.compose.song_context import SongContext, Tunes
from riffusion_tui.studio.engine.compose.tunes import melody, motif
from riffusion_tui.studio.engine.compose.tunes.text_setting import Setting, set_words, weakness
from riffusion_tui.studio.engine.instrument_groups import LONE_SINGER
from riffusion_tui.studio.engine.lyrics import SungLine
from riffusion_tui.studio.engine.lyrics.sections import HEADINGS
from riffusion_tui.studio.engine.score import LyricLine, Note, Section
from riffusion_tui.studio.engine.spoken import delivery_of

_STRENGTHS = (1.0, 0.5, 0.0, -0.3, -0.3)
"""Score of a stressed syllable by the weakness of its beat; an unstressed one has the opposite."""
_AS_WELL = 0.35
"""How much worse the stresses may fall with an earlier figure than with the line's own."""
_OWN_END = 3
"""Notes at the end of a line that differ from the figure if the words differ."""
_HOLD, _LONGEST_HOLD = 0.3, 2.0
"""How much of the rest after a line its last note is held, and for how many beats at most."""

_END_HELD, _END_S = 0.9, 3.0
"""How much of the song's last bar its last note lasts, and for how many seconds at most."""


def sing(
    song: SongContext, tunes: Tunes, placement: LyricPlacement, pitches: PitchRange
) -> tuple[list[Note], list[LyricLine]]:
    """Return the vocal notes, and the time of each line."""
    notes: list[Note] = []
    lines: list[LyricLine] = []
    cues = song.cues(tuple(layers.curve(section) for section in song.form.sections))
    for cue, section_lines, bars, turn in zip(cues, placement.sections, placement.bars, placement.turns, strict=True):
        singer = _SectionSinger(cue, tunes, pitches)
        for place, line in enumerate(section_lines):
            hold = min(_HOLD * (turn - bars) * cue.form.bar, _LONGEST_HOLD)
            ends = cue.last and place == len(section_lines) - 1 and _comes_home(cue)
            found = singer.line(line, place * turn, bars, hold, ends=ends)
            if found:
                notes += found
                lines.append(LyricLine(found[0].start, found[-1].start + found[-1].length, line.text))
    return notes, lines


class _SectionSinger:
    """Sings the lines of one section; the same words have the same tune."""

    def __init__(self, cue: Cue, tunes: Tunes, pitches: PitchRange) -> None:
        self._cue, self._tunes, self._pitches = cue, tunes, pitches
        self._known: dict[str, tuple[motif.Motif, list[int]]] = {}
        """The figures of the lines so far and their pitches, by the words."""
        self._before: tuple[int, ...] = ()

    def line(self, line: SungLine, at: float, bars: float, hold: float, *, ends: bool = False) -> list[Note]:
        """Return the notes of a line that starts `at` a bar, or none if it has no syllables or no room.

        Its last note is held `hold` beats longer, into the rest after it. A line that ends the song is sung as late as
        its last note falls on the last chord.
        """
        cue, length = self._cue, self._cue.form.bar
        start = at * length
        span = span_of(cue.form, cue.section, at, bars)
        if not line.syllables or span < 1:
            return []
        first = int(start / length + 1e-6)
        theme, close = self._theme(first, bars, span)
        plan = cue.plan
        swing = plan.swing, style_of(plan.genre).swing_unit
        spb = 60 / plan.bpm
        room = max(span - BREATH, span - BREATH_S / spb)
        setting = Setting(theme, plan.meter, span - BREATH, room, spb, *swing, delivery=delivery_of(plan))
        shape = set_words(line, setting)
        earlier: list[int | None] = []
        if cue.section.kind in energy_.HIGH:
            shape, earlier = self._as_before(shape, line, span)
        if ends:
            start, shape, close = *_on_the_last_chord(cue, start, shape), "z"
        energy = cue.energies[min(int(start / length + 1e-6), len(cue.energies) - 1)]
        figure = melody.Figure(_held(shape, 0.0 if ends else hold), close, earlier)
        found = melody.render(cue, figure, cue.section.start + start, energy, self._before, self._pitches)
        self._known.setdefault(line.text, (shape, [note.pitch for note in found]))
        self._before = (found[-1].pitch,) if found else self._before
        return [replace(note, syllable=syllable.on_note) for note, syllable in zip(found, line.syllables, strict=False)]

    def _theme(self, first: int, bars: float, span: float) -> tuple[motif.Motif, str]:
        """Return the section's tune from a bar on, for so many bars, and how its last bar closes."""
        cue, length = self._cue, self._cue.form.bar
        tune = self._tunes.of(cue)
        chance = self._tunes.chance("sung", cue.section.kind)
        shapes = [melody.bar_shape(tune, cue, bar, chance) for bar in range(first, first + max(1, round(bars)))]
        inside = [shape for i, (shape, _) in enumerate(shapes) if i * length < span - 0.4]
        if len(inside) > 1 and inside[-1].times:
            inside[-1] = motif.closed(inside[-1], length)
        joined = motif.joined([(i * length, shape) for i, shape in enumerate(inside)])
        if not joined.times:
            joined = motif.joined([(0.0, tune.first)])
        return motif.squeezed(joined, bars) if bars < 1 else joined, shapes[-1][1]

    def _as_before(self, shape: motif.Motif, line: SungLine, span: float) -> tuple[motif.Motif, list[int | None]]:
        """Return the figure that a line reuses, and its pitches: the same words have the same tune.

        Other words of the same length reuse a figure if their stresses fit, and end differently.
        """
        meter = self._cue.plan.meter
        if line.text in self._known:
            figure, pitches = self._known[line.text]
            return figure, [*pitches]
        for figure, pitches in self._known.values():
            fits = figure.times[-1][0] + 0.5 <= span and len(figure.times) == len(shape.times) == len(line.syllables)
            if fits and _stresses(figure, line, meter) >= _stresses(shape, line, meter) - _AS_WELL:
                return figure, [*pitches[:-_OWN_END], *(None for _ in pitches[-_OWN_END:])]
        return shape, []


def text(placement: LyricPlacement, sections: tuple[Section, ...]) -> str:
    """Return the sung words under their headings."""
    blocks = [
        "\n".join((f"[{_heading(section)}]", *(line.text for line in lines)))
        for section, lines in zip(sections, placement.sections, strict=True)
        if lines
    ]
    return "\n\n".join(blocks)


def _heading(section: Section) -> str:
    """Return the heading of a section: its name, if that is one of a kind; otherwise that of its kind."""
    name = section.name.rstrip(" 0123456789")
    return name if name in HEADINGS.values() else HEADINGS.get(section.kind, section.kind.title())


def _comes_home(cue: Cue) -> bool:
    """Whether the last line of a song ends on its last chord.

    A spoken one, one that fades out, and one before which nobody else would play, do not.
    """
    accompanied = cue.plan.cast != (LONE_SINGER,) and "fade out" not in cue.plan.structure
    return accompanied and delivery_of(cue.plan) == "sung"


def _on_the_last_chord(cue: Cue, start: float, shape: motif.Motif) -> tuple[float, motif.Motif]:
    """Return the start of the song's last line, later by whole bars or strong beats, and its figure.

    Its last note begins with the song's last chord; the one before it lasts until then, if it must wait.

    Args:
        cue: the last section's.
        start: the beat of the section on which the line would start.
        shape: the line's notes.
    """
    bar, closing = cue.form.bar, cue.closing - cue.section.start
    room = closing - start - shape.times[-1][0]
    bars, rest = divmod(room + 1e-6, bar)
    start += bars * bar + max(beat for beat in steps.strong_beats(cue.plan.meter) if beat <= rest)
    held = min(_END_HELD * (cue.form.beats - cue.closing), _END_S * cue.plan.bpm / 60)
    before = [(at, closing - start - at) for at, _ in shape.times[-2:-1]]
    return start, replace(shape, times=(*shape.times[:-2], *before, (closing - start, held)))


def _held(shape: motif.Motif, beats: float) -> motif.Motif:
    """Return a figure with a last note that is so many beats longer."""
    *others, (at, length) = shape.times
    return replace(shape, times=(*others, (at, length + beats)))


def _stresses(shape: motif.Motif, line: SungLine, meter: tuple[int, int]) -> float:
    """Return how well stressed syllables fall on strong beats, about -1 to 1."""
    pairs = zip(shape.times, line.syllables, strict=False)
    worth = [(1 if syllable.stressed else -1) * _STRENGTHS[weakness(meter, at)] for (at, _), syllable in pairs]
    return sum(worth) / len(line.syllables)

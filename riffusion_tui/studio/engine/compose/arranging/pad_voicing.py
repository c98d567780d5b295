"""Pads beside others: they hold two tones instead of doubling chords, and none a semitone from the tune."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations, groupby

from riffusion_tui.studio.engine.compose.casting.seat import Line, Seat
from riffusion_tui.studio.engine.score import Note, Section

_TOGETHER = 0.1
"""Beats within which notes are struck at once."""
_STRUMMED = 0.3
"""Beats within which the tones of a chord are struck, one after the other."""
_DOUBLED, _SAME_RHYTHM = 0.5, 0.4
"""A doubling: share of a pad's notes that another player strikes too, and of that player's strokes that it joins."""
_GAP, _LONGEST = 0.6, 8.0
"""Beats of rest before a tone that is held over all the same, and for how many beats at most."""
_HELD = frozenset({"chords", "pad"})
_LONG, _HEARD = 0.9, 0.75
"""Beats that a note of the tune lasts, at least, and for how long a held tone rubs against it."""
_NINTH = 13
"""Semitones of a minor ninth."""
_SPAN = 14
"""Semitones above the chords within which a pad's two tones lie."""
_CLOSEST = 3
"""Semitones between them, at least."""
_TIGHT = 6.0
"""How much worse two closer tones are, and each that rubs against the chords, in semitones of movement."""


def held_apart(lines: list[Line], sections: Sequence[Section], bar: float) -> list[Line]:
    """Return the lines of a band, with pads that hold what the players of chords don't.

    Args:
        lines: what each player plays.
        sections: the song's.
        bar: beats of a bar.
    """
    comps = [notes for seat, notes in lines if seat.role == "chords"]
    return [(seat, _apart(seat, notes, comps, sections, bar) if seat.role == "pad" else notes) for seat, notes in lines]


def clear_of(lines: list[Line], tune: Sequence[Note]) -> list[Line]:
    """Return the lines without held tones that rub against the tune.

    One a semitone above a long note of the tune is an octave lower; one a semitone, or a minor ninth, below is left
    out, if others are struck with it.
    """
    long = sorted((note for note in tune if note.length >= _LONG), key=lambda note: note.start)
    starts = [note.start for note in long]
    longest = max((note.length for note in long), default=0.0)

    def distances(note: Note) -> set[int]:
        near = long[bisect(starts, note.start - longest) : bisect(starts, _end(note))]
        together = (one for one in near if min(_end(one), _end(note)) - max(one.start, note.start) >= _HEARD)
        return {one.pitch - note.pitch for one in together}

    def cleared(seat: Seat, notes: list[Note]) -> list[Note]:
        found: list[Note] = []
        for note in notes:
            apart = distances(note) if note.length >= _HEARD else set[int]()
            if apart & {1, _NINTH} and sum(abs(other.start - note.start) < _STRUMMED for other in notes) > 1:
                continue
            low = apart & {1, -1} and note.pitch - 12 >= seat.low
            found.append(replace(note, pitch=note.pitch - 12) if low else note)
        return found

    if not long:
        return lines
    return [(seat, cleared(seat, notes) if seat.role in _HELD else notes) for seat, notes in lines]


def _end(note: Note) -> float:
    return note.start + note.length


def _apart(
    seat: Seat, notes: list[Note], comps: list[list[Note]], sections: Sequence[Section], bar: float
) -> list[Note]:
    found: list[Note] = []
    for section in sections:
        begin, end = section.start - _TOGETHER, section.start + section.bars * bar - _TOGETHER
        own = [note for note in notes if begin <= note.start < end]
        beside = [[note for note in chords if begin <= note.start < end] for chords in comps]
        doubled = [chords for chords in beside if _is_doubling(own, chords)]
        found += _two_above(seat, own, doubled[0]) if doubled else own
    return found


def _is_doubling(pad: list[Note], chords: list[Note]) -> bool:
    """Whether a pad has the notes and the rhythm of a player of chords."""
    if not pad or not chords:
        return False
    struck = {(_place(note), note.pitch % 12) for note in chords}
    times = {place for place, _ in struck}
    mine = {_place(note) for note in pad}
    shared = sum((_place(note), note.pitch % 12) in struck for note in pad) / len(pad)
    return shared >= _DOUBLED and len(times & mine) >= _SAME_RHYTHM * len(times)


def _place(note: Note) -> int:
    return round(note.start / _TOGETHER)


def _two_above(seat: Seat, pad: list[Note], chords: list[Note]) -> list[Note]:
    """Return two tones of each chord above those of the other player; a tone that stays is held."""
    low = min(max(note.pitch for note in chords) - _SPAN // 2, seat.high - _SPAN)
    before: tuple[int, ...] = ()
    held: dict[int, Note] = {}
    found: list[Note] = []
    for _, group in groupby(sorted(pad, key=_place), key=_place):
        stroke = list(group)
        classes = {note.pitch % 12 for note in stroke}
        able = [pitch for pitch in range(max(low, seat.low), low + _SPAN + 1) if pitch % 12 in classes]
        two: list[tuple[int, ...]] = [pair for pair in combinations(able, 2) if (pair[0] - pair[1]) % 12]
        pairs = two or [(pitch,) for pitch in able]
        if not pairs:
            found += stroke
            continue
        goal = before or (low + _SPAN // 2, low + _SPAN)
        first, end = stroke[0], max(note.start + note.length for note in stroke)
        beside = {note.pitch for note in chords if note.start < end - _HEARD and _end(note) > first.start + _HEARD}
        before = min(pairs, key=lambda pair: _strain(pair, goal, beside))
        for pitch in before:
            tie = held.get(pitch)
            if tie and first.start - tie.start - tie.length < _GAP and end - tie.start <= _LONGEST:
                held[pitch] = replace(tie, length=end - tie.start)
            else:
                found += [tie] if tie else []
                held[pitch] = Note(first.start, end - first.start, pitch, first.velocity)
    return sorted([*found, *held.values()], key=lambda note: note.start)


def _strain(pair: tuple[int, ...], goal: tuple[int, ...], beside: set[int]) -> float:
    """Return how bad two tones are: far from those before, close together, or a semitone or minor ninth from others."""
    moved = sum(abs(one - other) for one, other in zip(pair, goal, strict=False))
    rubs = sum(abs(pitch - other) in (1, _NINTH) for pitch in pair for other in beside)
    return moved + _TIGHT * rubs + (_TIGHT if len(pair) > 1 and pair[1] - pair[0] < _CLOSEST else 0.0)

"""Hands: a drummer has two, so others play a groove's further percussion; chords have no more notes than fingers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from riffusion_tui.studio.engine.compose.casting.seat import Line, Seat, family_of, seat_of
from riffusion_tui.studio.engine.compose.rhythm.drums import HITS
from riffusion_tui.studio.engine.compose.song_context import SongContext
from riffusion_tui.studio.engine.datafiles import read_data
from riffusion_tui.studio.engine.score import Note

_DRUMMER, _PERCUSSION = "drums", "percussion"
_HANDS = 2
_TOGETHER = 0.03
"""Beats within which drums are struck at once."""
_STRUM = 0.15
"""Beats that a chord takes from its first note to the last."""


def with_two_hands(song: SongContext, lines: Sequence[Line]) -> list[Line]:
    """Return the lines with drummers who have two hands; machines have more.

    Congas, claves and shakers of a groove have players of their own, who play all of it if hardly more is left.
    If the prompt says who plays, or they only have some fills, the drummer plays them with a free hand.
    """
    if not song.style.turns:
        return list(lines)
    alone = bool(song.plan.cast) or "only these" in song.plan.structure
    bars = sum(section.bars for section in song.form.sections)
    found: list[Line] = []
    for seat, notes in lines:
        if seat.instrument != _DRUMMER:
            found.append((seat, notes))
            continue
        kit, others = (notes, []) if alone else _divided(seat, notes, bars)
        found += [(seat, list(_struck_by_two_hands(kit)))] if kit else []
        found += [(seat_of(_PERCUSSION, _PERCUSSION), others)] if others else []
    return found


def _divided(seat: Seat, notes: list[Note], bars: int) -> tuple[list[Note], list[Note]]:
    """Return what the drummer plays in a song of so many bars, and what others do: a few strokes are no part."""
    other = _pitches("others")
    kit, others = [n for n in notes if n.pitch not in other], [n for n in notes if n.pitch in other]
    if len(others) < bars:
        return notes, []
    return (kit, others) if len(kit) >= bars or seat.requested else ([], notes)


def _struck_by_two_hands(notes: Sequence[Note]) -> Iterator[Note]:
    """Yield the notes but those for which a drummer has no hand left: the hi-hat yields to cowbell and crash."""
    feet, order = _pitches("feet"), list(_pitches("first"))
    rank = {pitch: place for place, pitch in enumerate(order)}
    for _, group in groupby(sorted(notes, key=_stroke), key=_stroke):
        stroke = sorted(group, key=lambda note: rank.get(note.pitch, len(rank)))
        hands = [note.pitch for note in stroke if note.pitch not in feet]
        able = {*feet, *list(dict.fromkeys(hands))[:_HANDS]}
        yield from (note for note in stroke if note.pitch in able)


def _stroke(note: Note) -> int:
    return round(note.start / _TOGETHER)


def _pitches(name: str) -> dict[int, None]:
    return {HITS[hit]: None for hit in read_data("cast.toml")["hands"][name]}


def within_reach(line: Line) -> Line:
    """Return a player's line with chords of no more notes than can be played at once; the outer voices stay."""
    seat, notes = line
    most = _most(seat)
    if most is None:
        return line
    found: list[Note] = []
    for group in _strummed(notes):
        stroke = sorted(group, key=lambda note: note.pitch)
        found += stroke if len(stroke) <= most else _thinned(stroke, most)
    return seat, found


def _strummed(notes: Sequence[Note]) -> Iterator[list[Note]]:
    """Yield the notes that a player begins together, as a chord or one string after the other."""
    group: list[Note] = []
    for note in sorted(notes, key=lambda one: one.start):
        if group and note.start - group[0].start > _STRUM:
            yield group
            group = []
        group.append(note)
    if group:
        yield group


def _most(seat: Seat) -> int | None:
    """Return how many notes a player can play at once, None if the number doesn't matter."""
    most: dict[str, int] = read_data("cast.toml")["at_once"]
    if seat.role not in ("chords", "pad", "lead", "counter"):
        return None
    return most.get(seat.instrument, most.get(family_of(seat.instrument)))


def _thinned(stroke: list[Note], most: int) -> list[Note]:
    """Return the top note, the lowest one, and of the others first those whose tone is missing."""
    kept = [stroke[-1], stroke[0]][:most]
    for missing in (True, False):
        for note in reversed(stroke[1:-1]):
            new = note.pitch % 12 not in {one.pitch % 12 for one in kept}
            if len(kept) < most and new == missing and note not in kept:
                kept.append(note)
    return sorted(kept, key=lambda note: note.pitch)
